"""Which days and years a delivery speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.conform.conform import Conformed
from xiezuo.declared.contracts import Contract


def spoken_of(contract: Contract, conformed: Sequence[Conformed]) -> list[date]:
    """Return the last day a ledger speaks of in each year: its own, and the end of earlier years it has rows of."""
    last = max(one.covers_to for one in conformed)
    name = contract.touches
    days = (row[name] for one in conformed for row in one.rows if row.get(name)) if name else ()
    return [*(date(year, 12, 31) for year in sorted({day.year for day in days}) if year < last.year), last]


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
