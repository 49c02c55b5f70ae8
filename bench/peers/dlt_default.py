"""dlt as its introduction shows it: dictionaries in, INSERT statements out, merged by primary key."""

from __future__ import annotations

import dlt

from bench.peers.pages import KEY, items, url
from bench.task import timed


def main() -> None:
    """Load the pages."""
    pipeline = dlt.pipeline("bench", destination=dlt.destinations.postgres(url()), dataset_name="peer")
    orders = dlt.resource(items(10), name="orders", write_disposition="merge", primary_key=KEY)
    timed(lambda: pipeline.run(orders).raise_on_failed_jobs())


if __name__ == "__main__":
    main()
