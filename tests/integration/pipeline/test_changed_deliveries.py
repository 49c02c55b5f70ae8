"""One thing done to a station's deliveries, and the figures it must change: those and no others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo_sample.codes import identity_number

HEADER = ["姓名", "身份证号", "乡镇", "户类型", "务工所在省", "务工企业", "开始时间"]
Figures = dict[tuple[str, str], tuple[int, str]]


def spell(serial: int, start: str = "2022-03-01", province: str = "天津市") -> list[str]:
    born = date(1990, 1, 1 + serial)
    return ["张三", identity_number(serial, born), "会师镇", "脱贫户", province, "晨屿电子", start]


def ledger(unit: str, reported: str, *rows: Sequence[str], title: str = "劳务输转台账") -> list[Sequence[str]]:
    return [[title], [f"填报单位：{unit}", "", f"填报日期：{reported}"], HEADER, *rows]


EAST = [spell(n) for n in range(1, 7)]
WEST = [spell(n, "2022-04-01", "甘肃省") for n in range(7, 10)]


def fill(office: Any) -> None:
    office.deliver("labour/甲站_6月.csv", ledger("甲站", "2022-06-30", *EAST))
    office.deliver("labour/乙站_6月.csv", ledger("乙站", "2022-06-30", *WEST))
    pipeline.build(office.settings)


@pytest.fixture
def stations(filled_once: Any, tmp_path: Path) -> Any:
    return filled_once(fill, tmp_path)


def figures(office: Any) -> Figures:
    """Return the figures of years that say something, but parts by place and spells, which move with LAB1 and LAB2."""
    pipeline.build(office.settings)
    rows = office.ask(
        "select indicator_id, period, value::int, qualifier from mart.indicator_value"
        " where period_kind = 'year' and breakdown = '' and value is not null"
        " and indicator_id !~ '^(LAB1[.](east|times)|LAB2[.]city)'"
    )
    return {row[:2]: row[2:] for row in rows}


def changes(before: Figures, after: Figures) -> dict[str, int]:
    """Return by how much the figures of 2022 changed; nothing else may, and nothing may stop being exact."""
    moved = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert {year for _, year in moved} <= {"2022"}
    assert {after[key][1] for key in moved} <= {"exact"}
    return {indicator_id: after[indicator_id, year][0] - before[indicator_id, year][0] for indicator_id, year in moved}


def again(*rows: Sequence[str], name: str = "甲站_7月", reported: str = "2022-07-31", title: str = "劳务输转台账") -> Any:
    return lambda office: office.deliver(f"labour/{name}.csv", ledger("甲站", reported, *rows, title=title))


def lifted(**moved: int) -> dict[str, int]:
    """Return changes of people who all are lifted out of poverty."""
    return moved | {f"{indicator_id}.lifted": by for indicator_id, by in moved.items()}


def gone_home(office: Any) -> None:
    """Somebody moves from one station's ledger to the other's."""
    again(*EAST[1:])(office)
    office.deliver("labour/乙站_7月.csv", ledger("乙站", "2022-07-31", *WEST, EAST[0]))


def renamed(office: Any) -> None:
    file = office.settings.inbox / office.county / "labour" / "甲站_6月.csv"
    file.rename(file.with_name("会宁甲站.csv"))
    office.take("labour")


CHANGES: dict[str, tuple[Callable[[Any], object], dict[str, int]]] = {
    "a person added": (again(*EAST, spell(11)), lifted(LAB1=1, LAB2=1)),
    "a person removed": (again(*EAST[1:]), lifted(LAB1=-1, LAB2=-1)),
    "a person corrected": (again(*EAST[1:], spell(1, province="甘肃省")), lifted(LAB2=-1, LAB3=1)),
    "rows in another order": (again(*EAST[::-1]), {}),
    "a person told twice": (again(*EAST, EAST[0]), {}),
    "a person moved to the other station": (gone_home, {}),
    "a file renamed": (renamed, {}),
    "a copy": (again(*EAST, name="甲站_6月_副本", reported="2022-06-30"), {}),
    "a nil return instead of the whole": (again(), {}),
    "half of a ledger": (again(*EAST[:3]), {}),
    "the other half, the same date": (again(spell(12), spell(13), reported="2022-06-30"), {}),
    "only the new ones, said so": (again(spell(12), title="7月新增劳务输转台账"), lifted(LAB1=1, LAB2=1)),
    "an older ledger, late": (again(*EAST[:2], spell(14), reported="2022-05-31"), {}),
    "last year's spells listed again": (again(*EAST, reported="2022-08-31"), {}),
    "next year's date": (again(*EAST, spell(15, "2031-03-01")), {}),
    "another county's ledger": (again(*EAST, spell(16), title="静宁县劳务输转台账"), {}),
    "a word nobody knows": (again(*EAST[1:], [*EAST[0][:3], "某某户", *EAST[0][4:]]), lifted(LAB1=-1, LAB2=-1)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_moves_what_it_must_and_nothing_else(stations: Any, name: str) -> None:
    act, moved = CHANGES[name]
    before = figures(stations)
    assert before["LAB1", "2022"] == (9, "exact")
    act(stations)
    assert changes(before, figures(stations)) == moved


def test_a_mistyped_year_and_its_correction_end_where_they_began(stations: Any) -> None:
    """2021 is told as a lower bound while the row stands there, and as before when it does not."""
    before = figures(stations)
    again(*EAST, spell(11, "2021-07-10"))(stations)
    between = figures(stations)
    assert between.pop(("LAB1", "2021")) == (1, "at_least")
    assert between["LAB1", "2022"] == before["LAB1", "2022"]
    again(*EAST, spell(11, "2022-07-10"), name="甲站_8月", reported="2022-08-31")(stations)
    assert changes(before, figures(stations)) == lifted(LAB1=1, LAB2=1)
