"""pandas.to_sql as it comes: frames appended to a staging table by INSERTs of many, then one upsert."""

from __future__ import annotations

from bench.peers.frames import columns, load, typed
from bench.task import timed

if __name__ == "__main__":
    timed(lambda: load(typed(), columns(), method=None))
