"""The office's own ledgers of a sample year: their figures, their bytes, their deliberate bad rows."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from xiezuo.base.settings import Settings
from xiezuo_sample.outcome import BadRow, Value, periods
from xiezuo_sample.work.goals import TargetGoal
from xiezuo_sample.work.values import Standing, bounded, stock
from xiezuo_sample.work.year import work_year
from xiezuo_sample.world import World, load_world

COUNTY, YEAR = "620422", 2022
ANNUAL = {
    "ORG2": "2",
    "ORG2.east_to_west": "1",
    "ORG2.west_to_east": "1",
    "ORG3.street_town": "2",
    "ORG3.community_village": "2",
    "ORG3.school": "35",
    "ORG3.hospital": "2",
    "ORG3.social_organisation": "2",
    "ORG3.enterprise": "4",
    "CON5.online": "3",
    "CON5.higher": "2",
    "CON5.agreements": "5",
    "CON5.agreed": "5000000.00",
    "IND1": "1",
    "IND2": "5",
    "IND3": "26870000.00",
    "IND4": "95",
    "IND4.lifted": "27",
    "TAL1.east_to_west": "5",
    "TAL1.west_to_east": "6",
    "TAL2.east_to_west": "30",
    "TAL2.teachers": "24",
    "TAL2.teachers_long": "14",
    "TAL2.teachers_short": "10",
    "TAL2.doctors": "4",
    "TAL2.doctors_long": "3",
    "TAL2.doctors_short": "1",
    "TAL2.park": "1",
    "TAL2.party": "1",
    "TAL3.education": "28",
    "TAL3.health": "10",
    "TAL3.agriculture": "10",
    "VIL1": "4",
}
FLOWS = ("ORG2", "ORG2.east_to_west", "CON5.online", "CON5.higher", "CON5.agreements", "CON5.agreed", "IND2")
STOCKS = (*(name for name in ANNUAL if name.startswith("ORG3")), "VIL1", "IND1")
DATASETS = {
    *(
        "work_document",
        "work_visit",
        "work_pairing",
        "work_secondment",
        "work_enterprise",
        "work_matchmaking",
    ),
    *("work_agreement", "work_village", "work_park", "work_target", "work_narrative"),
}

Sample = tuple[Path, list[Value], list[BadRow]]


def _world(tmp_path: Path, county: str = COUNTY, year: int = YEAR, seed: int = 1, **more: str) -> World:
    settings = Settings.from_env({"XIEZUO_HOME": str(tmp_path / "home"), **more})
    return load_world(settings, county, year, seed, 1.0)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The county's year, seed 1."""
    folder = tmp_path_factory.mktemp("work")
    return folder / "out", *work_year(_world(folder), folder / "out")


def _whole(values: list[Value]) -> dict[tuple[str, str, str], Value]:
    found = {(v.indicator_id, v.period_kind, v.period): v for v in values if not v.breakdown}
    assert len(found) == len([v for v in values if not v.breakdown])
    return found


def _rows(path: Path, sheet: str = "") -> list[list[object]]:
    """Read a file, merged cells filled from their first cell."""
    if path.suffix == ".csv":
        return [list(row) for row in csv.reader(path.read_bytes().decode("gbk").splitlines())]
    book = openpyxl.load_workbook(path)
    found = book[sheet] if sheet else book.worksheets[0]
    rows: list[list[object]] = [list(row) for row in found.iter_rows(values_only=True)]
    for area in found.merged_cells.ranges:
        for row in range(area.min_row - 1, area.max_row):
            for column in range(area.min_col - 1, area.max_col):
                rows[row][column] = rows[area.min_row - 1][area.min_col - 1]
    return rows


def _day(cell: object, *, is_end: bool = False) -> date | None:
    if cell is None or isinstance(cell, datetime):
        return cell.date() if isinstance(cell, datetime) else None
    parts = [int(part) for part in re.findall(r"\d+", str(cell))]
    if len(parts) == 3:
        return date(*parts)
    first = date(parts[0], parts[1], 1)
    return (
        next(p.last for p in periods(first.year) if p.kind == "month" and p.first == first)
        if is_end
        else first
    )


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_the_annual_figures_are_the_published_ones(tmp_path: Path, seed: int) -> None:
    """Whatever the seed: the plan file fixes them. Only the agreements are a lower bound."""
    values, _ = work_year(_world(tmp_path, seed=seed), tmp_path / "out")
    annual = {v.indicator_id: v for v in values if v.period == "2022" and not v.breakdown}
    assert {name: annual[name].value for name in ANNUAL} == ANNUAL
    assert {name for name, value in annual.items() if value.qualifier != "exact"} == {"CON5.agreed"}


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_request_gives_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    """Also into a folder that already holds them; another seed gives others."""
    out, values, bad = sample
    for _ in range(2):
        assert work_year(_world(tmp_path), tmp_path / "out") == (values, bad)
    assert _digests(tmp_path / "out") == _digests(out)
    work_year(_world(tmp_path, seed=2), tmp_path / "other")
    assert _digests(tmp_path / "other") != _digests(out)


def test_flows_add_up_and_stocks_stand(sample: Sample) -> None:
    """The months of a flow add up to each year to date; a stock's month is its year to date."""
    values = _whole(sample[1])
    for month in range(1, 13):
        name = f"2022-{month:02d}"
        for flow in FLOWS:
            months = [Decimal(values[flow, "month", f"2022-{m:02d}"].value) for m in range(1, month + 1)]
            assert sum(months) == Decimal(values[flow, "year_to_date", name].value)
        for held in STOCKS:
            assert values[held, "month", name].value == values[held, "year_to_date", name].value
    for indicator_id in ANNUAL:
        last = values[indicator_id, "year_to_date", "2022-12"]
        assert (last.value, last.qualifier) == (
            values[indicator_id, "year", "2022"].value,
            values[indicator_id, "year", "2022"].qualifier,
        )


def test_months_differ_and_people_do_not_add_up(sample: Sample) -> None:
    """Pairs end and begin within the year; who is there for months counts in each and once in the year."""
    values = _whole(sample[1])
    by_month = {
        name: [int(values[name, "month", f"2022-{month:02d}"].value) for month in range(1, 13)]
        for name in ("ORG3.school", "ORG3.enterprise", "IND1", "VIL1", "TAL2.teachers")
    }
    assert all(len(set(months)) > 1 for months in by_month.values())
    assert any(before > after for before, after in zip(by_month["VIL1"], by_month["VIL1"][1:], strict=False))
    assert sum(by_month["TAL2.teachers"]) > 24 >= max(by_month["TAL2.teachers"])
    assert not any(kind == "month" for name, kind, _ in values if name in ("IND3", "IND4", "IND4.lifted"))
    invested = [Decimal(values["IND3", "year_to_date", f"2022-{month:02d}"].value) for month in range(1, 13)]
    assert invested == sorted(invested)
    assert len(set(invested)) == 5  # nothing before the first of four statements


def test_a_lower_bound_begins_in_the_month_of_its_agreement(sample: Sample) -> None:
    """Months before it, and other months, are exact."""
    values = _whole(sample[1])
    bounds = {key[1:] for key, value in values.items() if value.qualifier == "at_least"}
    months = [period for kind, period in bounds if kind == "month"]
    assert len(months) == 1
    assert {period for kind, period in bounds if kind == "year_to_date"} == {
        f"2022-{month:02d}" for month in range(int(months[0][-2:]), 13)
    }


def test_villages_by_township_add_up_to_the_county(sample: Sample) -> None:
    """Every village lies in a township, and no township stands with zero."""
    towns: dict[tuple[str, str], int] = defaultdict(int)
    for value in sample[1]:
        if value.indicator_id == "VIL1" and value.breakdown:
            assert len(value.breakdown) == 9
            assert int(value.value) > 0
            towns[value.period_kind, value.period] += int(value.value)
    assert towns
    whole = _whole(sample[1])
    assert all(str(count) == whole["VIL1", *key].value for key, count in towns.items())


def test_pairs_recounted_from_the_december_ledger(sample: Sample) -> None:
    """Read with nothing of ours: kind by kind, on every month's last day."""
    out, values, bad = sample
    path = next((out / f"inbox/{COUNTY}/work").glob("结对台账_2022-12.xlsx"))
    skip = {row.row_no for row in bad if row.file.endswith(path.name)}
    rows = _rows(path)
    kinds = {"街": "street_town", "社区": "community_village", "学校": "school", "医院": "hospital"}
    kinds |= {"社会": "social_organisation", "企业": "enterprise"}
    counts: dict[tuple[str, date], int] = defaultdict(int)
    ends = [period for period in periods(YEAR) if period.kind == "month"]
    for number, row in enumerate(rows, start=1):
        if number in skip or not isinstance(row[0], int):
            continue
        kind = next(slug for word, slug in kinds.items() if str(row[1]).startswith(word))
        first, last = _day(row[4]), _day(row[5], is_end=True)
        for end in ends:
            counts[kind, end.last] += (first or end.last) <= end.last <= (last or end.last)
    whole = _whole(values)
    for (kind, day), count in counts.items():
        assert whole[f"ORG3.{kind}", "month", f"{day:%Y-%m}"].value == str(count), (kind, day)
    assert len(counts) == 6 * 12


def test_totals_and_late_ledgers(sample: Sample) -> None:
    """Total rows include what bad rows state; the ledger handed in late is older than the others."""
    out = sample[0] / f"inbox/{COUNTY}/work"
    rows = _rows(out / "消费帮扶对接_2022-12.xlsx", "框架协议")
    stated = [str(row[4]) for row in rows if isinstance(row[0], int)]
    readable = [Decimal(re.sub("余|万元", "", text)) for text in stated if not text.startswith("约")]
    total = next(row for row in rows if row[0] == "合计")
    assert sum(readable) == Decimal(str(total[4]))
    assert any("余" in text for text in stated)
    dates = [str(_rows(path)[1]) for path in sorted(out.rglob("结对台账*"))]
    assert [re.search(r"2022年(\d+)月", text)[1] for text in dates] == ["6", "12", "3"]


def test_bad_rows_stand_where_they_are_said_to(sample: Sample) -> None:
    """At least two kinds in every dataset, and each names a row that holds something."""
    out, _, bad = sample
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in bad:
        kinds[row.dataset].add(row.reason_hint)
        cells = _rows(out / row.file, row.sheet)[row.row_no - 1]
        assert sum(cell not in (None, "") for cell in cells) >= 2
        assert row.expected_fate == (
            "duplicate" if row.reason_hint == "the row stands twice" else "quarantined"
        )
    assert set(kinds) == DATASETS
    assert all(len(hints) >= 3 for hints in kinds.values())


def test_the_targets_are_those_of_the_final_ledger(sample: Sample) -> None:
    """Money in 元; the draft of April asked for something else."""
    with (sample[0] / "targets.csv").open(encoding="utf-8") as lines:
        targets = {row["indicator_id"]: row["value"] for row in csv.DictReader(lines)}
    assert len(targets) >= 15
    assert targets["LAB1"] == "2500"
    assert targets["CON1"] == "110000000.00"
    rows = _rows(next((sample[0] / f"inbox/{COUNTY}/work").glob("*初稿*")))
    assert any(2400 in row for row in rows)
    assert TargetGoal("SOC1", Decimal("0.5"), "万元").in_base_unit == "5000.00"


@pytest.mark.parametrize(("year", "seed"), [(2021, 1), (2024, 5), (2030, 9)])
def test_another_county_and_year(tmp_path: Path, year: int, seed: int) -> None:
    """Totals come from the seed; names in cells are the county's own; nothing of another county shows."""
    (tmp_path / "divisions").mkdir()
    lines = ["code,level,name,parent_code,aliases", "650101,county,甲县,650100,"]
    for town in range(1, 6):
        lines.append(f"65010110{town},township,第{town}镇,650101,")
        lines += [f"65010110{town}20{n},village,第{n}村,65010110{town}," for n in range(1, 4)]
    (tmp_path / "divisions/650101.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "counties.yaml").write_text(
        '"650101": {name: 甲县, city: 乙市, province: 新疆维吾尔自治区, paired: {county: 丙区, province: 浙江省}}',
        encoding="utf-8",
    )
    world = _world(
        tmp_path,
        "650101",
        year,
        seed,
        XIEZUO_COUNTIES=str(tmp_path / "counties.yaml"),
        XIEZUO_DIVISIONS=str(tmp_path / "divisions"),
    )
    values, bad = work_year(world, tmp_path / "out")
    annual = {v.indicator_id: Decimal(v.value) for v in values if v.period == str(year) and not v.breakdown}
    assert set(annual) >= set(ANNUAL)
    assert all(count > 0 for count in annual.values())
    assert annual["IND4.lifted"] < annual["IND4"]
    assert {row.dataset for row in bad} == DATASETS
    for path in (tmp_path / "out/inbox/650101/work").rglob("*.xlsx"):
        text = " ".join(str(cell) for row in _rows(path) for cell in row)
        assert "会宁" not in text
        assert "和平" not in text
        assert "{" not in text


def test_a_county_without_villages_has_no_village_ledger(tmp_path: Path) -> None:
    """And no expected figure of them."""
    (tmp_path / "divisions").mkdir()
    (tmp_path / "divisions/620422.csv").write_text(
        "code,level,name,parent_code,aliases\n620422,county,会宁县,,\n620422101,township,某镇,620422,\n",
        encoding="utf-8",
    )
    values, bad = work_year(_world(tmp_path, XIEZUO_DIVISIONS=str(tmp_path / "divisions")), tmp_path / "out")
    assert "VIL1" not in {value.indicator_id for value in values}
    assert "work_village" not in {row.dataset for row in bad}


def test_what_stands_on_a_day() -> None:
    """First and last day are both included; an open end stays."""
    thing = Standing(date(2022, 3, 31), date(2022, 5, 31), "650101101")
    found = {
        (v.period, v.breakdown): v.value for v in stock("X", "个", 2022, [thing]) if v.period_kind == "month"
    }
    assert [found[f"2022-{month:02d}", ""] for month in range(1, 7)] == ["0", "0", "1", "1", "1", "0"]
    assert sorted(period for period, town in found if town) == ["2022-03", "2022-04", "2022-05"]
    assert Standing(None, None).on(date(1999, 1, 1))


def test_a_sum_with_a_lower_bound_is_one() -> None:
    """Whatever else is in it; amounts of other years do not count."""
    amounts = [
        (date(2022, 2, 1), Decimal(10), False),
        (date(2022, 4, 30), Decimal(5), True),
        (date(2021, 1, 1), Decimal(7), True),
    ]
    found = {(v.period_kind, v.period): (v.value, v.qualifier) for v in bounded("X", 2022, amounts)}
    assert found["month", "2022-01"] == ("0.00", "exact")
    assert found["month", "2022-04"] == ("5.00", "at_least")
    assert found["year_to_date", "2022-03"] == ("10.00", "exact")
    assert found["year", "2022"] == ("15.00", "at_least")
