"""A copy that may leave the office: figures alone, townships of released years with small counts of people hidden."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from tests.data.signers import signed_by_all
from tests.data.small_cells_attack import LABOUR, attacked, solved
from xiezuo import pipeline
from xiezuo.publish.export import DATABASE, OUTWARD, export
from xiezuo.publish.release import closing
from xiezuo.values import identity

COUNTY = "620422"
HEADER = ["姓名", "身份证号", "乡镇", "户类型", "务工省份", "务工企业", "开始时间"]
PEOPLE = (("会师镇", "脱贫户", "天津市", 9), ("会师镇", "一般户", "甘肃省", 8), ("会师镇", "脱贫户", "江苏省", 1),
          ("郭城驿镇", "脱贫户", "天津市", 7), ("郭城驿镇", "一般户", "天津市", 5), ("河畔镇", "脱贫户", "甘肃省", 6),
          ("河畔镇", "一般户", "天津市", 4), ("甘沟驿镇", "一般户", "天津市", 2))  # fmt: skip


def person(number: int) -> str:
    body = f"9900001985{number % 9 + 1:02d}{number % 28 + 1:02d}{number:03d}"
    return body + identity.check_digit(body)


def ledger(day: str, groups: tuple[tuple[str, str, str, int], ...]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for town, kind, province, count in groups:
        rows += [["张三", person(len(rows) + n), town, kind, province, "晨屿电子", "2022-01-10"] for n in range(count)]
    return [["劳务输转台账"], ["填报单位：甲站"], [f"填报日期：{day}"], HEADER, *rows]


def close(office: Any, reason: str = "") -> None:
    """Build and close the year."""
    pipeline.build(office.settings)
    made = closing.draft(office.settings, COUNTY, "2022", reason)
    assert made is not None
    assert signed_by_all(office.settings, made).release is not None


def townships(folder: Path) -> dict[tuple[str, str], Decimal | None]:
    with duckdb.connect(folder / DATABASE, read_only=True) as copy:
        return {
            (name, town): value
            for name, town, value in copy.execute(
                "select indicator_id, breakdown, value from mart.indicator_value where breakdown <> '' and unit in ('人', '户')"
                " and period_kind = 'year' and county_code = ?", [COUNTY],
            ).fetchall()
        }  # fmt: skip


def test_what_leaves_the_office_tells_of_no_few_people(office: Any, tmp_path: Path) -> None:
    office = office.at("2023-01-10T08:00:00+08:00")
    office.deliver("labour/甲站_2022-01.csv", ledger("2022-01-31", PEOPLE))
    pipeline.build(office.settings)
    export(office.settings, tmp_path / "before", public=True)
    assert townships(tmp_path / "before") == {}, "of a year that is not released no township is told"

    close(office)
    for _ in range(2):
        export(office.settings, tmp_path / "first", public=True)
    assert office.ask("select max(edition_no) from publish.town_figure") == [(1,)], "asked for again, it is the same edition"
    shown = townships(tmp_path / "first")
    exact = {
        (name, town): int(value)
        for name, town, value in office.ask(
            "select indicator_id, breakdown, value from publish.figure where breakdown <> '' and period_kind = 'year' and unit = '人'"
        )
    }
    hidden = frozenset(cell for cell, value in shown.items() if value is None)
    assert {cell for cell, value in exact.items() if value < 3} <= hidden
    assert hidden < shown.keys(), "the others are told as they are"
    assert {cell: value for cell, value in shown.items() if value is not None} == {
        cell: value for cell, value in exact.items() if cell not in hidden
    }
    towns = tuple(town for (town,) in office.ask("select distinct breakdown from publish.town_figure order by 1"))
    own = {cell: value for cell, value in exact.items() if cell[0] in LABOUR}
    concealed = frozenset(cell for cell in hidden if cell[0] in LABOUR)
    assert not solved(LABOUR, towns, own, concealed)
    assert all(least < most for least, most in attacked(LABOUR, towns, own, concealed).values())

    sheet = openpyxl.load_workbook(tmp_path / "first" / "分乡镇_620422_2022.xlsx").active
    assert sheet is not None
    heads, *printed = [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert len(printed) == len(towns) + 1
    assert sum(cell == "＊" for row in printed for cell in row) == len(hidden)
    whole_county = dict(zip(heads, printed[-1], strict=True))
    assert (whole_county["乡镇"], whole_county["帮助农村劳动力转移就业\n（人）"]) == ("全县", 42)

    with duckdb.connect(tmp_path / "first" / DATABASE, read_only=True) as copy:
        held = {f"{schema}.{name}" for schema, name in copy.execute("select schema_name, table_name from duckdb_tables()").fetchall()}
        assert held == OUTWARD, "no row of a ledger"
        monthly = copy.execute(
            "select count(*) from mart.indicator_value where breakdown <> '' and unit in ('人', '户') and period_kind <> 'year'"
        ).fetchall()
        assert monthly == [(0,)]
        whole = copy.execute(
            "select indicator_id, period_kind, period, value from mart.indicator_value where breakdown = '' and county_code = ? order by all", [COUNTY]
        ).fetchall()
    assert whole == sorted(office.ask(
        "select indicator_id, period_kind, period, value from mart.indicator_value where breakdown = '' and (period_kind <> 'year'"
        " or (indicator_id, period) in (select indicator_id, period from publish.figure where period_kind = 'year'))"
    ), key=lambda row: row[:3]), "figures of the county are exact, however small; of a released year those of its release"  # fmt: skip


def test_a_year_that_is_restated_hides_what_was_hidden(office: Any, tmp_path: Path) -> None:
    office = office.at("2023-03-10T08:00:00+08:00")
    office.deliver("labour/甲站_2022-01.csv", ledger("2022-01-31", PEOPLE))
    close(office)
    export(office.settings, tmp_path / "first", public=True)
    office.deliver("labour/甲站_2022-02.csv", ledger("2022-02-05", (*PEOPLE[:-1], ("甘沟驿镇", "一般户", "天津市", 12), ("新塬镇", "一般户", "天津市", 7))))
    close(office, "补报")
    export(office.settings, tmp_path / "second", public=True)
    assert office.ask("select max(edition_no) from publish.town_figure") == [(2,)]
    first, second = townships(tmp_path / "first"), townships(tmp_path / "second")
    assert {value for cell, value in second.items() if first.get(cell) != value} == {Decimal(7)}, "the new township's, as it is"
    assert {cell for cell, value in first.items() if value is None} <= {cell for cell, value in second.items() if value is None}
