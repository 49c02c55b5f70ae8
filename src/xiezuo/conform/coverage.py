"""Which days and years a delivery speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.conform.conform import Conformed
from xiezuo.declared.contracts import Contract

_DOCUMENT_YEAR = re.compile(r"〔(\d{4})〕")

CLOSING_MONTHS = 3
"""A ledger handed in by the end of March may be that of the year before."""


def spoken_of(contract: Contract, conformed: Sequence[Conformed]) -> list[date]:
    """Return the last day a ledger speaks of in each year that it speaks of as a whole (docs/decisions/0036).

    It speaks of its own year up to its own date. One of the first months of a year closes the year before, where its
    rows are about that year and none about the new one. A row of another year speaks for itself only: it may be
    carried over, or mistyped.
    """
    last = max(one.covers_to for one in conformed)
    column = contract.touches or contract.year_told_by
    told = [year for one in conformed for row in one.rows if column and (year := _year(row.get(column)))]
    closes = last.month <= CLOSING_MONTHS and max(told, default=0) == last.year - 1
    return [*([date(last.year - 1, 12, 31)] if closes else []), last]


def _year(told: date | int | str | None) -> int | None:
    """Return the year that a day, a year or the number of a document tells."""
    if isinstance(told, date):
        return told.year
    if isinstance(told, str):
        found = _DOCUMENT_YEAR.search(told)
        return int(found[1]) if found else None
    return told


def years_stated(contract: Contract, whole: Sequence[Conformed], version: datetime) -> dict[str, int]:
    """Return the year that a snapshot states for each reporting unit (docs/decisions/0017).

    Of rows that count on a day it is the newest year it has rows of: a ledger of 2022 may still list a
    spell that began in 2021, and the rest of 2021 is not withdrawn by it. A register states the year of
    its version. Rows without either have no year: 0.
    """
    last = version.astimezone(SHANGHAI).year if contract.touches or contract.valid else 0
    stated = {one.table.reporting_unit: last for one in whole if not one.rows}
    newest: dict[str, int] = {}
    for one in whole:
        for row in one.rows:
            day = row.get(contract.touches) if contract.touches else None
            unit = row["reporting_unit"]
            newest[unit] = max(newest.get(unit, 0), day.year if day else last)
    return stated | {unit: min(year, last) for unit, year in newest.items()}


def covered_from(details: dict[str, Any]) -> date | None:
    """Return the first day of an API batch's windows that the platform served; a ledger has none."""
    if "from" not in details:
        return None
    first = datetime.fromisoformat(details["from"]).astimezone(SHANGHAI).date()
    refused = [date.fromisoformat(day) for day in details.get("not_served", ())]
    return max([first, *(day + timedelta(days=1) for day in refused)])


def covered(details: dict[str, Any]) -> date:
    """Return the last day that an API batch or a database extract speaks of."""
    if "to" in details:
        return (datetime.fromisoformat(details["to"]).astimezone(SHANGHAI) - timedelta(seconds=1)).date()
    return datetime.fromisoformat(details["read_at"]).astimezone(SHANGHAI).date()
