"""Profiles are data, and signatures match the published vectors."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.fetch.platform.profile import Profile, SignMethod, find_profile, known_profiles, load_profile
from xiezuo.fetch.platform.signing import Call, Value, build_call, sign, wire_time

FOLDER = Path(__file__).parents[3] / "include/platforms"
SECRET = "helloworld"
TOP = {
    "app_key": "hn620422",
    "format": "json",
    "method": "taobao.trades.sold.increment.get",
    "page_no": "1",
    "page_size": "40",
    "session": "s1",
    "start_modified": "2022-09-01 00:00:00",
    "end_modified": "2022-09-02 00:00:00",
    "timestamp": "2022-09-02 08:00:00",
    "use_has_next": "true",
    "v": "2.0",
}
DOUDIAN = {
    "app_key": "hn620422",
    "method": "order.searchList",
    "param_json": '{"page":0,"size":100,"update_time_end":1662076800,"update_time_start":1661990400}',
    "timestamp": "2022-09-02 08:00:00",
    "v": "2",
}
TOP_SIGNS = {"md5": "9DAF16C41A43993A9DE47FD4A669AF7D", "hmac": "406F33474ADB0D4B4DFC86DCDA987B50"}
DOUDIAN_SIGNS = {
    "hmac-sha256": "e455e2d33e38aa4349dfd2e0ed067d8773dc58aafccf948f652fddebe944dde5",
    "md5": "41d6ca52b8c457c66e658e50a5c3707c",
}


def values(**changes: Value) -> dict[str, Value]:
    base: dict[str, Value] = {
        "app_key": "hn620422",
        "timestamp": "2022-09-02 08:00:00",
        "session": "s1",
        "refresh_token": None,
    }
    return base | changes


def call(profile: Profile, filled: dict[str, Value]) -> Call:
    return build_call("http://x.test", profile.request, filled, signature=profile.signature, secret=SECRET)


@pytest.mark.parametrize(("method", "expected"), TOP_SIGNS.items())
def test_top_signs_as_published(method: str, expected: str) -> None:
    top = load_profile(FOLDER / "top.yaml")
    assert sign(top.signature.methods[method], SECRET, TOP | {"sign_method": method}) == expected


@pytest.mark.parametrize(("method", "expected"), DOUDIAN_SIGNS.items())
def test_doudian_signs_as_published(method: str, expected: str) -> None:
    doudian = load_profile(FOLDER / "doudian.yaml")
    assert sign(doudian.signature.methods[method], SECRET, DOUDIAN) == expected


@pytest.mark.parametrize(("method", "expected"), TOP_SIGNS.items())
def test_a_whole_top_request_is_a_signed_form(method: str, expected: str) -> None:
    window = {"window_start": TOP["start_modified"], "window_end": TOP["end_modified"]}
    filled = values(**window, page_no=1, page_size=40, method=TOP["method"], sign_method=method)
    made = call(load_profile(FOLDER / "top.yaml"), filled)
    assert (made.verb, made.url, made.query) == ("POST", "http://x.test/router/rest", "")
    form = {key: found[0] for key, found in parse_qs((made.body or b"").decode()).items()}
    assert form == TOP | {"sign_method": method, "sign": expected}
    assert made.content_type is not None
    assert made.content_type.startswith("application/x-www-form-urlencoded")


@pytest.mark.parametrize(("method", "expected"), DOUDIAN_SIGNS.items())
def test_a_whole_doudian_request_signs_five_and_packs_the_rest(method: str, expected: str) -> None:
    window = {"window_start": 1661990400, "window_end": 1662076800}
    filled = values(**window, page_no=0, page_size=100, method=DOUDIAN["method"], sign_method=method)
    made = call(load_profile(FOLDER / "doudian.yaml"), filled)
    assert made.body == DOUDIAN["param_json"].encode()
    query = {key: found[0] for key, found in parse_qs(made.query).items()}
    sent = {key: text for key, text in DOUDIAN.items() if key != "param_json"}
    assert query == sent | {"access_token": "s1", "sign_method": method, "sign": expected}


def test_a_value_that_is_lacking_is_neither_sent_nor_signed() -> None:
    top = load_profile(FOLDER / "top.yaml")
    filled = values(
        session=None, sign_method="md5", page_no=1, page_size=40, method="m", window_start="a", window_end="b"
    )
    made = call(top, filled)
    form = {key: found[0] for key, found in parse_qs((made.body or b"").decode()).items()}
    assert "session" not in form
    signature = form.pop("sign")
    assert signature == sign(top.signature.methods["md5"], SECRET, form)


def test_a_call_shows_no_token_in_its_repr() -> None:
    made = Call("GET", "http://x.test/token", "refresh_token=abc", b"session=abc", None)
    assert "abc" not in repr(made)
    assert dataclasses.is_dataclass(made)


@given(
    parameters=st.dictionaries(st.text(min_size=1), st.text()),
    digest=st.sampled_from(["md5", "sha256", "hmac-md5", "hmac-sha256"]),
    wrapped=st.booleans(),
)
def test_a_signature_ignores_order_and_depends_on_the_secret(
    parameters: dict[str, str], digest: Any, wrapped: bool
) -> None:
    method = SignMethod(digest=digest, wrapped=wrapped, letters="lower")
    turned = dict(reversed(parameters.items()))
    assert sign(method, "a", parameters) == sign(method, "a", turned)
    if wrapped or digest.startswith("hmac"):
        assert sign(method, "a", parameters) != sign(method, "b", parameters)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-5))])
def test_times_are_written_in_plus_eight_from_any_zone(zone: timezone) -> None:
    moment = datetime(2022, 9, 1, 16, 30, tzinfo=UTC).astimezone(zone)
    assert wire_time(moment, "%Y-%m-%d %H:%M:%S") == "2022-09-02 00:30:00"
    assert wire_time(moment, "epoch_seconds") == 1662049800


def test_parts_of_a_second_widen_the_window_and_never_narrow_it() -> None:
    moment = datetime(2022, 9, 1, 23, 59, 59, 1, tzinfo=UTC)
    assert wire_time(moment, "epoch_seconds") == 1662076799
    assert wire_time(moment, "epoch_seconds", up=True) == 1662076800


def test_the_profiles_are_found_by_name_and_an_unknown_one_names_them() -> None:
    assert set(known_profiles(FOLDER)) >= {"doudian", "top"}
    assert find_profile(FOLDER, "top").name == "top"
    with pytest.raises(ConfigError, match="known: doudian"):
        find_profile(FOLDER, "../top")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "other"}, "calls itself other"),
        ({"surprise": 1}, "surprise"),
        ({"request": {"path": "/x", "form": {"a": "{password}"}}}, "password"),
        ({"answer": {"envelope": "a", "items": "b.c"}}, "envelope"),
        ({"paging": {"first": 0, "size": 0, "more": "flag"}}, "paging.size"),
        ({"item": {"payment": "euros"}}, "item.payment"),
    ],
)
def test_a_profile_that_says_what_it_cannot_is_refused(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    document = yaml.safe_load((FOLDER / "top.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "top.yaml"
    path.write_text(json.dumps(document | change), encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_profile(path)


@pytest.mark.parametrize("text", ["", "[1, 2]", "a: [", "\x00"])
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "top.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"top\.yaml"):
        load_profile(path)
    with pytest.raises(ConfigError, match=r"gone\.yaml"):
        load_profile(tmp_path / "gone.yaml")
