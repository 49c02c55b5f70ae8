"""Connections come from the environment; what is wrong is named, what is secret is not."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.fetch.connections import (
    connection_of,
    from_airflow_json,
    fund_ledger,
    has_fund_ledger,
    known,
    platform_connections,
    platform_names,
    platform_of,
)

VARIABLE = "AIRFLOW_CONN_SALES_990001_TAOBAO"
SECRET = "s3cr3t-of-the-shop"


def document(**changes: Any) -> dict[str, Any]:
    """One sound connection; a change to None takes a field away."""
    extra = {"profile": "top", "platform": "taobao", "county_code": "990001", "session": "token-1"}
    extra |= changes.pop("extra", {})
    base: dict[str, Any] = {
        "conn_type": "http",
        "host": "127.0.0.1",
        "port": 9001,
        "login": "key-1",
        "password": SECRET,
    }
    base |= changes | {"extra": {key: value for key, value in extra.items() if value is not None}}
    return {key: value for key, value in base.items() if value is not None}


def one(**changes: Any) -> Any:
    return platform_connections({VARIABLE: json.dumps(document(**changes))})[0]


def refused(environ: dict[str, str]) -> str:
    """Return everything an error shows, its context included."""
    with pytest.raises(ConfigError) as caught:
        platform_connections(environ)
    return (
        "".join(traceback.format_exception(caught.value)) + caught.value.zh + repr(caught.value.__context__)
    )


def test_a_connection_is_read_in_full() -> None:
    found = one(schema="https", extra={"refresh_token": "r1", "sign_method": "hmac", "history_days": "400"})
    assert (found.conn_id, found.county_code, found.name) == ("sales_990001_taobao", "990001", "taobao")
    assert found.base_url == "https://127.0.0.1:9001"
    assert (found.app_key, found.secret, found.session) == ("key-1", SECRET, "token-1")
    assert (found.profile, found.platform, found.sign_method) == ("top", "taobao", "hmac")
    assert (found.refresh_token, found.history_days) == ("r1", 400)


def test_the_platform_defaults_to_the_name_and_options_to_none() -> None:
    found = one(extra={"platform": None, "session": None, "county_code": None})
    assert (found.platform, found.session, found.sign_method, found.history_days) == (
        "taobao",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("changes", "base_url"),
    [
        ({}, "http://127.0.0.1:9001"),
        ({"port": None}, "http://127.0.0.1"),
        ({"port": "8080"}, "http://127.0.0.1:8080"),
        ({"host": "https://gateway.example", "port": None}, "https://gateway.example"),
        ({"host": "https://gateway.example/open/", "port": 8443}, "https://gateway.example:8443/open"),
        ({"host": "gateway.example:81", "port": 9001}, "http://gateway.example:81"),
        ({"host": "::1"}, "http://[::1]:9001"),
        ({"host": "http://[::1]", "schema": "https"}, "http://[::1]:9001"),
    ],
)
def test_a_host_may_bring_its_own_scheme(changes: dict[str, Any], base_url: str) -> None:
    assert one(**changes).base_url == base_url


def test_extra_may_be_json_text_as_airflow_stores_it() -> None:
    stored = document() | {"extra": json.dumps(document()["extra"])}
    assert platform_connections({VARIABLE: json.dumps(stored)})[0].session == "token-1"


@pytest.mark.parametrize("packed", [True, False])
def test_the_uri_form_says_the_same(packed: bool) -> None:
    extra = {"profile": "top", "session": "a b&c", "county_code": "990001"}
    query = "&".join(f"{key}={quote(value)}" for key, value in extra.items())
    if packed:
        query = f"__extra__={quote(json.dumps(extra))}"
    uri = f"http://key-1:{quote('p@ss/wörd', safe='')}@127.0.0.1:9001/https?{query}"
    found = platform_connections({VARIABLE: uri})[0]
    assert (found.base_url, found.app_key, found.secret) == ("https://127.0.0.1:9001", "key-1", "p@ss/wörd")
    assert found.session == "a b&c"


def test_connections_are_sorted_and_others_ignored() -> None:
    text = json.dumps(document(extra={"county_code": None}))
    names = ["AIRFLOW_CONN_SALES_990002_A", "AIRFLOW_CONN_SALES_990001_B", "AIRFLOW_CONN_SALES_990001_A"]
    environ = dict.fromkeys(names, text) | {"AIRFLOW_CONN_OTHER": "x", "AIRFLOW_CONN_SALES_990003_A": " "}
    found = [connection.conn_id for connection in platform_connections(environ)]
    assert found == ["sales_990001_a", "sales_990001_b", "sales_990002_a"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": None}, "login"),
        ({"password": ""}, "password"),
        ({"host": None}, "host"),
        ({"host": "key:word@host"}, "host"),
        ({"host": "ftp://host"}, "schema"),
        ({"port": "many"}, "port"),
        ({"port": 0}, "port"),
        ({"extra": {"profile": None}}, "extra.profile"),
        ({"extra": {"profile": ["top"]}}, "extra.profile"),
        ({"extra": {"county_code": "990002"}}, "extra.county_code"),
        ({"extra": {"history_days": "long"}}, "extra.history_days"),
        ({"extra": {"platform": "淘宝"}}, "extra.platform"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_shown(changes: dict[str, Any], field: str) -> None:
    shown = refused({VARIABLE: json.dumps(document(**changes))})
    assert VARIABLE in shown
    assert field in shown
    assert SECRET not in shown
    assert "token-1" not in shown


@pytest.mark.parametrize(
    "text",
    [
        f'{{"login": "key-1", "password": "{SECRET}"',
        f'{{"password": "{SECRET}", "extra": "{{half"}}',
        f'{{"password": "{SECRET}", "extra": [1]}}',
        SECRET,
        f"http://key:{SECRET}@host:port/",
        f"http://key:{SECRET}@[half/",
    ],
)
def test_broken_text_is_named_by_its_variable_only(text: str) -> None:
    shown = refused({VARIABLE: text})
    assert VARIABLE in shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    "variable", ["AIRFLOW_CONN_SALES_TAOBAO", "AIRFLOW_CONN_SALES_99001_TAOBAO", VARIABLE + "-1"]
)
def test_a_misnamed_variable_is_refused_rather_than_overlooked(variable: str) -> None:
    assert variable in refused({variable: json.dumps(document())})


def test_secrets_are_not_in_a_repr() -> None:
    shown = repr(one(extra={"refresh_token": "token-2"}))
    assert not any(secret in shown for secret in (SECRET, "token-1", "token-2"))


def test_the_ledger_is_read_from_extra() -> None:
    variable, url = "AIRFLOW_CONN_FUND_LEDGER", f"postgresql+psycopg://u:{SECRET}@h/db"
    assert fund_ledger({}) is None
    assert fund_ledger({variable: "  "}) is None
    found = fund_ledger({variable: json.dumps({"conn_type": "generic", "extra": {"sqlalchemy_url": url}})})
    assert found is not None
    assert (found.conn_id, found.url) == ("fund_ledger", url)
    assert SECRET not in repr(found)
    with pytest.raises(ConfigError, match=r"AIRFLOW_CONN_FUND_LEDGER.*sqlalchemy_url"):
        fund_ledger({variable: json.dumps({"conn_type": "generic", "extra": {}})})


def outcome_of(read: Callable[[], str]) -> str:
    """Return what was read, or what the refusal says; any other error is a failure."""
    try:
        return read()
    except ConfigError as error:
        return error.message


@given(
    st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(json.dumps)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    outcome = outcome_of(lambda: from_airflow_json("sales_990001_x", text).conn_id)
    refusal = "the connection AIRFLOW_CONN_SALES_990001_X cannot be used: "
    assert outcome == "sales_990001_x" or outcome.startswith(refusal)


@given(
    st.dictionaries(
        st.sampled_from(["host", "port", "schema", "login", "password", "extra"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.dictionaries(st.text(), st.text()),
    )
)
def test_any_document_is_read_or_refused(fields: dict[str, Any]) -> None:
    outcome = outcome_of(lambda: platform_connections({VARIABLE: json.dumps(fields)})[0].base_url)
    assert outcome.startswith(("http://", "https://", f"the connection {VARIABLE} cannot be used: "))


def test_platforms_are_known_by_name_without_reading_them() -> None:
    """One county's wrong connection must not keep the plan of all others from being made."""
    environ = {"AIRFLOW_CONN_SALES_620422_JD": "not JSON", "AIRFLOW_CONN_SALES_530999_TAOBAO": "{}", "AIRFLOW_CONN_SALES_530999_X": " "}
    assert platform_names(environ) == [("sales_530999_taobao", "530999"), ("sales_620422_jd", "620422")]
    with pytest.raises(ConfigError, match="its name must be"):
        platform_names({"AIRFLOW_CONN_SALES_JD": "{}"})


def test_a_connection_is_read_by_its_id_whatever_the_others_hold() -> None:
    ledger = {"AIRFLOW_CONN_FUND_LEDGER": json.dumps({"extra": {"sqlalchemy_url": "sqlite:///a.db"}})}
    environ = {VARIABLE: json.dumps(document()), "AIRFLOW_CONN_SALES_620422_WRONG": "{", **ledger}
    own = VARIABLE.removeprefix("AIRFLOW_CONN_").lower()
    assert connection_of(own, environ).conn_id == own
    assert connection_of("fund_ledger", environ) == fund_ledger(environ)
    for missing in ("sales_620422_wrong", "sales_620422_nobody"):
        with pytest.raises(ConfigError, match=missing.upper() if missing.endswith("wrong") else missing):
            connection_of(missing, environ)


class Asked(Mapping[str, str]):
    """Connections by id, as Airflow gives them; notes which were read."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts, self.read = texts, list[str]()

    def __getitem__(self, conn_id: str) -> str:
        self.read.append(conn_id)
        return self.texts[conn_id]

    def __contains__(self, conn_id: object) -> bool:
        return conn_id in self.texts

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


def test_what_airflow_knows_goes_by_its_id_and_only_what_is_used_is_read() -> None:
    ledger = json.dumps({"extra": {"sqlalchemy_url": "sqlite:///a.db"}})
    asked = Asked({"sales_990001_taobao": json.dumps(document()), "sales_990001_Jd": "not JSON", "fund_ledger": ledger})
    assert platform_names(asked) == [("sales_990001_Jd", "990001"), ("sales_990001_taobao", "990001")]
    assert has_fund_ledger(asked)
    assert asked.read == []
    assert connection_of("sales_990001_taobao", asked).conn_id == "sales_990001_taobao"
    assert connection_of("fund_ledger", asked).conn_id == "fund_ledger"
    assert asked.read == ["sales_990001_taobao", "fund_ledger"]
    with pytest.raises(ConfigError, match="the connection sales_990001_Jd cannot be used: it is neither"):
        connection_of("sales_990001_Jd", asked)
    with pytest.raises(ConfigError, match="sales_taobao cannot be used: its name must be sales_<six-digit county>_<name>"):
        platform_names(Asked({"sales_taobao": "{}"}))


def test_the_environment_is_asked_where_airflow_is_not() -> None:
    settings = Settings.from_env({VARIABLE: json.dumps(document())})
    assert platform_names(known(settings)) == [("sales_990001_taobao", "990001")]
    assert platform_names(known(replace(settings, connections={}))) == []


def test_a_connection_that_is_tried_out_has_no_id_yet() -> None:
    found = platform_of(json.dumps(document()), "本连接")
    assert (found.county_code, found.platform, found.base_url) == ("990001", "taobao", "http://127.0.0.1:9001")
    with pytest.raises(ConfigError, match=r"the connection 本连接 cannot be used: extra\.county_code is missing"):
        platform_of(json.dumps(document(extra={"county_code": None})), "本连接")
