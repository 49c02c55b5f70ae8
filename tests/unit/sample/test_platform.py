"""The sample platforms over real sockets: signatures, windows, pages, refusals, bad days."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo_sample.platforms.faults import FAULTS, FaultSwitch, fault
from xiezuo_sample.platforms.orders import seconds_of
from xiezuo_sample.platforms.server import PlatformServer
from xiezuo_sample.platforms.top import sign_hmac, sign_md5

NOW = datetime(2022, 9, 2, 8, 0, tzinfo=timezone(timedelta(hours=8)))
VECTOR = {
    "app_key": "hn620422",
    "format": "json",
    "method": "taobao.trades.sold.increment.get",
    "page_no": "1",
    "page_size": "40",
    "session": "s1",
    "sign_method": "md5",
    "start_modified": "2022-09-01 00:00:00",
    "end_modified": "2022-09-02 00:00:00",
    "timestamp": "2022-09-02 08:00:00",
    "use_has_next": "true",
    "v": "2.0",
}
Ask = Callable[..., dict[str, Any]]


def _item(number: int, modified: str) -> str:
    return json.dumps(
        {"order_no": f"{number}", "goods_title": "小米 5斤装", "modified": modified}, ensure_ascii=False
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two platforms; 250 items on 1 September 2022, not in the order of their times."""
    folder = tmp_path_factory.mktemp("data") / "platforms"
    folder.mkdir()
    times = [f"2022-09-01 {n // 60:02d}:{n % 60:02d}:00" for n in range(250)]
    lines = [_item(n, times[n]) for n in (*range(100, 250), *range(100))]
    lines += [
        _item(900, "2022-08-31 23:59:59"),
        _item(901, "2022-09-02 00:00:00"),
        _item(902, "2022-01-05 10:00:00"),
    ]
    (folder / "taobao.ndjson").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    (folder / "jd.ndjson").write_text(_item(1, "2022-09-01 12:00:00"), encoding="utf-8")
    return folder.parent


@pytest.fixture
def server(data: Path) -> Iterator[PlatformServer]:
    """A running server whose clock stands at 2 September 2022, 08:00."""
    with PlatformServer(data, clock=lambda: NOW) as running:
        yield running


def _params(**changes: str) -> dict[str, str]:
    params = {**VECTOR, "app_key": "taobao", "session": "sample-session", **changes}
    signer = sign_hmac if params["sign_method"] == "hmac" else sign_md5
    return {name: value for name, value in params.items() if value} | {
        "sign": changes.get("sign") or signer({n: v for n, v in params.items() if v}, "sample-secret")
    }


@pytest.fixture
def ask(server: PlatformServer) -> Ask:
    """Send a signed request with some parameters changed ('' drops one) and return the JSON answer."""

    def send(**changes: str) -> dict[str, Any]:
        answer = requests.post(f"{server.url}/router/rest", data=_params(**changes), timeout=10)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    return send


def _trades(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["trades_sold_increment_get_response"]["trades"]["trade"]
    return found


def test_signatures_agree_with_the_vectors() -> None:
    """Computed once by the published rule, with the secret helloworld."""
    assert sign_md5(VECTOR, "helloworld") == "9DAF16C41A43993A9DE47FD4A669AF7D"
    hmac_params = {**VECTOR, "sign_method": "hmac"}
    assert sign_hmac(hmac_params, "helloworld") == "406F33474ADB0D4B4DFC86DCDA987B50"
    assert sign_md5({**VECTOR, "sign": "anything"}, "helloworld") == sign_md5(VECTOR, "helloworld")


@pytest.mark.parametrize("method", ["md5", "hmac"])
def test_pages_come_newest_first_and_end(ask: Ask, method: str) -> None:
    """Both ends of the window are in it; the last page says there is no next."""
    items: list[dict[str, Any]] = []
    for page in (1, 2, 3):
        answer = ask(page_no=str(page), page_size="100", sign_method=method)
        assert answer["trades_sold_increment_get_response"]["has_next"] is (page < 3)
        items += _trades(answer)
    assert [item["order_no"] for item in items] == ["901", *(str(n) for n in range(249, -1, -1))]
    assert items[1]["goods_title"] == "小米 5斤装"


def test_a_page_beyond_the_last_is_empty(ask: Ask) -> None:
    """Rows that moved to earlier pages while paging must not be an error."""
    answer = ask(page_no="9", page_size="100")
    assert answer == {"trades_sold_increment_get_response": {"trades": {"trade": []}, "has_next": False}}


def test_platforms_are_told_apart_by_app_key(ask: Ask) -> None:
    """One server, several platforms; without use_has_next the total is told instead."""
    answer = ask(app_key="jd", use_has_next="")
    assert [item["order_no"] for item in _trades(answer)] == ["1"]
    assert answer["trades_sold_increment_get_response"]["total_results"] == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sign": "0" * 32}, 25),
        ({"sign": "不"}, 25),
        ({"session": "someone-else"}, 27),
        ({"timestamp": "2022-09-02 08:10:01"}, 31),
        ({"timestamp": "2022-09-02 07:49:59"}, 31),
        ({"timestamp": "2022-09-02T08:00:00"}, 41),
        ({"session": ""}, 40),
        ({"start_modified": ""}, 40),
        ({"start_modified": "yesterday"}, 41),
        ({"start_modified": "2022-9-1 00:00:00"}, 41),
        ({"end_modified": "2022-09-02 00:00:01"}, 41),
        ({"end_modified": "2022-08-31 23:59:59"}, 41),
        ({"page_size": "101"}, 41),
        ({"page_size": "0"}, 41),
        ({"page_no": "0"}, 41),
        ({"page_no": "１"}, 41),
        ({"app_key": "nobody"}, 41),
        ({"sign_method": "sha1"}, 41),
        ({"method": "taobao.trade.get"}, 41),
    ],
)
def test_a_wrong_request_gets_its_error_with_http_200(ask: Ask, changes: dict[str, str], code: int) -> None:
    """25 signature, 27 session, 31 clock, 40 missing, 41 invalid."""
    assert ask(**changes)["error_response"]["code"] == code


@pytest.mark.parametrize("stamp", ["2022-09-02 08:10:00", "2022-09-02 07:50:00"])
def test_ten_minutes_of_skew_are_allowed(ask: Ask, stamp: str) -> None:
    """Inclusive on both sides."""
    assert len(_trades(ask(timestamp=stamp))) == 40


def test_old_windows_are_served_unless_history_is_strict(ask: Ask, data: Path) -> None:
    """The sample says it keeps its year; a real platform refuses after three months."""
    old = {"start_modified": "2022-01-05 00:00:00", "end_modified": "2022-01-06 00:00:00"}
    assert [item["order_no"] for item in _trades(ask(**old))] == ["902"]
    with PlatformServer(data, clock=lambda: NOW, strict_history=True) as strict:
        answer = requests.post(f"{strict.url}/router/rest", data=_params(**old), timeout=10).json()
        assert answer["error_response"]["code"] == 41
        recent = requests.post(f"{strict.url}/router/rest", data=_params(), timeout=10).json()
        assert len(_trades(recent)) == 40


@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from([*VECTOR, "sign", "x"]),
            st.one_of(st.text(max_size=25), st.sampled_from([*VECTOR.values()])),
        ),
        max_size=14,
    ),
    raw=st.binary(max_size=40),
)
def test_no_request_breaks_the_profile(
    running: PlatformServer, pairs: list[tuple[str, str]], raw: bytes
) -> None:
    """Whatever is sent, the answer is an error envelope."""
    for body in (urlencode(pairs).encode(), raw):
        answer = running.profiles["/router/rest"]("", body)
        assert json.loads(answer.body)["error_response"]["code"] in (25, 27, 31, 40, 41)


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[PlatformServer]:
    """One server for all of a property's examples."""
    with PlatformServer(data, clock=lambda: NOW) as server:
        yield server


def _post(server: PlatformServer, **more: Any) -> requests.Response:
    url = f"{server.url}/router/rest"
    return requests.post(url, data=_params(), timeout=10, allow_redirects=False, **more)


def test_faults_happen_in_their_order_and_as_often_as_asked(server: PlatformServer) -> None:
    """Then the platform is well again."""
    server.faults.order(["429:2:7", "503", "throttle:1:31062", "session", "html", "redirect"])
    assert [_post(server).headers.get("Retry-After") for _ in range(2)] == ["7", "7"]
    assert _post(server).status_code == 503
    assert _post(server).json()["error_response"]["code"] == 7
    assert _post(server).json()["error_response"]["code"] == 27
    assert _post(server).text.startswith("<!DOCTYPE html>")
    moved = _post(server)
    assert (moved.status_code, moved.headers["Location"]) == (302, "http://platform.invalid/router/rest")
    assert len(_trades(_post(server).json())) == 40


def test_faults_break_connections_and_bodies(server: PlatformServer) -> None:
    """A reset, a body shorter than it says, JSON that stops, a body without end."""
    server.faults.order(["reset", "short", "truncated", "endless"])
    with pytest.raises(requests.ConnectionError):
        _post(server)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _post(server)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        _post(server).json()
    with _post(server, stream=True) as endless:
        assert sum(len(endless.raw.read(65536)) for _ in range(40)) > 2_000_000
    assert len(_trades(_post(server).json())) == 40


def test_faults_can_be_ordered_over_http(server: PlatformServer) -> None:
    """As one specification or by kind; an empty object clears; a wrong one changes nothing."""
    url = f"{server.url}/faults"
    assert requests.post(url, json={"faults": "500:2,reset"}, timeout=10).json() == {"waiting": 3}
    assert requests.post(url, json={"429": 2}, timeout=10).json() == {"waiting": 5}
    assert requests.post(url, json={"earthquake": 1}, timeout=10).status_code == 400
    assert requests.post(url, data="[]", timeout=10).status_code == 400
    assert _post(server).status_code == 500
    assert requests.post(url, json={}, timeout=10).json() == {"waiting": 0}
    assert _post(server).status_code == 200


@pytest.mark.parametrize("spec", ["flood", "429:x", "429:1:1:1", "429:-1", ":2"])
def test_an_unknown_fault_is_refused(spec: str) -> None:
    """With the list of those there are."""
    with pytest.raises(ConfigError, match="throttle"):
        FaultSwitch(f"reset,{spec}")


@given(st.lists(st.tuples(st.sampled_from(sorted(FAULTS)), st.integers(0, 5)), max_size=6))
def test_a_fault_switch_gives_what_was_ordered(wanted: list[tuple[str, int]]) -> None:
    """One answer a request, in order, then none."""
    switch = FaultSwitch(",".join(f"{kind}:{times}" for kind, times in wanted))
    answers = []
    while (answer := switch.next()) is not None:
        answers.append(answer)
    assert answers == [fault(kind) for kind, times in wanted for _ in range(times)]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(0, 10**6))
def test_platform_times_keep_their_distance(start: datetime, seconds: int) -> None:
    """Windows are compared in these seconds."""
    start = start.replace(microsecond=0)
    later = start + timedelta(seconds=seconds)
    assert seconds_of(f"{later:%Y-%m-%d %H:%M:%S}") - seconds_of(f"{start:%Y-%m-%d %H:%M:%S}") == seconds


def test_a_session_can_be_renewed_and_platforms_listed(server: PlatformServer) -> None:
    """What a client does after code 27."""
    renewed = requests.get(
        f"{server.url}/token", params={"app_key": "jd", "refresh_token": "r"}, timeout=10
    ).json()
    assert renewed["session"] == renewed["access_token"] == "sample-session"
    assert requests.get(server.url, timeout=10).json() == {"platforms": ["jd", "taobao"]}
    assert requests.get(f"{server.url}/orders", timeout=10).status_code == 404
    assert requests.post(f"{server.url}/orders", data={"a": 1}, timeout=10).status_code == 404


def test_a_folder_without_platforms_is_refused(tmp_path: Path) -> None:
    """And so is a file whose items tell no time, and a port that is taken."""
    with pytest.raises(ConfigError, match="xiezuo sample"):
        PlatformServer(tmp_path)
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms/x.ndjson").write_text('{"order_no": "1"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1"):
        PlatformServer(tmp_path)


def test_a_taken_port_is_refused(server: PlatformServer, data: Path) -> None:
    """With a word on what to do."""
    with pytest.raises(ConfigError, match="choose another port"):
        PlatformServer(data, server.port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_ready_and_stops_when_told(data: Path, number: signal.Signals) -> None:
    """XIEZUO_NOW moves its clock; a signal ends it with code 0."""
    code = "import sys, pathlib, xiezuo_sample.platforms.server as p; p.serve(pathlib.Path(sys.argv[1]), 0)"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "XIEZUO_NOW": NOW.isoformat()},
    )
    try:
        assert process.stdout is not None
        word, url = process.stdout.readline().split()
        assert word == "ready"
        answer = requests.post(f"{url}/router/rest", data=_params(), timeout=10).json()
        assert len(_trades(answer)) == 40
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.communicate()
