"""Excel files of a period: figures, townships, annexes, charts that follow their cells."""

from __future__ import annotations
