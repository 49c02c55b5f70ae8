"""A deadline that holds on the wire, whatever a server lets trickle.

The HTTP library bounds each read of a socket by itself: a header a second, a flood of ``100 Continue`` or
the extension of a chunk, letter by letter, keep it reading for ever. Here the sockets themselves know when an
exchange ends: every wait for the network is given what is left of it, and not a byte more than was allowed is
taken in. That covers whatever the library reads, without a thread that watches it. Only a name that is
looked up cannot be hurried: that is waited for in a thread, which ends when the system's resolver gives up.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import LocationParseError
from urllib3.util.ssl_ import create_urllib3_context

Step = tuple[str, str]
NAME: Step = ("the name to be looked up", "域名解析")
CONNECTION: Step = ("the connection", "建立连接")
HANDSHAKE: Step = ("the TLS handshake", "加密握手")
SENDING: Step = ("the request to be taken", "对方收下请求")
HEAD: Step = ("the head of the answer", "应答的开头")
BODY: Step = ("the end of the answer", "应答的结尾")
NEXT: Step = ("the next page", "下一页")

_HEAD_BYTES = 1 << 20
"""What status lines, headers and the framing of chunks may add to a body."""


@dataclass(frozen=True)
class Deadline:
    """A moment of the monotonic clock, ``seconds`` after the beginning of ``what``."""

    ends: float
    seconds: float
    what: Step

    @classmethod
    def after(cls, seconds: float, what: Step) -> Self:
        """Return the deadline that lies so many seconds from now."""
        return cls(time.monotonic() + seconds, seconds, what)

    @property
    def left(self) -> float:
        """Seconds until then; negative once it has passed."""
        return self.ends - time.monotonic()

    def told(self, step: Step) -> Step:
        """Say in English and in Chinese what did not end, after how long, and what was being waited for."""
        return (
            f"{self.what[0]} did not end within {self.seconds:g} s, waiting for {step[0]}",
            f"{self.what[1]}在 {self.seconds:g} 秒内没有完成，当时在等待{step[1]}，已停止读取并保留原有数据",
        )


class Transfer:
    """What the sockets of one exchange keep to: its deadline, the silence they bear, the bytes they may take in."""

    def __init__(self, connect_seconds: float, read_seconds: float, body_bytes: int) -> None:
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._most = body_bytes + _HEAD_BYTES
        self._received = 0
        self._deadline = Deadline.after(0, NEXT)
        self.step = NEXT

    def begin(self, deadline: Deadline) -> None:
        """Begin an exchange that ends by then."""
        self._deadline, self._received, self.step = deadline, 0, NEXT

    @property
    def too_long(self) -> bool:
        """Whether the server has sent more than was allowed."""
        return self._received > self._most

    def wait(self, step: Step | None = None) -> float:
        """Return how many seconds the next wait for the network may take; ``step`` says what for, if that changed.

        Raises:
            TimeoutError: none are left.
        """
        self.step = step or self.step
        left = self._deadline.left
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return min(left, self._connect_seconds if self.step == CONNECTION else self._read_seconds)

    def took(self, count: int) -> None:
        """Count what came in.

        Raises:
            OSError: it is more than was allowed.
        """
        self._received += count
        if self.too_long:
            raise OSError("more bytes than allowed")


class _Bounded(socket.socket):
    """A socket whose every wait ends with its exchange."""

    transfer: Transfer | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.transfer is None:
            return super().recv_into(*args, **kwargs)
        self.settimeout(self.transfer.wait())
        count = super().recv_into(*args, **kwargs)
        self.transfer.took(count)
        return count

    def send(self, *args: Any, **kwargs: Any) -> int:
        if self.transfer is not None:
            self.settimeout(self.transfer.wait())
        return super().send(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        if self.transfer is not None:
            self.settimeout(self.transfer.wait())
        super().sendall(*args, **kwargs)


class _BoundedTLS(_Bounded, ssl.SSLSocket):
    """The same over TLS: the handshake is one wait, bounded by what the plain socket was given."""


class _Connects(HTTPConnection):
    """Makes the socket itself: the library's own would wait anew for every address of a name."""

    transfer: Transfer

    def _new_conn(self) -> socket.socket:
        error = OSError("the name has no address")
        for family, kind, protocol, _, address in _addresses(self.host, self.port, self.transfer.wait(NAME)):
            sock = _Bounded(family, kind, protocol)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(self.transfer.wait(CONNECTION))
                sock.connect(address)
                sock.settimeout(self.transfer.wait(HANDSHAKE))
            except OSError as refused:
                sock.close()
                error = refused
            else:
                return sock
        raise error

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, _Bounded):
            self.sock.transfer = self.transfer

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()
        self.transfer.step = SENDING
        super().request(*args, **kwargs)
        self.transfer.step = HEAD


class BoundedAdapter(HTTPAdapter):
    """What a session of the HTTP library sends through, so that its sockets keep to a transfer."""

    def __init__(self, transfer: Transfer) -> None:
        self._bound = transfer
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make pools whose connections are ours."""
        context = create_urllib3_context()
        context.sslsocket_class = _BoundedTLS
        super().init_poolmanager(*args, ssl_context=context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._bound)


def _pools(bound: Transfer) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(_Connects):
        transfer = bound

    class Secure(_Connects, HTTPSConnection):
        transfer = bound

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _addresses(host: str, port: int, seconds: float) -> list[Any]:
    """Look a name up.

    Raises:
        OSError: there is no such name, or no answer in that time.
        LocationParseError: it cannot be a name.
    """
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=ask, name="name lookup", daemon=True)
    thread.start()
    thread.join(seconds)
    answer = found[0] if found else TimeoutError("the name was not found in time")
    if isinstance(answer, UnicodeError):
        raise LocationParseError(host)
    if isinstance(answer, OSError):
        raise answer
    return list(answer)
