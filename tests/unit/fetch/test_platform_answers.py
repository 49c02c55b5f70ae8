"""Answers: numbers keep their precision, and whatever is not a page or a known error is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xiezuo.fetch.platform.answers import Answer, dig, parse_json, read_answer
from xiezuo.fetch.platform.exchange import Reply, Trouble, http_time, retry_after
from xiezuo.fetch.platform.profile import load_profile

FOLDER = Path(__file__).parents[3] / "include/platforms"
PROFILES = {name: load_profile(FOLDER / f"{name}.yaml") for name in ("top", "doudian")}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def judged(profile: str, document: Any, status: int = 200) -> Answer | Trouble:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read_answer(PROFILES[profile], Reply(status, body))


def page(profile: str, items: Any, **more: Any) -> dict[str, Any]:
    if profile == "top":
        return {"trades_sold_increment_get_response": {"trades": {"trade": items}, "has_next": False} | more}
    return {"code": 10000, "msg": "success", "data": {"shop_order_list": items} | more}


def test_numbers_keep_every_digit() -> None:
    body = (
        b'{"code":10000,"data":{"shop_order_list":[{"a":12345678901234567890,"b":0.1000000000000000000001}]}}'
    )
    answer = judged("doudian", body)
    assert isinstance(answer, Answer)
    assert answer.items == [{"a": 12345678901234567890, "b": Decimal("0.1000000000000000000001")}]
    assert answer.body == body


@pytest.mark.parametrize("profile", PROFILES)
def test_a_page_without_its_list_is_empty_but_one_without_its_envelope_is_broken(profile: str) -> None:
    answer = judged(profile, page(profile, None))
    assert isinstance(answer, Answer)
    assert answer.items == []
    for broken in (
        {},
        {"code": 10000},
        {"code": 10000, "data": []},
        page(profile, {"a": 1}),
        page(profile, [1]),
    ):
        trouble = judged(profile, broken)
        assert isinstance(trouble, Trouble)
        assert trouble.action == "retry"


def test_a_page_that_promises_more_and_holds_nothing_is_broken() -> None:
    document = {"trades_sold_increment_get_response": {"has_next": True}}
    assert isinstance(judged("top", document), Trouble)


@pytest.mark.parametrize("text", ["true", True])
def test_whether_more_follows_is_read_as_flag_or_text(text: object) -> None:
    answer = judged("top", page("top", [], has_next=text))
    assert isinstance(answer, Answer)
    assert answer.has_next is True


@pytest.mark.parametrize(
    ("profile", "error", "action"),
    [
        ("top", {"code": 7}, "wait"),
        ("top", {"code": "25"}, "stop"),
        ("top", {"code": 40}, "bad_request"),
        ("top", {"code": 41}, "bad_request"),
        ("top", {"code": 27}, "refresh"),
        ("top", {"code": 31}, "resign"),
        ("top", {"code": 15}, "retry"),
        ("top", {"code": 99, "sub_code": "isp.top-remote-connection-timeout"}, "retry"),
        ("top", {"code": 12345}, "retry"),
        ("top", {"msg": "no code at all"}, "retry"),
        ("doudian", {"code": 30001}, "refresh"),
        ("doudian", {"code": 30007}, "wait"),
        ("doudian", {"code": 40003}, "bad_request"),
        ("doudian", {"code": 40004}, "bad_request"),
        ("doudian", {"code": 20000}, "retry"),
        ("doudian", {"msg": "no code at all", "data": {}}, "retry"),
    ],
)
def test_every_code_asks_for_what_the_platforms_terms_say(
    profile: str, error: dict[str, Any], action: str
) -> None:
    trouble = judged(profile, {"error_response": error} if profile == "top" else error)
    assert isinstance(trouble, Trouble)
    assert trouble.action == action
    assert trouble.wait is None


@pytest.mark.parametrize("seconds", [0, 1, 31062])
def test_the_length_of_a_ban_is_read_from_its_message(seconds: int) -> None:
    error = {"code": 7, "sub_msg": f"This ban will last for {seconds} more seconds"}
    trouble = judged("top", {"error_response": error})
    assert isinstance(trouble, Trouble)
    assert trouble.wait == seconds


def test_messages_are_not_repeated_only_codes() -> None:
    error = {"code": 25, "msg": "sign of session abc", "sub_code": "isv.x", "sub_msg": "abc"}
    trouble = judged("top", {"error_response": error})
    assert isinstance(trouble, Trouble)
    assert trouble.reason == "code 25 isv.x"
    odd = judged("top", {"error_response": {"code": "13800000000 张三"}})
    assert isinstance(odd, Trouble)
    assert "138" not in odd.reason


@pytest.mark.parametrize(
    ("body", "status", "action"),
    [
        (b"<html>busy</html>", 200, "retry"),
        (b'{"code":10000,"data"', 200, "retry"),
        (b"", 200, "retry"),
        (b'{"code":10000,"data":{"total":NaN}}', 200, "retry"),
        ('{"code":"乱"}'.encode("gb18030"), 200, "retry"),
        (b"[" * 200_000, 200, "retry"),
        (b"9" * 5_000, 200, "retry"),
        (b"<html>no such page</html>", 404, "stop"),
        (b"{}", 403, "stop"),
        (b'{"code":30001}', 401, "refresh"),
    ],
)
def test_what_is_no_answer_is_tried_again_unless_the_address_is_wrong(
    body: bytes, status: int, action: str
) -> None:
    trouble = judged("doudian", body, status)
    assert isinstance(trouble, Trouble)
    assert trouble.action == action


@given(
    profile=st.sampled_from(sorted(PROFILES)),
    body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()),
)
def test_any_body_is_a_page_or_a_trouble(profile: str, body: bytes) -> None:
    outcome = judged(profile, body)
    assert isinstance(outcome, Answer | Trouble)


@given(JSON)
@example({"a": 10**30, "b": 1e-7})
def test_parsing_loses_nothing(value: Any) -> None:
    parsed = parse_json(json.dumps(value).encode())
    assert json.loads(json.dumps(parsed, default=float)) == value


@given(document=JSON, path=st.text(alphabet="ab.*", min_size=1))
def test_a_path_into_anything_ends_in_a_value_or_none(document: Any, path: str) -> None:
    dig(document, path)
    assert dig({"x_get_response": {"a": document}}, "*_get_response.a") == document


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 0 "}, 0.0),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "Fri, 02 Sep 2022 00:00:20 GMT", "Date": "Fri, 02 Sep 2022 00:00:00 GMT"}, 20.0),
        ({"Retry-After": "Fri, 02 Sep 2022 00:00:00 GMT", "Date": "Fri, 02 Sep 2022 00:00:20 GMT"}, 0.0),
        ({"Retry-After": "Fri, 02 Sep 2022 00:00:20 GMT"}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_servers_clock(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers) == seconds


@given(st.text())
def test_any_retry_after_and_any_date_is_read_or_ignored(text: str) -> None:
    wait = retry_after({"Retry-After": text, "Date": text})
    assert wait is None or wait >= 0
    moment = http_time(text)
    assert moment is None or moment.tzinfo is not None


def test_an_http_date_is_an_instant() -> None:
    assert http_time("Fri, 02 Sep 2022 00:00:20 GMT") == datetime(2022, 9, 2, 0, 0, 20, tzinfo=UTC)
