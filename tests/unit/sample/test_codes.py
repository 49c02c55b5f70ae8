"""Invented numbers pass the check of their standard and can belong to nobody."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo_sample.codes import credit_code, credit_code_check, identity_check, identity_number, telephone
from xiezuo_sample.people import Population

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(("first17", "check"), [("11010519491231002", "X"), ("44052418800101001", "4")])
def test_identity_check_agrees_with_the_examples_of_the_standard(first17: str, check: str) -> None:
    """GB 11643-1999 prints these two numbers."""
    assert identity_check(first17) == check


@given(st.integers(0, 9_999_999), st.dates(date(1940, 1, 1), date(2010, 12, 31)))
def test_identity_numbers_have_an_impossible_region_and_satisfy_the_modulus(
    serial: int, born_on: date
) -> None:
    """The sum of digits times 2^(17 - i) is 1 modulo 11, which is the standard's other wording."""
    number = identity_number(serial, born_on)
    digits = [*map(int, number[:17]), 10 if number[17] == "X" else int(number[17])]
    assert number[:2] == "99"
    assert number[6:14] == f"{born_on:%Y%m%d}"
    assert sum(digit * 2 ** (17 - place) for place, digit in enumerate(digits)) % 11 == 1


@given(st.integers(), st.sampled_from(("91", "93", "N2")))
def test_credit_codes_satisfy_the_modulus(seed: int, prefix: str) -> None:
    """GB 32100: values times 3^i and the check value add up to 0 modulo 31; the region 990xxx is nobody's."""
    code = credit_code(Random(seed), prefix)
    assert len(code) == 18
    assert code.startswith(f"{prefix}990")
    weighted = sum(_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    assert (weighted + _ALPHABET.index(code[17])) % 31 == 0


def test_credit_code_check_agrees_with_the_example_of_the_standard() -> None:
    """GB 32100-2015 prints 91350100M000100Y43."""
    assert credit_code_check("91350100M000100Y4") == "3"


def test_credit_code_check_tells_a_changed_digit() -> None:
    """Neighbouring codes have different check characters."""
    code = credit_code(Random(4))
    changed = code[:9] + str((int(code[9]) + 1) % 10) + code[10:17]
    assert credit_code_check(changed) != code[17]


@given(st.integers(0, 10**9))
def test_telephones_have_a_valid_shape(serial: int) -> None:
    """Eleven digits in a block that reads as unassigned."""
    number = telephone(serial)
    assert len(number) == 11
    assert number[:2] == "19"
    assert number[3:7] == "0000"


def test_no_two_people_share_a_number() -> None:
    """However many are asked for."""
    population = Population(Random(1), 2022)
    assert len({population.person().number for _ in range(5000)}) == 5000
