"""A unit that is off by ten thousand is caught by the size of the typical amount; small sums are let pass."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.shape import check_units, median_yuan
from xiezuo.declared.contracts import FieldSpec, load_contracts

PROJECT = load_contracts(Settings.from_env({}).root)["fund_project"]
FIELD = FieldSpec.model_validate({"type": "money", "zh": ["安排资金"], "typical_yuan": {"least": 1000, "most": 500_000_000}})


def check(amounts: list[Any], *, unit: Decimal | None = None, field: FieldSpec = FIELD) -> None:
    table = RawTable(
        contract=PROJECT, feed="workbook", place="a.xlsx", sheet="台账", rows=[], labels={"allocated_yuan": "安排资金"},
        units={} if unit is None else {"allocated_yuan": unit},
    )  # fmt: skip
    check_units(table, {"allocated_yuan": field}, [{"allocated_yuan": amount} for amount in amounts])


def yuan(*amounts: str) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


@pytest.mark.parametrize(
    ("amounts", "unit", "said"),
    [
        (yuan("560", "60", "800.5"), None, ("按“元”计", "只有 560 元", "疑为万元")),
        (yuan("560"), Decimal(1), ("按“元”计", "只有 560 元", "疑为万元")),
        (yuan("6000000000", "5600000000"), Decimal(10000), ("按“万元”计", "高达 5,800,000,000 元", "疑为元")),
    ],
)
def test_a_typical_amount_out_of_all_bounds_refuses_the_file(
    amounts: list[Decimal], unit: Decimal | None, said: tuple[str, ...]
) -> None:
    with pytest.raises(FileRefused) as refused:
        check(amounts, unit=unit)
    assert refused.value.code == "UNIT_DOUBTFUL"
    assert all(text in refused.value.zh for text in ("安排资金", "台账", "请核对单位", *said))


@pytest.mark.parametrize(
    "amounts",
    [
        [],
        [None, None],
        yuan("0", "0.00"),
        yuan("1000"),
        yuan("500000000"),
        yuan("1", "2", "600000", "700000", "800000"),
        [None, Decimal(0), *yuan("600000", "0")],
        yuan("-600000"),
    ],
)
def test_blanks_zeros_and_single_small_items_are_let_pass(amounts: list[Any]) -> None:
    check(amounts)


def test_a_field_without_bounds_is_not_judged() -> None:
    check(yuan("1"), field=FieldSpec.model_validate({"type": "money", "zh": ["安排资金"]}))


@given(st.lists(st.decimals("20000", "2e7", places=2), min_size=1))
def test_any_usual_delivery_passes_and_fails_in_the_wrong_unit(amounts: list[Decimal]) -> None:
    """Projects of two 万元 to two thousand 万元: right in their unit, refused ten thousand times off."""
    check(amounts)
    wan = Decimal(10**4)
    for wrong, unit in (([a / wan for a in amounts], None), ([a * wan**2 for a in amounts], wan)):
        middle = median_yuan([{"a": amount} for amount in wrong], "a")
        assert middle is not None
        if 1000 <= middle <= 500_000_000:
            check(wrong, unit=unit)
        else:
            with pytest.raises(FileRefused):
                check(wrong, unit=unit)


def test_amounts_that_are_small_in_ten_thousands_are_small() -> None:
    """0.05万元 is 500 元 and says so: the unit was stated, and another one would make it smaller still."""
    check(yuan("500"), unit=Decimal(10**4))


@given(st.lists(st.one_of(st.none(), st.decimals("-1e12", "1e12", places=2))))
def test_the_median_lies_among_the_sizes(amounts: list[Decimal | None]) -> None:
    sizes = [abs(amount) for amount in amounts if amount]
    found = median_yuan([{"a": amount} for amount in amounts], "a")
    assert (found is None) == (not sizes)
    if found is not None:
        assert min(sizes) <= found <= max(sizes)
        assert 2 * sum(size <= found for size in sizes) >= len(sizes)
