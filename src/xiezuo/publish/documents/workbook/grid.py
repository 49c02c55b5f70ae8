"""A sheet as every document's workbook has it: title, header, boxed rows, and the A4 page it prints on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby

from xlsxwriter.chart import Chart  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.build.figures import MONEY
from xiezuo.publish.documents.content import Value
from xiezuo.publish.documents.workbook.pages import Paper, Setting, set_page
from xiezuo.publish.documents.workbook.texts import SheetFull, cell_text, exact_float, looks_like_formula
from xiezuo.publish.documents.workbook.widths import Widths, lines_of
from xiezuo.publish.sheets.page import HEADER_WIDTH, LINE, NOTHING
from xiezuo.publish.sheets.styles import Styles

WIDEST = 46.0
"""A column stops here and its text wraps."""
CHART_LINES = 20
PIXELS_A_DIGIT, PIXELS_A_POINT = 7, 96 / 72
WIDEST_CHART = 1100


@dataclass(frozen=True)
class Head:
    """A column's heading; columns beside each other of one ``group`` share a heading above theirs."""

    text: str
    group: str = ""


class Grid:
    """A sheet that is written row by row: cells first, then :meth:`end_row`; :meth:`close` sets the page."""

    def __init__(
        self, sheet: Worksheet, styles: Styles, setting: Setting, title: str, heads: Sequence[Head], *,
        widest: float = WIDEST, is_parted: bool = False,
    ) -> None:  # fmt: skip
        self.sheet, self.styles = sheet, styles
        self._setting, self._title = setting, cell_text(title)
        self._heads, self._is_parted = heads, is_parted
        self._widths = Widths(len(heads), widest)
        self._heights: dict[int, float] = {}
        self._charts: list[tuple[int, Chart, int]] = []
        self._body: list[int] = []
        self._notes: list[tuple[int, str]] = []
        self._groups: list[tuple[str, Sequence[int]]] = []
        self.row = 0
        self._open()
        self.first_row = self.row

    @property
    def name(self) -> str:
        """The sheet's name."""
        found: str = self.sheet.get_name()
        return found

    def _open(self) -> None:
        looks = ("wide_title", "note") if self._is_parted else ("title", "subtitle")
        for at, (text, look) in enumerate(zip((self._title, self._setting.under), looks, strict=True)):
            if not self._is_parted:
                self._merge(at, 0, at, len(self._heads) - 1, look)
            self._write(at, 0, text, look)
        self._set_row(0, 30)
        self._header_row = self.row = 2
        is_grouped = any(head.group for head in self._heads)
        for name, found in groupby(enumerate(self._heads), key=lambda head: head[1].group):
            if is_grouped:
                self._group(name, [column for column, _ in found])
        self.row += is_grouped
        for column, head in enumerate(self._heads):
            self._write(self.row - (is_grouped and not head.group), column, head.text, "header")
        self.row += 1

    def _group(self, name: str, columns: Sequence[int]) -> None:
        """Make a heading over its columns; a column without one goes over both lines."""
        if not name:
            for column in columns:
                self._merge(self.row, column, self.row + 1, column, "header")
            return
        self._merge(self.row, columns[0], self.row, columns[-1], "header")
        self._write(self.row, columns[0], name, "header")
        self._groups.append((name, columns))
        for column in columns:
            self._widths.need_at_least(column, HEADER_WIDTH)

    def _set_header(self, widths: Sequence[float]) -> None:
        """Make the header as high as its longest text needs at the widths there are."""
        lines = [lines_of(head.text, width - 1) for head, width in zip(self._heads, widths, strict=True)]
        self._set_row(self.first_row - 1, LINE * max(lines, default=1) + 4)
        if self._groups:
            above = [lines_of(name, sum(widths[at] for at in columns) - 1) for name, columns in self._groups]
            self._set_row(self._header_row, LINE * max(above) + 4)

    def _merge(self, top: int, left: int, bottom: int, right: int, look: str) -> None:
        """Join cells into one; a single cell stays as it is."""
        if (top, left) != (bottom, right):
            self.sheet.merge_range(top, left, bottom, right, "", self.styles.look(look))

    def _set_row(self, row: int, points: float) -> None:
        self._heights[row] = points
        self.sheet.set_row(row, points)

    def _write(self, row: int, column: int, text: str, look: str) -> None:
        """Write a text as a text, marked as such where it could be taken for a formula."""
        marked = looks_like_formula(text)
        style = self.styles.literal(look) if marked else self.styles.look(look)
        shown = cell_text(text)
        write = self.sheet.write_string if shown else self.sheet.write_blank
        self._sure(write(row, column, shown, style))

    def _sure(self, code: int) -> None:
        """Make sure that a cell was written: outside the sheet's limits it would be left out without a word."""
        if code:
            raise SheetFull(
                f"sheet {self.name} cannot hold row {self.row + 1}",
                zh=f"工作表“{self.name}”放不下这么多行或列",
            )

    def text(self, column: int, text: str, look: str = "text") -> None:
        """Write a text."""
        self._write(self.row, column, text, look)
        self._widths.need_text(self.row, column, cell_text(text), 2.0 if look == "part" else 0.0)

    def nothing(self, column: int) -> None:
        """Write the dash of a cell that has no value."""
        self._write(self.row, column, NOTHING, "dash")

    def blank(self, column: int, look: str = "text") -> None:
        """Write the frame of an empty cell."""
        self._sure(self.sheet.write_blank(self.row, column, None, self.styles.look(look)))

    def number(
        self,
        column: int,
        value: Decimal | None,
        unit: str = "",
        qualifier: str = "exact",
        *,
        is_total: bool = False,
    ) -> None:
        """Write a value as a number, a dash for None; one that a cell cannot hold exactly is written out."""
        if value is None:
            return self.nothing(column)
        number, at_least = exact_float(value), qualifier == "at_least"
        whole = number is not None and value == value.to_integral_value()
        if number is None:
            written = f"{value:f}" + (" 以上" if at_least else "")
            return self.text(column, written, "total_right" if is_total else "right")
        style = self.styles.number(money=unit == MONEY, whole=whole, at_least=at_least, is_total=is_total)
        self._sure(self.sheet.write_number(self.row, column, number, style))
        shown = f"{value:,.2f}" if unit == MONEY else f"{value:,.0f}" if whole else f"{value:,.4f}"
        return self._widths.need_whole(
            column, shown + (" 以上" if at_least else ""), 1.0 if is_total else 0.0
        )

    def value(self, column: int, value: Value | None) -> None:
        """Write an indicator's value, a dash where there is none."""
        if value is None:
            return self.nothing(column)
        return self.number(column, value.value, value.unit, value.qualifier)

    def percent(self, column: int, value: Decimal | None, *, is_total: bool = False) -> None:
        """Write percent as the fraction that a percent format shows."""
        fraction = None if value is None else exact_float(value.scaleb(-2))
        if value is None:
            return self.nothing(column)
        if fraction is None:
            return self.text(column, f"{value:f}%", "total_right" if is_total else "right")
        style = self.styles.look("total_percent" if is_total else "percent")
        self._sure(self.sheet.write_number(self.row, column, fraction, style))
        return self._widths.need_whole(column, f"{value:,.2f}%")

    def day(self, column: int, day: date) -> None:
        """Write a day as a date."""
        self._sure(self.sheet.write_datetime(
            self.row, column, datetime.combine(day, time()), self.styles.look("date")))  # fmt: skip
        self._widths.need_whole(column, day.isoformat())

    def ordinal(self, column: int, number: int | None) -> None:
        """Write a row's number, nothing where it has none."""
        if number is None:
            self._sure(self.sheet.write_blank(self.row, column, None, self.styles.centred))
        else:
            self._sure(self.sheet.write_number(self.row, column, number, self.styles.centred))

    def end_row(self) -> None:
        """Go on to the next row; how high this one must be is known at the end."""
        self._set_row(self.row, LINE + 2)
        self._body.append(self.row)
        self.row += 1

    def chapter(self, heading: str) -> None:
        """Write a heading over all columns."""
        self._merge(self.row, 0, self.row, len(self._heads) - 1, "chapter")
        self._write(self.row, 0, heading, "chapter")
        self._set_row(self.row, LINE + 4)
        self.row += 1

    def note(self, text: str) -> None:
        """Write a remark under the table, over its width."""
        look = "note" if self._is_parted else "wrapped_note"
        if not self._is_parted:
            self._merge(self.row, 0, self.row, len(self._heads) - 1, look)
        self._write(self.row, 0, text, look)
        self._notes.append((self.row, cell_text(text)))
        self.row += 1

    def chart(self, chart: Chart, lines: int = CHART_LINES) -> None:
        """Put a chart below what is written so far, as wide as the sheet and ``lines`` ordinary rows high."""
        self._charts.append((self.row + 1, chart, lines))
        for row in range(self.row, self.row + lines + 2):
            self._set_row(row, LINE)
        self.row += lines + 2

    def close(self, *, frozen_columns: int) -> None:
        """Set widths and heights, frozen header, charts and the printed page."""
        widths = self._widths.columns()
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self._set_header(widths)
        for row in self._body:
            self._set_row(row, LINE * self._widths.lines(row, widths) + 2)
        for row, text in self._notes:
            self._set_row(row, LINE * (1 if self._is_parted else lines_of(text, sum(widths))) + 2)
        pixels = [int(width * PIXELS_A_DIGIT + 5) for width in widths]
        for row, chart, lines in self._charts:
            chart.set_size(
                {"width": min(sum(pixels), WIDEST_CHART), "height": round(lines * LINE * PIXELS_A_POINT)}
            )
            self.sheet.insert_chart(row, 0, chart, {"object_position": 2})
        self.sheet.freeze_panes(self.first_row, frozen_columns)
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._set_page(frozen_columns, pixels)

    def _set_page(self, frozen_columns: int, pixels: Sequence[float]) -> None:
        height = sum(self._heights.get(row, LINE) for row in range(self.row)) * PIXELS_A_POINT
        groups = [head.group or str(column) for column, head in enumerate(self._heads)]
        starts = [at for at, group in enumerate(groups) if at == 0 or group != groups[at - 1]]
        chart_row = self._charts[0][0] if self._charts else None
        header_rows = (self._header_row, self.first_row - 1)
        paper = Paper(self._title, header_rows, frozen_columns, pixels, starts, height, chart_row)
        set_page(self.sheet, self._setting, paper, is_parted=self._is_parted)
        top = self._header_row if self._is_parted else 0
        self.sheet.print_area(top, 0, max(self.row - 1, self.first_row), max(len(self._heads) - 1, 0))
