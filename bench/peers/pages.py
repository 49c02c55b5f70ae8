"""The pages a peer is given. Standard library only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

KEY = ("shop_uscc", "order_no")
MOMENTS = ("created", "pay_time", "modified", "end_time")
MONEY = ("payment", "refund_fee")


def url() -> str:
    """Return where the peer's table goes."""
    return os.environ["BENCH_URL"]


def lines(pages_at_once: int) -> Iterator[list[bytes]]:
    """Yield the lines of the file, so many at a time."""
    with Path(os.environ["BENCH_PAGES"]).open("rb") as file:
        while block := list(islice(file, pages_at_once)):
            yield block


def items(pages_at_once: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the orders of so many pages at a time, as JSON gives them."""
    for block in lines(pages_at_once):
        yield [item for line in block for item in json.loads(line)["rows"]]
