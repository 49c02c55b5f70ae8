"""What the office signs: Word and Excel files made of a release's frozen content, and the proof that they say it.

Nothing here asks the warehouse or a clock: the same content, template and stamp give the same bytes.
"""
