"""The A4 page that a sheet of a document prints on: header, footer, what is repeated, how it is made to fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.publish.documents.workbook.texts import header_text
from xiezuo.publish.sheets.page import A4, HEADER_WIDTH
from xiezuo.publish.sheets.styles import BODY_FONT, HEADING_FONT

PAGE_WIDTH = 200.0
"""Columns together that still can be read when they are made to fit one A4 page across."""
PARTED_SCALE = 70
ACROSS, UPRIGHT = (1026, 650), (698, 979)
"""Pixels of an A4 page within its margins: width and height."""
SMALLEST_SCALE = 0.72
"""Eleven points become eight."""
GOOD_SCALE = 0.85
"""A page across that is as good as this is taken, like those of the other sheets."""
ROOM_LEFT = 0.9


@dataclass(frozen=True)
class Setting:
    """What all sheets of a workbook say above and below the page: whose, of when, which release.

    ``running`` and ``release`` are header texts (& doubled), ``under`` stands below each title.
    """

    running: str
    under: str
    release: str


@dataclass(frozen=True)
class Paper:
    """What every page repeats (title, rows of the header, columns that name a row), and how much there is to print.

    ``columns`` (their widths) and ``height`` are pixels; ``starts`` are the columns before which the sheet may be
    parted; ``chart_row`` is where the first chart begins, None where there is none.
    """

    title: str
    header_rows: tuple[int, int]
    naming_columns: int
    columns: Sequence[float]
    starts: Sequence[int]
    height: float
    chart_row: int | None

    @property
    def width(self) -> float:
        """All columns together."""
        return sum(self.columns)


def is_too_wide(columns: int) -> bool:
    """Whether that many columns of numbers are too many for one page across."""
    return columns * HEADER_WIDTH > PAGE_WIDTH


def set_page(sheet: Worksheet, setting: Setting, paper: Paper, *, is_parted: bool) -> None:
    """Set the printed page: as wide as the sheet, or ``is_parted``: over several, each with its naming columns.

    The title of a parted sheet is in the page's header, since a title over all columns would be cut.
    """
    page: Any = sheet
    page.set_paper(A4)
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    title = ""
    if is_parted:
        title = f'&C&"{HEADING_FONT},Bold"&14 {header_text(paper.title, 100)}'
        _part(page, paper)
    else:
        page.center_horizontally()
        page.repeat_rows(0, paper.header_rows[1])
        _fit(page, paper)
    font = f'&"{BODY_FONT},Regular"'
    page.set_header(f"&L{font}&9 {setting.running}{title}&R{font}&9 {setting.release}")
    page.set_footer(f"&C{font}第 &P 页，共 &N 页")


def _part(page: Any, paper: Paper) -> None:
    page.set_landscape()
    page.set_print_scale(PARTED_SCALE)
    page.print_across()
    page.repeat_columns(0, max(paper.naming_columns - 1, 0))
    page.repeat_rows(*paper.header_rows)
    page.set_v_pagebreaks(list(parts(paper)))
    if paper.chart_row is not None:
        page.set_h_pagebreaks([paper.chart_row])


def parts(paper: Paper) -> Iterator[int]:
    """Yield the columns that begin a further page, so that what stands under one heading stays together."""
    naming = paper.naming_columns
    room = ACROSS[0] * 100 / PARTED_SCALE * ROOM_LEFT - sum(paper.columns[:naming])
    used = 0.0
    starts = [start for start in paper.starts if start >= naming]
    for start, end in pairwise([*starts, len(paper.columns)]):
        width = sum(paper.columns[start:end])
        if used and used + width > room:
            yield start
            used = 0.0
        used += width


def _fit(page: Any, paper: Paper) -> None:
    """Make the sheet as wide as a page; a chart comes whole onto the table's page, or else onto one of its own.

    Breaks are not heeded where a sheet is made to fit, so a chart on a page of its own needs a scale that is
    worked out here; a little room is left, since fonts are not equally wide everywhere.
    """
    across, upright = (min(1.0, w / paper.width, h / paper.height) for w, h in (ACROSS, UPRIGHT))
    if paper.chart_row is None:
        page.set_landscape()
        page.fit_to_pages(1, 0)
    elif max(across, upright) >= SMALLEST_SCALE:
        if across >= min(upright, GOOD_SCALE):
            page.set_landscape()
        page.fit_to_pages(1, 1)
    else:
        page.set_landscape()
        page.set_print_scale(int(min(100, 100 * ROOM_LEFT * ACROSS[0] / paper.width)))
        page.set_h_pagebreaks([paper.chart_row])
