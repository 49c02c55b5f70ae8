"""dlt as its introduction shows it: dictionaries in, INSERT statements out, merged by primary key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import dlt

from bench.peers.pages import KEY, items, url
from bench.task import timed


def load(blocks: Iterator[list[dict[str, Any]]], key: Sequence[str]) -> None:
    """Merge lists of dictionaries by ``key``, timed."""
    pipeline = dlt.pipeline("bench", destination=dlt.destinations.postgres(url()), dataset_name="peer")
    orders = dlt.resource(blocks, name="orders", write_disposition="merge", primary_key=key)
    timed(lambda: pipeline.run(orders).raise_on_failed_jobs())


if __name__ == "__main__":
    load(items(10), KEY)
