"""The sheet of townships that may leave the office: counts of people by township, hidden ones starred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.publish.sheets.page import A4, HEADER_ROW
from xiezuo.publish.sheets.styles import Styles, cell_width

HIDDEN = "＊"  # noqa: RUF001  (as wide as the numbers it stands for)
_COLUMN = 13.0


@dataclass(frozen=True)
class Line:
    """A row of ``outward/sheet.sql``: a value of one township, or with an empty ``breakdown`` of the county."""

    county_code: str
    county_name: str
    period: str
    indicator_id: str
    name_zh: str
    unit: str
    breakdown: str
    town: str
    value: Decimal | None


def town_workbook(lines: Sequence[Line], smallest_shown: int) -> bytes:
    """Return the workbook of one county and year; the same lines give the same bytes."""
    names = {line.indicator_id: f"{line.name_zh}\n（{line.unit}）" for line in lines}
    towns = dict(sorted((line.breakdown, line.town) for line in lines if line.breakdown))
    values = {(line.indicator_id, line.breakdown): line.value for line in lines}
    title = f"{lines[0].county_name}{lines[0].period}年分乡镇人数、户数（对外）"
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "created": datetime(int(lines[0].period), 12, 31)})  # noqa: DTZ001
        styles, sheet = Styles(book), book.add_worksheet("分乡镇")
        sheet.write_string(0, 0, title, styles.wide_title)
        sheet.write_string(1, 0, _note(smallest_shown), styles.note)
        for column, head in enumerate(("乡镇", *names.values())):
            sheet.write_string(HEADER_ROW, column, head, styles.header)
        number = styles.number(money=False, whole=True, at_least=False)
        for row, (code, town) in enumerate([*towns.items(), ("", "全县")], start=HEADER_ROW + 1):
            sheet.write_string(row, 0, town, styles.text)
            for column, name in enumerate(names, start=1):
                value = values.get((name, code))
                if value is None:
                    sheet.write_string(row, column, HIDDEN if code else "—", styles.dash)
                else:
                    sheet.write_number(row, column, float(value), number)
        sheet.set_row(HEADER_ROW, 64)
        sheet.set_column(0, 0, max(map(cell_width, (*towns.values(), "全县"))))
        sheet.set_column(1, len(names), _COLUMN)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW, HEADER_ROW)
    return buffer.getvalue()


def _note(smallest_shown: int) -> str:
    return (
        f"{HIDDEN}：不足 {smallest_shown} 的数，以及据以能推算出这些数的数，不予提供。"
        "全县数照实列出，含未注明乡镇的人员。"
    )
