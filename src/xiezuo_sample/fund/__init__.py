"""Fiscal aid and donations: the finance database and the office's workbooks."""

from __future__ import annotations
