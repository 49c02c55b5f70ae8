"""The PostgreSQL server that comes with the package: its programs, its cluster, its processes, where it lives."""

from __future__ import annotations
