"""Stage two: bytes become typed rows, or findings that name file, sheet, row, column and reason.

``readers`` turn files into sheets, ``ledgers`` sheets into tables, ``rows`` cells into values one by one; ``columns``
gives the same meaning to millions of rows at once.
"""

from __future__ import annotations
