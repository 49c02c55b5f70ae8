"""The ledger on PostgreSQL: the server filters and orders, and breaks off with a clear error."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from xiezuo.base.errors import ConfigError, FileRefused, SourceDown
from xiezuo.base.secrets import Secrets
from xiezuo.fetch.ledger_database import read_table
from xiezuo.warehouse.embedded.server import EmbeddedServer, Endpoint


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    outer = Path(tempfile.mkdtemp(prefix="xiezuo-test-"))
    outer.chmod(0o711)
    server = EmbeddedServer(outer / "home", Secrets(outer / "home/secrets", {}))
    try:
        yield server.ensure()
    finally:
        server.stop()
        shutil.rmtree(outer)


@pytest.fixture(scope="module")
def ledger(endpoint: Endpoint) -> str:
    """A schema with one table of each kind of clock; returns its SQLAlchemy URL."""
    with psycopg.connect(endpoint.url("postgres"), autocommit=True) as connection:
        connection.execute("create schema finance")
        for name, kind in (
            ("local", "timestamp"),
            ("zoned", "timestamptz"),
            ("daily", "date"),
            ("worded", "text"),
        ):
            connection.execute(
                f"create table finance.{name} (county_code char(6), no text, paid date, amount numeric(14,4),"
                f" rate double precision, updated_at {kind}, primary key (county_code, no))".encode()
            )
            connection.execute(
                f"insert into finance.{name} values"
                " ('990001', 'b', '2022-03-01', 3300.1000, 0.1, '2022-03-02 10:00:00+08'),"
                " ('990001', 'a', null, null, null, null),"
                " ('990002', 'c', '2022-05-01', 0.0001, 2, '2022-05-02 00:00:00+08')".encode()
            )
        connection.execute("create role stranger login password 'stranger'")
    return endpoint.url("postgres").replace("postgresql://", "postgresql+psycopg://", 1)


def numbers(url: str, table: str, **options: Any) -> list[str]:
    return [row["no"] for row in read_table(url, table, **options)]


def test_values_keep_their_types(ledger: str) -> None:
    rows = list(read_table(ledger, "finance.local", counties=["990001"]))
    assert [row["no"] for row in rows] == ["a", "b"]
    assert (rows[1]["amount"], rows[1]["rate"], rows[1]["paid"]) == (
        Decimal("3300.1"),
        Decimal("0.1"),
        date(2022, 3, 1),
    )
    assert rows[1]["updated_at"] == datetime.fromisoformat("2022-03-02T10:00:00")
    assert rows[0]["amount"] is None


def test_what_is_missing_denied_or_broken_off_is_told_apart(ledger: str, endpoint: Endpoint) -> None:
    with pytest.raises(FileRefused, match="TABLE_MISSING"):
        numbers(ledger, "finance.gone")
    denied = endpoint.url("postgres", user="stranger", password="stranger")
    with pytest.raises(ConfigError, match="ProgrammingError"):
        numbers(denied.replace("postgresql://", "postgresql+psycopg://", 1), "finance.local")
    with psycopg.connect(endpoint.url("postgres"), autocommit=True) as connection:
        connection.execute(
            "create view finance.long as select n, repeat('x', 5000) as no from generate_series(1, 9000) n"
        )
        rows = read_table(ledger, "finance.long", counties=None)
        assert next(rows)["n"] == 1
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname = current_database()"
        )
        with pytest.raises(SourceDown):
            list(rows)
