"""Fonts, borders and number formats of the sheets we give out, and how wide a text is in them."""

from __future__ import annotations

import unicodedata
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.format import Format  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

HEADING_FONT = "宋体"
BODY_FONT = "仿宋"
"""Both are on every office machine, and WPS brings them; a machine without them substitutes."""


def text_width(text: str) -> int:
    """Return the columns of the widest line of a text, two for a Chinese character."""
    wide = {"F", "W", "A"}
    return max(
        (
            sum(2 if unicodedata.east_asian_width(char) in wide else 1 for char in line)
            for line in text.split("\n")
        ),
        default=0,
    )


def cell_width(text: str) -> float:
    """Return the width a column needs to show a text in 11 points, in Excel's unit of one digit."""
    return text_width(text) * 1.1 + 2


class Styles:
    """Every cell format of a workbook, made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[str, Format] = {}
        boxed: dict[str, Any] = {"font_name": BODY_FONT, "font_size": 11, "border": 1, "valign": "vcenter"}
        self._boxed = boxed
        self.title = book.add_format(
            {"font_name": HEADING_FONT, "font_size": 16, "bold": True, "align": "center", "valign": "vcenter"}
        )
        self.wide_title = book.add_format(
            {"font_name": HEADING_FONT, "font_size": 16, "bold": True, "valign": "vcenter"}
        )
        self.subtitle = book.add_format({"font_name": BODY_FONT, "font_size": 11, "align": "right"})
        self.header = book.add_format(
            boxed
            | {
                "font_name": HEADING_FONT,
                "bold": True,
                "align": "center",
                "text_wrap": True,
                "bg_color": "#E7EEF5",
            }
        )
        self.text = book.add_format(boxed | {"text_wrap": True})
        self.part = book.add_format(boxed | {"text_wrap": True, "indent": 1})
        self.chapter = book.add_format(
            boxed | {"font_name": HEADING_FONT, "bold": True, "align": "left", "bg_color": "#F5F5F5"}
        )
        self.percent = book.add_format(boxed | {"num_format": "0.00%", "align": "right"})
        self.centred = book.add_format(boxed | {"align": "center"})
        self.dash = book.add_format(boxed | {"align": "right", "font_color": "#7F7F7F"})
        self.note = book.add_format({"font_name": BODY_FONT, "font_size": 10})

    def number(self, *, money: bool, whole: bool, at_least: bool) -> Format:
        """Return the format of a value: money with two decimals, counts without, lower bounds marked."""
        form = ("#,##0.00" if money else "#,##0" if whole else "#,##0.####") + ('" 以上"' if at_least else "")
        if form not in self._numbers:
            self._numbers[form] = self._book.add_format(self._boxed | {"num_format": form, "align": "right"})
        return self._numbers[form]
