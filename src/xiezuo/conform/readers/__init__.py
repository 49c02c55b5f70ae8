"""Readers: from what a source delivers to rows, with nothing interpreted yet.

Files come in through :func:`read_file`; what a cell *means* is decided later, by the value parsers.
"""

from __future__ import annotations

from xiezuo.conform.readers.file import read_file
from xiezuo.conform.readers.sheets import Cell, CellError, Hidden, Limits, Sheet

__all__ = ["Cell", "CellError", "Hidden", "Limits", "Sheet", "read_file"]
