"""Ledgers of training, fairs, registers, households, payments and donations, read back with nothing of ours."""

from __future__ import annotations

import calendar
import csv
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xiezuo.base.settings import Settings
from xiezuo_sample import generate

COUNTY, YEAR = "620422", 2022
MONTHS = [f"{YEAR}-{month:02d}" for month in range(1, 13)]

Row = dict[str, Any]


def _generated(folder: Path, year: int = YEAR, seed: int = 1, scale: float = 1.0) -> Path:
    generate(Settings.from_env({"XIEZUO_HOME": str(folder / "home")}), COUNTY, year, seed, scale, folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's year, seed 1, scale 1."""
    return _generated(tmp_path_factory.mktemp("sample"))


def _answers(sample: Path, name: str) -> list[Row]:
    with (sample / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _expected(sample: Path, indicator: str, kind: str = "month", breakdown: str = "") -> dict[str, str]:
    """Return an indicator's values by period."""
    return {
        row["period"]: row["value"]
        for row in _answers(sample, "expected.csv")
        if (row["indicator_id"], row["period_kind"], row["breakdown"]) == (indicator, kind, breakdown)
    }


def _good(sample: Path, source: str, stem: str) -> Iterable[tuple[str, list[Row]]]:
    """Yield (title, rows by header) of every sheet of a delivery, without the rows that are bad on purpose."""
    path = next((sample / "inbox" / COUNTY / source).glob(f"{stem}.*"))
    file = str(path.relative_to(sample))
    bad = {(row["sheet"], int(row["row_no"])) for row in _answers(sample, "bad_rows.csv") if row["file"] == file}
    for name, grid in _sheets(path):
        head = next(index for index, row in enumerate(grid) if row[0] == "序号")
        rows = [
            dict(zip(grid[head], row, strict=True))
            for number, row in enumerate(grid[head + 1 :], start=head + 2)
            if str(row[0]).isdigit() and (name, number) not in bad
        ]
        yield str(grid[0][0]), rows


def _sheets(path: Path) -> Iterable[tuple[str, list[list[Any]]]]:
    if path.suffix == ".csv":
        data = path.read_bytes()
        text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "gb18030")
        yield "", [[cell or None for cell in row] for row in csv.reader(text.splitlines())]
        return
    for sheet in openpyxl.load_workbook(path).worksheets:
        grid = [list(row) for row in sheet.iter_rows(values_only=True)]
        for area in sheet.merged_cells.ranges:
            for row in range(area.min_row - 1, area.max_row):
                for column in range(area.min_col - 1, area.max_col):
                    grid[row][column] = grid[area.min_row - 1][area.min_col - 1]
        yield sheet.title, grid


def _rows(sample: Path, source: str, stem: str) -> list[Row]:
    return [row for _, rows in _good(sample, source, stem) for row in rows]


def _cell(row: Row, *headers: str) -> Any:
    return next(row[header] for header in headers if header in row)


def _digits(cell: Any) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", unicodedata.normalize("NFKC", str(cell)).replace(",", ""))]


def _day(cell: Any, *, end: bool = False) -> date:
    """Read a day; of a month its first one, or its last."""
    if isinstance(cell, datetime):
        return cell.date()
    year, month, *day = _digits(cell)
    return date(year, month, day[0] if day else calendar.monthrange(year, month)[1] if end else 1)


def _amount(cell: Any) -> Decimal:
    return Decimal(re.sub(r"[￥,]", "", str(cell))) if cell is not None else Decimal(0)


def _per_month(days: Iterable[tuple[date, Any]], measure: Callable[[list[Any]], Any]) -> dict[str, str]:
    """Group by month and measure each group."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for day, thing in days:
        groups[f"{day:%Y-%m}"].append(thing)
    return {month: str(measure(groups[month])) for month in MONTHS}


_NUMERALS = {word: number for number, word in enumerate("零一二三四五六七八九十")}
_CLASS_NO = re.compile(r"第([0-9一二三四五六七八九十]+)期|\d{4}-(\d+)")
_TYPE, _ID = ("户类型", "人员类别"), ("身份证号", "证件号码", "公民身份号码")


def _class_of(text: str) -> int:
    match = _CLASS_NO.search(text)
    assert match
    said = match[1] or match[2]
    return _NUMERALS.get(said) or int(said)


def test_training_recounted_from_classes_and_rosters(sample: Path) -> None:
    """Different people on the rosters of classes that start in a month; a class's number may stand in the title."""
    starts = {
        _class_of(str(_cell(row, "期次", "期数", "批次"))): _day(_cell(row, "开班日期", "开班时间"))
        for row in _rows(sample, "labour", f"劳务协作培训班台账_{YEAR}-12")
    }
    assert len(starts) == 8
    people = []
    in_title = 0
    for title, rows in _good(sample, "labour", f"培训花名册_{YEAR}-12"):
        in_title += "期次" not in rows[0]
        for row in rows:
            number = _class_of(str(row["期次"])) if "期次" in row else _class_of(title)
            people.append((starts[number], (str(_cell(row, *_ID)).strip(), _cell(row, *_TYPE) == "脱贫户")))
    assert 0 < in_title < 8
    assert len(people) > len({person for _, person in people}) == 362
    assert _expected(sample, "LAB5.trainees") == _per_month(people, lambda group: len(set(group)))
    lifted = [(day, person) for day, person in people if person[1]]
    assert _expected(sample, "LAB5.lifted") == _per_month(lifted, lambda group: len(set(group)))
    assert _expected(sample, "LAB5.classes") == _per_month([(day, 1) for day in starts.values()], len)


def test_a_person_of_two_classes_keeps_town_and_household_type(sample: Path) -> None:
    """Otherwise the expected breakdown would depend on which roster is asked."""
    said: dict[str, set[Any]] = defaultdict(set)
    rosters: dict[str, int] = defaultdict(int)
    for row in _rows(sample, "labour", f"培训花名册_{YEAR}-12"):
        said[str(_cell(row, *_ID)).strip()].add((_cell(row, *_TYPE), _cell(row, "村", "行政村")))
        rosters[str(_cell(row, *_ID)).strip()] += 1
    assert max(rosters.values()) > 1
    assert {len(versions) for versions in said.values()} == {1}


def test_the_cancelled_class_stood_in_june_only(sample: Path) -> None:
    """Before it had a roster: one of no class would leave the number of trainees open."""
    deliveries = {
        month: {_class_of(str(_cell(row, "期次", "期数", "批次"))) for row in _rows(sample, "labour", f"劳务协作培训班台账_{YEAR}-{month}")}
        for month in ("06", "12")
    }
    (cancelled,) = deliveries["06"] - deliveries["12"]
    sheets = {
        month: {name for name, _ in _sheets(sample / f"inbox/{COUNTY}/labour/培训花名册_{YEAR}-{month}.xlsx")}
        for month in ("06", "12")
    }
    assert f"第{cancelled}期" not in sheets["06"] | sheets["12"]
    assert sheets["06"] <= sheets["12"]


def test_fairs_recounted_from_their_ledger(sample: Path) -> None:
    """Firms by code, else name without spaces; all posts; of each fair the largest number of views, once."""
    rows = _rows(sample, "labour", f"招聘会岗位信息_{YEAR}-12")
    dated = [(_day(_cell(row, "举办时间", "日期")), row) for row in rows]

    def firm(row: Row) -> str:
        return row["统一社会信用代码"] or str(_cell(row, "企业名称", "用人单位")).replace(" ", "")

    def most_viewed(group: list[Row]) -> int:
        fairs: dict[str, int] = defaultdict(int)
        for row in group:
            said = _cell(row, "观看人数", "观看人次")
            fair = _cell(row, "招聘会名称", "活动名称")
            fairs[fair] = max(fairs[fair], _digits(said)[0] if said else 0)
        return sum(fairs.values())

    posts = ("招聘人数", "需求人数", "岗位数")
    assert _expected(sample, "LAB6.firms") == _per_month(dated, lambda group: len(set(map(firm, group))))
    assert _expected(sample, "LAB6.posts") == _per_month(
        dated, lambda group: sum(_digits(_cell(row, *posts))[0] for row in group)
    )
    assert _expected(sample, "LAB6.views") == _per_month(dated, most_viewed)
    attended = {(firm(row), _cell(row, "招聘会名称", "活动名称")) for row in rows}
    assert len(attended) > len({firm(row) for row in rows}) == 14
    assert any(row["统一社会信用代码"] is None for row in rows)


def _standing(sample: Path, spans: Iterable[tuple[Any, date, date | None]]) -> dict[str, str]:
    """Count different things that hold on the last day of each month."""
    known = list(spans)
    found = {}
    for month in range(1, 13):
        last = date(YEAR, month, calendar.monthrange(YEAR, month)[1])
        here = {thing for thing, first, until in known if first <= last and (until is None or last <= until)}
        found[f"{YEAR}-{month:02d}"] = str(len(here))
    return found


def test_registers_recounted_at_every_months_end(sample: Path) -> None:
    """A validity that ends in a month holds to its last day; months differ, and stocks do not add up."""
    suppliers = [
        (
            str(_cell(row, "统一社会信用代码", "信用代码")).strip(),
            _day(_cell(row, "入驻时间", "审核通过时间")),
            _day(left, end=True) if (left := _cell(row, "退出时间", "失效时间")) else None,
        )
        for row in _rows(sample, "sales", f"832平台供应商名录_{YEAR}-12")
    ]
    products = [
        (
            (_cell(row, "统一社会信用代码", "信用代码"), _cell(row, "产品名称", "认定产品")),
            _day(_cell(row, "认定时间", "认定日期")),
            _day(_cell(row, "有效期至", "失效日期"), end=True),
        )
        for row in _rows(sample, "sales", f"扶贫产品认定名录_{YEAR}-12")
    ]
    firms = [(uscc, first, until) for (uscc, _), first, until in products]
    for indicator, spans in (("CON3", suppliers), ("CON2.products", products), ("CON2.firms", firms)):
        assert _expected(sample, indicator) == _expected(sample, indicator, "year_to_date")
        assert _expected(sample, indicator) == _standing(sample, spans)
        assert len(set(_expected(sample, indicator).values())) > 1
    names = [name for (_, name), _, _ in products]
    assert len(names) > len(set(names))  # the same product of two firms is two


def test_a_supplier_is_withdrawn_after_june(sample: Path) -> None:
    """One that December's register no longer knows."""
    codes = {
        month: {_cell(row, "统一社会信用代码", "信用代码").strip() for row in _rows(sample, "sales", f"832平台供应商名录_{YEAR}-{month}")}
        for month in ("06", "12")
    }
    assert len(codes["06"] - codes["12"]) == 1


def test_households_recounted_from_their_ledger(sample: Path) -> None:
    """A household counts once a period, with the largest size stated in it; some are linked by two firms."""
    rows = _rows(sample, "sales", f"消费帮扶带动脱贫户台账_{YEAR}-12")
    links = [
        (
            _day(_cell(row, "带动时间", "签约时间")),
            (_cell(row, "户编号", "户号"), _digits(_cell(row, "家庭人口", "带动人口", "人口数"))[0]),
        )
        for row in rows
    ]

    def largest(group: list[tuple[str, int]]) -> int:
        sizes: dict[str, int] = {}
        for number, people in group:
            sizes[number] = max(sizes.get(number, 0), people)
        return sum(sizes.values())

    assert _expected(sample, "CON4.people") == _per_month(links, largest)
    assert _expected(sample, "CON4.households") == _per_month(links, lambda group: len({n for n, _ in group}))
    assert largest([link for _, link in links]) == 9849
    assert len(links) > len({number for _, (number, _) in links}) == 2225
    # By township: the first nine digits of an invented number are its township's code.
    by_town: dict[str, set[str]] = defaultdict(set)
    for _, (number, _) in links:
        by_town[number[:9]].add(number)
    stated = {
        row["breakdown"]: int(row["value"])
        for row in _answers(sample, "expected.csv")
        if (row["indicator_id"], row["period_kind"]) == ("CON4.households", "year") and row["breakdown"]
    }
    assert stated == {town: len(numbers) for town, numbers in by_town.items()}


def _latest_donations(sample: Path) -> dict[str, tuple[str, Decimal, Decimal]]:
    """Return (month, money, goods) in 元 of every receipt, by the later of the two statements."""
    with sqlite3.connect(sample / "fund.db") as database:
        held = database.execute(
            "select receipt_no, donated_on, cash_wan, goods_value_wan, updated_at from fund_donation"
        ).fetchall()
    latest = {
        receipt: (day[:7], _amount(cash) * 10_000, _amount(goods) * 10_000) for receipt, day, cash, goods, _ in held
    }
    updated = {receipt: at for receipt, _, _, _, at in held}
    wins = losses = 0
    for row in _rows(sample, "fund", f"社会帮扶资金台账_{YEAR}-10"):
        receipt = _cell(row, "票据号", "捐赠票据号")
        if updated.get(receipt, "") > f"{YEAR}-10-31 23":
            losses += 1
            continue
        wins += receipt in latest
        cash = _amount(_cell(row, "捐款（万元）", "捐款金额（万元）"))
        goods = _amount(_cell(row, "捐物折价（万元）", "物资折价（万元）"))
        day = _day(_cell(row, "捐赠时间", "捐赠日期", "到账时间"))
        latest[receipt] = (f"{day:%Y-%m}", cash * 10_000, goods * 10_000)
    assert wins
    assert losses
    return latest


def test_donations_recounted_from_database_and_workbook(sample: Path) -> None:
    """The later statement of a receipt counts; money and goods apart, and one receipt has both."""
    receipts = _latest_donations(sample).values()
    for indicator, parts in (("SOC1.cash", (1,)), ("SOC1.in_kind", (2,)), ("SOC1", (1, 2))):
        months = {month: Decimal(0) for month in MONTHS}
        for receipt in receipts:
            months[receipt[0]] += sum((receipt[part] for part in parts), Decimal(0))
        assert {month: f"{yuan:.2f}" for month, yuan in months.items()} == _expected(sample, indicator)
    assert sum((cash for _, cash, _ in receipts), Decimal(0)) == 771_500
    assert sum((goods for _, _, goods in receipts), Decimal(0)) == 487_900
    assert any(cash and goods for _, cash, goods in receipts)


def test_only_one_project_is_paid_more_than_arrived(sample: Path) -> None:
    """Which the reconciliation has to find."""
    with sqlite3.connect(sample / "fund.db") as database:
        arrived = dict(database.execute("select project_no, arrived_wan from fund_project").fetchall())
        paid = {
            number: (project, Decimal(str(yuan)))
            for number, project, yuan in database.execute("select pay_no, project_no, amount_yuan from fund_payment")
        }
    for row in _rows(sample, "fund", f"资金支付明细_{YEAR}-12"):
        paid[_cell(row, "支付凭证号", "凭证号", "支付编号")] = (
            row["项目编号"],
            _amount(_cell(row, "支付金额（元）", "拨付金额（元）")),
        )
    of_project: dict[str, Decimal] = defaultdict(Decimal)
    for project, yuan in paid.values():
        of_project[project] += yuan
    projects = {row[0] for row in arrived.items()}
    book = {row["项目编号"]: row for row in _project_book(sample)}
    over = {
        project
        for project, yuan in of_project.items()
        if yuan > 10_000 * max(_amount(arrived.get(project)), _amount(book.get(project, {}).get("到位资金")))
    }
    assert len(of_project) > 18
    assert over == {f"XM{COUNTY}-{YEAR}-002"} <= projects


def _project_book(sample: Path) -> list[Row]:
    """Return the project workbook's rows, whose header has two levels."""
    ((_, grid),) = _sheets(sample / f"inbox/{COUNTY}/fund/资金项目台账_{YEAR}-09.xlsx")
    head = next(index for index, row in enumerate(grid) if row[0] == "序号" and "到位资金" in row)
    return [dict(zip(grid[head], row, strict=True)) for row in grid[head + 1 :] if isinstance(row[9], int | float)]


def test_two_years_of_a_county_share_no_number_and_agree_on_the_past(sample: Path, tmp_path: Path) -> None:
    """So both may lie in one warehouse: the later registers still give the earlier year's stocks."""
    before = _generated(tmp_path, YEAR - 1)
    pairs = (
        ("sales", "消费帮扶带动脱贫户台账", ("户编号", "户号")),
        ("fund", "资金支付明细", ("支付凭证号", "凭证号", "支付编号")),
    )
    for source, stem, headers in pairs:
        ours = {_cell(row, *headers) for row in _rows(sample, source, f"{stem}_{YEAR}-12")}
        theirs = {_cell(row, *headers) for row in _rows(before, source, f"{stem}_{YEAR - 1}-12")}
        assert ours
        assert ours & theirs == set()
    for table, key in (("fund_project", "project_no"), ("fund_allocation", "doc_no"), ("fund_donation", "receipt_no")):
        with sqlite3.connect(sample / "fund.db") as ours, sqlite3.connect(before / "fund.db") as theirs:
            question = f"select {key} from {table}"
            assert not set(ours.execute(question)) & set(theirs.execute(question)), table
    last = date(YEAR - 1, 12, 31)
    valid = {
        (_cell(row, "统一社会信用代码", "信用代码"), _cell(row, "产品名称", "认定产品"))
        for row in _rows(sample, "sales", f"扶贫产品认定名录_{YEAR}-12")
        if _day(_cell(row, "认定时间", "认定日期")) <= last <= _day(_cell(row, "有效期至", "失效日期"), end=True)
    }
    assert str(len(valid)) == _expected(before, "CON2.products", "year")[str(YEAR - 1)]


@pytest.mark.parametrize("scale", [0.02, 0.3])
def test_people_households_and_orders_follow_the_scale(sample: Path, tmp_path: Path, scale: float) -> None:
    """Classes, fairs, registers and donations stay as many as a county has."""
    small = _generated(tmp_path, scale=scale)

    def value(folder: Path, indicator: str) -> Decimal:
        return Decimal(_expected(folder, indicator, "year")[str(YEAR)])

    for indicator in ("LAB1", "CON1", "CON4.households", "CON4.people"):
        share = value(small, indicator) / value(sample, indicator)
        assert abs(share - Decimal(str(scale))) < Decimal("0.01"), indicator
    assert value(small, "LAB5.trainees") == max(8, round(362 * scale))
    for indicator in ("LAB5.classes", "LAB6.firms", "LAB6.posts", "LAB6.views", "CON3", "CON2.products", "SOC1"):
        assert value(small, indicator) == value(sample, indicator) > 0, indicator
    files = {path.relative_to(sample) for path in sample.rglob("*")}
    assert {path.relative_to(small) for path in small.rglob("*")} <= files  # a station without news sends nothing


@pytest.mark.parametrize(("year", "scale"), [(2016, 1.0), (2019, 0.1), (2030, 0.01)])
def test_a_year_without_a_plan_is_drawn(sample: Path, tmp_path: Path, year: int, scale: float) -> None:
    """Every figure of the planned year is there, and parts are never more than their whole."""
    drawn = _generated(tmp_path, year, 4, scale)
    whole = {
        row["indicator_id"]: Decimal(row["value"])
        for row in _answers(drawn, "expected.csv")
        if (row["period_kind"], row["breakdown"]) == ("year", "")
    }
    ours = {name for row in _answers(sample, "expected.csv") if not (name := row["indicator_id"]).startswith("FUN1.")}
    assert ours <= whole.keys()
    assert min(whole[name] for name in ("LAB5.classes", "LAB6.firms", "CON2.firms", "CON3", "CON4.people", "SOC1")) > 0
    assert whole["LAB5.lifted"] <= whole["LAB5.trainees"]
    assert whole["SOC1"] == whole["SOC1.cash"] + whole["SOC1.in_kind"]
    assert whole["CON2.firms"] <= whole["CON2.products"]
    assert whole["CON4.households"] <= whole["CON4.people"]
