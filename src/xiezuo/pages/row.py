"""一行: what a row of a delivery says, without whom it is about, and every figure and release that counts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.sql_files import read_sql
from xiezuo.build.counted_by import Row, counted_by
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.pages.asked import PAGE_ROWS, Asked, NotFound, Shown, page_of
from xiezuo.pages.figures import KINDS, indicators
from xiezuo.pages.rendering import day, moment
from xiezuo.warehouse import access
from xiezuo.warehouse.tables import HIDDEN_COLUMNS

_LARGEST = 2**31
_SEXES = {"male": "男", "female": "女"}


def row(asked: Asked) -> Shown:
    """Show a row of a delivery.

    Raises:
        NotFound: the county has no such delivery, or a row's number is no number.
    """
    county, batch_id, number = asked.county, asked.path["batch_id"], asked.path["row_no"]
    if not (number.isascii() and number.isdigit() and len(number) < 19 and int(number) < _LARGEST):
        raise NotFound(f"{number!r} is no row", zh=f"“{number}”不是行号")
    try:
        found = counted_by(asked.settings, county, batch_id, int(number))
    except ConfigError as error:
        raise NotFound(error.message, zh=error.zh) from error
    contract = load_contracts(asked.settings.root)[found.dataset]
    stored = _stored(asked, found, contract)
    towns = {
        one["division_code"]: one["division_name"]
        for one in asked.rows("pages/places", county_code=county, codes=sorted(_places(found, stored, contract)))
    }
    shown, following = page_of(found.figures[asked.after : asked.after + PAGE_ROWS + 1], asked.after)
    return Shown(
        "row.html",
        {
            "county": asked.counties[county], "row": found, "place": found.place, "contract": contract,
            "cells": _cells(stored, contract, towns), "figures": shown, "count": len(found.figures), "next": following,
            "names": indicators(asked), "towns": towns, "kinds": KINDS,
            "releases": sorted({one for figure in found.figures for one in figure.releases}),
        },
    )  # fmt: skip


def _columns(contract: Contract) -> list[tuple[str, str, str, str]]:
    return [column for column in contract.columns() if column[0] not in HIDDEN_COLUMNS]


def _stored(asked: Asked, found: Row, contract: Contract) -> dict[str, Any]:
    """Return the stored row by column, empty where it is not stored."""
    statement = sql.SQL(read_sql(asked.settings.root, "pages/row_cells").decode()).format(
        columns=sql.SQL(", ").join(sql.Identifier("f", name) for name, *_ in _columns(contract)),
        view=sql.Identifier("mart", contract.dataset), of_county=sql.Literal(found.county_code),
        of_batch=sql.Literal(found.batch_id), row_no=sql.Literal(found.row_no),
    )  # fmt: skip
    with access.connect(asked.settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement).fetchone() or {}


def _places(found: Row, stored: Mapping[str, Any], contract: Contract) -> set[str]:
    """Return the codes of townships and villages that stand on the page."""
    told = {name for name, field in contract.fields.items() if field.type in ("town", "village")}
    return {stored[name] for name in told if stored.get(name)} | {one.town for one in found.figures if one.town}


def _cells(stored: Mapping[str, Any], contract: Contract, towns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the cells of a stored row, each with its label; words of a list and places as the office writes them."""
    return [
        {"column": name, "zh": zh, "en": en, "value": _cell(stored[name], contract, name, towns)}
        for name, _, zh, en in _columns(contract) if stored
    ]  # fmt: skip


def _cell(value: object, contract: Contract, name: str, towns: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    field, text = contract.fields.get(name), str(value)
    if field is None:
        return _SEXES.get(text, text) if name == "sex" else text
    return towns.get(text, text) if field.type in ("town", "village") else field.value_names.get(text, text)
