"""What is special to the month's bulletin: townships by rank, and how the month's data arrived."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xiezuo.publish.documents.book import Book, period_key, quantity, stated
from xiezuo.publish.documents.content import Check, Value
from xiezuo.publish.documents.numbers import MONEY, Quantity
from xiezuo.publish.documents.word.controls import Said
from xiezuo.publish.documents.word.table_xml import Grid, GridColumn, Line
from xiezuo.values.periods import Kind

FUND_TABLE = "fund_progress"
COUNTY_ZH = "全县"
_KIND_ZH = {
    "arrival": ("数据未报送", "项"),
    "quarantine": ("数据待更正", "条"),
    "refused": ("文件被退回", "份"),
    "reconciliation": ("数据核对", "项"),
    "narrative": ("文字材料", "处"),
    "adjustment": ("补报待更正", "项"),
    "warning": ("报表提示", "条"),
}
_MOST_LINES = 5
_LONGEST = 90
"""Lines of a kind, and characters of one, that a document prints; all of them are in the workbook."""
_STATE_ZH = {"open": "尚未解决", "explained": "已作说明"}


def told_by_town(book: Book) -> list[str]:
    """Return the indicators that townships have values of, in the content's order; parts stay with their whole."""
    kinds = {"month", "year_to_date"}
    named = (v.indicator_id for v in book.content.values if v.breakdown and v.period_kind in kinds)
    return [one for one in dict.fromkeys(named) if "." not in one]


def town_grid(book: Book, indicator_id: str) -> Grid:
    """Return the townships by the year so far, then the month; equal ones share a rank, those with nothing are last."""
    lines = [Line(tuple(cells)) for cells in _ranked(book, indicator_id)]
    whole = [book.value(indicator_id, kind) for kind in ("month", "year_to_date")]
    if any(whole):
        cells = [_cell(book, value) if value else "—" for value in whole]
        lines.append(Line(("", COUNTY_ZH, *cells), "total"))
    columns = (
        GridColumn("名次", "center"),
        GridColumn("乡镇"),
        GridColumn("本月", "right"),
        GridColumn("本年累计", "right"),
    )
    return Grid(columns, tuple(lines))


def town_unit(book: Book, indicator_id: str) -> str:
    """Return the unit of an indicator's table of townships: 人, 万元."""
    unit = next((v.unit for v in book.content.values if v.indicator_id == indicator_id), "")
    return "万元" if unit == MONEY else unit


def _ranked(book: Book, indicator_id: str) -> Iterator[tuple[str, ...]]:
    towns = _towns(book, indicator_id)
    amounts = {code: [_amount(book, indicator_id, kind, code) for kind in _KINDS] for code in towns}
    place = {code: number for number, code in enumerate(towns)}
    listed = sorted(towns, key=lambda code: (*(-amount for amount in reversed(amounts[code])), place[code]))
    rank = 0
    before: Decimal | None = None
    for number, code in enumerate(listed, start=1):
        so_far = amounts[code][1]
        rank = rank if so_far == before else number
        before = so_far
        cells = (_town_cell(book, indicator_id, kind, code) for kind in _KINDS)
        yield (_rank_cell(book, indicator_id, code, towns[code], rank), towns[code], *cells)


_KINDS: tuple[Kind, Kind] = ("month", "year_to_date")


def _towns(book: Book, indicator_id: str) -> dict[str, str]:
    """Return code and name of every township: those of the county, then any other that has a value."""
    known = dict(book.content.towns)
    valued = {
        v.breakdown: v.breakdown
        for v in book.content.values
        if v.breakdown and v.indicator_id == indicator_id
    }
    return valued | known if not known else known | {code: code for code in valued if code not in known}


def _amount(book: Book, indicator_id: str, kind: Kind, code: str) -> Decimal:
    value = book.value(indicator_id, kind, code)
    return Decimal(0) if value is None or value.value is None else value.value


def _town_cell(book: Book, indicator_id: str, kind: Kind, code: str) -> str:
    value = book.value(indicator_id, kind, code)
    if value is not None:
        return _cell(book, value)
    whole = book.value(indicator_id, kind)
    if whole is None or whole.value is None:
        return "—"
    return _cell(
        book, whole.model_copy(update={"breakdown": code, "value": Decimal(0), "qualifier": "exact"})
    )


def _cell(book: Book, value: Value) -> str:
    now = quantity(value.value, value.unit, value.qualifier)
    period = book.content.span.of_kind(value.period_kind)
    place = dict(book.content.towns).get(value.breakdown, "")
    return book.controls.mark(
        Said(
            text="未报送" if now is None else now.cell,
            ref=(value.indicator_id, value.breakdown, period_key(period), "c"),
            value=stated(now),
            name_zh=f"{place}{book.human_name(value.indicator_id)}",
            period=period,
            indicator_id=value.indicator_id,
            breakdown=value.breakdown,
        )
    )


def _rank_cell(book: Book, indicator_id: str, code: str, town: str, rank: int) -> str:
    period = book.content.span.of_kind("year_to_date")
    return book.controls.mark(
        Said(
            text=str(rank),
            ref=(indicator_id, code, period_key(period), "r"),
            value=str(rank),
            name_zh=f"{town}{book.human_name(indicator_id)}名次",
            period=period,
            indicator_id=indicator_id,
            breakdown=code,
        )
    )


def check_sentences(book: Book) -> list[str]:
    """Return one sentence a line of the close list that is not passed, by kind; or the one that all is complete."""
    told = [
        (place, check)
        for kind in _KIND_ZH
        for place, check in enumerate(book.content.checks)
        if check.kind == kind and check.state != "passed"
    ]
    if not told:
        return ["本期各项数据均已按时报送，无待更正数据，核对未发现不一致。"] if book.content.checks else []
    if book.content.is_worded:
        return _bounded(book, told)
    return [
        f"{number}.{_sentence(book, place, check)}" for number, (place, check) in enumerate(told, start=1)
    ]


def _bounded(book: Book, told: list[tuple[int, Check]]) -> list[str]:
    """Return a few lines of each kind; the workbook beside the document has all of them, in full."""
    lines: list[str] = []
    for kind, (zh, _) in _KIND_ZH.items():
        of_kind = [(place, check) for place, check in told if check.kind == kind]
        for place, check in of_kind[:_MOST_LINES]:
            short = check.detail_zh if len(check.detail_zh) <= _LONGEST else f"{check.detail_zh[:_LONGEST]}…"
            shown = check.model_copy(update={"detail_zh": short})
            lines.append(f"{len(lines) + 1}.{_sentence(book, place, shown)}")
        if (more := len(of_kind) - _MOST_LINES) > 0:
            said = Said(f"{more}条", ("@check", kind, "more"), f"{more}", f"{zh}·其余", book.content.span)
            lines.append(f"{len(lines) + 1}.{zh}：另有{book.controls.mark(said)}，见同名工作簿。")
    return lines


def _sentence(book: Book, place: int, check: Check) -> str:
    kind, unit = _KIND_ZH[check.kind]
    detail = check.detail_zh.strip().rstrip("。；;")
    count = f"，共{_count(book, place, check, unit)}" if check.count else ""
    said = f"：{detail}" if detail else ""
    return f"{kind}：{check.subject_zh.strip()}{count}{said}（{_STATE_ZH[check.state]}）。"


def _count(book: Book, place: int, check: Check, unit: str) -> str:
    amount = Quantity(Decimal(check.count), unit)
    return book.controls.mark(
        Said(
            text=amount.text,
            ref=("@check", check.kind, str(place)),
            value=str(check.count),
            name_zh=f"{_KIND_ZH[check.kind][0]}·{check.subject_zh}",
            period=book.content.span,
        )
    )
