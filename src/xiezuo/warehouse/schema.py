"""The warehouse's shape: alembic for the fixed part, contracts for one table a dataset, files for the views.

``migrate`` is safe to run at every start: it adds what is missing, leaves alone what has not changed, and
refuses to guess when a column that exists has another type than its contract says.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config

from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.values.privacy import content_id
from xiezuo.warehouse import (
    access,
    citus,
    dimensions,
    logins,
    migrations,
    readers,
    reference,
    star,
    tables,
    views,
)
from xiezuo.warehouse.tables import SYSTEM_COLUMNS, make_tables, primary_key

__all__ = ["SYSTEM_COLUMNS", "migrate", "primary_key"]

_MAKERS = (tables, dimensions, star, views)


def migrate(settings: Settings) -> None:
    """Bring database, roles, schema, contract tables, views, grants and reference rows up to date.

    A table or view whose contract or file has not changed is not touched: replacing a view waits for every
    query that reads it, and a night must not wait for an analyst.
    """
    access.bootstrap(settings)
    _alembic(settings)
    with access.connect(settings, "owner") as connection:
        connection.execute("select pg_advisory_xact_lock(620423)")
        citus.spread(connection, settings.root)
        dimensions.write_reference(connection, settings)
        reference.write(connection, settings)
        known: dict[str, str] = dict(connection.execute("select part, digest from audit.schema_part").fetchall())
        contracts = load_contracts(settings.root)
        for contract in contracts.values():
            part, digest = f"contract {contract.dataset}", content_id(_code(), contract.model_dump_json())
            if known.get(part) != digest:
                _fact(connection, settings, contract)
                _note(connection, part, digest)
        for view in views.ready(views.load_views(settings.root), _relations(connection)):
            part, digest = f"view {view.name}", content_id(_code(), repr(view))
            if known.get(part) != digest:
                views.apply(connection, view)
                _note(connection, part, digest)
        connection.execute((migrations.FOLDER / "sql" / "grants.sql").read_bytes())
        readers.settle(connection, settings.root, contracts)
    logins.make_missing(settings)


def _fact(connection: psycopg.Connection, settings: Settings, contract: Contract) -> None:
    """Make a dataset's tables and bind them to the dimensions, which first learn what stored rows name."""
    make_tables(connection, contract)
    citus.spread(connection, settings.root)
    dimensions.refill(connection, settings, contract)
    star.bind(connection, contract)


def _note(connection: psycopg.Connection, part: str, digest: str) -> None:
    connection.execute(
        "insert into audit.schema_part (part, digest) values (%s, %s)"
        " on conflict (part) do update set digest = excluded.digest",
        (part, digest),
    )


@lru_cache(maxsize=1)
def _code() -> str:
    """Return a digest of the code that makes tables and views: what it makes may change with it."""
    return content_id(*(Path(str(module.__file__)).read_text(encoding="utf-8") for module in _MAKERS))


def _relations(connection: psycopg.Connection) -> set[str]:
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_schema in ('core', 'mart', 'publish', 'audit')"
    )
    return {name for (name,) in rows}


def _alembic(settings: Settings) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    url = access.url(settings, "owner")
    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("select pg_advisory_xact_lock(620424)")
        connection.exec_driver_sql("create schema if not exists audit")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
