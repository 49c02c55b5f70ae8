"""Messages reach real servers, a dead one stops no other, and no address is ever shown."""

from __future__ import annotations

import logging
import socket
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from xiezuo.operations.alerts import LONGEST, MOST, VARIABLE, Alert, addressed, messages, post

EVENTS = ("new", "changed", "lasting", "resolved")
SECRET = "tokentokentoken987"


def row(number: int, event: str = "new", county: str = "620422", body: str = "请处理") -> dict[str, Any]:
    return {
        "county_code": county, "alert_key": f"arrival_missed.{number:08d}", "severity": "warning", "event": event,
        "title_zh": f"逾期未报：{number}站", "body_zh": body, "content": "x", "times": 2,
        "kind": "arrival_missed", "told_to": [], "first_seen": datetime(2022, 12, 1, tzinfo=UTC),
    }  # fmt: skip


class Mailbox(socketserver.StreamRequestHandler):
    """Takes mail as an SMTP server does, and keeps it."""

    kept: list[bytes] = []  # noqa: RUF012  (one mailbox a test, emptied by its fixture)

    def handle(self) -> None:
        """Speak just enough SMTP."""
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.kept.append(b"".join(lines))
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def mail_port() -> Iterator[int]:
    Mailbox.kept.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def dead_port() -> Iterator[int]:
    """Yield a port that refuses connections."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_message_arrives_by_http(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    environ = {VARIABLE: f"json://127.0.0.1:{httpserver.port}/hook"}
    (outcome,) = post(environ, "标题", "正文", "error")
    assert outcome.taken
    request, _ = httpserver.log[0]
    assert request.json is not None
    assert (request.json["title"], request.json["message"], request.json["type"]) == ("标题", "正文", "failure")


def test_a_message_arrives_by_mail(mail_port: int) -> None:
    url = f"mailto://127.0.0.1:{mail_port}?smtp=127.0.0.1&mode=insecure&from=a@example.com&to=b@example.com&format=text"
    (outcome,) = post({VARIABLE: url}, "【协作数据】会宁县 1 项告警", "正文", "warning")
    assert outcome.taken
    mail = message_from_bytes(Mailbox.kept[0], policy=policy.default)
    assert "会宁县" in str(mail["subject"])
    assert "正文" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_dead_and_a_misspelt_target_stop_no_other_and_are_not_quoted(
    httpserver: HTTPServer, dead_port: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    httpserver.expect_request("/hook").respond_with_data("ok")
    urls = [f"json://127.0.0.1:{dead_port}/{SECRET}", f"nonsense://{SECRET}", f"json://127.0.0.1:{httpserver.port}/hook"]
    with caplog.at_level(logging.DEBUG):
        outcomes = post({VARIABLE: "\n".join(urls)}, "标题", "正文", "error")
    assert [outcome.taken for outcome in outcomes] == [False, False, True]
    said = caplog.text + "".join(capfd.readouterr()) + repr(outcomes)
    assert SECRET not in said
    assert outcomes[0].target.startswith("1 ")


def test_a_server_that_answers_with_an_error_did_not_take_it(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("no", status=500)
    (outcome,) = post({VARIABLE: f"json://127.0.0.1:{httpserver.port}/hook"}, "标题", "正文", "error")
    assert not outcome.taken


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("dingtalk://signing@tokentoken123456/", "DingTalk"),
        ("feishu://abcdef1234567890/", "Feishu"),
        ("wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", "WeCom Bot"),
        ("mailto://user:word@example.com?to=duty@example.com", "E-Mail"),
    ],
)
def test_the_services_offices_use_are_understood(url: str, service: str) -> None:
    import apprise

    target = apprise.Apprise.instantiate(url)
    assert target is not None
    assert str(target.service_name) == service


def test_without_a_variable_nobody_is_addressed() -> None:
    assert not addressed({})
    assert not addressed({VARIABLE: " \n"})
    assert post({}, "标题", "正文", "error") == []


def test_a_message_is_one_a_county_and_says_what_is_new_and_what_is_gone() -> None:
    due = [row(1, "resolved"), row(2), row(3, "lasting"), row(4, county="620423")]
    first, second = messages(due, {"620422": "会宁县"})
    assert first.title == "【协作数据】会宁县：2 项告警，1 项已解除"
    assert first.body.index("新发现") < first.body.index("仍未解决") < first.body.index("已解除")
    assert "自 2022-12-01 起" in first.body
    assert "arrival_missed.00000002" in first.body
    assert (len(first.about), len(second.about)) == (3, 1)


@given(
    st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from(["620422", "620423"]), st.text(max_size=900)), max_size=80)
)
def test_no_alert_is_lost_or_told_twice_and_no_message_is_too_long(found: list[tuple[str, str, str]]) -> None:
    due = sorted((row(n, e, c, b) for n, (e, c, b) in enumerate(found)), key=lambda each: each["county_code"])
    made = list(messages(due, {}))
    told = [one["alert_key"] for message in made for one in message.about]
    assert sorted(told) == [each["alert_key"] for each in sorted(due, key=lambda each: each["alert_key"])]
    assert all(len(message.body) <= LONGEST + 60 for message in made)
    assert len(made) <= 2 * MOST


def test_the_same_trouble_has_the_same_key_and_another_has_another() -> None:
    one = Alert("source_down", "620422", "sales:a", "标题", "正文")
    again = Alert("source_down", "620422", "sales:a", "别的标题", "别的", fact="x")
    others = [
        Alert("source_down", "620423", "sales:a", "标题", "正文"),
        Alert("run_failed", "620422", "sales:a", "标题", "正文"),
        Alert("source_down", "620422", "sales:b", "标题", "正文"),
    ]
    assert one.key == again.key
    assert len({one.key, *(other.key for other in others)}) == 4
