"""Ledgers of workshops, students, training, assets, parks, outlets, activities, projects signed and stations."""

from __future__ import annotations
