"""Orders as :mod:`xiezuo.fetch.fetch` leaves them: pages in a file, noted in ``audit.landing``, not yet loaded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.settings import Settings
from xiezuo.fetch.landing import Landing
from xiezuo.fetch.landing_log import Shelf
from xiezuo.fetch.platform.pages import page_lines
from xiezuo.warehouse import access

COUNTY = "620422"
PAGE = 100
"""Orders a page, as profile ``top`` asks for them."""

GROUP: dict[str, Any] = {
    "group": "bench",
    "source": "sales",
    "items": [{"kind": "platform", "county_code": COUNTY, "part": "bench"}],
}
"""What a load task of the bench is given."""


def keep(settings: Settings, items: Iterable[str], month: date) -> str:
    """Write orders (items as JSON text) into the landing zone, page by page; return the digest of the file."""
    return Landing(settings.landing_dir).keep(lines(items, month))


def lines(items: Iterable[str], month: date) -> Iterator[bytes]:
    """Yield the landed lines of orders of a month."""
    start, end = _window(month)
    for number, page in enumerate(paged(items), start=1):
        body = f'{{"trades_sold_increment_get_response":{{"trades":{{"trade":[{", ".join(page)}]}}}}}}'
        rows = [json.loads(item) for item in page]
        yield from page_lines(start, end, number, rows, body.encode())


def paged(items: Iterable[str]) -> Iterator[list[str]]:
    """Cut orders into pages."""
    rest = iter(items)
    while page := list(islice(rest, PAGE)):
        yield page


def note(settings: Settings, sha256: str, month: date) -> None:
    """Note a landed file as fetched and not yet loaded."""
    start, end = (moment.isoformat() for moment in _window(month))
    details = {
        "platform": "taobao", "name": "bench", "dataset": "sales_order", "feed": "top", "from": start, "to": end,
        "stream": f"sales_{COUNTY}_bench", "not_served": [],
    }  # fmt: skip
    with access.connect(settings, autocommit=True) as db:
        uri = f"platform:bench/{month:%Y-%m}?from={start}&to={end}"
        Shelf(db, settings, GROUP, "bench").note(GROUP["items"][0], uri, sha256, details)


def _window(month: date) -> tuple[datetime, datetime]:
    following = (month + timedelta(days=32)).replace(day=1)
    return datetime.combine(month, time(), SHANGHAI), datetime.combine(following, time(), SHANGHAI)
