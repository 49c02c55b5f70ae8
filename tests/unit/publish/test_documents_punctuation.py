"""Texts from ledgers are printed with Chinese marks; numbers and codes keep theirs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.publish.documents.content import chinese


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("收入,增加;稳定:好!对?", "收入，增加；稳定：好！对？"),
        ("云发(集团)公司", "云发（集团）公司"),
        ("户均(含补贴),增收", "户均（含补贴），增收"),
        ("1,234元,其中", "1,234元，其中"),
        ("甘财(2022)5号", "甘财(2022)5号"),
        ("code: A, B", "code: A, B"),
        ("09:30开始", "09:30开始"),
        ("", ""),
    ],
)
def test_marks_beside_chinese_are_full_width(stored: str, printed: str) -> None:
    assert chinese(stored) == printed


@given(st.text(max_size=40))
def test_nothing_but_width_changes_and_once_is_enough(text: str) -> None:
    once = chinese(text)
    assert chinese(once) == once
    assert unicodedata.normalize("NFKC", once) == unicodedata.normalize("NFKC", text)
