"""今日: how a county stands this period, who has reported, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.declared.close_calendar import load_calendar
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.operations import load_operations
from xiezuo.operations.arrivals import due_on, nil_returns, owed
from xiezuo.pages.asked import PAGE_ROWS, Asked, Shown, page_of, rows_of
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

ARRIVALS = {
    "overdue": ("逾期未报", "overdue", "bad"),
    "late": ("迟报", "late", "warn"),
    "nil": ("无新增（已报）", "nil return", "good"),
    "reported": ("已报", "reported", "good"),
    "due": ("未到期", "not due yet", "idle"),
}
"""How a delivery can stand, what is worst first: Chinese, English, and how it is marked."""

OUTLOOKS = {
    "met": ("已完成", "met", "good"),
    "green": ("预计完成", "on the way", "good"),
    "amber": ("略有不足", "nearly", "warn"),
    "red": ("预计完不成", "behind", "bad"),
    "unknown": ("无法判断", "cannot be told", "idle"),
}
"""Where a target of the year will stand at its end, as ``mart.outlook`` says."""
BASES = {
    "final": ("按12月数据", "as December has it"),
    "standing": ("按现值", "as it stands"),
    "last_year": ("按上年同期以后的进度", "by last year's course"),
    "even": ("按本年平均进度", "at the year's mean pace"),
    "early": ("时间尚早，不作推算", "too early"),
    "share": ("比率不作推算", "shares are not forecast"),
    "late": ("台账未报到本月", "the ledgers end before the month"),
    "bound": ("只知下限", "only a lower bound is known"),
    "unreported": ("未报送", "not reported"),
}
"""What a forecast rests on."""

_TROUBLES = {
    "signature_waiting": ("待签审", "signature", "releases"),
    "file_refused": ("拒收文件", "refused file", "batches"),
    "gate_closed": ("待定报表", "held delivery", "batches"),
    "source_down": ("来源中断", "source down", "batches"),
    "run_failed": ("运行失败", "failed run", ""),
    "arrival_missed": ("未报送", "not reported", ""),
    "reconciliation_differs": ("核对不一致", "check differs", "reconciliation"),
    "target_behind": ("任务进度落后", "target behind", "reconciliation"),
    "quarantine_growing": ("隔离增多", "quarantine grows", "rules"),
    "delivery_warned": ("报表有提示", "delivery warned", "batches"),
}
"""Kinds of trouble in the order in which they hold up figures, and the page on which each is mended."""


_HINTS = ("quarantine_growing", "delivery_warned", "target_behind")
"""What is worth a look and holds up nothing."""
_SHOWN = 10
"""So many files with rows to correct stand on the overview; the others are on the page of batches."""


def overview(asked: Asked) -> Shown:
    """Show a county's period; of several counties, and none named, all at a glance."""
    if asked.county_or_none is None or asked.query.get("all"):
        return _counties(asked)
    county = asked.county
    known = [
        row["period"]
        for row in asked.rows("pages/newest", county_code=county, last=f"{asked.settings.now():%Y-%m}")
    ]
    wanted = asked.query.get("period")
    month = Period.read(wanted or (known[0] if known else f"{asked.settings.now():%Y-%m}")).of_kind(
        "year_to_date"
    )
    figures = _figures(asked, county, month)
    arrivals = _arrivals(asked, county, month)
    return Shown(
        "overview.html",
        {
            "county": asked.counties[county], "period": month.text, "title": month.zh, "periods": known,
            "figures": figures, "elapsed_pct": 100 * (month.month or 12) / 12,
            "outlooks": OUTLOOKS, "bases": BASES, "arrivals": arrivals, "states": ARRIVALS,
            "counts": {state: sum(one["state"] == state for one in arrivals) for state in ARRIVALS},
            **_needs(asked, county),
        },
    )  # fmt: skip


def _counties(asked: Asked) -> Shown:
    named = (asked.query.get("q") or "").strip()
    found = asked.rows(
        "pages/counties", counties=list(asked.counties), named=named, most=PAGE_ROWS + 1, after=asked.after
    )
    lines, following = page_of(found, asked.after)
    return Shown(
        "counties.html", {"lines": lines, "next": following, "named": named, "count": len(asked.counties)}
    )


def _figures(asked: Asked, county: str, month: Period) -> list[dict[str, Any]]:
    """Return the headline figures, each with its course through the year."""
    facts = {"county_code": county, "period": month.text}
    courses = {row["indicator_id"]: row["course"] for row in asked.rows("pages/course", **facts)}
    return [
        row | {"course": courses.get(row["indicator_id"], [])}
        for row in asked.rows("pages/headline", **facts)
    ]


def _arrivals(asked: Asked, county: str, month: Period) -> list[dict[str, Any]]:
    """Return what every unit owes of the periods that end with a month, and how it stands; what is worst first."""
    settings, today = asked.settings, asked.settings.now().date()
    calendar = load_calendar(settings.root / "include" / "close_calendar.yaml")
    contracts = load_contracts(settings.root)
    due = {one.dataset: one.due for one in load_operations(settings.root).expected_of(county)}
    nil = {(one.dataset, one.reporting_unit): one.stated_on for one in nil_returns(settings, county)}
    with access.connect(settings) as connection:
        since = datetime(month.year, 1, 1, tzinfo=SHANGHAI)
        came = rows_of(connection, settings.root, "pages/arrived", county_code=county, since=since)
        expected = owed(settings, connection, county, month.last_day)
    lines = []
    for one in expected:
        key, last = (one.dataset, one.reporting_unit), due_on(one.period, due[one.dataset], calendar)
        of_unit = ("", one.reporting_unit) if one.reporting_unit else None  # the office's: whichever unit spoke for it
        mine = [
            row for row in came
            if row["dataset"] == one.dataset and (of_unit is None or row["reporting_unit"] in of_unit)
        ]  # fmt: skip
        arrived, batch_id = _first_of(mine, one.last_seen)
        if one.has_arrived:
            state = (
                "nil"
                if nil.get(key) == one.last_seen
                else "late"
                if arrived and arrived > last
                else "reported"
            )
        else:
            state = "overdue" if today > last else "due"
        lines.append(
            {
                "unit": one.reporting_unit, "ledger": contracts[one.dataset].zh, "period": one.period.name,
                "due_on": last, "last_seen": one.last_seen, "arrived": arrived, "batch_id": batch_id, "state": state,
            }
        )  # fmt: skip
    order = list(ARRIVALS)
    return sorted(lines, key=lambda line: (order.index(line["state"]), line["ledger"], line["unit"]))


def _first_of(came: list[dict[str, Any]], stated: date | None) -> tuple[date | None, str | None]:
    """Return on which day the statement of a day came in first, and in which batch."""
    for row in came:
        if stated is not None and row["version"].astimezone(SHANGHAI).date() == stated:
            return row["arrived_at"].astimezone(SHANGHAI).date(), row["batch_id"]
    return None, None


def _needs(asked: Asked, county: str) -> dict[str, Any]:
    """Return what waits for a person: what holds up figures before what may move them, largest first."""
    order = list(_TROUBLES)
    troubles = asked.rows("operations/alert_list", county_code=county, with_resolved=False)
    lines = [_trouble(row) for row in sorted(troubles, key=lambda row: order.index(row["kind"]))]
    hints = [line for line in lines if line["kind"] in _HINTS]
    urgent, held = [line for line in lines if line not in hints], list(_held(asked, county))
    return {
        "urgent": urgent, "held": held[:_SHOWN], "held_more": len(held[_SHOWN:]), "hints": hints,
        "rows_waiting": sum(line["rows"] for line in held),
    }  # fmt: skip


def _trouble(row: dict[str, Any]) -> dict[str, Any]:
    zh, en, page = _TROUBLES[row["kind"]]
    return {
        "kind": row["kind"], "zh": zh, "en": en, "page": page, "title": row["title_zh"], "detail": row["body_zh"],
        "since": row["first_seen"], "batch_id": None,
    }  # fmt: skip


def _held(asked: Asked, county: str) -> Iterator[dict[str, Any]]:
    contracts = load_contracts(asked.settings.root)
    for row in asked.rows("pages/files_waiting", county_code=county):
        ledger = contracts[row["dataset"]].zh if row["dataset"] in contracts else row["dataset"]
        yuan = row["yuan_waiting"]
        yield {
            "kind": "held", "zh": "待更正", "en": "to correct", "page": "batches", "batch_id": row["batch_id"],
            "title": f"{row['reporting_unit'] or '全县'}：{ledger}", "since": None, "rows": row["rows_waiting"],
            "detail": f"{row['rows_waiting']} 行等待更正{f'，涉及 {yuan:,.2f} 元' if yuan else ''}（{row['file']}）",
        }  # fmt: skip
