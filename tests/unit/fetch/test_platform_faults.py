"""What a client must survive, against real sockets; and what it must never tell."""

from __future__ import annotations

import json
import logging
import socket
import struct
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError, SourceDown, XiezuoError
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.platform.asking import Renewed
from xiezuo.fetch.platform.client import PlatformClient, WindowTooOld
from xiezuo.fetch.platform.exchange import Limits
from xiezuo.fetch.platform.profile import load_profile
from xiezuo.fetch.platform.retries import Banned, Patience

FOLDER = Path(__file__).parents[3] / "include/platforms"
START = datetime(2022, 9, 1, tzinfo=SHANGHAI)
NOW = datetime(2022, 9, 2, 8, tzinfo=SHANGHAI)
LIST = {"top": "/router/rest", "doudian": "/order/searchList"}
SECRETS = ("secret-1", "session-1", "session-2", "refresh-1", "refresh-2", "buyer-1")
ITEM = {"buyer_org": "buyer-1", "num": 1}
GOOD = {
    "top": {"trades_sold_increment_get_response": {"trades": {"trade": [ITEM]}, "has_next": False}},
    "doudian": {"code": 10000, "data": {"total": 1, "shop_order_list": [ITEM]}},
}
Handler = Callable[[Request], Response]


def connection(base_url: str, profile: str, **changes: Any) -> PlatformConnection:
    base: dict[str, Any] = {
        "conn_id": "sales_990001_x",
        "county_code": "990001",
        "name": "x",
        "base_url": base_url.rstrip("/"),
        "app_key": "key-1",
        "secret": "secret-1",
        "profile": profile,
        "platform": "x",
        "session": "session-1",
        "refresh_token": "refresh-1",
    }
    return PlatformConnection(**base | changes)


class Reader:
    """A client with a clock that stands still and a sleep that only notes what was asked of it."""

    def __init__(self, base_url: str, profile: str = "top", **changes: Any) -> None:
        self.slept: list[float] = []
        self.renewed: list[Renewed] = []
        options = {key: changes.pop(key) for key in ("limits", "patience") if key in changes}
        self.client = PlatformClient(
            connection(base_url, profile, **changes),
            load_profile(FOLDER / f"{profile}.yaml"),
            lambda: NOW,
            sleep=self.slept.append,
            on_renewed=self.renewed.append,
            **options,
        )

    def read(self, start: datetime = START) -> int:
        """Return the number of items of one day."""
        with self.client:
            return sum(len(page.items) for page in self.client.fetch_window(start, start + timedelta(days=1)))

    def fails(self, kind: type[XiezuoError], start: datetime = START) -> str:
        """Return the whole of what an expected error shows; it must show no secret."""
        with pytest.raises(kind) as caught:
            self.read(start)
        shown = "".join(traceback.format_exception(caught.value)) + caught.value.zh + caught.value.next_step
        error: BaseException | None = caught.value
        while error is not None:
            assert not any(secret in repr(error.args) for secret in SECRETS)
            error = error.__cause__ or error.__context__
        assert not any(secret in str(caught.value) for secret in SECRETS)
        return shown


def serve(server: HTTPServer, profile: str, *answers: Any) -> list[Request]:
    """Answer each listing request with the next of the answers, the last one again and again."""
    asked: list[Request] = []

    def handle(request: Request) -> Response:
        request.get_data()
        asked.append(request)
        answer = answers[min(len(asked), len(answers)) - 1]
        return answer if isinstance(answer, Response) else Response(json.dumps(answer))

    server.expect_request(LIST[profile]).respond_with_handler(handle)
    return asked


def top_error(code: int, sub_code: str = "", sub_msg: str = "") -> dict[str, Any]:
    return {"error_response": {"code": code, "msg": "no", "sub_code": sub_code, "sub_msg": sub_msg}}


def ban(seconds: int) -> dict[str, Any]:
    name = "accesscontrol.limited-by-api-access-count"
    return top_error(7, name, f"This ban will last for {seconds} more seconds")


@contextmanager
def raw_server(*scripts: bytes | None, heard: list[bytes] | None = None) -> Iterator[str]:
    """One connection a script: send its bytes and close, or (None) reset without an answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def run() -> None:
            for script in scripts:
                peer, _ = listener.accept()
                with peer:
                    request = _whole_request(peer)
                    if heard is not None:
                        heard.append(request)
                    if script is None:
                        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    else:
                        peer.sendall(script)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


def _whole_request(peer: socket.socket) -> bytes:
    """Read head and body: closing on unread bytes would reset the connection."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += peer.recv(65_536)
    head, _, body = request.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    while len(body) < length:
        body += peer.recv(65_536)
    return body


def http(body: bytes, length: int | None = None, date: str = "") -> bytes:
    lines = [
        "HTTP/1.1 200 OK",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, *([f"Date: {date}"] if date else []), "", ""]).encode() + body


PASSING = {
    "500": Response("oops", 500),
    "502 html": Response("<html>bad gateway</html>", 502, content_type="text/html"),
    "503": Response("", 503),
    "429 without a time": Response("", 429),
    "html": Response("<!DOCTYPE html><p>maintenance", content_type="text/html"),
    "truncated": Response('{"trades_sold_increment_get_response":{"trades":{"trade":[{"num"'),
    "empty": Response(""),
    "other document": {"hello": "world"},
    "15": top_error(15, "isv.whatever"),
    "isp": top_error(99, "isp.remote-service-timeout"),
    "unknown code": top_error(4711),
}


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_passes_is_waited_out(httpserver: HTTPServer, name: str) -> None:
    asked = serve(httpserver, "top", PASSING[name], PASSING[name], GOOD["top"])
    reader = Reader(httpserver.url_for(""))
    assert reader.read() == 1
    assert reader.slept == [1, 2]
    assert len(asked) == 3


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_stays_is_a_source_that_is_down(httpserver: HTTPServer, name: str) -> None:
    asked = serve(httpserver, "top", PASSING[name])
    reader = Reader(httpserver.url_for(""))
    assert "sales_990001_x" in reader.fails(SourceDown)
    assert len(asked) == 6
    assert reader.slept == [1, 2, 4, 8, 16]


@pytest.mark.parametrize(
    "fault", [None, http(b'{"trades', 500), b"HTTP/1.1 200 OK\r\n", b"not http at all\r\n\r\n", b""]
)
def test_a_connection_that_breaks_is_tried_again(fault: bytes | None) -> None:
    with raw_server(fault, fault, http(json.dumps(GOOD["top"]).encode())) as base_url:
        reader = Reader(base_url)
        assert reader.read() == 1
    assert len(reader.slept) == 2


@pytest.mark.parametrize("profile", LIST)
def test_nobody_listening_is_a_source_that_is_down_and_tells_no_secret(
    profile: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    shown = Reader(f"http://127.0.0.1:{port}", profile).fails(SourceDown)
    assert "connection failed" in shown
    assert not any(secret in shown + caplog.text for secret in SECRETS)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        limits, patience = Limits(read_seconds=0.05), Patience(attempts=2)
        reader = Reader(f"http://127.0.0.1:{listener.getsockname()[1]}", limits=limits, patience=patience)
        assert "ReadTimeout" in reader.fails(SourceDown)


def test_a_body_that_never_ends_is_cut_off_by_size(httpserver: HTTPServer) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"[" * 1_000

    serve(httpserver, "top", Response(endless()))
    assert "longer than 50000 bytes" in Reader(
        httpserver.url_for(""), limits=Limits(body_bytes=50_000)
    ).fails(SourceDown)


def test_a_body_that_trickles_without_end_is_cut_off_by_the_clock(httpserver: HTTPServer) -> None:
    def trickle() -> Iterator[bytes]:
        while True:
            yield b" "
            time.sleep(0.01)

    serve(httpserver, "top", Response(trickle()))
    limits = Limits(exchange_seconds=0.2)
    assert "did not end within 0.2 s" in Reader(httpserver.url_for(""), limits=limits).fails(SourceDown)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("profile", LIST)
def test_a_redirect_is_never_followed(httpserver: HTTPServer, profile: str, status: int) -> None:
    target = httpserver.url_for("/elsewhere")
    asked = serve(httpserver, profile, Response("", status, {"Location": target}))
    assert "refused to follow" in Reader(httpserver.url_for(""), profile).fails(SourceDown)
    assert len(asked) == 1
    assert [request.path for request, _ in httpserver.log] == [LIST[profile]]


def test_a_redirect_whose_body_never_ends_is_left_at_once(httpserver: HTTPServer) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1_000

    serve(httpserver, "top", Response(endless(), 302, {"Location": "/elsewhere"}))
    assert "refused to follow" in Reader(httpserver.url_for("")).fails(SourceDown)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept_to(httpserver: HTTPServer, status: int) -> None:
    serve(httpserver, "top", Response("", status, {"Retry-After": "17"}), GOOD["top"])
    reader = Reader(httpserver.url_for(""))
    assert reader.read() == 1
    assert reader.slept == [17]


def test_a_ban_is_waited_for_as_long_as_it_says(httpserver: HTTPServer) -> None:
    serve(httpserver, "top", ban(1), ban(30), GOOD["top"])
    reader = Reader(httpserver.url_for(""))
    assert reader.read() == 1
    assert reader.slept == [1, 30]


@pytest.mark.parametrize("answer", [ban(31062), Response("", 429, {"Retry-After": "31062"})])
def test_a_long_ban_is_not_slept_through(httpserver: HTTPServer, answer: Any) -> None:
    asked = serve(httpserver, "top", answer)
    reader = Reader(httpserver.url_for(""))
    assert "31062 s" in reader.fails(Banned)
    assert issubclass(Banned, SourceDown)
    assert reader.slept == []
    assert len(asked) == 1


def test_throttling_without_a_time_is_waited_out(httpserver: HTTPServer) -> None:
    serve(httpserver, "doudian", {"code": 30007, "msg": "slow down"}, GOOD["doudian"])
    reader = Reader(httpserver.url_for(""), "doudian")
    assert reader.read() == 1
    assert reader.slept == [1]


def test_all_waits_of_a_window_have_one_budget(httpserver: HTTPServer) -> None:
    serve(httpserver, "top", ban(25))
    reader = Reader(httpserver.url_for(""), patience=Patience(attempts=100))
    assert "after 100 s of waiting" in reader.fails(SourceDown)
    assert reader.slept == [25] * 4


@pytest.mark.parametrize(
    ("profile", "answer", "said"),
    [
        ("top", top_error(25, "isv.invalid-signature"), "code 25 isv.invalid-signature"),
        ("top", top_error(40), "code 40"),
        ("top", top_error(41), "code 41"),
        ("doudian", {"code": 40003}, "code 40003"),
        ("doudian", {"code": 40004}, "code 40004"),
        ("top", Response("<html>no such page</html>", 404), "HTTP 404"),
        ("doudian", Response("{}", 403), "HTTP 403"),
    ],
)
def test_what_retrying_cannot_mend_stops_at_once(
    httpserver: HTTPServer, profile: str, answer: Any, said: str
) -> None:
    asked = serve(httpserver, profile, answer)
    reader = Reader(httpserver.url_for(""), profile)
    assert said in reader.fails(ConfigError)
    assert len(asked) == 1
    assert reader.slept == []


@pytest.mark.parametrize(
    ("profile", "code"), [("top", 40), ("top", 41), ("doudian", 40003), ("doudian", 40004)]
)
def test_refused_arguments_of_an_old_window_mean_that_it_is_too_old(
    httpserver: HTTPServer, profile: str, code: int
) -> None:
    serve(httpserver, profile, top_error(code) if profile == "top" else {"code": code})
    old = START - timedelta(days=92)
    assert str(old.date()) in Reader(httpserver.url_for(""), profile).fails(WindowTooOld, old)
    assert not issubclass(WindowTooOld, SourceDown | ConfigError)


def test_an_old_window_that_is_served_is_read(httpserver: HTTPServer) -> None:
    serve(httpserver, "top", GOOD["top"])
    assert Reader(httpserver.url_for("")).read(START - timedelta(days=400)) == 1


def test_a_wrong_signature_on_an_old_window_is_still_a_wrong_signature(httpserver: HTTPServer) -> None:
    serve(httpserver, "top", top_error(25))
    Reader(httpserver.url_for("")).fails(ConfigError, START - timedelta(days=400))


def test_a_clock_that_is_off_is_set_by_the_servers_date_once() -> None:
    late = http(json.dumps(top_error(31)).encode(), date="Fri, 02 Sep 2022 01:00:00 GMT")
    heard: list[bytes] = []
    with raw_server(late, http(json.dumps(GOOD["top"]).encode()), heard=heard) as base_url:
        reader = Reader(base_url)
        assert reader.read() == 1
    stamps = [parse_qs(body.decode())["timestamp"][0] for body in heard]
    assert stamps == ["2022-09-02 08:00:00", "2022-09-02 09:00:00"]
    assert reader.slept == []


def test_a_clock_that_stays_off_stops(httpserver: HTTPServer) -> None:
    asked = serve(httpserver, "top", top_error(31))
    assert "校准本机时钟" in Reader(httpserver.url_for("")).fails(ConfigError)
    assert len(asked) == 2


@pytest.mark.parametrize("date", ["", "Sat, 02 Sep 2023 01:00:00 GMT", "yesterday"])
def test_without_a_time_to_go_by_our_own_clock_is_signed_once_more(date: str) -> None:
    """A server's date years away from ours is not skew: a moved clock must keep working."""
    late = http(json.dumps(top_error(31)).encode(), date=date)
    heard: list[bytes] = []
    with raw_server(late, http(json.dumps(GOOD["top"]).encode()), heard=heard) as base_url:
        assert Reader(base_url).read() == 1
    assert [parse_qs(body.decode())["timestamp"][0] for body in heard] == ["2022-09-02 08:00:00"] * 2


EXPIRED: dict[str, Any] = {"top": top_error(27), "doudian": {"code": 30001, "msg": "token expired"}}
TOKENS = {"access_token": "session-2", "refresh_token": "refresh-2", "expires_in": 7200}


def sessions(asked: list[Request]) -> list[str]:
    sent = [parse_qs(request.get_data(as_text=True)) | request.args.to_dict(flat=False) for request in asked]
    return [(found.get("session") or found["access_token"])[0] for found in sent]


@pytest.mark.parametrize("profile", LIST)
@pytest.mark.parametrize("tokens", [TOKENS, {"code": 10000, "data": TOKENS}])
def test_an_expired_session_is_renewed_once(
    httpserver: HTTPServer, profile: str, tokens: dict[str, Any]
) -> None:
    asked = serve(httpserver, profile, EXPIRED[profile], GOOD[profile])
    query = {"app_key": "key-1", "refresh_token": "refresh-1"}
    httpserver.expect_oneshot_request("/token", method="GET", query_string=query).respond_with_json(tokens)
    reader = Reader(httpserver.url_for(""), profile)
    assert reader.read() == 1
    assert sessions(asked) == ["session-1", "session-2"]
    assert reader.renewed == [Renewed("sales_990001_x", "session-2", "refresh-2")]
    assert "session-2" not in repr(reader.renewed)
    httpserver.check()


def test_a_renewal_that_fails_in_passing_is_tried_again(httpserver: HTTPServer) -> None:
    serve(httpserver, "doudian", EXPIRED["doudian"], GOOD["doudian"])
    httpserver.expect_oneshot_request("/token").respond_with_data("", 503)
    httpserver.expect_oneshot_request("/token").respond_with_json(TOKENS)
    reader = Reader(httpserver.url_for(""), "doudian")
    assert reader.read() == 1
    assert reader.slept == [1]


@pytest.mark.parametrize("profile", LIST)
def test_a_session_that_expires_again_stops(httpserver: HTTPServer, profile: str) -> None:
    asked = serve(httpserver, profile, EXPIRED[profile])
    httpserver.expect_request("/token").respond_with_json(TOKENS)
    assert "重新授权" in Reader(httpserver.url_for(""), profile).fails(ConfigError)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "answer", [Response("no", 404), Response("{}"), Response('{"code":50002}'), Response("<html>")]
)
def test_a_renewal_that_is_declined_stops(httpserver: HTTPServer, answer: Response) -> None:
    serve(httpserver, "top", EXPIRED["top"])
    httpserver.expect_request("/token").respond_with_response(answer)
    assert "重新授权" in Reader(httpserver.url_for("")).fails(ConfigError)


def test_without_a_refresh_token_an_expired_session_stops(httpserver: HTTPServer) -> None:
    asked = serve(httpserver, "doudian", EXPIRED["doudian"])
    Reader(httpserver.url_for(""), "doudian", refresh_token=None).fails(ConfigError)
    assert len(asked) == 1


@pytest.mark.parametrize("profile", LIST)
def test_no_log_line_holds_a_secret_even_when_debugging(
    httpserver: HTTPServer, profile: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    serve(httpserver, profile, EXPIRED[profile], GOOD[profile])
    httpserver.expect_request("/token").respond_with_json(TOKENS)
    assert Reader(httpserver.url_for(""), profile).read() == 1
    ours = [record for record in caplog.records if record.name != "werkzeug"]  # the test's own server
    assert {record.name for record in ours} >= {"urllib3.connectionpool", "xiezuo.fetch.fetch"}
    lines = [record.getMessage() for record in ours]
    assert not any(secret in line or "sign=" in line for secret in SECRETS for line in lines)


def test_a_server_that_echoes_a_token_as_its_code_is_not_repeated(httpserver: HTTPServer) -> None:
    serve(httpserver, "top", top_error(25, "session-1"))
    assert "code 25 ***" in Reader(httpserver.url_for("")).fails(ConfigError)


def test_proxies_and_cookies_are_left_alone(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    busy = Response("", 503, {"Set-Cookie": "a=b; Path=/"})
    asked = serve(httpserver, "top", busy, GOOD["top"])
    assert Reader(httpserver.url_for("")).read() == 1
    assert "Cookie" not in asked[1].headers


def test_an_address_that_is_none_stops() -> None:
    assert "address" in Reader("http://[half").fails(ConfigError)
