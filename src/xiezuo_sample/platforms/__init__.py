"""The sample sales platforms over HTTP, faults to order included."""

from __future__ import annotations
