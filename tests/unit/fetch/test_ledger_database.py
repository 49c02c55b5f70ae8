"""The ledger's tables are read exactly, in key order, and without telling how to get in."""

from __future__ import annotations

import sqlite3
import traceback
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import types

from xiezuo.base.errors import ConfigError, FileRefused, SourceDown, XiezuoError
from xiezuo.fetch.ledger_database import ATTEMPTS, read_table, stored_value

SECRET = "s3cr3t-of-the-ledger"
DDL = """create table fund_allocation (county_code char(6), doc_no varchar(80), doc_date date, year int,
    amount_wan decimal(14,4), updated_at timestamp, primary key (county_code, doc_no))"""
ROWS: list[tuple[Any, ...]] = [
    ("990001", "b-2", "2022-03-01", 2022, 3300.1, "2022-03-02 10:00:00"),
    ("990001", "a-1", "2022-01-15", 2022, 1500, "2022-01-16T08:30:00"),
    ("990002", "c-3", "2022-05-01", 2022, 12.34567, "2022-05-02 00:00:00.000000"),
    ("990001", "d-4", None, None, None, None),
    ("990001", "e-5", "2022年6月", 2022, "约500", "前天"),
]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "fund.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(DDL)
        connection.executemany("insert into fund_allocation values (?, ?, ?, ?, ?, ?)", ROWS)
    return path


def read(path: Path, table: str = "fund_allocation", **options: Any) -> list[dict[str, Any]]:
    options = {"counties": None} | options
    return list(read_table(f"sqlite:///{path}", table, **options))


def fails(kind: type[XiezuoError], url: str, table: str = "fund_allocation") -> str:
    slept: list[float] = []
    with pytest.raises(kind) as caught:
        list(read_table(url, table, counties=None, sleep=slept.append))
    if kind is SourceDown and not url.startswith("sqlite"):
        assert len(slept) == ATTEMPTS - 1
    shown = (
        "".join(traceback.format_exception(caught.value)) + caught.value.zh + repr(caught.value.__context__)
    )
    assert SECRET not in shown
    return shown


def test_rows_come_in_key_order_with_exact_values(ledger: Path) -> None:
    rows = read(ledger)
    assert [row["doc_no"] for row in rows] == ["a-1", "b-2", "d-4", "e-5", "c-3"]
    assert rows[1] == {
        "county_code": "990001",
        "doc_no": "b-2",
        "doc_date": date(2022, 3, 1),
        "year": 2022,
        "amount_wan": Decimal("3300.1"),
        "updated_at": datetime.fromisoformat("2022-03-02T10:00:00"),
    }
    assert rows[0]["amount_wan"] == Decimal(1500)
    assert isinstance(rows[0]["amount_wan"], Decimal)
    assert rows[4]["amount_wan"] == Decimal("12.34567")


def test_what_does_not_fit_its_column_stays_text_and_the_rest_is_read(ledger: Path) -> None:
    row = read(ledger)[3]
    assert (row["doc_date"], row["amount_wan"], row["updated_at"]) == ("2022年6月", "约500", "前天")


def test_one_county_is_read_where_the_table_knows_counties(ledger: Path) -> None:
    assert [row["doc_no"] for row in read(ledger, counties=["990002"])] == ["c-3"]
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("create table plain (b int, a text)")
        connection.executemany("insert into plain values (?, ?)", [(2, "x"), (1, "y"), (1, "x")])
    assert read(ledger, "plain", counties=["990002"]) == [
        {"b": 1, "a": "x"},
        {"b": 1, "a": "y"},
        {"b": 2, "a": "x"},
    ]


def test_a_view_is_read_like_a_table(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute(
            "create view big as select doc_no, amount_wan from fund_allocation where amount_wan = 1500"
        )
    assert read(ledger, "big") == [{"doc_no": "a-1", "amount_wan": Decimal(1500)}]


def test_more_rows_than_one_portion_are_streamed(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("create table many (id int primary key)")
        connection.executemany("insert into many values (?)", ((number,) for number in range(2_500)))
    rows = read_table(f"sqlite:///{ledger}", "many", counties=None)
    assert next(rows) == {"id": 0}
    del rows  # a reader that stops early leaves nothing open
    assert [row["id"] for row in read(ledger, "many")] == list(range(2_500))


def test_a_missing_table_is_refused_in_the_offices_words(ledger: Path) -> None:
    with pytest.raises(FileRefused) as caught:
        read(ledger, "fund_payment")
    assert caught.value.code == "TABLE_MISSING"
    assert caught.value.zh == "资金台账数据库中没有表 fund_payment"
    with pytest.raises(FileRefused):
        read(ledger, "fund_allocation; drop table fund_allocation")
    assert len(read(ledger)) == len(ROWS)


def test_a_missing_file_is_a_source_that_is_down_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "gone.db"
    assert "no such file" in fails(SourceDown, f"sqlite:///{path}")
    assert not path.exists()


def test_a_file_that_is_no_database_is_a_source_that_is_down(tmp_path: Path) -> None:
    path = tmp_path / "fund.db"
    path.write_text("not a database at all" * 100, encoding="utf-8")
    assert "DatabaseError" in fails(SourceDown, f"sqlite:///{path}")


def test_a_server_that_cannot_be_reached_is_tried_again_and_then_down() -> None:
    url = f"postgresql+psycopg://reader:{SECRET}@127.0.0.1:1/ledger?application_name={SECRET}"
    assert "OperationalError" in fails(SourceDown, url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        SECRET,
        f"nosuch://reader:{SECRET}@host/db",
        f"postgresql+nosuch://reader:{SECRET}@host/db",
        f"oracle://reader:{SECRET}@host/db",
        f"postgresql://reader:pw@host:{SECRET}/db",
    ],
)
def test_a_url_or_driver_that_cannot_be_used_is_a_setting_to_correct(url: str) -> None:
    assert "AIRFLOW_CONN_FUND_LEDGER" in fails(ConfigError, url)


def test_an_option_the_driver_does_not_know_is_a_setting_to_correct() -> None:
    fails(ConfigError, f"postgresql+psycopg://reader:{SECRET}@127.0.0.1:1/ledger?nosuchoption={SECRET}")


KINDS = [
    types.DATE(),
    types.TIMESTAMP(),
    types.DECIMAL(14, 4),
    types.VARCHAR(5),
    types.INTEGER(),
    types.NullType(),
]


@given(
    value=st.none() | st.text() | st.integers() | st.floats() | st.dates().map(str) | st.datetimes().map(str),
    kind=st.sampled_from(KINDS),
)
def test_any_stored_value_becomes_one_the_contract_can_take(value: Any, kind: Any) -> None:
    converted = stored_value(value, kind)
    assert converted is None or type(converted) in (str, int, Decimal, date, datetime)
    if isinstance(value, float) and isinstance(converted, Decimal):
        assert float(converted) == value


@given(st.datetimes())
def test_a_stored_instant_is_read_to_the_microsecond(moment: datetime) -> None:
    assert stored_value(str(moment), types.TIMESTAMP()) == moment
    assert stored_value(str(moment.date()), types.DATE()) == moment.date()
