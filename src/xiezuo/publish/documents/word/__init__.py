"""Word files: the office's template, filled from a content, every number in a content control."""

from __future__ import annotations
