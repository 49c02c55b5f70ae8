"""One deadline holds whatever a server lets trickle: hostile servers on real sockets, limits below a second.

No figure here is a speed. How long something took is compared with the limit it was given and with an exchange
that went well in the same run, so that a busy machine fails nothing.
"""

from __future__ import annotations

import json
import re
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import SourceDown
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.platform.client import PlatformClient
from xiezuo.fetch.platform.deadline import Deadline
from xiezuo.fetch.platform.exchange import Exchange, Limits, Reply, Trouble
from xiezuo.fetch.platform.profile import load_profile
from xiezuo.fetch.platform.retries import Patience
from xiezuo.fetch.platform.signing import Call

LIMIT = 0.5
FACTOR = 6
DRIP = 0.02
SILENCE = 30.0
START = datetime(2022, 9, 1, tzinfo=SHANGHAI)
PROFILE = load_profile(Path(__file__).parents[3] / "include/platforms/top.yaml")
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
#: An empty stored block of a packed stream: five bytes that unpack to nothing, for ever.
NOTHING = b"\x00\x00\x00\xff\xff"
GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
Script = Callable[[], Iterator[bytes]]


def drips(head: bytes, drop: bytes, pause: float = DRIP) -> Script:
    """Say the head at once, then one drop after another without end."""

    def script() -> Iterator[bytes]:
        yield head
        while True:
            time.sleep(pause)
            yield drop

    return script


def silent() -> Iterator[bytes]:
    """Say nothing, and stay."""
    while True:
        time.sleep(DRIP)
        yield b""


HOSTILE: dict[str, tuple[Script, str]] = {
    "nothing at all": (silent, "应答的开头"),
    "a status line by letters": (drips(b"HTTP/1.1 200 ", b"O"), "应答的开头"),
    "a header by letters": (drips(OK + b"X-Slow: ", b"a"), "应答的开头"),
    "headers one by one": (drips(OK, b"X-A: b\r\n", pause=LIMIT / 20), "应答的开头"),
    "continue, now and then": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "应答的开头"),
    "continue, a flood": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0), "应答的开头"),
    "a body by letters": (drips(OK + b"Content-Length: 100000\r\n\r\n", b" "), "应答的结尾"),
    "a body without a length": (drips(OK + b"\r\n", b" "), "应答的结尾"),
    "chunks one by one": (drips(CHUNKED, b"1\r\n \r\n"), "应答的结尾"),
    "the extension of a chunk": (drips(CHUNKED + b"1;", b"x"), "应答的结尾"),
    "extensions of many chunks": (drips(CHUNKED, b"1;" + b"x" * 99 + b"\r\n \r\n", pause=DRIP), "应答的结尾"),
    "the length of a chunk": (drips(CHUNKED, b"0"), "应答的结尾"),
    "trailers": (drips(CHUNKED + b"2\r\n{}\r\n0\r\n", b"X-A: b\r\n"), "应答的结尾"),
    "what unpacks to nothing": (
        drips(OK + b"Content-Encoding: gzip\r\nContent-Length: 999999\r\n\r\n" + GZIP, NOTHING),
        "应答的结尾",
    ),
}


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):
            if self.server.listens:
                _read_request(self.request)
            for part in self.server.script():
                if self.server.over.is_set():
                    return
                self.request.settimeout(1)
                if part:
                    self.request.sendall(part)
                elif _gone(self.request):
                    return
            self.server.over.wait(self.server.hold)


class _Server(socketserver.ThreadingTCPServer):
    """Says its script to everyone; ``hold`` seconds it keeps a connection open after its end."""

    allow_reuse_address = True
    tls: ssl.SSLContext | None = None
    request_queue_size = 64

    def __init__(self, script: Script, *, listens: bool = True, hold: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script, self.listens, self.hold = script, listens, hold
        self.over = threading.Event()

    def get_request(self) -> tuple[socket.socket, Any]:
        peer, address = super().get_request()
        return (self.tls.wrap_socket(peer, server_side=True) if self.tls else peer), address

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is what these tests are about."""


def _read_request(peer: socket.socket) -> None:
    peer.settimeout(10)
    request = b""
    while b"\r\n\r\n" not in request:
        part = peer.recv(65_536)
        if not part:
            raise ConnectionError
        request += part
    head, _, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        body += peer.recv(65_536)


def _gone(peer: socket.socket) -> bool:
    peer.settimeout(0)
    try:
        return peer.recv(1) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False


@contextmanager
def served(script: Script, *, listens: bool = True, hold: float = 0) -> Iterator[_Server]:
    """Yield a server whose threads and sockets have all ended afterwards."""
    with _Server(script, listens=listens, hold=hold) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def url(server: _Server, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{server.server_address[1]}"


def whole(document: Any = None, head: bytes = b"") -> Script:
    body = json.dumps(document or {}).encode()
    return lambda: iter([OK + head + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body])


def limits(**changes: Any) -> Limits:
    base: dict[str, Any] = {"exchange_seconds": LIMIT, "read_seconds": SILENCE, "connect_seconds": SILENCE}
    return Limits(**base | changes)


def exchange(
    base_url: str, bounds: Limits | None = None, *, trust: Path | None = None
) -> tuple[Reply | Trouble, float]:
    """Return what one exchange came to, and its seconds; ``trust`` holds a certificate to believe."""
    bounds = bounds or limits()
    one = Exchange(bounds)
    if trust:
        one._session.verify = str(trust)
    call = Call("POST", base_url, "", b"a=b", "application/x-www-form-urlencoded")
    began = time.monotonic()
    try:
        found = one.send(call, Deadline.after(bounds.total_seconds, ("the window", "读取一天的订单")))
        return found, time.monotonic() - began
    finally:
        one.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and a certificate of 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + signed.public_bytes(Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def most() -> float:
    """Return the seconds that an exchange with the limit of this module may take here, today."""
    with served(whole()) as server:
        runs = [exchange(url(server)) for _ in range(3)]
    assert all(isinstance(found, Reply) for found, _ in runs)
    return LIMIT * FACTOR + 20 * max(seconds for _, seconds in runs)


@pytest.mark.parametrize("name", HOSTILE)
def test_an_exchange_ends_by_its_deadline_and_says_what_it_waited_for(name: str, most: float) -> None:
    script, waited_for = HOSTILE[name]
    with served(script) as server:
        found, seconds = exchange(url(server))
    assert seconds < most
    assert isinstance(found, Trouble)
    assert found.action == "down"
    assert f"did not end within {LIMIT:g} s, waiting for" in found.reason
    assert f"平台的一次应答在 {LIMIT:g} 秒内没有完成，当时在等待{waited_for}" in found.zh


def test_the_same_servers_outlast_a_client_with_limits_of_each_read() -> None:
    """The control: without a deadline of its own a client stays as long as the server likes."""

    def lasts(script: Script) -> bool:
        with served(script) as server:
            threading.Timer(2 * LIMIT, server.over.set).start()
            began = time.monotonic()
            with suppress(requests.RequestException):
                _ = requests.get(url(server), timeout=(LIMIT, LIMIT), stream=False).content
            return time.monotonic() - began > 1.5 * LIMIT

    trickling = [script for script, _ in HOSTILE.values() if script is not silent]
    with ThreadPoolExecutor(len(trickling)) as pool:
        outlasted = list(pool.map(lasts, trickling))
    assert all(outlasted)


@pytest.mark.parametrize("script", [silent, drips(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x03")])
def test_a_handshake_that_stalls_or_trickles_ends_by_the_deadline(script: Script, most: float) -> None:
    with served(script, listens=False) as server:
        found, seconds = exchange(url(server, "https"))
    assert seconds < most
    assert isinstance(found, Trouble)
    assert "在等待加密握手" in found.zh


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("name", ["a header by letters", "the extension of a chunk", "continue, a flood", ""])
def test_over_tls_the_same_holds_and_strangers_are_refused(
    certificate: Path, most: float, name: str, *, trusted: bool
) -> None:
    """Without a name the server answers as it should: our sockets still speak TLS and still look at certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with served(HOSTILE[name][0] if name else whole({"a": 1})) as server:
        server.tls = context
        found, seconds = exchange(url(server, "https"), trust=certificate if trusted else None)
    assert seconds < most
    if not trusted:
        assert isinstance(found, Trouble)
        assert "SSLError" in found.reason
    elif name:
        assert isinstance(found, Trouble)
        assert HOSTILE[name][1] in found.zh
    else:
        assert isinstance(found, Reply)
        assert found.body == b'{"a": 1}'


def test_a_connection_nobody_accepts_ends_by_the_deadline(most: float) -> None:
    """The queue of a listener is full: what comes after is not even refused."""
    with ExitStack() as held:
        listener = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        time.sleep(DRIP)
        found, seconds = exchange(f"http://127.0.0.1:{listener.getsockname()[1]}")
    assert seconds < most
    assert isinstance(found, Trouble)
    assert "在等待建立连接" in found.zh


def test_a_name_that_is_never_found_ends_by_the_deadline(monkeypatch: pytest.MonkeyPatch, most: float) -> None:
    """The system's resolver cannot be told to hurry, so it is waited for elsewhere; its thread ends with it."""
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait() and [])
    before = threading.active_count()
    found, seconds = exchange("http://shop.invalid")
    assert seconds < most
    assert isinstance(found, Trouble)
    assert "在等待域名解析" in found.zh
    answered.set()
    for thread in threading.enumerate():
        if thread.name == "name lookup":
            thread.join(10)
    assert threading.active_count() <= before


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid", "no-such-host.invalid"])
def test_a_name_that_does_not_exist_is_a_trouble(host: str) -> None:
    found, _ = exchange(f"http://{host}", limits(exchange_seconds=60))
    assert isinstance(found, Trouble)


@pytest.mark.parametrize(
    "script",
    [
        drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, pause=0),
        drips(CHUNKED, (b"1;" + b"x" * 999 + b"\r\n \r\n") * 10, pause=0),
        drips(CHUNKED + b"0\r\n", b"X-A: b\r\n" * 1000, pause=0),
    ],
)
def test_what_floods_outside_the_body_is_bounded_in_bytes(script: Script) -> None:
    with served(script) as server:
        found, _ = exchange(url(server), limits(exchange_seconds=60, body_bytes=1000))
    assert isinstance(found, Trouble)
    assert "longer than 1000 bytes" in found.reason
    assert "超过 1000 字节" in found.zh


def test_silence_shorter_than_the_deadline_is_worth_another_try() -> None:
    with served(silent) as server:
        found, _ = exchange(url(server), limits(exchange_seconds=60, read_seconds=DRIP))
    assert isinstance(found, Trouble)
    assert found.action == "retry"


def test_nothing_is_left_open_by_what_was_broken_off() -> None:
    """Threads and open files are as many as before, however often an exchange was cut short."""
    process = psutil.Process()
    before = threading.active_count(), process.num_fds()
    for script, _ in HOSTILE.values():
        with served(script) as server:
            exchange(url(server), limits(exchange_seconds=2 * DRIP))
            exchange(url(server, "https"), limits(exchange_seconds=2 * DRIP))
    assert (threading.active_count(), process.num_fds()) == before


PARTS = st.one_of(
    st.sampled_from([
        b"HTTP/1.1 ", b"200 OK\r\n", b"204 No Content\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"503 Busy\r\n", OK, CHUNKED,
        b"Content-Length: 2\r\n\r\n", b"Content-Length: 9\r\n", b"Content-Encoding: gzip\r\n", b"Connection: close\r\n",
        b"\r\n", b"{}", b"2\r\n{}\r\n", b"0\r\n\r\n", b"1;a=", b"X: y\r\n", GZIP, NOTHING,
    ]),
    st.binary(max_size=8),
)  # fmt: skip


@pytest.fixture(scope="module")
def told() -> Iterator[Callable[[Script], str]]:
    """Yield what makes one server say another script and returns its address."""
    with served(whole()) as server:

        def tell(script: Script) -> str:
            server.script, server.hold = script, 60
            return url(server)

        yield tell


@settings(deadline=None, max_examples=40)
@given(parts=st.lists(st.tuples(PARTS, st.sampled_from([0, 0, DRIP / 4, DRIP])), max_size=12), ends=st.booleans())
def test_whatever_trickles_an_exchange_ends_with_an_answer_or_a_named_trouble(
    told: Callable[[Script], str], most: float, parts: list[tuple[bytes, float]], *, ends: bool
) -> None:
    def script() -> Iterator[bytes]:
        for part, pause in parts:
            time.sleep(pause)
            yield part
        while not ends:
            time.sleep(DRIP)
            yield parts[-1][0] if parts else b""

    limit = LIMIT / 4
    found, seconds = exchange(told(script), limits(exchange_seconds=limit))
    assert seconds < most
    assert isinstance(found, Reply) or found.reason


class Shop:
    """A platform of profile ``top`` that answers each request with what ``page`` makes of its number, from 0."""

    def __init__(self, page: Callable[[int], bytes], pause: float = 0) -> None:
        self._page, self._pause = page, pause
        self._numbers = count()
        self.asked = 0

    def script(self) -> Iterator[bytes]:
        self.asked += 1
        answer = self._page(next(self._numbers))
        size = max(1, len(answer) // 10) if self._pause else len(answer)
        for at in range(0, len(answer), size):
            time.sleep(self._pause)
            yield answer[at : at + size]


def new_page(number: int, *, more: bool = True) -> bytes:
    items = [{"order_no": str(number), "num": number}]
    document = {"trades_sold_increment_get_response": {"trades": {"trade": items}, "has_next": more}}
    return b"".join(whole(document)())


def busy(wait: str) -> bytes:
    return b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n" + wait.encode() + b"\r\n"


def read_day(shop: Shop, **changes: Any) -> tuple[SourceDown | list[int], float]:
    """Return what reading a day came to, and its seconds."""
    patience = changes.pop("patience", Patience(attempts=10**6, first_wait=DRIP, longest_wait=DRIP))
    bounds = Limits(**{"total_seconds": LIMIT} | changes)
    with served(shop.script) as server:
        connection = PlatformConnection(
            conn_id="sales_990001_x", county_code="990001", name="x", base_url=url(server), app_key="key-1",
            secret="secret-1", profile="top", platform="x", session="session-1", refresh_token=None,
        )  # fmt: skip
        now = partial(datetime.fromisoformat, "2022-09-02T08:00:00+08:00")
        began = time.monotonic()
        found: SourceDown | list[int]
        with PlatformClient(connection, PROFILE, now, limits=bounds, patience=patience) as client:
            try:
                pages = list(client.fetch_window(START, START + timedelta(days=1)))
                found = [item["num"] for page in pages for item in page.items]
            except SourceDown as down:
                found = down
        return found, time.monotonic() - began


ENDLESS = {
    "new pages for ever": Shop(new_page),
    "pages that each take their time": Shop(new_page, pause=DRIP / 4),
    "errors for ever": Shop(lambda _: busy("")),
    "a page, then errors": Shop(lambda number: busy("") if number % 2 else new_page(number)),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_one_deadline_rules_the_window_with_its_pages_tries_and_waits(name: str, most: float) -> None:
    """Each of its exchanges is within its own limit; together they may not outlast the window's."""
    shop = ENDLESS[name]
    found, seconds = read_day(shop)
    assert seconds < most
    assert isinstance(found, SourceDown)
    assert found.exit_code == 4
    assert shop.asked > 1
    assert "did not end within 0.5 s" in found.message
    assert found.zh.startswith("读取 2022-09-01 的订单在 0.5 秒内没有完成，当时在等待")


def test_a_day_within_its_limit_is_read(most: float) -> None:
    """The control: the same pages, with an end."""
    shop = Shop(lambda no: new_page(no % 3, more=no % 3 < 2))
    found, _ = read_day(shop, total_seconds=most * FACTOR)
    assert isinstance(found, list)
    assert set(found) == {0, 1, 2}


def test_a_wait_that_outlasts_the_window_is_not_begun(most: float) -> None:
    shop = Shop(lambda _: busy("Retry-After: 25\r\n"))
    found, seconds = read_day(shop, patience=Patience())
    assert seconds < most
    assert isinstance(found, SourceDown)
    assert "HTTP 503; the window" in found.message
    assert "在等待再次尝试" in found.zh
    assert shop.asked == 1


def test_an_answer_is_cut_by_whichever_limit_comes_first() -> None:
    slow = drips(OK + b"Content-Length: 100000\r\n\r\n", b" ")
    shop = Shop(new_page)
    shop.script = slow  # type: ignore[method-assign]
    by_window, _ = read_day(shop, exchange_seconds=60)
    by_exchange, _ = read_day(shop, total_seconds=60, exchange_seconds=LIMIT)
    assert isinstance(by_window, SourceDown)
    assert isinstance(by_exchange, SourceDown)
    assert by_window.zh.startswith("读取 2022-09-01 的订单在 0.5 秒内")
    assert by_exchange.zh.startswith("平台的一次应答在 0.5 秒内")
