"""The first sheet of a summary: the whole county, one row an indicator, under the headings of its chapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.build.figures import NOTE_ZH, Figure, Summary, chapter_letters
from xiezuo.publish.sheets.page import (
    HEADER_ROW,
    LINE,
    WIDEST,
    close_sheet,
    open_sheet,
    write_figure,
    write_nothing,
    write_ordinal,
)
from xiezuo.publish.sheets.styles import Styles, cell_width

OTHER = "其他"
CHINESE_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Columns:
    """Values side by side: those of the period, target and completion, and those of a year earlier."""

    own: Sequence[tuple[str, Mapping[str, Figure]]]
    so_far: Mapping[str, Figure]
    earlier: tuple[str, Mapping[str, Figure]]

    @property
    def heads(self) -> list[str]:
        """What the columns of values are called."""
        return [*(name for name, _ in self.own), "年度任务", "完成率", self.earlier[0]]


def write_county_sheet(sheet: Worksheet, summary: Summary, title: str, styles: Styles) -> None:
    """Write the whole county: its values side by side, what to know of them last."""
    columns = _columns(summary)
    heads = ["序号", "指标", "单位", *columns.heads, "说明", "指标编号"]
    widths = [cell_width(head) for head in heads]
    open_sheet(sheet, summary, title, heads, styles)
    listed = _listed(summary, columns)
    number, row = 0, HEADER_ROW
    for heading, figures in _chapters(summary, listed):
        row += 1
        sheet.merge_range(row, 0, row, len(heads) - 1, "", styles.chapter)
        sheet.write_string(row, 0, heading, styles.chapter)
        sheet.set_row(row, LINE + 4)
        for figure in figures:
            row += 1
            is_part = figure.is_part and figure.indicator_id.partition(".")[0] in listed
            number += not is_part
            write_ordinal(sheet, row, 0 if is_part else number, styles)
            needed = _row(sheet, row, (summary, columns, figure), styles, is_part=is_part)
            widths = [max(pair) for pair in zip(widths, needed, strict=True)]
            lines = max(ceil(width / WIDEST) for width in needed)
            sheet.set_row(row, LINE * lines + 2)
    close_sheet(sheet, widths, row - HEADER_ROW - 1, frozen_columns=2)


def _row(
    sheet: Worksheet, row: int, of: tuple[Summary, Columns, Figure], styles: Styles, *, is_part: bool
) -> list[float]:
    """Write an indicator's row behind its number; return the widths its cells need."""
    summary, columns, figure = of
    key = figure.indicator_id
    sheet.write_string(row, 1, figure.name_zh, styles.part if is_part else styles.text)
    sheet.write_string(row, 2, figure.unit, styles.centred)
    widths = [0.0, cell_width(figure.name_zh) + 2 * is_part, cell_width(figure.unit)]
    widths += [write_figure(sheet, row, at, of_period.get(key), styles)
               for at, (_, of_period) in enumerate(columns.own, start=3)]  # fmt: skip
    widths += _target(sheet, row, len(widths), columns.so_far.get(key), styles)
    widths.append(write_figure(sheet, row, len(widths), columns.earlier[1].get(key), styles))
    for text in (_remark(summary, columns, key), key):
        sheet.write_string(row, len(widths), text, styles.text)
        widths.append(cell_width(text))
    return widths


def _target(sheet: Worksheet, row: int, column: int, figure: Figure | None, styles: Styles) -> list[float]:
    """Write the year's target and how much of it is done."""
    if figure is None or figure.target is None:
        return [write_nothing(sheet, row, at, styles) for at in (column, column + 1)]
    aim = replace(figure, value=figure.target, qualifier="exact")
    width = write_figure(sheet, row, column, aim, styles)
    if figure.completion_pct is None:
        return [width, write_nothing(sheet, row, column + 1, styles)]
    sheet.write_number(row, column + 1, float(figure.completion_pct) / 100, styles.percent)
    return [width, cell_width(f"{figure.completion_pct:.2f}%")]


def _columns(summary: Summary) -> Columns:
    """Name the columns of values; 上年同期 is the year to date of a year earlier where there is one."""
    own = whole(summary.figures)
    if summary.period.kind == "year":
        return Columns([("全年", own)], own, ("上年", _last_year(own)))
    so_far = whole(summary.year_to_date)
    return Columns([("本月", own), ("本年累计", so_far)], so_far, ("上年同期累计", _last_year(so_far)))


def whole(figures: Sequence[Figure]) -> dict[str, Figure]:
    """Return the figures of the whole county by identity."""
    return {figure.indicator_id: figure for figure in figures if not figure.breakdown}


def _listed(summary: Summary, columns: Columns) -> dict[str, Figure]:
    """Return what has a row, in order; some indicators are told by the year to date only."""
    found = {key: figure for _, figures in reversed(columns.own) for key, figure in figures.items()}
    return {key: found[key] for key in summary.order if key in found}


def _chapters(summary: Summary, listed: Mapping[str, Figure]) -> Iterator[tuple[str, list[Figure]]]:
    """Yield each chapter that has figures: ``二、劳务协作`` and its rows."""
    found: dict[str, list[Figure]] = {}
    for figure in listed.values():
        heading = summary.chapters.get(chapter_letters(figure.indicator_id), OTHER)
        found.setdefault(heading, []).append(figure)
    for number, (heading, figures) in enumerate(found.items(), start=1):
        yield f"{_chinese(number)}、{heading}", figures


def _chinese(number: int) -> str:
    """Write a number below 100 as headings do: 一, 十, 十二."""
    tens, units = divmod(number, 10)
    return (("" if tens == 1 else CHINESE_DIGITS[tens]) + "十" if tens else "") + (
        CHINESE_DIGITS[units] if units else ""
    )


def _last_year(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    return {key: earlier for key, figure in figures.items() if (earlier := figure.earlier()) is not None}


def _remark(summary: Summary, columns: Columns, indicator_id: str) -> str:
    """Say of a row what its numbers do not: a lower bound, nothing reported, data that end early.

    That nothing is on record of a year earlier shows as a dash and needs no words.
    """
    own = [(name, figures[indicator_id]) for name, figures in columns.own if indicator_id in figures]
    notes = {name: NOTE_ZH[figure.qualifier] for name, figure in own if figure.qualifier != "exact"}
    said = [f"{name}{note}" for name, note in notes.items()]
    if len(notes) == len(own) and len(set(notes.values())) == 1:
        said = [next(iter(notes.values()))]
    name, earlier = columns.earlier
    if indicator_id in earlier and earlier[indicator_id].qualifier == "at_least":
        said.append(f"{name}{NOTE_ZH['at_least']}")
    reported = [figure for _, figure in own[:1] if figure.qualifier != "not_reported"]
    said += [f"数据截至{figure.as_of:%Y-%m-%d}" for figure in reported if figure.as_of < summary.as_of]
    return "；".join(said)
