"""Schema revisions of the warehouse, applied by ``xiezuo warehouse migrate``."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
"""Alembic's script location."""
