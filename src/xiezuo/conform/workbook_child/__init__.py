"""The child process that parses one workbook: standard library and python-calamine, nothing else.

It starts in milliseconds, holds no secret, and may die of any file without harm to its parent,
:mod:`xiezuo.conform.readers.workbook`. Calamine gives the values; it shows error cells and formulas without
a saved result as blanks, so :mod:`.ooxml` and :mod:`.biff` look those up in the file itself.
"""
