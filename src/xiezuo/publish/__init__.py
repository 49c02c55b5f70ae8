"""Stage six: what leaves the warehouse: summaries, documents, releases, exports, the dictionary.

In: ``mart`` and ``publish``. Out: files, and frozen releases.
"""

from __future__ import annotations
