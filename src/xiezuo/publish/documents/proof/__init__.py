"""The proof that a document still says what was released: its numbers are read back and compared one by one."""

from __future__ import annotations
