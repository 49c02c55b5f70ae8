"""The close list of a period: what has not been reported, is held back, refused or contradicts itself, and whose it is.

It says how things stand and decides nothing: a person who approves sees it, and readers of the documents do too.
Everything is asked of the period, not of today, so that the same data give the same list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.build.adjustments import waiting
from xiezuo.declared.contracts import load_contracts
from xiezuo.operations.arrivals import unreported
from xiezuo.publish.documents.annual import unplaced_sections, unwritten_sections
from xiezuo.publish.documents.content import Check, Passage
from xiezuo.values.periods import Period

Reader = psycopg.Connection[Any]

OFFICE = "县级"
_PASSED = {
    "arrival": "各报送单位均已报送",
    "quarantine": "没有待核实的隔离数据",
    "refused": "没有被拒收的文件",
    "reconciliation": "台账之间核对一致",
}
_LATE_DAYS = 31
_MOST_NAMED = 5


def close_list(
    connection: Reader, settings: Settings, county_code: str, period: Period, passages: Sequence[Passage] = ()
) -> tuple[Check, ...]:
    """Return the lines of the list, one ``passed`` line for each kind that has nothing open."""
    lines = [
        *_arrivals(connection, settings, county_code, period),
        *_quarantine(connection, settings, county_code, period),
        *_refused(connection, settings, county_code, period),
        *_warned(connection, settings, county_code, period),
        *_reconciliation(connection, settings, county_code, period),
        *_adjustments(connection, settings, county_code, period),
        *(_narrative(settings, passages) if period.kind == "year" else ()),
    ]
    found = {line.kind for line in lines}
    passed = (Check(kind=kind, state="passed", subject_zh=zh) for kind, zh in _PASSED.items() if kind not in found)  # type: ignore[arg-type]
    return (*lines, *passed)


def with_unreported(checks: Sequence[Check], themes: Iterable[tuple[str, Sequence[str]]]) -> tuple[Check, ...]:
    """Return the list with what the report says was not reported: one line for whole themes, one for each in part."""
    known = list(themes)
    whole = [zh for zh, names in known if not names]
    parts = [(zh, names) for zh, names in known if names]
    listed = [*([("报告中的整项内容", whole)] if whole else []), *parts]
    said = [(zh, f"以下数据未报送：{'、'.join(names)}", len(names)) for zh, names in listed]
    lacking = [
        Check(kind="arrival", state="open", subject_zh=zh, detail_zh=detail, count=count) for zh, detail, count in said
    ]
    kept = [one for one in checks if not (lacking and one.kind == "arrival" and one.state == "passed")]
    return (*lacking, *kept)


def _rows(connection: Reader, settings: Settings, name: str, **values: Any) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(settings.root, f"publish/{name}"), values).fetchall()


def _span(county_code: str, period: Period) -> dict[str, Any]:
    return {
        "county_code": county_code, "first_day": period.first_day, "last_day": period.last_day,
        "period": period.text, "year": f"{period.year:04d}",
    }  # fmt: skip


def _arrivals(connection: Reader, settings: Settings, county_code: str, period: Period) -> Iterator[Check]:
    for one in unreported(settings, connection, county_code, period.first_day, period.last_day):
        unit, _, detail = one.zh.partition("：")
        yield Check(kind="arrival", state="open", subject_zh=unit, detail_zh=detail, count=1)


def _quarantine(connection: Reader, settings: Settings, county_code: str, period: Period) -> Iterator[Check]:
    contracts = load_contracts(settings.root)
    for row in _rows(connection, settings, "open_quarantine", **_span(county_code, period)):
        contract = contracts.get(row["dataset"])
        undated = f"（其中 {row['undated']} 行没有可用的日期，按报表所属月份列入）" if row["undated"] else ""
        yield Check(
            kind="quarantine",
            state="explained" if row["is_explained"] else "open",
            subject_zh=row["reporting_unit"] or OFFICE,
            detail_zh=f"{contract.zh if contract else row['dataset']}：{row['reasons']}{undated}",
            count=row["rows"],
        )


def _refused(connection: Reader, settings: Settings, county_code: str, period: Period) -> Iterator[Check]:
    span = _span(county_code, period)
    if period.kind != "year":
        span["last_day"] += timedelta(days=_LATE_DAYS)
    for row in _rows(connection, settings, "refused_files", **span):
        yield Check(kind="refused", state="open", subject_zh=row["place"], detail_zh=row["refusal_zh"], count=1)


def _warned(connection: Reader, settings: Settings, county_code: str, period: Period) -> Iterator[Check]:
    """List what the owners of ledgers should look at although these were loaded."""
    contracts = load_contracts(settings.root)
    for row in _rows(connection, settings, "warned_batches", **_span(county_code, period)):
        contract = contracts.get(row["dataset"])
        ledger = contract.zh if contract else row["dataset"]
        yield Check(
            kind="warning", state="open", subject_zh=_named(row["units"]),
            detail_zh=f"{ledger}：{row['warnings']}", count=row["count"],
        )  # fmt: skip


def _named(units: Sequence[str]) -> str:
    """Name some units: one line a ledger is read, hundreds are not."""
    names = [unit or OFFICE for unit in units]
    more = f"等 {len(names)} 个单位" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more


def _reconciliation(connection: Reader, settings: Settings, county_code: str, period: Period) -> Iterator[Check]:
    for row in _rows(connection, settings, "differing_checks", **_span(county_code, period)):
        answered = f"；答复：{row['answers']}" if row["is_answered"] else ""
        yield Check(
            kind="reconciliation", state="explained" if row["is_answered"] else "open", subject_zh=row["check_zh"],
            detail_zh=f"{row['detail']}{answered}", count=row["lines"],
        )  # fmt: skip


def _adjustments(connection: Reader, settings: Settings, county_code: str, period: Period) -> Iterator[Check]:
    """List closed periods of the year, up to this one, whose figures late data has changed since."""
    figures = Counter((one.period, one.release_id) for one in waiting(connection, settings, county_code))
    for (text, release_id), count in sorted(figures.items()):
        month = Period.read(text)
        is_before = period.kind == "year" or text < period.text
        if month.kind == "month" and month.year == period.year and is_before:
            detail = f"定稿 {release_id} 之后有补报，待更正发布"
            yield Check(kind="adjustment", state="open", subject_zh=month.zh, detail_zh=detail, count=count)


def _narrative(settings: Settings, passages: Sequence[Passage]) -> Iterator[Check]:
    for section in unwritten_sections(passages, settings.root):
        yield Check(kind="narrative", state="open", subject_zh=OFFICE, detail_zh=f"待撰写：{section}", count=1)
    for section in unplaced_sections(passages, settings.root):
        detail = f"章节“{section}”不在自评报告的章节之列，列入其他材料"
        yield Check(kind="narrative", state="open", subject_zh=OFFICE, detail_zh=detail, count=1)
