"""How wide the columns of a sheet must be and how high its rows, so that nothing in it is cut off."""

from __future__ import annotations

from collections import defaultdict
from math import ceil

from xiezuo.publish.sheets.styles import cell_width, text_width

NARROWEST = 8.0
NARROWEST_SHEET = 92.0
"""Columns together: the title needs as much."""
COMFORTABLE_SHEET = 185.0
"""Columns together that are easily read on one A4 page across; texts wrap until the sheet is no wider."""
NARROWEST_TEXT = 16.0
PADDING = 1.0
HALF_CHARACTER = 1.08
"""Half a Chinese character in eleven points, in the unit of widths."""
HIGHEST_LINES = 25
"""Lines of a row; Excel allows 409 points."""


def lines_of(text: str, room: float) -> int:
    """Return the lines a text takes in a column of that width."""
    return sum(max(1, ceil(text_width(part) * HALF_CHARACTER / room)) for part in text.split("\n"))


class Widths:
    """What the cells of a sheet need: numbers their whole width, texts some width or more lines.

    Widths are in Excel's unit of one digit; no text column is wider than ``widest``.
    """

    def __init__(self, columns: int, widest: float) -> None:
        self._widest = widest
        self._whole = [NARROWEST] * columns
        self._texts = [0.0] * columns
        self._wrapped: dict[int, list[tuple[int, str, float]]] = defaultdict(list)

    def need_whole(self, column: int, shown: str, extra: float = 0.0) -> None:
        """Note a number or a date, which a column that is too narrow would show as ####."""
        self._whole[column] = max(self._whole[column], cell_width(shown) + extra)

    def need_at_least(self, column: int, width: float) -> None:
        """Note what a column needs for its heading."""
        self._whole[column] = max(self._whole[column], width)

    def need_text(self, row: int, column: int, text: str, extra: float = 0.0) -> None:
        """Note a text that may wrap."""
        self._texts[column] = max(self._texts[column], cell_width(text) + extra)
        self._wrapped[row].append((column, text, extra))

    def columns(self) -> list[float]:
        """Return the width of each column; texts give way first where they are too wide together."""
        if not self._whole:
            return []
        most = self._widest
        while most > NARROWEST_TEXT and sum(self._up_to(most)) > COMFORTABLE_SHEET:
            most -= 1.0
        widths = self._up_to(most)
        stretch = max(1.0, NARROWEST_SHEET / sum(widths))
        return [width * stretch for width in widths]

    def _up_to(self, most: float) -> list[float]:
        return [max(whole, min(text, most)) for whole, text in zip(self._whole, self._texts, strict=True)]

    def lines(self, row: int, widths: list[float]) -> int:
        """Return the lines of a row in columns of those widths."""
        needed = [
            lines_of(text, widths[column] - PADDING - extra) for column, text, extra in self._wrapped[row]
        ]
        return min(max(needed, default=1), HIGHEST_LINES)
