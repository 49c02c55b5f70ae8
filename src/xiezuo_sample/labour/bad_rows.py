"""Bad rows of labour ledgers: each breaks one thing, and one thing only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from xiezuo_sample.codes import identity_check
from xiezuo_sample.labour.plan import Spell
from xiezuo_sample.labour.style import Style, cells_of
from xiezuo_sample.sheets import Cell

HINTS = {
    "checksum": "the identity number's check digit is wrong",
    "masked": "the identity number is masked",
    "precision": "a spreadsheet rounded the identity number",
    "scientific": "the identity number is in scientific notation",
    "date_float": "2022.1 can be January or October",
    "date_text": "the start is not a date",
    "town": "the county has no such township",
    "place": "the place of work is in no known province",
    "wage_low": "a monthly wage below 100 元",
    "wage_high": "a monthly wage above 30000 元",
    "order": "the end lies before the start",
    "duplicate": "the row stands twice",
}
"""What is wrong, by kind. Every kind is quarantined but ``duplicate``, whose fate is its name."""

_WORKBOOK = ("checksum", "masked", "precision", "scientific", "date_float", "town", "place")
_DELIMITED = ("checksum", "masked", "scientific", "date_text", "town", "place")
_ANY = ("wage_low", "wage_high", "order", "duplicate")


def kinds_for(style: Style) -> tuple[str, ...]:
    """Return the kinds of bad row that can stand in a station's kind of file."""
    return (_WORKBOOK if style.is_workbook else _DELIMITED) + _ANY


def spoil(kind: str, spell: Spell, style: Style, reported_on: date, rng: Random) -> dict[str, Cell]:
    """Type the spell (of a person who counts nowhere) with one thing broken."""
    if kind == "order":
        start = spell.started_on if not spell.by_month else spell.started_on + timedelta(days=9)
        early = replace(spell, started_on=start, by_month=False, ended_on=start - timedelta(days=40))
        return cells_of(early, replace(style, day_forms=("dash",)), reported_on, rng) | {
            "ended_on": f"{early.ended_on:%Y-%m-%d}"
        }
    return cells_of(spell, style, reported_on, rng) | _broken(kind, spell, style)


def _broken(kind: str, spell: Spell, style: Style) -> dict[str, Cell]:
    number = spell.person.number
    split: dict[str, Cell] = {"work_province": "不详", "work_city": None, "work_county": None}
    cells: dict[str, dict[str, Cell]] = {
        "checksum": {"id_no": number[:17] + ("0" if number[17] != "0" else "1")},
        "masked": {"id_no": f"{number[:4]}**********{number[14:]}"},
        "precision": {"id_no": int(_rounded(number))},
        "scientific": {"id_no": f"{number[0]}.{number[1:6]}E+17"},
        "date_float": {"started_on": float(f"{spell.started_on.year}.1")},
        "date_text": {"started_on": "年后"},
        "town": {"town": "无此乡", "village": None},
        "place": {"work_place": "某某大厦工地"} if "work_place" in style.columns else split,
        "wage_low": {"wage": 35},
        "wage_high": {"wage": 350_000},
    }
    return cells[kind]


def _rounded(number: str) -> str:
    """Round to fifteen digits as a spreadsheet does, never by luck to a number that would pass."""
    kept = int(number[:15])
    while identity_check(f"{kept}00") == "0":
        kept += 1
    return f"{kept}000"
