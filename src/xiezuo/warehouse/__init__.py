"""The database: who connects as whom, its shape, its dimensions, the embedded server, Citus.

In: settings and declarations. Out: connections to a warehouse that is there and up to date.
"""

from __future__ import annotations
