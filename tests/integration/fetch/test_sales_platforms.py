"""Orders of a platform of profile doudian: from its answers over HTTP to rows and figures in the warehouse."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.base.clock import SHANGHAI
from xiezuo.build.trace import trace
from xiezuo.fetch.platform import months
from xiezuo.fetch.platform.client import PlatformClient
from xiezuo.fetch.platform.exchange import Limits
from xiezuo_sample.codes import credit_code
from xiezuo_sample.platforms.answer import Answer
from xiezuo_sample.platforms.server import PlatformServer

SHOP = credit_code(Random(1))
# The year is read from its first day on; documents are written of January and the year: every month takes its time.
YEAR = (date(2022, 1, 1), date(2022, 1, 31))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp())


def order(number: int, status: int, fen: int, paid: str | None, changed: str, refund: int | None = 0) -> dict[str, Any]:
    """Return an item as the platform answers it; what has not happened is 0, as platforms write it."""
    return {
        "order_id": str(6_917_029_027_641_081_856 + number), "shop_name": "会宁甲", "shop_uscc": SHOP,
        "buyer_org": "和平区机关食堂", "post_province": "天津市", "product_name": "小米 5斤装", "sku_id": "1728", "item_num": 3,
        "pay_amount": fen, "refund_amount": refund, "order_status": status, "create_time": at("2022-03-01 08:00:00"),
        "pay_time": at(paid) if paid else 0, "update_time": at(changed), "finish_time": at(changed) if status == 5 else None,
    }  # fmt: skip


ITEMS = [
    order(1, 2, 1, "2022-03-01 23:59:59", "2022-03-01 23:59:59"),
    order(2, 3, 123456, "2022-03-02 00:00:00", "2022-03-05 10:00:00"),
    order(3, 5, 100000, "2022-03-03 09:00:00", "2022-03-09 10:00:00"),
    order(3, 5, 100000, "2022-03-03 09:00:00", "2022-05-20 10:00:00", refund=25050),
    order(4, 1, 999, None, "2022-03-04 10:00:00", refund=None),
    order(5, 4, 5000, "2022-03-04 10:00:00", "2022-03-06 10:00:00", refund=5000),
]


@pytest.fixture
def platform(settings: Any, request: pytest.FixtureRequest) -> Any:
    """Yield settings with one connection to a sample platform of the items; its session has expired."""
    data = settings.inbox.parent
    write(data, ITEMS)
    with PlatformServer(data, clock=settings.now) as server:
        extra = {"profile": "doudian", "platform": "douyin", "county_code": "620422", "session": "expired",
                 "refresh_token": "sample-refresh"}  # fmt: skip
        document = {"conn_type": "http", "host": "127.0.0.1", "port": server.port, "schema": "http", "login": "douyin",
                    "password": "sample-secret", "extra": extra}  # fmt: skip
        environ = dict(settings.environ) | {"AIRFLOW_CONN_SALES_620422_DOUYIN": json.dumps(document)}
        yield replace(settings, environ=environ), server


def write(data: Path, items: list[dict[str, Any]]) -> None:
    path = data / "platforms" / "douyin.ndjson"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")


def ask(settings: Any, statement: str) -> list[tuple[Any, ...]]:
    from xiezuo.warehouse import access

    with access.connect(settings, "owner") as connection:
        return connection.execute(statement.encode()).fetchall()


def test_orders_of_doudian_reach_the_warehouse(platform: Any) -> None:
    """Fen become yuan, seconds become days in +08:00, and numbers beyond 2^53 keep every digit."""
    settings, server = platform
    server.faults.order(["429:1:1", "busy"])
    done = pipeline.run(settings, county="620422", first=YEAR[0], last=YEAR[1], sources=("sales",))
    assert done["down"] == []
    assert {batch["feed"] for batch in done["batches"]} == {"doudian"}
    assert sum(batch["rows_quarantined"] for batch in done["batches"]) == 0
    found = ask(settings, "select order_no, status, payment_yuan, refund_yuan, paid_on, line_no, platform, quantity"
                " from core.sales_order order by order_no")  # fmt: skip
    last = {item["order_id"]: item for item in ITEMS}
    assert [row[0] for row in found] == sorted(last)
    assert all(int(row[0]) > 2**53 for row in found)
    assert [row[1] for row in found] == ["paid", "paid", "paid", "unpaid", "closed"]
    assert [row[2] for row in found] == [Decimal(n).scaleb(-2) for n in (1, 123456, 100000, 999, 5000)]
    assert [row[3] for row in found] == [0, 0, Decimal("250.50"), None, 50]
    assert [row[4] for row in found] == [date(2022, 3, 1), date(2022, 3, 2), date(2022, 3, 3), None, date(2022, 3, 4)]
    assert {row[5:] for row in found} == {(0, "douyin", 3)}
    figure = trace(settings, "620422", "2022-03", "CON1")
    assert (figure["value"], figure["total_rows"]) == ("1984.07", 3)
    assert {row["platform"] for row in figure["rows"]} == {"douyin"}


def test_a_second_run_changes_nothing_and_a_late_refund_its_month(platform: Any) -> None:
    """The overlap reads some items again; a refund of December restates March."""
    settings, _ = platform
    pipeline.run(settings, county="620422", first=YEAR[0], last=YEAR[1], sources=("sales",))
    again = pipeline.run(settings, county="620422", first=YEAR[0], last=YEAR[1], sources=("sales",))
    assert sum(batch["rows_loaded"] for batch in again["batches"]) == 0
    late = order(2, 5, 123456, "2022-03-02 00:00:00", "2022-12-31 22:55:00", refund=3456)
    write(settings.inbox.parent, [*ITEMS, late])
    with PlatformServer(settings.inbox.parent, clock=settings.now) as server:
        name = "AIRFLOW_CONN_SALES_620422_DOUYIN"
        moved = json.loads(settings.environ[name]) | {"port": server.port}
        later = replace(settings, environ={**settings.environ, name: json.dumps(moved)})
        pipeline.run(later, county="620422", first=YEAR[0], last=YEAR[1], sources=("sales",))
    assert trace(settings, "620422", "2022-03", "CON1")["value"] == "1949.51"


def test_a_watermark_stands_where_reading_ended_not_where_the_clock_was(platform: Any) -> None:
    """A night fetches and loads after it was planned: what changed in between was not asked for, and is read next."""
    settings, _ = platform
    (group,) = pipeline.plan(settings, "sales", groups=1)
    late = replace(settings, environ={**settings.environ, "XIEZUO_NOW": "2022-12-31T23:04:00+08:00"})
    assert late.now() > settings.now() == datetime.fromisoformat(group["at"])
    pipeline.fetch(late, group, since=YEAR[0])
    pipeline.load(late, group)
    begun = datetime.combine(YEAR[0], time(), SHANGHAI)
    assert ask(settings, "select covered_from, covered_to from audit.watermark") == [(begun, settings.now())]
    covered = "select covers_from, covers_to from audit.coverage where dataset = 'sales_order' and year = 2022"
    assert ask(settings, covered) == [(YEAR[0], date(2022, 12, 31))]


def test_a_platform_speaks_of_whole_days_up_to_its_last_moment(platform: Any) -> None:
    """Read up to midnight, it has told of the day before; of the day that begins then, nothing."""
    settings, _ = platform
    midnight = replace(settings, environ={**settings.environ, "XIEZUO_NOW": "2022-04-01T00:00:00+08:00"})
    with PlatformServer(settings.inbox.parent, clock=midnight.now) as server:
        name = "AIRFLOW_CONN_SALES_620422_DOUYIN"
        moved = json.loads(settings.environ[name]) | {"port": server.port}
        there = replace(midnight, environ={**midnight.environ, name: json.dumps(moved)})
        pipeline.run(there, county="620422", first=date(2022, 3, 1), last=date(2022, 3, 31), sources=("sales",))
    assert ask(settings, "select covers_from, covers_to from audit.coverage") == [(date(2022, 3, 1), date(2022, 3, 31))]


def test_an_order_read_again_keeps_its_evidence(platform: Any) -> None:
    """A page that lists it at another place states no newer version: batch and row of the first reading stay."""
    settings, _ = platform
    pipeline.run(settings, county="620422", first=YEAR[0], last=YEAR[1], sources=("sales",))
    evidence = "select order_no, batch_id, row_no from core.sales_order order by 1"
    before = ask(settings, evidence)
    write(settings.inbox.parent, [order(9, 2, 100, "2022-03-31 10:00:00", "2022-03-31 23:00:00"), *ITEMS])
    with PlatformServer(settings.inbox.parent, clock=settings.now) as server:
        name = "AIRFLOW_CONN_SALES_620422_DOUYIN"
        moved = json.loads(settings.environ[name]) | {"port": server.port}
        again = replace(settings, environ={**settings.environ, name: json.dumps(moved)})
        done = pipeline.run(again, county="620422", first=date(2021, 12, 1), last=YEAR[1], sources=("sales",))
    assert sum(batch["rows_loaded"] for batch in done["batches"]) == 1
    assert sum(batch["rows_unchanged"] for batch in done["batches"]) > 0
    assert [row for row in ask(settings, evidence) if row in before] == before


def test_items_that_make_no_order_are_held_back(platform: Any) -> None:
    """A status nobody knows, an amount that is no number, a paid order without its time."""
    settings, _ = platform
    items = [order(1, 7, 100, None, "2022-03-01 10:00:00"), order(2, 2, 100, None, "2022-03-01 10:00:00"),
             order(3, 2, 100, "2022-03-01 10:00:00", "2022-03-01 10:00:00") | {"pay_amount": "约三千"},
             order(4, 2, 100, "2022-03-01 10:00:00", "2022-03-01 10:00:00")]  # fmt: skip
    write(settings.inbox.parent, items)
    with PlatformServer(settings.inbox.parent, clock=settings.now) as server:
        name = "AIRFLOW_CONN_SALES_620422_DOUYIN"
        moved = json.loads(settings.environ[name]) | {"port": server.port}
        here = replace(settings, environ={**settings.environ, name: json.dumps(moved)})
        pipeline.run(here, county="620422", first=YEAR[0], last=YEAR[1], sources=("sales",))
    assert ask(settings, "select right(order_no, 2) from core.sales_order") == [("60",)]
    assert {rule for (rule,) in ask(settings, "select rule_id from audit.quarantine")} == {
        "ENUM_UNKNOWN", "SAL_PAID_WITHOUT_DATE", "MONEY_APPROXIMATE",
    }  # fmt: skip


def test_a_day_without_end_is_a_source_that_is_down_and_changes_nothing(
    platform: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform has new pages of new orders for ever: none of them is loaded, and the figures stay."""
    settings, server = platform
    pipeline.run(settings, county="620422", first=YEAR[0], last=YEAR[1], sources=("sales",))
    evidence = "select order_no, batch_id, row_no from core.sales_order order by 1"
    before = ask(settings, evidence), ask(settings, "select count(*) from audit.batch")
    asked: list[bytes] = []

    def endless(query: str, _: bytes) -> Answer:
        asked.append(query.encode())
        items = [order(100 * len(asked) + no, 2, 100, "2022-03-01 10:00:00", "2022-03-01 10:00:00") for no in range(100)]
        document = {"code": 10000, "msg": "success", "data": {"total": 10**9, "shop_order_list": items}}
        return Answer(body=json.dumps(document).encode())

    server.profiles["/order/searchList"] = endless
    monkeypatch.setattr(months, "PlatformClient", partial(PlatformClient, limits=Limits(total_seconds=1)))
    done = pipeline.run(settings, county="620422", first=YEAR[0], last=YEAR[1], sources=("sales",))
    assert [down["exit_code"] for down in done["down"]] == [4]
    assert "秒内没有完成" in json.dumps(done["down"], ensure_ascii=False)
    assert len(asked) > 1
    assert (ask(settings, evidence), ask(settings, "select count(*) from audit.batch")) == before
    assert trace(settings, "620422", "2022-03", "CON1")["value"] == "1984.07"
    assert not list(settings.landing_dir.glob(".incoming-*"))
