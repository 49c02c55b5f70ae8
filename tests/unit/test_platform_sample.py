"""Client and sample platform agree: every order arrives whatever the fault switch does on the way."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from xiezuo.clock import SHANGHAI
from xiezuo.connections import PlatformConnection
from xiezuo.errors import SourceDown
from xiezuo.readers.exchange import Limits
from xiezuo.readers.platform import PlatformClient, WindowTooOld
from xiezuo.readers.profile import load_profile
from xiezuo.sample.platform import PlatformServer
from xiezuo.sample.platform_faults import FAULTS

PROFILE = load_profile(Path(__file__).parents[2] / "include/platforms/top.yaml")
NOW = datetime(2022, 9, 2, 8, tzinfo=SHANGHAI)
START = datetime(2022, 9, 1, tzinfo=SHANGHAI)
ORDERS = 250
LASTING = {"endless", "redirect"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "platforms").mkdir()
    moments = (START + timedelta(seconds=300 * number) for number in range(ORDERS))
    items = ({"order_no": str(no), "modified": f"{at:%Y-%m-%d %H:%M:%S}"} for no, at in enumerate(moments))
    text = "".join(json.dumps(item) + "\n" for item in items)
    (folder / "platforms/taobao.ndjson").write_text(text, encoding="utf-8")
    return folder


def read(server: PlatformServer, *, start: datetime = START, sign_method: str = "md5") -> set[str]:
    connection = PlatformConnection(
        conn_id="sales_990001_taobao",
        county_code="990001",
        name="taobao",
        base_url=server.url,
        app_key="taobao",
        secret="sample-secret",
        profile="top",
        platform="taobao",
        session="sample-session",
        refresh_token="sample-refresh",
        sign_method=sign_method,
    )
    slept: list[float] = []
    limits = Limits(body_bytes=1_000_000)
    with PlatformClient(connection, PROFILE, lambda: NOW, sleep=slept.append, limits=limits) as client:
        pages = list(client.fetch_window(start, start + timedelta(days=1)))
    return {item["order_no"] for page in pages for item in page.items}


EVERY = {str(number) for number in range(ORDERS)}


@pytest.mark.parametrize("sign_method", ["md5", "hmac"])
def test_every_order_of_a_day_arrives(data: Path, sign_method: str) -> None:
    with PlatformServer(data, clock=lambda: NOW) as server:
        assert read(server, sign_method=sign_method) == EVERY


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - LASTING))
def test_every_order_arrives_after_a_fault_that_passes(data: Path, fault: str) -> None:
    with PlatformServer(data, clock=lambda: NOW, faults=fault) as server:
        assert read(server) == EVERY


@pytest.mark.parametrize("fault", [*sorted(LASTING & set(FAULTS)), "throttle:1:31062", "429:1:31062"])
def test_the_rest_is_a_source_that_is_down(data: Path, fault: str) -> None:
    with PlatformServer(data, clock=lambda: NOW, faults=fault) as server, pytest.raises(SourceDown):
        read(server)


def test_windows_the_platform_no_longer_serves_are_told_apart(data: Path) -> None:
    with PlatformServer(data, clock=lambda: NOW, strict_history=True) as server:
        assert read(server) == EVERY
        with pytest.raises(WindowTooOld):
            read(server, start=START - timedelta(days=100))
