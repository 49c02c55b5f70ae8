"""Client and sample platform agree, of either profile: every order arrives whatever happens on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError, SourceDown
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.platform.asking import Renewed
from xiezuo.fetch.platform.client import PlatformClient, WindowTooOld
from xiezuo.fetch.platform.exchange import Limits
from xiezuo.fetch.platform.profile import load_profile
from xiezuo_sample.platforms.answer import Answer
from xiezuo_sample.platforms.faults import FAULTS
from xiezuo_sample.platforms.orders import OrderStore
from xiezuo_sample.platforms.server import PlatformServer

FOLDER = Path(__file__).parents[3] / "include/platforms"
PROFILES = {name: load_profile(FOLDER / f"{name}.yaml") for name in ("top", "doudian")}
PATHS = {"top": "/router/rest", "doudian": "/order/searchList"}
METHODS = [("top", "md5"), ("top", "hmac"), ("doudian", "hmac-sha256"), ("doudian", "md5")]
NAMES = {"top": "taobao", "doudian": "douyin"}
NOW = datetime(2022, 9, 2, 8, tzinfo=SHANGHAI)
START = datetime(2022, 9, 1, tzinfo=SHANGHAI)
ORDERS = 250
LASTING = {"endless", "redirect"}
STOPPING = {"top": set[str](), "doudian": {"clock"}}


def number(item: dict[str, Any]) -> int:
    return int(item.get("order_no") or item["order_id"])


def line(profile: str, no: int, at: datetime) -> str:
    if profile == "top":
        return json.dumps({"order_no": str(no), "modified": f"{at:%Y-%m-%d %H:%M:%S}"}) + "\n"
    return json.dumps({"order_id": str(no), "update_time": int(at.timestamp())}) + "\n"


def write(folder: Path, profile: str, moments: dict[int, datetime]) -> Path:
    """Write a platform of the profile; return its file."""
    path = folder / "platforms" / f"{NAMES[profile]}.ndjson"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(line(profile, no, at) for no, at in moments.items()), encoding="utf-8")
    return path


def spread(count: int) -> dict[int, datetime]:
    return {no: START + timedelta(seconds=300 * no) for no in range(count)}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for profile in PROFILES:
        write(folder, profile, spread(ORDERS))
    return folder


def read(
    server: PlatformServer, profile: str, *, start: datetime = START, sign_method: str | None = None,
    session: str = "sample-session", slept: list[float] | None = None,
    on_renewed: Callable[[Renewed], None] | None = None,
) -> set[int]:  # fmt: skip
    name = NAMES[profile]
    connection = PlatformConnection(
        conn_id=f"sales_990001_{name}",
        county_code="990001",
        name=name,
        base_url=server.url,
        app_key=name,
        secret="sample-secret",
        profile=profile,
        platform=name,
        session=session,
        refresh_token="sample-refresh",
        sign_method=sign_method,
    )
    waits = [] if slept is None else slept
    limits = Limits(body_bytes=1_000_000)
    with PlatformClient(
        connection, PROFILES[profile], lambda: NOW, sleep=waits.append, limits=limits, on_renewed=on_renewed
    ) as client:
        pages = list(client.fetch_window(start, start + timedelta(days=1)))
    return {number(item) for page in pages for item in page.items}


EVERY = set(range(ORDERS))
each_profile = pytest.mark.parametrize("profile", PROFILES)


@pytest.mark.parametrize(("profile", "sign_method"), METHODS)
def test_every_order_of_a_day_arrives(data: Path, profile: str, sign_method: str) -> None:
    with PlatformServer(data, clock=lambda: NOW) as server:
        assert read(server, profile, sign_method=sign_method) == EVERY


@each_profile
@pytest.mark.parametrize("fault", sorted(set(FAULTS) - LASTING))
def test_every_order_arrives_after_a_fault_that_passes(data: Path, profile: str, fault: str) -> None:
    """A platform that has no word for a clock that is off calls it a wrong parameter: that stops the client."""
    with PlatformServer(data, clock=lambda: NOW, faults=fault) as server:
        if fault in STOPPING[profile]:
            with pytest.raises(ConfigError):
                read(server, profile)
        assert read(server, profile) == EVERY


@each_profile
@pytest.mark.parametrize("fault", [*sorted(LASTING & set(FAULTS)), "throttle:1:31062", "429:1:31062"])
def test_the_rest_is_a_source_that_is_down(data: Path, profile: str, fault: str) -> None:
    with PlatformServer(data, clock=lambda: NOW, faults=fault) as server, pytest.raises(SourceDown):
        read(server, profile)


@each_profile
def test_windows_the_platform_no_longer_serves_are_told_apart(data: Path, profile: str) -> None:
    with PlatformServer(data, clock=lambda: NOW, strict_history=True) as server:
        assert read(server, profile) == EVERY
        with pytest.raises(WindowTooOld):
            read(server, profile, start=START - timedelta(days=100))


@each_profile
def test_an_expired_session_is_renewed_once_and_kept(data: Path, profile: str) -> None:
    renewed: list[Renewed] = []
    with PlatformServer(data, clock=lambda: NOW) as server:
        assert read(server, profile, session="expired", on_renewed=renewed.append) == EVERY
    assert [one.session for one in renewed] == ["sample-session"]


@each_profile
def test_a_throttled_client_waits_as_long_as_it_is_told(data: Path, profile: str) -> None:
    slept: list[float] = []
    with PlatformServer(data, clock=lambda: NOW, faults="throttle:1:3") as server:
        assert read(server, profile, slept=slept) == EVERY
    assert len(slept) == 1
    assert slept[0] >= 3


@each_profile
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200, 201])
def test_every_order_arrives_when_pages_are_just_full(tmp_path: Path, profile: str, count: int) -> None:
    write(tmp_path, profile, spread(count) | {10**6: START - timedelta(days=1)})
    with PlatformServer(tmp_path, clock=lambda: NOW) as server:
        assert read(server, profile) == set(range(count))


def _lying(answer: Callable[[str, bytes], Answer], total: int) -> Callable[[str, bytes], Answer]:
    def lie(query: str, body: bytes) -> Answer:
        document = json.loads(answer(query, body).body)
        document["data"]["total"] = total
        return Answer(body=json.dumps(document).encode())

    return lie


@pytest.mark.parametrize("total", [0, 1, 99, 100, 249, 251, 10**9, -5])
def test_a_total_that_lies_loses_no_order(data: Path, total: int) -> None:
    """Too small does not end the reading early; too large ends where the orders do."""
    with PlatformServer(data, clock=lambda: NOW) as server:
        server.profiles[PATHS["doudian"]] = _lying(server.profiles[PATHS["doudian"]], total)
        assert read(server, "doudian") == EVERY


@each_profile
@pytest.mark.parametrize("after", [1, 2, 3])
def test_orders_modified_while_paging_push_none_of_the_others_out(
    tmp_path: Path, profile: str, after: int
) -> None:
    """Thirty of the newest leave the window between two pages: the rest moves up, and still arrives."""
    path = write(tmp_path, profile, spread(ORDERS))
    moved = spread(ORDERS) | dict.fromkeys(range(ORDERS - 30, ORDERS), NOW)
    with PlatformServer(tmp_path, clock=lambda: NOW) as server:
        answer, store = server.profiles[PATHS[profile]], server._stores[NAMES[profile]]
        asked: list[bytes] = []

        def shifting(query: str, body: bytes) -> Answer:
            asked.append(body)
            found = answer(query, body)
            if len(asked) == after:
                write(tmp_path, profile, moved)
                store.__dict__.update(OrderStore(path, profile).__dict__)
            return found

        server.profiles[PATHS[profile]] = shifting
        assert read(server, profile) >= set(range(ORDERS - 30))
