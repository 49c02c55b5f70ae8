"""What ``rows`` does, for millions of rows: statements composed from a contract, run by DuckDB chunk by chunk.

In: pages as landed. Out: the same rows and findings, in frames.
"""

from __future__ import annotations
