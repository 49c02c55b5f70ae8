"""Return workbooks are known by their stamp: what we wrote is read back, what anybody else wrote is refused."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.conform.readers import Sheet
from xiezuo.conform.returns import HEADINGS, STAMP, STAMP_SHEET, Returned, answer_id, read_return, row_stamp
from xiezuo.values.privacy import Privacy

OURS, OTHERS = (Privacy(key, Fernet.generate_key().decode()) for key in (b"a" * 32, b"b" * 32))
CELLS = st.none() | st.text(max_size=8) | st.integers(-(10**9), 10**9) | st.booleans()


def workbook(privacy: Privacy, given_out: list[Any], typed: list[Any]) -> list[Sheet]:
    """Return the sheets of a workbook of one column, with what we wrote and what is in its cells now."""
    stamps = [row_stamp(privacy, "batch", number) for number in range(len(given_out))]
    rows = {
        stamp: {"batch": "batch", "row": number, "cells": answer_id(privacy, {"amount": cell})}
        for number, (stamp, cell) in enumerate(zip(stamps, given_out, strict=True))
    }
    facts = {
        "county": "990001", "source": "fund", "place": "990001/fund/甲.csv", "sha256": "0" * 64,
        "sheets": [
            {"sheet": "台账", "dataset": "d", "table": "甲", "batch": "batch", "columns": {"金额": "amount"}, "rows": rows}
        ],
    }  # fmt: skip
    lines = [[*HEADINGS, "金额"], *([stamp, "", 0, "", "", cell] for stamp, cell in zip(stamps, typed, strict=True))]
    return [Sheet("台账", lines), Sheet(STAMP_SHEET, [[line] for line in STAMP.seal(privacy, facts)])]


def read(sheets: list[Sheet], privacy: Privacy = OURS) -> Returned | None:
    return read_return(sheets, privacy, "990001", "fund")


@given(st.lists(CELLS, min_size=1, max_size=5), st.data())
def test_a_row_is_answered_when_its_cells_say_something_else(cells: list[Any], data: st.DataObject) -> None:
    """Whichever rows are changed, and in whichever order the lines stand."""
    changed = data.draw(st.sets(st.integers(0, len(cells) - 1), min_size=1))
    now = ["改正后的金额" if number in changed else cell for number, cell in enumerate(cells)]
    sheets = workbook(OURS, cells, now)
    sheets[0].rows[1:] = data.draw(st.permutations(sheets[0].rows[1:]))
    found = read(sheets)
    assert found is not None
    assert {answer.row_no for answer in found.answers["d", "甲"]} == changed


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_what_nobody_changed_answers_nothing(cells: list[Any]) -> None:
    with pytest.raises(FileRefused) as refused:
        read(workbook(OURS, cells, cells))
    assert refused.value.code == "RETURN_UNCHANGED"


@given(st.lists(st.lists(CELLS, min_size=1, max_size=2), max_size=4))
def test_no_stamp_but_ours_is_believed(lines: list[list[Any]]) -> None:
    sheets = workbook(OURS, ["1"], ["2"])
    marked = Sheet(STAMP_SHEET, [sheets[1].rows[0], *lines])
    with pytest.raises(FileRefused) as refused:
        read([sheets[0], marked])
    assert refused.value.code == "RETURN_TAMPERED"
    with pytest.raises(FileRefused) as refused:
        read(workbook(OTHERS, ["1"], ["2"]))
    assert refused.value.code == "RETURN_TAMPERED"


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6))
def test_any_other_sheet_is_none(rows: list[list[Any]]) -> None:
    assert read([Sheet("甲", rows)]) is None
