"""One cell in, one typed value out: the only place where typed text turns into data.

Every parser takes the raw cell and returns its value, or None for a blank; it raises
:class:`xiezuo.base.errors.Unreadable` with a stable code when the cell cannot be read for certain. None
guesses, and no message repeats what stood in the cell.
"""

from __future__ import annotations

from xiezuo.values.amounts import Money, money
from xiezuo.values.cell import Cell, FaultyCell
from xiezuo.values.choices import choice
from xiezuo.values.credit_code import uscc
from xiezuo.values.dates import (
    OPEN_END,
    OpenEnd,
    day,
    day_or_month,
    day_or_open,
    epoch_moment,
    has_two_digit_year,
    is_open_end,
    moment,
    month,
    month_or_open,
)
from xiezuo.values.identity import Identity, identity_number
from xiezuo.values.masking import contains_identity_number, mask_identity_numbers
from xiezuo.values.money_units import UnitWord, header_unit, is_measure, is_unit_note, units_said
from xiezuo.values.number_formats import Shown, shown
from xiezuo.values.numbers import boolean, decimal, integer, percent
from xiezuo.values.texts import bare, normalise
from xiezuo.values.words import person_name, person_note, phone, text

__all__ = [
    "OPEN_END",
    "Cell",
    "FaultyCell",
    "Identity",
    "Money",
    "OpenEnd",
    "Shown",
    "UnitWord",
    "bare",
    "boolean",
    "choice",
    "contains_identity_number",
    "day",
    "day_or_month",
    "day_or_open",
    "decimal",
    "epoch_moment",
    "has_two_digit_year",
    "header_unit",
    "identity_number",
    "integer",
    "is_measure",
    "is_open_end",
    "is_unit_note",
    "mask_identity_numbers",
    "moment",
    "money",
    "month",
    "month_or_open",
    "normalise",
    "percent",
    "person_name",
    "person_note",
    "phone",
    "shown",
    "text",
    "units_said",
    "uscc",
]
