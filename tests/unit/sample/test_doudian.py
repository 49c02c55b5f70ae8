"""The sample platforms of profile doudian over real sockets: signatures, windows, pages, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError
from xiezuo_sample.platforms.doudian import PATH, TROUBLES, sign_md5, sign_sha256
from xiezuo_sample.platforms.faults import FAULTS, fault
from xiezuo_sample.platforms.server import PlatformServer
from xiezuo_sample.platforms.top import TROUBLES as TOP_TROUBLES

NOW = datetime(2022, 9, 2, 8, tzinfo=SHANGHAI)
START = int(datetime(2022, 9, 1, tzinfo=SHANGHAI).timestamp())
END = START + 86_400
VECTOR = {
    "app_key": "hn620422",
    "method": "order.searchList",
    "param_json": '{"page":0,"size":100,"update_time_end":1662076800,"update_time_start":1661990400}',
    "timestamp": "2022-09-02 08:00:00",
    "v": "2",
}
Ask = Callable[..., dict[str, Any]]


def _item(number: int, changed: int) -> str:
    return json.dumps({"order_id": f"69{number:016d}", "update_time": changed, "pay_amount": 1250})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """250 items on 1 September 2022, both midnights among them, and one of January; a platform of the other profile."""
    folder = tmp_path_factory.mktemp("data") / "platforms"
    folder.mkdir()
    lines = [_item(n, START + 300 * n) for n in (*range(100, 249), *range(100))]
    lines += [_item(900, START - 1), _item(901, END), _item(902, START - 200 * 86_400)]
    (folder / "douyin.ndjson").write_text("\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (folder / "taobao.ndjson").write_text(
        '{"order_no": "1", "modified": "2022-09-01 12:00:00"}\n', encoding="utf-8"
    )
    return folder.parent


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[PlatformServer]:
    with PlatformServer(data, clock=lambda: NOW) as running:
        yield running


def signed(asked: dict[str, Any] | str, **changes: str) -> tuple[str, bytes]:
    """Return query and body of a signed request with some parameters changed ('' drops one)."""
    params = {
        **VECTOR,
        "app_key": "douyin",
        "sign_method": "hmac-sha256",
        "access_token": "sample-session",
        **changes,
    }
    text = asked if isinstance(asked, str) else json.dumps(asked, sort_keys=True, separators=(",", ":"))
    params["param_json"] = text
    signer = sign_md5 if params["sign_method"] == "md5" else sign_sha256
    params["sign"] = changes.get("sign") or signer(params, "sample-secret")
    query = {name: value for name, value in params.items() if value and name != "param_json"}
    return urlencode(query), text.encode()


def window(**changes: Any) -> dict[str, Any]:
    asked = {"page": 0, "size": 100, "update_time_start": START, "update_time_end": END} | changes
    return {name: value for name, value in asked.items() if value is not None}


@pytest.fixture
def ask(server: PlatformServer) -> Ask:
    def send(asked: dict[str, Any] | str | None = None, **changes: str) -> dict[str, Any]:
        query, body = signed(window() if asked is None else asked, **changes)
        answer = requests.post(f"{server.url}{PATH}?{query}", data=body, timeout=10)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    return send


def test_signatures_agree_with_the_vectors() -> None:
    """Computed once by the published rule, with the secret helloworld; the token is not signed."""
    assert (
        sign_sha256(VECTOR, "helloworld")
        == "e455e2d33e38aa4349dfd2e0ed067d8773dc58aafccf948f652fddebe944dde5"
    )
    assert sign_md5(VECTOR, "helloworld") == "41d6ca52b8c457c66e658e50a5c3707c"
    assert sign_sha256(VECTOR | {"access_token": "x"}, "helloworld") == sign_sha256(VECTOR, "helloworld")


@pytest.mark.parametrize("method", ["hmac-sha256", "md5"])
def test_pages_count_from_0_newest_first(ask: Ask, method: str) -> None:
    """Both ends of the window are in it; every page tells the total; amounts and numbers come as they are stored."""
    pages = [ask(window(page=page), sign_method=method) for page in range(4)]
    assert {page["code"] for page in pages} == {10000}
    assert [page["data"]["total"] for page in pages] == [250] * 4
    assert [len(page["data"]["shop_order_list"]) for page in pages] == [100, 100, 50, 0]
    items = [item for page in pages for item in page["data"]["shop_order_list"]]
    assert [int(item["order_id"][2:]) for item in items] == [901, *range(248, -1, -1)]
    assert items[0]["pay_amount"] == 1250


@pytest.mark.parametrize(
    ("asked", "changes", "code"),
    [
        (window(), {"sign": "0" * 64}, 40003),
        (window(), {"sign": "不"}, 40003),
        (window(), {"access_token": "old"}, 30001),
        (window(), {"access_token": ""}, 40004),
        (window(), {"timestamp": "2022-09-02 08:10:01"}, 40003),
        (window(), {"timestamp": "yesterday"}, 40003),
        (window(), {"app_key": "taobao"}, 40003),
        (window(), {"method": "order.detail"}, 40003),
        (window(), {"v": "1"}, 40003),
        (window(), {"sign_method": "sha1"}, 40003),
        (window(page=-1), {}, 40003),
        (window(page="0"), {}, 40003),
        (window(size=101), {}, 40003),
        (window(size=0), {}, 40003),
        (window(size=True), {}, 40003),
        (window(update_time_start=None), {}, 40004),
        (window(update_time_end=START - 1), {}, 40003),
        ('{"size":100,"page":0,"update_time_end":1,"update_time_start":1}', {}, 40003),
        (json.dumps(window(), sort_keys=True), {}, 40003),
        ("[" * 100_000, {}, 40003),
        ("[]", {}, 40003),
    ],
)
def test_a_wrong_request_gets_its_code_with_http_200(
    ask: Ask, asked: dict[str, Any] | str, changes: dict[str, str], code: int
) -> None:
    """30001 token, 40003 wrong (a body that is not sorted and compact too), 40004 missing."""
    assert ask(asked, **changes)["code"] == code


def test_old_windows_are_served_unless_history_is_strict(ask: Ask, data: Path) -> None:
    old = window(update_time_start=START - 201 * 86_400, update_time_end=START - 199 * 86_400)
    assert [item["order_id"] for item in ask(old)["data"]["shop_order_list"]] == ["690000000000000902"]
    with PlatformServer(data, clock=lambda: NOW, strict_history=True) as strict:
        answers = []
        for asked in (old, window()):
            query, body = signed(asked)
            answers.append(requests.post(f"{strict.url}{PATH}?{query}", data=body, timeout=10).json()["code"])
    assert answers == [40003, 10000]


def test_a_token_is_renewed_for_who_has_a_refresh_token(server: PlatformServer) -> None:
    def renew(**asked: str) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{server.url}/token", params=asked, timeout=10).json()
        return found

    found = renew(app_key="douyin", refresh_token="sample-refresh")
    assert (found["access_token"], found["refresh_token"]) == ("sample-session", "sample-refresh")
    assert renew(app_key="nobody", refresh_token="r")["code"] == 40003
    assert renew(app_key="douyin")["code"] == 40003


@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from([*VECTOR, "sign", "sign_method", "access_token", "x"]),
            st.one_of(st.text(max_size=25), st.sampled_from([*VECTOR.values(), "md5", "douyin"])),
        ),
        max_size=10,
    ),
    raw=st.one_of(st.binary(max_size=60), st.text(max_size=40)),
)
def test_no_request_breaks_the_profile(
    server: PlatformServer, pairs: list[tuple[str, str]], raw: bytes | str
) -> None:
    """Whatever is sent, the answer is an error of this profile."""
    body = raw.encode() if isinstance(raw, str) else raw
    for query in (urlencode(pairs), "".join(name + value for name, value in pairs)):
        assert json.loads(server.profiles[PATH](query, body).body)["code"] in (30001, 40003, 40004)


def test_both_profiles_have_every_fault_in_their_own_words() -> None:
    """An ordered fault answers as the platform asked would."""
    assert set(TROUBLES) == set(TOP_TROUBLES)
    said = {
        kind: json.loads(fault(kind, 7, "doudian").body)["code"]
        for kind in ("throttle", "session", "busy", "clock")
    }
    assert said == {"throttle": 30007, "session": 30001, "busy": 20000, "clock": 40003}
    assert b"7 more seconds" in fault("throttle", 7, "doudian").body
    assert all(fault(kind, 1, "doudian").status in (200, 302, 429, 500, 502, 503, 504) for kind in FAULTS)


@pytest.mark.parametrize(
    "line", ['{"order_id": "1", "update_time": "2022-09-01 12:00:00"}', '{"update_time": true}']
)
def test_an_item_without_a_whole_number_of_seconds_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms/x.ndjson").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1"):
        PlatformServer(tmp_path)


def test_ten_minutes_of_skew_are_allowed(ask: Ask) -> None:
    for minutes in (-10, 10):
        stamp = f"{NOW + timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S}"
        assert ask(timestamp=stamp)["code"] == 10000
