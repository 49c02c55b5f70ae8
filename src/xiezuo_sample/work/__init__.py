"""The office's own ledgers."""

from __future__ import annotations
