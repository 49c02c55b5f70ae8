"""Labour stations: placements, training, job fairs."""

from __future__ import annotations
