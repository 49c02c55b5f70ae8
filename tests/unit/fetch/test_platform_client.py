"""Windows are read whole from a live server, however its pages shift and whatever its totals claim."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.platform.client import Page, PlatformClient, windows
from xiezuo.fetch.platform.profile import Profile, load_profile
from xiezuo.fetch.platform.signing import sign

FOLDER = Path(__file__).parents[3] / "include/platforms"
START = datetime(2022, 9, 1, tzinfo=SHANGHAI)
END = START + timedelta(days=1)
NOW = datetime(2022, 9, 2, 8, tzinfo=SHANGHAI)
SIZE = 3
LIST = {"top": "/router/rest", "doudian": "/order/searchList"}
Change = Callable[["Shop"], None]


@dataclass
class Shop:
    """A platform of either profile. Orders are held newest first; ``changes`` run between pages."""

    profile: Profile
    orders: list[int]
    changes: list[Change] = field(default_factory=list)
    total: int | None = None
    always_more: bool = False
    repeat: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        sent = _sent(request)
        self.asked.append(sent)
        assert sent.pop("sign") == self._signature(sent)
        packed = json.loads(sent.get("param_json", "{}"))
        page_no = int(sent.get("page_no", packed.get("page")))
        at = 0 if self.repeat else (page_no - self.profile.paging.first) * SIZE
        items = [{"order_no": str(number), "num": number} for number in self.orders[at : at + SIZE]]
        more = self.always_more or at + SIZE < len(self.orders)
        if self.changes:
            self.changes.pop(0)(self)
        return Response(json.dumps(self._document(items, more)), content_type="application/json")

    def pages_asked(self) -> list[int]:
        return [int(s.get("page_no") or json.loads(s["param_json"])["page"]) for s in self.asked]

    def _document(self, items: list[Any], more: bool) -> dict[str, Any]:
        if self.profile.name == "top":
            return {"trades_sold_increment_get_response": {"trades": {"trade": items}, "has_next": more}}
        total = len(self.orders) if self.total is None else self.total
        return {"code": 10000, "msg": "success", "data": {"total": total, "shop_order_list": items}}

    def _signature(self, sent: dict[str, str]) -> str:
        covers = self.profile.signature.covers or tuple(sent)
        return sign(
            self.profile.signature.methods[sent["sign_method"]], "secret-1", {k: sent[k] for k in covers}
        )


def _sent(request: Request) -> dict[str, str]:
    body = request.get_data(as_text=True)
    if request.path == LIST["doudian"]:
        return dict(request.args) | {"param_json": body}
    return {key: found[0] for key, found in parse_qs(body).items()}


def connection(server: HTTPServer, profile: str, **changes: Any) -> PlatformConnection:
    base: dict[str, Any] = {
        "conn_id": "sales_990001_x",
        "county_code": "990001",
        "name": "x",
        "base_url": server.url_for("").rstrip("/"),
        "app_key": "key-1",
        "secret": "secret-1",
        "profile": profile,
        "platform": "x",
        "session": "session-1",
    }
    return PlatformConnection(**base | changes)


@pytest.fixture(params=["top", "doudian"])
def profile(request: pytest.FixtureRequest) -> Profile:
    return small(str(request.param))


def small(name: str) -> Profile:
    """The shipped profile with pages of three."""
    profile = load_profile(FOLDER / f"{name}.yaml")
    return profile.model_copy(update={"paging": profile.paging.model_copy(update={"size": SIZE})})


@pytest.fixture
def opened(httpserver: HTTPServer) -> Iterator[Callable[..., tuple[Shop, PlatformClient]]]:
    clients: list[PlatformClient] = []

    def open_shop(profile: Profile, orders: list[int], **shop: Any) -> tuple[Shop, PlatformClient]:
        made = Shop(profile, orders, **shop)
        httpserver.expect_request(LIST[profile.name]).respond_with_handler(made.answer)
        clients.append(
            PlatformClient(connection(httpserver, profile.name), profile, lambda: NOW, sleep=no_sleep)
        )
        return made, clients[-1]

    yield open_shop
    for client in clients:
        client.close()
    httpserver.check()


Opened = Callable[..., tuple[Shop, PlatformClient]]


def no_sleep(seconds: float) -> None:
    raise AssertionError(f"nothing to wait {seconds} s for")


def naive(year: int) -> datetime:
    return datetime.fromisoformat(f"{year}-01-01")


def numbers(pages: list[Page]) -> list[int]:
    return [item["num"] for page in pages for item in page.items]


def remove(*orders: int) -> Change:
    def change(shop: Shop) -> None:
        shop.orders[:] = [order for order in shop.orders if order not in orders]

    return change


def newest(order: int) -> Change:
    return lambda shop: shop.orders.insert(0, order)


def nothing(_: Shop) -> None:
    """Leave the shop as it is between two pages."""


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
def test_every_order_comes_once_when_nothing_moves(profile: Profile, opened: Opened, count: int) -> None:
    _, client = opened(profile, list(range(count)))
    pages = list(client.fetch_window(START, END))
    assert numbers(pages) == list(range(count))
    assert pages[0].page_no == profile.paging.first
    assert all(json.loads(page.body) for page in pages)
    assert {(page.window_start, page.window_end) for page in pages} == {(START, END)}
    assert all(page.items for page in pages) or count == 0


def test_one_page_is_asked_for_once(opened: Opened) -> None:
    shop, client = opened(small("top"), [1, 2])
    list(client.fetch_window(START, END))
    assert shop.pages_asked() == [1]


@pytest.mark.parametrize("gone_after", [1, 2, 3])
@pytest.mark.parametrize("gone", [[0], [0, 1], [0, 1, 2]])
def test_rows_that_leave_while_we_page_take_no_other_row_with_them(
    profile: Profile, opened: Opened, gone_after: int, gone: list[int]
) -> None:
    """A modified row leaves the window and the rest move towards page 1: a walk forward steps over some."""
    shop, client = opened(profile, list(range(10)), changes=[nothing] * (gone_after - 1) + [remove(*gone)])
    seen = set(numbers(list(client.fetch_window(START, END))))
    assert seen >= set(range(10)) - set(gone)
    assert not shop.changes


def test_a_second_page_that_empties_meanwhile_is_not_the_end(profile: Profile, opened: Opened) -> None:
    _, client = opened(profile, [0, 1, 2, 3], changes=[remove(0)])
    assert set(numbers(list(client.fetch_window(START, END)))) >= {1, 2, 3}


def test_a_row_leaves_on_every_page(profile: Profile, opened: Opened) -> None:
    _, client = opened(profile, list(range(12)), changes=[remove(order) for order in range(6)])
    assert set(numbers(list(client.fetch_window(START, END)))) >= set(range(6, 12))


def test_rows_that_enter_while_we_walk_back_push_none_past_us(profile: Profile, opened: Opened) -> None:
    changes = [remove(0), nothing, nothing, nothing, newest(100), newest(101)]
    _, client = opened(profile, list(range(9)), changes=changes)
    assert set(numbers(list(client.fetch_window(START, END)))) >= set(range(1, 9))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_whatever_leaves_in_whatever_order_the_rest_is_met(
    make_httpserver: HTTPServer, data: st.DataObject
) -> None:
    """Rows leave between any two pages; only those may be missed."""
    server = make_httpserver
    profile = small(data.draw(st.sampled_from(["top", "doudian"])))
    orders = list(range(data.draw(st.integers(0, 14))))
    gone = data.draw(st.lists(st.sampled_from(orders), unique=True)) if orders else []
    changes = data.draw(st.lists(st.just(nothing), max_size=8).map(lambda idle: [*idle, *map(remove, gone)]))
    shop = Shop(profile, list(orders), changes=list(data.draw(st.permutations(changes))))
    server.clear()
    server.expect_request(LIST[profile.name]).respond_with_handler(shop.answer)
    with PlatformClient(connection(server, profile.name), profile, lambda: NOW) as client:
        seen = numbers(list(client.fetch_window(START, END)))
    server.check()
    assert set(seen) >= set(orders) - set(gone)


def test_duplicates_across_pages_are_handed_on(profile: Profile, opened: Opened) -> None:
    _, client = opened(profile, [1, 2, 3, 3, 4, 4, 5])
    assert numbers(list(client.fetch_window(START, END))) == [1, 2, 3, 3, 4, 4, 5]


@pytest.mark.parametrize("total", [0, 1, 5, 10**6, -1])
@pytest.mark.parametrize("count", [0, 2, 3, 7, 9])
def test_a_total_that_lies_changes_nothing(opened: Opened, total: int, count: int) -> None:
    _, client = opened(small("doudian"), list(range(count)), total=total)
    assert numbers(list(client.fetch_window(START, END))) == list(range(count))


def test_more_without_end_is_stopped_when_pages_repeat(opened: Opened) -> None:
    shop, client = opened(small("top"), [1, 2, 3], always_more=True, repeat=True)
    with pytest.raises(SourceDown, match="repeats an earlier page"):
        list(client.fetch_window(START, END))
    assert len(shop.asked) < 10


def test_full_pages_that_repeat_are_stopped_too(opened: Opened) -> None:
    _, client = opened(small("doudian"), [1, 2, 3], repeat=True)
    with pytest.raises(SourceDown, match="repeats an earlier page"):
        list(client.fetch_window(START, END))


def test_the_number_of_pages_of_a_window_is_bounded(opened: Opened) -> None:
    profile = small("top")
    profile = profile.model_copy(update={"paging": profile.paging.model_copy(update={"max_pages": 4})})
    shop, client = opened(profile, list(range(100)))
    with pytest.raises(SourceDown, match="more than 4 pages"):
        list(client.fetch_window(START, END))
    assert len(shop.asked) == 4


def test_what_goes_over_the_wire_to_top(opened: Opened) -> None:
    shop, client = opened(small("top"), [])
    list(client.fetch_window(START, END))
    assert shop.asked == [
        {
            "app_key": "key-1",
            "method": "taobao.trades.sold.increment.get",
            "format": "json",
            "v": "2.0",
            "sign_method": "md5",
            "timestamp": "2022-09-02 08:00:00",
            "session": "session-1",
            "start_modified": "2022-09-01 00:00:00",
            "end_modified": "2022-09-02 00:00:00",
            "page_no": "1",
            "page_size": "3",
            "use_has_next": "true",
        }
    ]


def test_what_goes_over_the_wire_to_doudian(opened: Opened) -> None:
    shop, client = opened(small("doudian"), [])
    list(client.fetch_window(START, END))
    assert shop.asked[0]["param_json"] == (
        '{"page":0,"size":3,"update_time_end":1662048000,"update_time_start":1661961600}'
    )
    assert shop.asked[0]["access_token"] == "session-1"
    assert shop.asked[0]["sign_method"] == "hmac-sha256"


def test_a_connection_may_name_method_and_signature(httpserver: HTTPServer) -> None:
    profile = small("top")
    shop = Shop(profile, [1])
    httpserver.expect_request("/router/rest").respond_with_handler(shop.answer)
    named = connection(httpserver, "top", method="taobao.other.get", sign_method="hmac")
    with PlatformClient(named, profile, lambda: NOW) as client:
        list(client.fetch_window(START, END))
    assert (shop.asked[0]["method"], shop.asked[0]["sign_method"]) == ("taobao.other.get", "hmac")
    httpserver.check()


def test_settings_that_do_not_fit_are_refused_before_anything_is_sent(httpserver: HTTPServer) -> None:
    with pytest.raises(ConfigError, match="hmac, md5"):
        PlatformClient(connection(httpserver, "top", sign_method="rot13"), small("top"), lambda: NOW)
    with pytest.raises(ConfigError, match="profile"):
        PlatformClient(connection(httpserver, "top"), small("doudian"), lambda: NOW)


def test_another_platform_of_the_family_is_only_another_profile(httpserver: HTTPServer) -> None:
    document = small("top").model_dump(mode="json") | {"name": "other"}
    document["request"] = {
        "path": "/api",
        "query": {"at": "{timestamp}", "from": "{window_start}"},
        "form": {"p": "{page_no}"},
    }
    document["answer"] = {"envelope": "result", "items": "result.rows"}
    document["times"] = {"timestamp": "epoch_seconds", "window": "%Y%m%d"}
    other = Profile.model_validate(document)
    rows = {"result": {"rows": [{"num": 7}]}}
    httpserver.expect_oneshot_request(
        "/api", query_string={"at": "1662076800", "from": "20220901"}
    ).respond_with_json(rows)
    with PlatformClient(connection(httpserver, "other"), other, lambda: NOW) as client:
        assert numbers(list(client.fetch_window(START, END))) == [7]
    httpserver.check()


def test_one_line_is_logged_for_a_window(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="xiezuo.fetch.fetch")
    _, client = opened(small("top"), list(range(7)))
    list(client.fetch_window(START, END))
    lines = [record.getMessage() for record in caplog.records if record.name == "xiezuo.fetch.fetch"]
    span = "2022-09-01T00:00:00+08:00 to 2022-09-02T00:00:00+08:00"
    assert lines == [f"sales_990001_x: window {span}: 3 pages, 7 items"]


def test_an_empty_span_asks_for_nothing_and_a_long_or_naive_one_is_a_mistake(opened: Opened) -> None:
    shop, client = opened(small("top"), [1])
    assert list(client.fetch_window(START, START)) == []
    assert client.windows(START, START) == []
    for start, end in ((START, END + timedelta(seconds=1)), (naive(2022), naive(2022))):
        with pytest.raises(ValueError, match="at most one day"):
            list(client.fetch_window(start, end))
    assert shop.asked == []


def test_a_span_is_cut_at_midnights_of_plus_eight() -> None:
    found = windows(datetime(2022, 8, 31, 15, 30, tzinfo=UTC), datetime(2022, 9, 1, 17, tzinfo=UTC))
    assert [(start.isoformat(), end.isoformat()) for start, end in found] == [
        ("2022-08-31T23:30:00+08:00", "2022-09-01T00:00:00+08:00"),
        ("2022-09-01T00:00:00+08:00", "2022-09-02T00:00:00+08:00"),
        ("2022-09-02T00:00:00+08:00", "2022-09-02T01:00:00+08:00"),
    ]


@given(
    start=st.datetimes(naive(2000), naive(2040), timezones=st.just(UTC)),
    span=st.timedeltas(timedelta(days=-3), timedelta(days=40)),
)
def test_windows_cover_a_span_without_gap_or_overlap(start: datetime, span: timedelta) -> None:
    end = start + span
    found = windows(start, end)
    if end <= start:
        assert found == []
        return
    assert found[0][0] == start
    assert found[-1][1] == end
    assert all(one[1] == two[0] for one, two in pairwise(found))
    assert all(timedelta() < b - a <= timedelta(days=1) for a, b in found)
    assert all(b.strftime("%H:%M:%S.%f") == "00:00:00.000000" for _, b in found[:-1])
