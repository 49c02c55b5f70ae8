"""From a table's cells to typed rows, one by one: each field's parser, and the columns computed from others.

In: tables. Out: rows and findings.
"""

from __future__ import annotations
