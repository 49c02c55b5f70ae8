"""Fonts, borders and number formats of the sheets we give out, and how wide a text is in them."""

from __future__ import annotations

import unicodedata
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from xlsxwriter.format import Format  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

HEADING_FONT = "宋体"
BODY_FONT = "仿宋"
"""Both are on every office machine, and WPS brings them; a machine without them substitutes."""
TOTAL = {"bg_color": "#F5F5F5"}


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
        self._numbers: dict[tuple[str, bool], Format] = {}
        self._literals: dict[str, Format] = {}
        boxed: dict[str, Any] = {"font_name": BODY_FONT, "font_size": 11, "border": 1, "valign": "vcenter"}
        heading: dict[str, Any] = {"font_name": HEADING_FONT, "bold": True, "valign": "vcenter"}
        self._looks: dict[str, dict[str, Any]] = {
            "title": heading | {"font_size": 16, "align": "center"},
            "wide_title": heading | {"font_size": 16},
            "subtitle": {"font_name": BODY_FONT, "font_size": 11, "align": "right"},
            "header": boxed | heading | {"align": "center", "text_wrap": True, "bg_color": "#E7EEF5"},
            "text": boxed | {"text_wrap": True},
            "part": boxed | {"text_wrap": True, "indent": 1},
            "chapter": boxed | heading | {"align": "left", "bg_color": "#F5F5F5"},
            "percent": boxed | {"num_format": "0.00%", "align": "right"},
            "centred": boxed | {"align": "center"},
            "dash": boxed | {"align": "right", "font_color": "#7F7F7F"},
            "note": {"font_name": BODY_FONT, "font_size": 10},
            "wrapped_note": {"font_name": BODY_FONT, "font_size": 10, "text_wrap": True, "valign": "top"},
            "right": boxed | {"align": "right"},
            "date": boxed | {"num_format": "yyyy-mm-dd", "align": "center"},
            "total": boxed | heading | TOTAL,
            "total_right": boxed | heading | TOTAL | {"align": "right"},
            "total_percent": boxed | heading | TOTAL | {"num_format": "0.00%", "align": "right"},
        }
        self._made = made = {name: book.add_format(look) for name, look in self._looks.items()}
        self.title, self.wide_title, self.subtitle = made["title"], made["wide_title"], made["subtitle"]
        self.header, self.text, self.part = made["header"], made["text"], made["part"]
        self.chapter, self.percent, self.centred = made["chapter"], made["percent"], made["centred"]
        self.dash, self.note = made["dash"], made["note"]

    def look(self, name: str) -> Format:
        """Return the format of that name; the attributes are those that most sheets have."""
        return self._made[name]

    def literal(self, name: str) -> Format:
        """Return the format of that name with Excel's mark for “this is text, whatever it looks like”.

        The mark (``quotePrefix``) is what a typed apostrophe leaves: the text itself stays as it is, and stays
        text when somebody edits the cell.
        """
        if name not in self._literals:
            self._literals[name] = self._book.add_format(self._looks[name] | {"quote_prefix": True})
        return self._literals[name]

    def number(self, *, money: bool, whole: bool, at_least: bool, is_total: bool = False) -> Format:
        """Return the format of a value: money with two decimals, counts without, lower bounds marked."""
        form = ("#,##0.00" if money else "#,##0" if whole else "#,##0.####") + ('" 以上"' if at_least else "")
        if (form, is_total) not in self._numbers:
            look = self._looks["total_right"] if is_total else self._looks["right"]
            self._numbers[form, is_total] = self._book.add_format(look | {"num_format": form})
        return self._numbers[form, is_total]
