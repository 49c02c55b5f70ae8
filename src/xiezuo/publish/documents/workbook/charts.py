r"""Native charts: they draw the cells of a sheet, so that whoever changes a cell sees the chart follow.

Sums are drawn in 万元 by a number format alone (``0\.0,`` shows 16490000 as 1649.0), since charts that scale
their axis themselves are not drawn the same way everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.chart import Chart  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.build.figures import MONEY
from xiezuo.publish.documents.workbook.texts import cell_text
from xiezuo.publish.sheets.styles import HEADING_FONT

Shape = Literal["bar", "column", "pie"]
MOST_BARS = 15
MOST_SLICES = 6
PERCENT = "%"
_COLOURS = ("#2F5D8A", "#D9822B", "#5B9E6F", "#A34A4A", "#7A6BA8", "#8C8C8C")
_FORMATS = {MONEY: "0\\.0,", PERCENT: "0.0%"}
_SHOWN_UNITS = {MONEY: "万元", PERCENT: ""}


@dataclass(frozen=True)
class Series:
    """A column of numbers and what it is called."""

    name: str
    column: int


@dataclass(frozen=True)
class Drawn:
    """What a chart draws: rows ``first`` to ``last`` of a sheet, named by the cells of ``labels``."""

    sheet: str
    first: int
    last: int
    labels: int
    series: Sequence[Series]
    unit: str = ""
    is_signed: bool = False
    """Whether some number is below nothing; else the axis begins there."""

    def cells(self, column: int) -> list[str | int]:
        """Return the range of a column, as xlsxwriter takes it."""
        return [self.sheet, self.first, column, self.last, column]


def draw(book: Workbook, shape: Shape, title: str, drawn: Drawn) -> Chart:
    """Return a chart of those cells; lying bars have the first row on top."""
    chart = book.add_chart({"type": shape})
    for at, series in enumerate(drawn.series):
        chart.add_series(
            {
                "name": _label(series.name),
                "categories": drawn.cells(drawn.labels),
                "values": drawn.cells(series.column),
                "data_labels": _labels(shape, drawn.unit),
            }
            | _paint(shape, at, drawn.last - drawn.first + 1)
        )
    chart.set_title({"name": _label(title), "name_font": _font(12, bold=True), "overlay": False})
    is_plain = shape == "pie" or len(drawn.series) == 1
    chart.set_legend({"none": True} if is_plain else {"position": "bottom", "font": _font(9)})
    if shape != "pie":
        _set_axes(chart, shape, drawn)
    return chart


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": HEADING_FONT, "size": size, "bold": bold}


def _number_format(unit: str) -> str:
    return _FORMATS.get(unit, "#,##0")


def _labels(shape: Shape, unit: str) -> dict[str, Any]:
    """Return what stands beside each bar, its number, or each slice: its name and share."""
    shown: dict[str, Any] = {"font": _font(9), "position": "outside_end"}
    if shape == "pie":
        return shown | {"category": True, "percentage": True, "num_format": "0.0%", "leader_lines": True}
    return shown | {"value": True, "num_format": _number_format(unit)}


def _label(text: str) -> str:
    """Return a text as a chart shows it; xlsxwriter takes one that begins with = for the address of a cell."""
    shown = cell_text(text)
    return f" {shown}" if shown.startswith("=") else shown


def _paint(shape: Shape, at: int, slices: int) -> dict[str, Any]:
    if shape == "pie":
        return {"points": [{"fill": {"color": _COLOURS[number % len(_COLOURS)]}} for number in range(slices)]}
    return {"fill": {"color": _COLOURS[at % len(_COLOURS)]}, "gap": 60, "overlap": -5}


def _set_axes(chart: Chart, shape: Shape, drawn: Drawn) -> None:
    """Name the axis of numbers by its unit; the names of lying bars stand in the order of their rows."""
    names: dict[str, Any] = {"num_font": _font(9), "label_position": "low", "major_tick_mark": "none"}
    names["major_gridlines"] = {"visible": False}
    numbers: dict[str, Any] = {
        "num_font": _font(9),
        "num_format": _number_format(drawn.unit),
        "min": None if drawn.is_signed else 0,
        "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}},
        "line": {"none": True},
    }
    shown = _SHOWN_UNITS.get(drawn.unit, drawn.unit)
    if shown:
        numbers |= {"name": f"单位：{shown}", "name_font": _font(9)}
    if shape == "bar":
        # Turned round, the axis of names takes the numbers to the top: they are put at its other end.
        chart.set_x_axis(numbers | {"label_position": "high"})
        chart.set_y_axis(names | {"reverse": True})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(numbers)
