"""How a labour station types its ledger: columns, headers, and spellings of values.

The spellings are those seen in such ledgers: dates in six forms, wages with and without unit, numbers
with a lower-case x or in full width. A style decides which of them a station's clerk mixes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import yaml

from xiezuo_sample.labour.plan import Place, Spell, Station
from xiezuo_sample.sheets import Cell

_EXCEL_DAY_ZERO = date(1899, 12, 30)
_FULL_WIDTH = str.maketrans("0123456789X/", "０１２３４５６７８９Ｘ／")
_TYPES = {
    "lifted": "脱贫户",
    "unstable": "监测户",
    "marginal": "监测户",
    "hardship": "监测户",
    "ordinary": "一般农户",
}
_CHANNELS = ("亲友介绍", "自主就业")
_CLASSES = {"unstable": "脱贫不稳定户", "marginal": "边缘易致贫户", "hardship": "突发严重困难户"}
_SHORT = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市", "")
_PERSON = ("person_name", "sex", "age", "id_no", "phone", "household_type", "monitor_class")
_SPLIT = ("work_province", "work_city", "work_county")
_TIMES = ("started_on", "ended_on")
_BRIEF = ("person_name", "id_no", "sex", "phone", "town", "village", "household_type", "monitor_class")
_COLUMNS = (
    (
        "town",
        "village",
        *_PERSON,
        *_SPLIT,
        "employer",
        "job",
        "channel",
        "is_organised",
        *_TIMES,
        "wage",
        "remark",
    ),
    (*_BRIEF, *_SPLIT, "employer", "industry", "job", *_TIMES, "months_worked", "wage"),
    ("town", "village", *_PERSON, "work_place", "employer", "job", "is_organised", *_TIMES, "wage"),
)


@dataclass(frozen=True)
class Style:
    """One station's way of typing; ``role`` (0–5) also decides what and how often it delivers.

    Roles: 0 and 5 workbook under two header levels, delivered twice · 1 workbook with real dates ·
    2 CSV in gb18030 · 3 CSV in UTF-8 with BOM, dated by its file name · 4 workbook plus increments.
    """

    role: int
    columns: tuple[str, ...]
    headers: Mapping[str, str]
    day_forms: tuple[str, ...]
    wage_forms: tuple[str, ...]
    yes: str
    no: str

    @property
    def is_workbook(self) -> bool:
        """Tell whether the station delivers workbooks, not delimited text."""
        return self.role not in (2, 3)

    @property
    def has_two_levels(self) -> bool:
        """Tell whether 省, 市, 县 stand under one merged 务工地点, and townships are merged."""
        return self.role in (0, 5)


def style_of(station: Station, rng: Random) -> Style:
    """Return the station's style; ``rng`` picks among equal spellings."""
    role = station.number % 6
    text = (Path(__file__).parents[1] / "headers.yaml").read_text(encoding="utf-8")
    spellings = yaml.safe_load(text)["labour"]
    real = ("real", "serial") if role in (1, 4) else ()
    yes, no = rng.choice((("√", "×"), ("是", "否"), ("Y", "N")))
    return Style(
        role=role,
        columns=_COLUMNS[{0: 0, 5: 0, 1: 1}.get(role, 2)],
        headers={name: rng.choice(choices) for name, choices in spellings.items()},
        day_forms=(*real, *rng.sample(("dot", "slash", "dash", "chinese", "full_width"), 3)),
        wage_forms=("plain", *rng.sample(("comma", "yuan", "wan", "sign"), 2)),
        yes=yes,
        no=no,
    )


def cells_of(spell: Spell, style: Style, reported_on: date, rng: Random) -> dict[str, Cell]:
    """Type one spell, as known on ``reported_on``, into the style's columns."""
    person, work = spell.person, spell.work
    ended = spell.ended_on if spell.ended_on and spell.ended_on <= reported_on else None
    whole_month = ended is not None and rng.random() < 0.4 and ended.replace(day=1) > spell.started_on
    typed: dict[str, Cell] = {
        "town": rng.choice((*[spell.town.name] * 9, *spell.town.spellings)),
        "village": spell.village,
        "person_name": _name(person.name, rng),
        "sex": "男" if person.is_male else "女",
        "age": age(person.born_on, reported_on),
        "id_no": _number(person.number, rng),
        "phone": person.phone,
        "household_type": _TYPES.get(spell.household),
        "monitor_class": _CLASSES.get(spell.household),
        "work_province": province(work.place.province, rng),
        "work_city": work.place.city,
        "work_county": work.place.county,
        "work_place": place(work.place),
        "employer": work.job.employer,
        "industry": work.job.industry,
        "job": work.job.job,
        "channel": "劳务协作" if work.is_organised else _CHANNELS[person.is_male],
        "is_organised": style.yes if work.is_organised else style.no,
        "started_on": month(spell.started_on, rng) if spell.by_month else day(spell.started_on, style, rng),
        "ended_on": rng.choice((None, "至今")),
        "months_worked": _months(spell.started_on, ended or reported_on),
        "wage": wage(work.wage_yuan, style, rng),
        "remark": None,
    }
    if ended is not None:
        typed["ended_on"] = month(ended, rng) if whole_month else day(ended, style, rng)
    return {name: typed[name] for name in style.columns}


def age(born_on: date, on: date) -> int:
    """Return full years of age on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def day(value: date, style: Style, rng: Random) -> Cell:
    """Type a whole day in one of the style's forms."""
    slashes = f"{value.year}/{value.month}/{value.day}"
    forms: dict[str, Cell] = {
        "real": value,
        "serial": (value - _EXCEL_DAY_ZERO).days,
        "dot": slashes.replace("/", "."),
        "slash": slashes,
        "dash": f"{value:%Y-%m-%d}",
        "chinese": f"{value.year}年{value.month}月{value.day}日",
        "full_width": slashes.translate(_FULL_WIDTH),
    }
    return forms[rng.choice(style.day_forms)]


def month(value: date, rng: Random) -> Cell:
    """Type a month without its day."""
    return rng.choice(
        (f"{value.year}年{value.month}月", f"{value:%Y-%m}", f"{value.year}年{value.month:02d}月")
    )


def wage(yuan: int, style: Style, rng: Random) -> Cell:
    """Type a monthly wage in one of the style's forms."""
    forms: dict[str, Cell] = {
        "plain": yuan,
        "comma": f"{yuan:,}",
        "yuan": f"{yuan}元",
        "wan": f"{yuan / 10_000:g}万",
        "sign": f"￥{yuan:,}.00",
    }
    return forms[rng.choice(style.wage_forms)]


def province(name: str, rng: Random) -> str:
    """Type a province in full or short."""
    short = next(name.removesuffix(tail) for tail in _SHORT if name.endswith(tail))
    return short if rng.random() < 0.25 else name


def place(where: Place) -> str:
    """Type a place of work into one cell."""
    city = "" if where.city == where.province else where.city
    return f"{where.province}{city}{where.county if where.county != where.city else ''}"


def _name(name: str, rng: Random) -> str:
    chance = rng.random()
    if len(name) == 2 and chance < 0.2:
        return f"{name[0]} {name[1]}"
    return f"{name}(户主)" if chance > 0.99 else name


def _number(number: str, rng: Random) -> str:
    chance = rng.random()
    if chance < 0.03:
        return number.translate(_FULL_WIDTH)
    return (
        number.lower() if number.endswith("X") and chance < 0.6 else number + (" " if chance > 0.97 else "")
    )


def _months(start: date, end: date) -> int:
    first = max(start, date(end.year, 1, 1))
    return max(0, min(12, (end.year - first.year) * 12 + end.month - first.month + 1))
