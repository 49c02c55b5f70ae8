"""The proposal (核对表): what was read of a form, one line each, as a workbook in which the office answers.

A line is known by its key in the last column, so that lines may be sorted and rows inserted. Only the columns 答案 and
单位 are read back.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path

from xlsxwriter import Workbook  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker

from xiezuo.base.errors import ConfigError, FileRefused
from xiezuo.conform.readers.sheets import Limits
from xiezuo.conform.readers.workbook import read as read_workbook
from xiezuo.declared.form_words import FormWords
from xiezuo.publish.forms.heads import read_unit
from xiezuo.publish.forms.lines import TIMES, Line, State
from xiezuo.publish.sheets.styles import text_width

SHEET = "核对"
_HEADS = ("类别", "表中的词", "位置", "状态", "答案", "单位", "口径", "说明", "对照码")
_WIDTHS = (7, 34, 18, 10, 34, 8, 48, 24, 4)
_KINDS = {"item": "指标", "time": "期间", "place": "地区"}
_STATES = {"sure": "已认出", "asked": "待确认", "none": "无此指标"}
NOTHING, COUNTY, SKIP = "无此指标", "全县", "不填"
_MOST_LISTED = 20


class Answers:
    """How answers are written for the office and read back: indicators by identity and name, townships by name."""

    def __init__(self, words: FormWords, towns: Mapping[str, str]) -> None:
        self._words, self._towns = words, towns

    def text(self, line: Line, answer: str) -> str:
        """Return an answer as the office reads it."""
        if line.kind == "item":
            known = self._words.named(answer)
            return f"{answer} {self.name(answer)}" if known else NOTHING
        if line.kind == "place":
            return (
                COUNTY
                if answer == ""
                else SKIP
                if answer == "-"
                else next(n for n, code in self._towns.items() if code == answer)
            )
        return answer

    def name(self, indicator_id: str) -> str:
        """Return an indicator's name, a part's with what it is a part of."""
        known, whole = self._words.named(indicator_id), self._words.named(indicator_id.partition(".")[0])
        if known is None:
            return ""
        return (
            f"{whole.name_zh}（{known.name_zh}）"
            if whole and known.name_zh.startswith("其中")
            else known.name_zh
        )

    def definition(self, line: Line) -> str:
        """Return how the indicator of a line is counted."""
        known = self._words.named(line.answer) if line.kind == "item" else None
        return f"{known.definition_zh}（{known.unit}）" if known else ""

    def choices(self, line: Line) -> list[str]:
        """Return what may be answered, the likeliest first, as far as a drop-down list holds it."""
        likely = [self.text(line, one) for one in line.choices]
        if line.kind == "item":
            return [*likely, NOTHING]
        if line.kind == "time":
            return list(dict.fromkeys((*likely, *TIMES)))
        return [*list(self._towns)[:_MOST_LISTED], COUNTY, SKIP]

    def read(self, line: Line, text: str) -> str:
        """Return the answer that a text is.

        Raises:
            ConfigError: it is none.
        """
        text = text.strip()
        if line.kind == "item" and (text == NOTHING or self._words.named(text.split()[0])):
            return "" if text == NOTHING else text.split()[0]
        if line.kind == "time" and (text in TIMES or text == line.answer):
            return text
        if line.kind == "place" and text in (COUNTY, SKIP, *self._towns):
            return {COUNTY: "", SKIP: "-"}.get(text, self._towns.get(text, ""))
        raise ConfigError(
            f"the answer of line {line.key!r} is none",
            zh=f"核对表中“{line.words}”的答案“{text}”无法识别",
            next_step="从下拉列表中选一项，或写指标编号、乡镇全称",
        )


def proposal(lines: Sequence[Line], answers: Answers, title: str, sha256: str) -> bytes:
    """Return the workbook in which the office confirms a form; what waits for an answer stands first and is marked."""
    buffer = io.BytesIO()
    with Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(SHEET)
        font = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        head = book.add_format({**font, "bold": True, "border": 1, "bg_color": "#D9E2F3", "text_wrap": True})
        plain = book.add_format({**font, "border": 1, "text_wrap": True})
        marked = book.add_format({**font, "border": 1, "text_wrap": True, "bg_color": "#FFF2CC"})
        sheet.write_string(
            0, 0, f"《{title}》核对表", book.add_format({**font, "bold": True, "font_size": 14})
        )
        waiting = sum(line.state == "asked" for line in lines)
        said = f"待确认 {waiting} 行（黄色）。在“答案”栏选择或改写后保存，再由负责人确认；不改即认可。"
        sheet.write_string(1, 0, said, book.add_format(font))
        sheet.write_string(0, len(_HEADS) - 1, sha256)
        for column, (text, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width, None, {"hidden": column == len(_HEADS) - 1})
            sheet.write_string(2, column, text, head)
        ordered = sorted(lines, key=lambda line: (line.state != "asked", list(_KINDS).index(line.kind)))
        for row, line in enumerate(ordered, start=3):
            style = marked if line.state == "asked" else plain
            answer = "" if line.state == "asked" and not line.answer else answers.text(line, line.answer)
            cells = (_KINDS[line.kind], line.words, line.where, _STATES[line.state], answer, line.unit,
                     answers.definition(line), line.note, f"{line.kind}:{line.key}")  # fmt: skip
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, style)
            lines_needed = max(
                ceil(text_width(text) / (width - 1)) for text, width in zip(cells[:-1], _WIDTHS, strict=False)
            )
            sheet.set_row(row, 16 * max(1, lines_needed) + 4)
            listed = [text for text in answers.choices(line) if len(text) < 60]
            while sum(map(len, listed)) + len(listed) > 250:
                listed.pop(-2 if len(listed) > 1 else 0)
            options = {
                "validate": "list",
                "source": listed,
                "error_type": "information",
                "ignore_blank": True,
            }
            sheet.data_validation(row, 4, row, 4, options)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
    return buffer.getvalue()


def answered(lines: Sequence[Line], data: bytes, answers: Answers, sha256: str) -> list[Line]:
    """Return the lines with the answers of a proposal that has come back; what is left blank stays asked.

    Raises:
        FileRefused: it is no proposal of this form.
        ConfigError: an answer cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "proposal.xlsx"
        path.write_bytes(data)
        sheets = read_workbook(path, Limits())
    rows = next((sheet.rows for sheet in sheets if sheet.name == SHEET), [])
    if not rows or str(rows[0][-1]) != sha256:
        raise FileRefused(
            "FORM_PROPOSAL", "这不是本表的核对表。", next_step="请重新运行 xiezuo forms bind 生成核对表"
        )
    said = {str(row[len(_HEADS) - 1]): row for row in rows[3:] if len(row) >= len(_HEADS)}
    return [_answered(line, said.get(f"{line.kind}:{line.key}"), answers) for line in lines]


def _answered(line: Line, row: Sequence[object] | None, answers: Answers) -> Line:
    if row is None:
        return line
    text, unit = (str(row[column] or "").strip() for column in (4, 5))
    if unit and read_unit(unit) is None:
        raise ConfigError(
            f"no unit: {line.key!r}",
            zh=f"核对表中“{line.words}”的单位“{unit}”无法识别",
            next_step="如：元、万元",
        )
    if not text:
        return replace(line, state="asked", answer="", unit=unit)
    answer = answers.read(line, text)
    is_open = line.note.startswith("未写明金额单位") and not unit and line.state == "asked"
    state: State = "asked" if is_open else "none" if line.kind == "item" and not answer else "sure"
    return replace(line, answer=answer, unit=unit, state=state, note="" if state == "sure" else line.note)
