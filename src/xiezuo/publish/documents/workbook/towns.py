"""The townships, in order of rank: each indicator that is told by township, and a chart of the first fifteen."""

from __future__ import annotations

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.publish.documents.content import Content
from xiezuo.publish.documents.workbook import charts
from xiezuo.publish.documents.workbook.grid import Grid, Head
from xiezuo.publish.documents.workbook.pages import is_too_wide
from xiezuo.publish.documents.workbook.values import full_name, ranked_by, ranking, sides, told_by_town

WHOLE = "全县"
_FIRST = 2
"""Rank and name stand before the numbers."""


class Towns:
    """What the sheet of townships says: looked up once, since a county has thousands of values by township."""

    def __init__(self, content: Content) -> None:
        self.told, self._sides = told_by_town(content), sides(content)
        self.ranked_by, self.ranked = ranked_by(self.told), ranking(content)
        some = {value.indicator_id: value for value in reversed(content.values)}
        self._units = {key: some[key].unit for key in self.told}
        self._names = {key: full_name(some[key], content) for key in self.told}

    @property
    def heads(self) -> list[Head]:
        """Return the columns: rank, township, then every indicator's month and year to date."""
        numbers = [
            Head(f"{side.name}\n（{self._units[key]}）", self._names[key])
            for key in self.told
            for side in self._sides
        ]
        return [Head("名次"), Head("乡镇"), *numbers]

    @property
    def is_parted(self) -> bool:
        """Whether the sheet prints over several pages beside each other."""
        return is_too_wide(len(self.heads))

    def write(self, grid: Grid, book: Workbook) -> None:
        """Write the townships, the whole county last, and draw the first of them."""
        for rank, code, name in self.ranked:
            grid.ordinal(0, rank)
            grid.text(1, name)
            self._values(grid, code)
            grid.end_row()
        last = grid.row - 1
        grid.blank(0, "total")
        grid.text(1, WHOLE, "total")
        self._values(grid, "", is_total=True)
        grid.end_row()
        if self.ranked_by is None:
            grid.note("本期没有分乡镇的数字。")
        else:
            self._close_list(grid, book, self.ranked_by, last)
        grid.close(frozen_columns=_FIRST)

    def _values(self, grid: Grid, code: str, *, is_total: bool = False) -> None:
        pairs = [(key, side) for key in self.told for side in self._sides]
        for column, (key, side) in enumerate(pairs, start=_FIRST):
            value, qualifier = side.of_town(key, code)
            grid.number(column, value, self._units[key], qualifier, is_total=is_total)

    def _close_list(self, grid: Grid, book: Workbook, key: str, last: int) -> None:
        """Say how the townships are ranked, and draw the year so far where any township has some."""
        so_far, name = self._sides[-1], self._names[key]
        grid.note(f"名次按“{name}”{so_far.name}由多到少排列，数值相同的并列。未注明乡镇的记录只计入全县。")
        amounts = [so_far.of_town(key, code)[0] for _, code, _ in self.ranked]
        if not any(amounts):
            return
        shown = min(last, grid.first_row + charts.MOST_BARS - 1)
        column = _FIRST + len(self._sides) * (self.told.index(key) + 1) - 1
        is_signed = any(amount is not None and amount < 0 for amount in amounts)
        series = [charts.Series(so_far.name, column)]
        drawn = charts.Drawn(grid.name, grid.first_row, shown, 1, series, self._units[key], is_signed)
        few = f"，前{charts.MOST_BARS}名" if shown < last else ""
        chart = charts.draw(book, "bar", f"{name}（{so_far.name}{few}）", drawn)
        grid.chart(chart, lines=8 + (shown - grid.first_row + 1))
