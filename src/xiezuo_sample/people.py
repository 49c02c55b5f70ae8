"""Invented people: names from common parts, numbers that pass their check digit, region 99."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from xiezuo_sample.codes import identity_number, telephone

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英兰红梅建国文斌玉珍海燕"
_FIRMS = ("晨屿", "禾川", "远栎", "朗岫", "青砚", "榆舟", "岚汀", "穗安", "渡云", "石苔", "溪橡", "牧野星")
_TRADES = {
    "电子": ("制造业", "装配工"),
    "建筑劳务": ("建筑业", "钢筋工"),
    "餐饮管理": ("住宿餐饮业", "服务员"),
    "纺织": ("制造业", "挡车工"),
    "物流": ("交通运输业", "分拣员"),
    "家政服务": ("居民服务业", "家政员"),
    "食品": ("制造业", "包装工"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    number: str
    born_on: date
    is_male: bool
    phone: str


@dataclass(frozen=True, slots=True)
class Job:
    """An invented employer with its trade and a job there."""

    employer: str
    industry: str
    job: str


class Population:
    """Hands out people one after another; no two share a number."""

    def __init__(self, rng: Random, year: int) -> None:
        self._rng = rng
        self._year = year
        self._serial = 100_000 + rng.randrange(100_000)

    def person(self, youngest: int = 19, oldest: int = 58) -> Person:
        """Return the next person, of working age in the sample year unless told otherwise."""
        self._serial += 1
        rng = self._rng
        born = date(self._year - rng.randint(youngest, oldest), 1, 1) + timedelta(days=rng.randrange(364))
        name = rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))
        return Person(
            name=name,
            number=identity_number(self._serial, born),
            born_on=born,
            is_male=self._serial % 2 == 1,
            phone=telephone(self._serial),
        )


def job(rng: Random, place: str) -> Job:
    """Return a job with an invented firm that bears the name of the place."""
    trade = rng.choice(list(_TRADES))
    industry, title = _TRADES[trade]
    short = place[:-1] if len(place) > 2 else place
    return Job(f"{short}{rng.choice(_FIRMS)}{trade}有限公司", industry, title)


def organisation(rng: Random, place: str, kind: str) -> str:
    """Return the name of an invented organisation, e.g. a buyer or seller."""
    return f"{place}{rng.choice(_FIRMS)}{kind}"
