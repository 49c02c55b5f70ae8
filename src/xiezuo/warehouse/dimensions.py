"""Filling the star's dimensions: counties and divisions from their files, people and parties from what arrives.

``fill`` belongs into the transaction that loads a batch, between staging and merge, so that every row finds
what it refers to.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.contracts import Contract
from xiezuo.declared.counties import County, load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.declared.provinces import city_of, province_of
from xiezuo.warehouse.star import PartyColumn, division_columns, party_columns, person_columns

Names = dict[str, sql.Composable]

_NOTHING = sql.SQL("null::text")


def fill(
    connection: psycopg.Connection, settings: Settings, contract: Contract, rows: sql.Composable, *,
    county_code: str, batch_id: str,
) -> None:  # fmt: skip
    """Bring the dimensions up to what the ``rows`` of a batch name.

    Raises:
        ConfigError: the county is not in the counties file.
    """
    known = connection.execute("select 1 from core.county where county_code = %s", (county_code,)).fetchone()
    if known is None:
        _write_county(connection, settings, county_code)
    batch = {"county_code": county_code, "batch_id": batch_id}
    of_batch = sql.SQL("s.county_code = %(county_code)s and s.batch_id = %(batch_id)s")
    for statement in _statements(settings.root, contract, {"rows": rows, "of_batch": of_batch}):
        connection.execute(statement, batch)


def refill(connection: psycopg.Connection, settings: Settings, contract: Contract) -> None:
    """Bring the dimensions up to what the dataset's stored rows name: rows older than the dimensions."""
    rows = sql.Identifier("core", contract.dataset)
    for statement in _statements(settings.root, contract, {"rows": rows, "of_batch": sql.SQL("true")}):
        connection.execute(statement)


def write_reference(connection: psycopg.Connection, settings: Settings) -> None:
    """Write counties and divisions as their files have them; rows that did not change are not touched."""
    for code in load_counties(settings.counties_path):
        _write_county(connection, settings, code)


def _statements(root: Path, contract: Contract, names: Names) -> list[sql.Composed]:
    """Return what fills the dimensions of one dataset from ``rows``."""
    found = [
        _read(root, "division_dimension", names | {"division": sql.Identifier(column)})
        for column in division_columns(contract)
    ]
    if person_columns(contract):
        found.append(_read(root, "person_dimension", names | _of_person(contract)))
    found += [_read(root, "party_dimension", names | _of_party(party)) for party in party_columns(contract)]
    return found


def _of_person(contract: Contract) -> Names:
    """Say where a person's attributes stand: sex and birth year count only where a number tells them."""
    has = {name for name, *_ in contract.columns()}
    by_number = any(field.type == "identity_number" for field in contract.fields.values())
    birth_year = sql.Identifier("s", "birth_date_year") if by_number else sql.SQL("null::integer")
    return {
        "sex_of_s": sql.Identifier("s", "sex") if by_number else _NOTHING,
        "birth_year_of_s": birth_year,
        "household_type_of_s": sql.Identifier("s", "household_type") if "household_type" in has else _NOTHING,
        "monitor_class_of_s": sql.Identifier("s", "monitor_class") if "monitor_class" in has else _NOTHING,
    }


def _of_party(party: PartyColumn) -> Names:
    return {
        "party_key_of_s": sql.Identifier("s", party.column),
        "uscc_of_s": _NOTHING if party.uscc is None else sql.Identifier("s", party.uscc),
        "party_name_of_s": _NOTHING if party.name is None else sql.Identifier("s", party.name),
    }


def _read(root: Path, name: str, names: Names) -> sql.Composed:
    return sql.SQL(read_sql(root, f"load/{name}").decode()).format(**names)


def _write_county(connection: psycopg.Connection, settings: Settings, code: str) -> None:
    county = load_counties(settings.counties_path).get(code)
    if county is None:
        raise ConfigError(f"county {code} is not in {settings.counties_path.name}")
    connection.execute(read_sql(settings.root, "core/county"), _county_row(county))
    path = settings.divisions_dir / f"{code}.csv"
    if not path.exists():
        return
    rows, validity = Divisions.load(path, code).rows, _validity(path)
    with connection.cursor() as cursor:
        cursor.executemany(
            read_sql(settings.root, "core/division"),
            [
                (
                    code, r.code, r.level, r.name, r.parent_code or None, ";".join(r.aliases),
                    *validity.get(r.code, (None, None)),
                )
                for r in rows
            ],
        )  # fmt: skip
    listed = {"county_code": code, "listed": [r.code for r in rows]}
    connection.execute(read_sql(settings.root, "core/division_unlisted"), listed)


def _county_row(county: County) -> tuple[str | None, ...]:
    return (
        county.code, county.name, county.city, county.province, province_of(county.province),
        county.paired_county, county.paired_province, province_of(county.paired_province),
        city_of(county.paired_province, county.paired_county),
    )  # fmt: skip


def _validity(path: Path) -> dict[str, tuple[date | None, date | None]]:
    """Return the days between which divisions hold, where the file has columns ``valid_from``, ``valid_to``."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            (row.get("code") or "").strip(): (_day(row.get("valid_from")), _day(row.get("valid_to")))
            for row in csv.DictReader(file)
        }


def _day(text: str | None) -> date | None:
    """Read a day; the columns are the county's own, so what is no day says nothing."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
