"""Identity numbers and credit codes. Every person here has the impossible region prefix 99."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn.ric import calc_check_digit
from stdnum.cn.uscc import calc_check_digit as other_check_character

from xiezuo.base.errors import Unreadable
from xiezuo.values import contains_identity_number, identity_number, mask_identity_numbers, uscc
from xiezuo.values.credit_code import uscc_check_character

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def numbered(seventeen: str) -> str:
    """Complete a number with the check digit of another implementation."""
    return seventeen + calc_check_digit(seventeen + "0")


BORN_1990 = numbered("99042219900101123")
BORN_1970 = numbered("99042219700101123")
ENDS_IN_X = next(n for n in (numbered(f"99042219840101{i:03d}") for i in range(100, 999)) if n[-1] == "X")

numbers = st.builds(
    lambda region, born, order: numbered(f"99{region:04d}{born:%Y%m%d}{order:03d}"),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), date(2022, 12, 31)),
    st.integers(0, 999),
)


@given(numbers)
def test_a_valid_number_tells_birth_date_and_sex(number: str) -> None:
    found = identity_number(number)
    assert found is not None
    assert found.number == number
    assert f"{found.birth_date:%Y%m%d}" == number[6:14]
    assert found.sex == ("male" if int(number[16]) % 2 else "female")
    assert number not in repr(found)


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number: str, place: int, shift: int) -> None:
    old = 10 if number[place] == "X" else int(number[place])
    wrong = number[:place] + str((old + shift) % 10) + number[place + 1 :]
    assume(wrong != number)
    with pytest.raises(Unreadable) as refused:
        identity_number(wrong)
    assert refused.value.code in ("ID_CHECKSUM", "ID_DATE", "ID_PRECISION_LOST")
    assert wrong not in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (BORN_1990.translate(FULL_WIDTH) + "　", BORN_1990),
        (ENDS_IN_X.lower(), ENDS_IN_X),
        (f"'{BORN_1990}", BORN_1990),
        (f"‘{BORN_1990}", BORN_1990),
        (f"{BORN_1990[:6]} {BORN_1990[6:14]}-{BORN_1990[14:]}", BORN_1990),
        (f"{BORN_1990[:9]}\u200b{BORN_1990[9:]}", BORN_1990),
        (BORN_1970, BORN_1970),
    ],
)
def test_the_ways_a_number_is_typed(raw: str, number: str) -> None:
    found = identity_number(raw)
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (990422199001011000, "ID_PRECISION_LOST"),
        ("990422199001011000", "ID_PRECISION_LOST"),
        (9.90422199001011e17, "ID_PRECISION_LOST"),
        (int(9.90422199001011e17), "ID_PRECISION_LOST"),
        ("9.90422E+17", "ID_PRECISION_LOST"),
        ("9.90422199001011E17", "ID_PRECISION_LOST"),
        ("990422199001011000.0", "ID_PRECISION_LOST"),
        (Decimal("9.9E17"), "ID_PRECISION_LOST"),
        ("9904**********1235", "ID_MASKED"),
        ("990422********1235", "ID_MASKED"),
        ("９９０４２２＊＊＊＊＊＊＊＊１２３５", "ID_MASKED"),
        ("990422xxxxxxxx1235", "ID_MASKED"),
        ("990422XXXXXXXX123X", "ID_MASKED"),
        ("990422·●••●••●1235", "ID_MASKED"),
        ("990422--------1235", "ID_MASKED"),
        ("990422...1235", "ID_MASKED"),
        ("990422900101123", "ID_LENGTH"),
        (990422900101123, "ID_LENGTH"),
        (BORN_1990[:-1], "ID_LENGTH"),
        (BORN_1990 + "1", "ID_LENGTH"),
        ("身份证丢失", "ID_LENGTH"),
        ("****", "ID_LENGTH"),
        (True, "ID_LENGTH"),
        (date(1990, 1, 1), "ID_LENGTH"),
        (10**400, "ID_LENGTH"),
        (numbered("99042219900231123"), "ID_DATE"),
        (numbered("99042218991231123"), "ID_DATE"),
        (numbered("99042299990101123"), "ID_DATE"),
        (BORN_1990[:-1] + str((int(BORN_1990[-1]) + 1) % 10), "ID_CHECKSUM"),
    ],
)
def test_what_is_no_whole_valid_number_is_refused(raw: object, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        identity_number(raw)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_number_cell_with_every_digit_is_read() -> None:
    """Databases and JSON keep all digits; a spreadsheet cannot, and what it leaves is a float."""
    exact = next(n for n in (numbered(f"99042219900101{i:03d}") for i in range(101, 999)) if n[-1] in "1357")
    found = identity_number(int(exact))
    assert found is not None
    assert found.number == exact


def test_a_lost_tail_that_fits_by_chance_is_still_refused_as_a_number() -> None:
    by_chance = next(
        n
        for n in (numbered(f"990422{1900 + y}0101{i}00") for y in range(99) for i in range(10))
        if n.endswith("000")
    )
    with pytest.raises(Unreadable) as refused:
        identity_number(int(by_chance))
    assert refused.value.code == "ID_PRECISION_LOST"
    assert identity_number(by_chance) is not None


def test_a_birth_date_after_today_is_refused() -> None:
    assert identity_number(BORN_1990, today=date(1990, 1, 1)) is not None
    with pytest.raises(Unreadable) as refused:
        identity_number(BORN_1990, today=date(1989, 12, 31))
    assert refused.value.code == "ID_DATE"


@pytest.mark.parametrize("raw", [None, "", "　", "—", "无"])
def test_a_blank_is_no_identity(raw: str | None) -> None:
    assert identity_number(raw) is None
    assert uscc(raw) is None


@given(st.text(max_size=30), numbers, st.text(max_size=30), st.booleans(), st.booleans())
def test_no_number_stays_in_text(before: str, number: str, after: str, wide: bool, small: bool) -> None:
    typed = number.lower() if small else number
    typed = typed.translate(FULL_WIDTH) if wide else typed
    line = f"{before}{typed}{after}"
    assert contains_identity_number(line)
    masked = mask_identity_numbers(line, lambda _: "[证件]")
    assert not contains_identity_number(masked)
    assert typed not in masked
    assert "[证件]" in masked


@given(st.text(max_size=60))
def test_text_without_a_number_stays_as_it_is(line: str) -> None:
    assume(not contains_identity_number(line))
    assert mask_identity_numbers(line, lambda _: "") == line


@pytest.mark.parametrize(
    "line",
    [
        f"身份证{BORN_1990}丢失",
        f"1{BORN_1990}2",
        f"{BORN_1990[:6]} {BORN_1990[6:14]} {BORN_1990[14:]}",
        f"{BORN_1990[:6]}-{BORN_1990[6:14]}-{BORN_1990[14:]}",
        f"{BORN_1990[:3]}\u200b{BORN_1990[3:]}",
        f"{ENDS_IN_X.lower()}x",
        f"{BORN_1990}{ENDS_IN_X}",
    ],
)
def test_numbers_are_found_however_they_stand(line: str) -> None:
    seen: list[str] = []

    def token(number: str) -> str:
        seen.append(number)
        return "#"

    masked = mask_identity_numbers(line, token)
    assert not contains_identity_number(masked)
    assert set(seen) & {BORN_1990, ENDS_IN_X}


def test_the_text_around_a_number_is_kept() -> None:
    line = f"张　某，{BORN_1990}；{BORN_1970}，１２３"
    assert mask_identity_numbers(line, lambda number: f"<{number[6:10]}>") == "张　某，<1990>；<1970>，１２３"


def test_other_long_numbers_are_not_taken_for_identities() -> None:
    for line in (
        "订单 123456789012345678",
        BORN_1990[:-1],
        f"{BORN_1990[:-1]}A",
        "",
        "2022-09-02 13900000000",
    ):
        assert not contains_identity_number(line)


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
codes = st.text(ALPHABET, min_size=17, max_size=17).map(lambda code: code + uscc_check_character(code))


@pytest.mark.parametrize(
    "seventeen", ["91990422MA0000000", "N2990422MF0000000", "12990422000000000", "Y1990422XX0000000"]
)
def test_codes_of_every_kind_of_organisation_are_read(seventeen: str) -> None:
    code = seventeen + uscc_check_character(seventeen)
    assert uscc(code) == uscc(f" {code[:8].lower()} {code[8:]}".translate(FULL_WIDTH)) == code


def test_the_check_character_agrees_with_another_implementation() -> None:
    for seventeen in ("91990422MA0000000", "92990422MABCDEFGH", "12990422000000000"):
        assert uscc_check_character(seventeen) == other_check_character(seventeen)


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(code: str, place: int, wrong: str) -> None:
    assume(code[place] != wrong)
    assert uscc(code) == code
    with pytest.raises(Unreadable) as refused:
        uscc(code[:place] + wrong + code[place + 1 :])
    assert refused.value.code == "USCC_CHECKSUM"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("91990422MA000000", "USCC_LENGTH"),
        ("91990422MAOOOOOOO0", "USCC_LENGTH"),
        (True, "USCC_LENGTH"),
        (5, "USCC_LENGTH"),
        (date(2022, 1, 1), "USCC_LENGTH"),
        (9.19e17, "USCC_PRECISION_LOST"),
        ("9.19904E+17", "USCC_PRECISION_LOST"),
        (919904220000000000, "USCC_PRECISION_LOST"),
    ],
)
def test_what_is_no_code_is_refused(raw: object, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        uscc(raw)  # type: ignore[arg-type]
    assert refused.value.code == code
