"""Ledgers of workshops, students, training, assets, parks, outlets and activities."""

from __future__ import annotations
