"""A form is known by its stamp, and what was chosen of a row must agree with what is typed in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused, GateClosed
from xiezuo.conform.forms import (
    CHECK,
    CORRECTED,
    ENDED,
    GUIDE_SHEET,
    NUMBER,
    STAMP,
    STAMP_SHEET,
    STRUCK,
    TICK,
    UNCHANGED,
    Form,
    cell_digest,
    read_form,
)
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.values.privacy import Privacy
from xiezuo.values.typed_row import as_typed

OURS, OTHERS = (Privacy(key, Fernet.generate_key().decode()) for key in (b"a" * 32, b"b" * 32))
LABELS = {"姓名": "person_name", "岗位": "job", "结束时间": "ended_on"}
CHOICES = [UNCHANGED, ENDED, CORRECTED, STRUCK]
CELLS = st.none() | st.text(max_size=6) | st.integers(0, 10**6) | st.sampled_from(["2022-10-05", "√", "=1+1"])
ROWS = st.lists(st.tuples(st.sampled_from(["张三", "李四"]), CELLS, CELLS), max_size=4)


def returned(
    given_out: Sequence[Sequence[Cell]], typed: Sequence[Sequence[Cell]], choices: Sequence[Cell], *, tick: Cell = None,
    title: str = "填报单位：甲站  填报日期：2022年10月31日", privacy: Privacy = OURS,
) -> list[Sheet]:  # fmt: skip
    """Return the sheets of a form of one station that comes back: as given out, and as typed and chosen."""
    fields = list(LABELS.values())
    rows = {
        str(number): {
            "was": f"row {number}",
            "cells": {f: cell_digest(OURS, str(number), f, cell) for f, cell in zip(fields, row, strict=True)},
        }
        for number, row in enumerate(given_out, start=1)
    }
    facts = {
        "county": "990001", "source": "labour", "dataset": "labour_placement", "unit": "甲站", "every": "month",
        "period": "2022-10", "first": "2022-10-01", "last": "2022-10-31", "columns": LABELS, "locked": ["person_name"],
        "ends": "ended_on", "choices": CHOICES, "rows": rows,
    }  # fmt: skip
    width = 3 + len(LABELS)
    lines: list[list[Cell]] = [
        [title, *[None] * (width - 1)], ["本月无新增", None, None, tick, *[None] * (width - 4)],
        [NUMBER, "本月情况", CHECK, *LABELS],
        *([str(n), choice, "✓", *row] for n, (row, choice) in enumerate(zip(typed, choices, strict=True), start=1)),
    ]  # fmt: skip
    stamp = Sheet(STAMP_SHEET, [[line] for line in STAMP.seal(privacy, facts)])
    return [Sheet("台账", lines), Sheet(GUIDE_SHEET, [["说明"]]), stamp]


def read(sheets: list[Sheet]) -> Form:
    form = read_form(sheets, OURS, "990001", "labour")
    assert form is not None
    return form


@given(rows=ROWS, tick=st.sampled_from([None, TICK, "是", "否", " "]))
def test_what_we_wrote_is_read_as_a_plain_ledger(rows: list[Any], tick: Cell) -> None:
    """Our columns, the tick and our sheets are gone, lines stay where they are, every cell of the ledger is as typed."""
    form = read(returned(rows, rows, [UNCHANGED] * len(rows), tick=tick))
    [sheet] = form.sheets
    assert [line[3:] for line in sheet.rows[3:]] == [list(row) for row in rows]
    assert {cell for line in sheet.rows[2:] for cell in line[:3]} == {None}
    assert sheet.rows[1] == [None] * 6
    assert form.prefilled == form.unchanged == set(range(4, 4 + len(rows)))
    assert form.is_nil is (tick in (TICK, "是"))
    assert form.given == {f"row {number}" for number in range(1, len(rows) + 1)}


@given(rows=ROWS, data=st.data())
def test_a_row_is_taken_where_choice_and_cells_agree_and_asked_about_otherwise(rows: list[Any], data: st.DataObject) -> None:
    typed = [(name, data.draw(CELLS), data.draw(CELLS)) for name, *_ in rows]
    choices = [data.draw(st.sampled_from(CHOICES)) for _ in rows]
    changed = [
        any([*as_typed({"": a})] != [*as_typed({"": b})] for a, b in zip(was, now, strict=True))
        for was, now in zip(rows, typed, strict=True)
    ]
    agrees = [
        {UNCHANGED: not is_other, CORRECTED: is_other, STRUCK: True, ENDED: bool([*as_typed({"": row[2]})])}[choice]
        for choice, is_other, row in zip(choices, changed, typed, strict=True)
    ]
    sheets = returned(rows, typed, choices)
    if not all(agrees):
        with pytest.raises(GateClosed) as asked:
            read(sheets)
        assert asked.value.code == "FORM_QUESTIONS"
        assert all((f"第 {line} 行" in asked.value.zh) is not ok for line, ok in enumerate(agrees, start=4))
        return
    form = read(sheets)
    kept = {line for line, choice in enumerate(choices, start=4) if choice != STRUCK}
    assert {at + 1 for at, line in enumerate(form.sheets[0].rows) if at > 2 and line[3]} == kept
    assert form.unchanged == {line for line, choice in enumerate(choices, start=4) if choice == UNCHANGED}


@given(st.lists(st.lists(CELLS, max_size=8), max_size=6))
def test_other_sheets_are_no_form(rows: list[list[Cell]]) -> None:
    assert read_form([Sheet("台账", rows)], OURS, "990001", "labour") is None


ROW = ("张三", "焊工", None)


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        (returned([ROW], [ROW], [UNCHANGED], privacy=OTHERS), "FORM_TAMPERED"),
        (returned([ROW], [ROW], [UNCHANGED])[:2], "FORM_TAMPERED"),
        (returned([ROW], [ROW], [UNCHANGED], title="填报单位：乙站 填报日期：2022年10月31日"), "FORM_CHANGED"),
        (returned([ROW], [ROW], [UNCHANGED], title="填报单位：甲站 填报日期：2022年9月30日"), "FORM_CHANGED"),
        (returned([ROW], [ROW], [UNCHANGED], title="填报单位：甲站 填报日期：2022年12月2日"), "FORM_CHANGED"),
        (returned([ROW], [ROW], [UNCHANGED], title="填报单位：甲站"), "FORM_CHANGED"),
        (returned([ROW], [], []), "FORM_QUESTIONS"),
        (returned([ROW], [("王五", "焊工", None)], [CORRECTED]), "FORM_QUESTIONS"),
        (returned([ROW], [ROW], [None]), "FORM_QUESTIONS"),
        (returned([ROW], [ROW], [UNCHANGED], tick="也许"), "FORM_QUESTIONS"),
    ],
)
def test_what_cannot_be_taken_says_why(sheets: list[Sheet], code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(sheets)
    assert refused.value.code == code


def test_a_form_may_be_dated_later_within_a_month_and_belongs_into_its_folder() -> None:
    sheets = returned([ROW], [ROW], [UNCHANGED], title="填报单位：甲站 填报日期：2022年11月8日")
    assert read(sheets).last.isoformat() == "2022-10-31"
    with pytest.raises(FileRefused, match="FORM_ELSEWHERE"):
        read_form(sheets, OURS, "990001", "work")


def test_what_was_left_blank_may_be_filled_in_even_where_it_identifies() -> None:
    blank, full = (None, "焊工", None), ("张三", "焊工", None)
    assert read(returned([blank], [full], [CORRECTED])).prefilled == {4}
