"""Xiezuo (协作): ledgers of the East–West Collaboration programme in, traceable figures out."""

from __future__ import annotations

__version__ = "0.1.0"
