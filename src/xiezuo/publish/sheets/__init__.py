"""``summary.xlsx``: the figures of a period as sheets that the office can print."""

from __future__ import annotations
