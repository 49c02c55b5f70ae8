"""The sample adds up to its expected figures when its files are read back with nothing of ours."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.data import counties
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo_sample import generate

COUNTY, YEAR = "620422", 2022
ANNUAL = {
    "LAB1": "2625",
    "LAB1.lifted": "2271",
    "LAB2": "232",
    "LAB2.lifted": "232",
    "LAB3": "822",
    "LAB3.lifted": "468",
    "LAB4": "1571",
    "LAB4.lifted": "1571",
    "LAB5.classes": "8",
    "LAB5.trainees": "362",
    "LAB5.lifted": "331",
    "LAB6.firms": "14",
    "LAB6.posts": "378",
    "LAB6.views": "2800",
    "CON1": "118000000.00",
    "CON2.firms": "44",
    "CON2.products": "531",
    "CON3": "35",
    "CON4.households": "2225",
    "CON4.people": "9849",
    "SOC1": "1259400.00",
    "SOC1.in_kind": "487900.00",
    "SOC1.cash": "771500.00",
    "FUN1": "56000000.00",
    "FUN2": "24",
    "IND1.fund": "16490000.00",
    "FUN1.industry": "27462000.00",
    "FUN1.village": "15410000.00",
    "FUN1.employment": "5890000.00",
    "FUN1.school": "2000000.00",
    "FUN1.education": "1684300.00",
    "FUN1.medical": "2000000.00",
    "FUN1.clinic": "338000.00",
    "FUN1.street": "900000.00",
    "FUN1.lighting": "215700.00",
    "FUN1.workshop": "100000.00",
    "ORG1": "8",
    "ORG1.government": "4",
    "ORG1.leading_group": "4",
}
_ID_HEADERS = {"证件号码", "身份证号", "身份证号码", "公民身份号码"}
_START_HEADERS = {"开始时间", "务工开始年月", "就业时间", "输转时间"}
_TYPE_HEADERS = {"户类型", "人员类别"}
_PLACE_HEADERS = {"务工所在省", "务工省份", "务工地点", "务工所在地", "务工地址"}
_TOWN_HEADERS = {"乡镇", "乡（镇）", "所属乡镇", "户籍乡镇"}
_AMOUNT_HEADERS = {f"{word}（{unit}）" for word in ("销售额", "销售金额", "采购金额") for unit in ("万元", "元")}
_ORDER_HEADERS = {"订单编号", "订单号", "交易编号"}

Table = list[list[object]]


def _settings(tmp_path: Path, **more: str) -> Settings:
    return Settings.from_env({"XIEZUO_HOME": str(tmp_path / "home"), **more})


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's year, seed 1, scale 1."""
    folder = tmp_path_factory.mktemp("sample")
    generate(_settings(folder), COUNTY, YEAR, 1, 1.0, folder / "out")
    return folder / "out"


def _expected(sample: Path) -> dict[tuple[str, str, str, str], str]:
    with (sample / "expected.csv").open(encoding="utf-8") as lines:
        return {
            (row["indicator_id"], row["period_kind"], row["period"], row["breakdown"]): row["value"]
            for row in csv.DictReader(lines)
        }


def _bad(sample: Path) -> list[dict[str, str]]:
    with (sample / "bad_rows.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _table(path: Path, name: str = "") -> Table:
    """Read a file's first sheet or the one of that name, merged cells filled from their first cell."""
    if path.suffix == ".csv":
        data = path.read_bytes()
        text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "gb18030")
        return [[cell or None for cell in row] for row in csv.reader(text.splitlines())]
    book = openpyxl.load_workbook(path)
    sheet = book[name] if name else book.worksheets[0]
    rows: Table = [list(row) for row in sheet.iter_rows(values_only=True)]
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row - 1, area.max_row):
            for column in range(area.min_col - 1, area.max_col):
                rows[row][column] = rows[area.min_row - 1][area.min_col - 1]
    return rows


def _column(header: list[object], names: set[str]) -> int:
    return next(index for index, cell in enumerate(header) if cell in names)


def _day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int):
        return date(1899, 12, 30) + timedelta(days=cell)
    parts = [int(part) for part in re.findall(r"\d+", unicodedata.normalize("NFKC", str(cell)))]
    return date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)


def _spells(sample: Path) -> Iterator[tuple[str, date, str, bool, str]]:
    """Yield (number, start, destination, lifted, town as typed) of what each station said last."""
    skip = {(row["file"], int(row["row_no"])) for row in _bad(sample)}
    for path in sorted((sample / f"inbox/{COUNTY}/labour").glob("*劳务输转台账*")):
        if "-09." in path.name:
            continue  # the December ledger of the station replaces it
        rows = _table(path)
        head = next(i for i, row in enumerate(rows) if _ID_HEADERS & set(row))
        number, start, kind, place, town = (
            _column(rows[head], names)
            for names in (_ID_HEADERS, _START_HEADERS, _TYPE_HEADERS, _PLACE_HEADERS, _TOWN_HEADERS)
        )
        monitor = _column(rows[head], {"监测对象类别"})
        for index in range(head + 1, len(rows)):
            row = rows[index]
            key = (str(path.relative_to(sample)), index + 1)
            if row[number] is None or row[number] in _ID_HEADERS or key in skip:
                continue
            where = str(row[place])
            destination = (
                "LAB2" if where.startswith("天津") else "LAB3" if where.startswith("甘肃") else "LAB4"
            )
            lifted = row[kind] == "脱贫户" or row[monitor] == "脱贫不稳定户"
            clean = unicodedata.normalize("NFKC", str(row[number])).strip().upper()
            yield clean, _day(row[start]), destination, lifted, str(row[town])


def test_the_annual_figures_are_the_published_ones(sample: Path) -> None:
    """Whatever the seed: the plan file fixes them."""
    expected = _expected(sample)
    assert {name: expected[name, "year", "2022", ""] for name in ANNUAL} == ANNUAL


@pytest.mark.parametrize("seed", [2, pytest.param(77, marks=pytest.mark.sweep)])
def test_another_seed_gives_other_months_and_the_same_year(sample: Path, tmp_path: Path, seed: int) -> None:
    """The seed moves people and orders about within the year."""
    generate(_settings(tmp_path), COUNTY, YEAR, seed, 1.0, tmp_path / "out")
    expected = _expected(tmp_path / "out")
    assert {name: expected[name, "year", "2022", ""] for name in ANNUAL} == ANNUAL
    assert expected["LAB1", "month", "2022-03", ""] != _expected(sample)["LAB1", "month", "2022-03", ""]


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_request_gives_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    """Also into a folder that already holds a sample."""
    for _ in range(2):
        generate(_settings(tmp_path), COUNTY, YEAR, 1, 1.0, tmp_path / "out")
    assert _digests(tmp_path / "out") == _digests(sample)


def test_labour_recounted_from_the_files(sample: Path) -> None:
    """Every period: each person once, at the latest start in it, and naive row counts would differ."""
    expected, spells = _expected(sample), list(_spells(sample))
    spans = {("year", "2022"): (1, 12)}
    for month in range(1, 13):
        spans["month", f"2022-{month:02d}"] = (month, month)
        spans["year_to_date", f"2022-{month:02d}"] = (1, month)
    rows_in_year = 0
    for (kind, period), (first, last) in spans.items():
        latest: dict[str, tuple[date, str, bool]] = {}
        for number, start, destination, lifted, _ in spells:
            if start.year == YEAR and first <= start.month <= last:
                rows_in_year += kind == "year"
                if number not in latest or latest[number][0] < start:
                    latest[number] = (start, destination, lifted)
        counts: Counter[str] = Counter()
        for _, destination, lifted in latest.values():
            counts.update(
                ["LAB1", destination, *(["LAB1.lifted", f"{destination}.lifted"] if lifted else [])]
            )
        for name in [*("LAB1", "LAB2", "LAB3", "LAB4"), *("LAB1.lifted", "LAB3.lifted", "LAB4.lifted")]:
            assert expected[name, kind, period, ""] == str(counts[name]), (name, kind, period)
    assert rows_in_year > 2800


def test_no_person_has_two_different_rows_at_their_latest_start(sample: Path) -> None:
    """Ties would make the expected figures depend on row hashes."""
    said: dict[tuple[str, date], set[tuple[str, bool]]] = defaultdict(set)
    for number, start, destination, lifted, _ in _spells(sample):
        said[number, start].add((destination, lifted))
    assert all(len(versions) == 1 for versions in said.values())
    assert len(said) > 2625


def test_labour_by_township_adds_up_to_the_county(sample: Path) -> None:
    """Nobody in the plan lacks a township, and no township stands with zero."""
    expected = _expected(sample)
    towns = {
        key[3]: int(value)
        for key, value in expected.items()
        if key[:3] == ("LAB1", "year", "2022") and key[3]
    }
    assert sum(towns.values()) == 2625
    assert all(len(code) == 9 and count > 0 for code, count in towns.items())


def test_sales_recounted_from_feeds_and_exports(sample: Path) -> None:
    """Net of refunds in the month of payment; an order seen in two feeds counts once, as the API has it."""
    last = _platform_orders(sample)
    months: Counter[str] = Counter()
    for item in last.values():
        if item["status"] in ("WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_FINISHED"):
            months[item["pay_time"][:7]] += _fen(item["payment"]) - _fen(item["refund_fee"])
    lines, seen_twice = _export_lines(sample), 0
    for (seller, number), rows in lines.items():
        if (seller, number) in last:
            seen_twice += 1
            continue
        for paid, net in rows:
            months[paid] += net
    repeated = 0
    for key, (paid, net) in _ledger_lines(sample).items():
        repeated += key in last or key in lines
        months[paid] += 0 if key in last or key in lines else net
    assert repeated == 12
    expected = _expected(sample)
    for month in range(1, 13):
        assert (
            expected["CON1", "month", f"2022-{month:02d}", ""]
            == f"{Decimal(months[f'2022-{month:02d}']) / 100:.2f}"
        )
    assert sum(months.values()) == 118_000_000_00
    assert seen_twice >= 3
    assert any(len(rows) > 1 for rows in lines.values())


def _platform_orders(sample: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return each order of the platforms as it was told last."""
    last: dict[tuple[str, str], dict[str, str]] = {}
    for path in sorted((sample / "platforms").glob("*.ndjson")):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = _as_top(json.loads(line))
            key = (item["shop_uscc"], item["order_no"])
            assert f"{YEAR}-01-01" <= item["modified"] < f"{YEAR}-12-31 23:00"
            if key not in last or last[key]["modified"] < item["modified"]:
                last[key] = item
    return last


def _as_top(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item of either profile in the words of ``top``."""
    if "order_no" in item:
        return item
    shanghai = timezone(timedelta(hours=8))
    times = {"pay_time": item["pay_time"], "modified": item["update_time"]}
    said = {name: f"{datetime.fromtimestamp(at, shanghai):%Y-%m-%d %H:%M:%S}" if at else None for name, at in times.items()}
    status = {1: "WAIT_BUYER_PAY", 4: "TRADE_CLOSED"}.get(item["order_status"], "TRADE_FINISHED")
    return item | said | {
        "order_no": item["order_id"], "status": status,
        "payment": str(Decimal(item["pay_amount"]) / 100), "refund_fee": str(Decimal(item["refund_amount"]) / 100),
    }  # fmt: skip


def _fen(amount: object) -> int:
    return round(Decimal(str(amount or 0).replace("￥", "").replace(",", "")) * 100)


def _export_lines(sample: Path) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Return the paid lines (month, net) of the exports; of two exports the later says what counts."""
    skip = {(row["file"], int(row["row_no"])) for row in _bad(sample)}
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for path in sorted((sample / f"inbox/{COUNTY}/sales").glob("832平台订单导出*")):
        of_file: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for index, row in enumerate(_table(path), start=1):
            if not str(row[0]).isdigit() or (str(path.relative_to(sample)), index) in skip:
                continue
            lines = of_file[str(row[2]), str(row[0])]
            if row[10] not in ("待付款", "已关闭", "已取消", "已退款"):
                lines.append((str(row[12])[:7], _fen(row[8]) - _fen(row[9])))
        found |= of_file
    return found


def _ledger_lines(sample: Path) -> dict[tuple[str, str], tuple[str, int]]:
    """Return (month, fen) of the office's own ledger; December's states some of June's again."""
    skip = {(row["file"], int(row["row_no"])) for row in _bad(sample)}
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for path in sorted((sample / f"inbox/{COUNTY}/sales").glob("消费帮扶销售台账*")):
        rows = _table(path)
        head = next(i for i, row in enumerate(rows) if row[0] == "序号")
        amount, number = (_column(rows[head], names) for names in (_AMOUNT_HEADERS, _ORDER_HEADERS))
        factor = 10_000 if "万元" in str(rows[head][amount]) else 1
        for index, row in enumerate(rows[head + 1 :], start=head + 2):
            if str(row[0]).isdigit() and (str(path.relative_to(sample)), index) not in skip:
                fen = Decimal(str(row[amount]).replace(",", "")) * 100 * factor
                found[str(row[3]), str(row[number] or row[number + 1])] = (f"{_day(row[1]):%Y-%m}", int(fen))
    return found


def test_the_export_total_row_adds_up(sample: Path) -> None:
    """A gate compares it with all readable rows, bad ones included."""
    rows = _table(next((sample / f"inbox/{COUNTY}/sales").glob("832平台订单导出*.xlsx")))
    *orders, total = [row for row in rows if row[0] == "合计" or str(row[0]).isdigit()]
    assert sum(_fen(row[8]) for row in orders if row[8] != "约三千") == _fen(total[8])


def test_fund_recounted_from_database_and_workbook(sample: Path) -> None:
    """The later statement of a project wins; projects of other years or unknown letters do not count."""
    with sqlite3.connect(sample / "fund.db") as database:
        letters = database.execute(
            "select doc_no, doc_date, year, amount_wan from fund_allocation"
        ).fetchall()
        held = database.execute(
            "select project_no, alloc_doc, allocated_wan, updated_at, secondary_category from fund_project"
        ).fetchall()
    assert sum(Decimal(str(wan)) for _, _, year, wan in letters if year == YEAR) == 5600
    assert any(day.startswith("2021-12") for _, day, year, _ in letters if year == YEAR)
    assert any(year == YEAR - 2 for _, _, year, _ in letters)
    assert not any(year == YEAR - 1 for _, _, year, _ in letters)  # last year's sample states all of those
    projects = {number: (doc, Decimal(str(wan)), park) for number, doc, wan, _, park in held}
    updated = {number: at for number, _, _, at, _ in held}
    rows = _table(next((sample / f"inbox/{COUNTY}/fund").glob("资金项目台账*")))
    stated = [row for row in rows if isinstance(row[0], int) and isinstance(row[10], int | float)]
    wins = 0
    for row in stated:
        number = str(row[1])
        if updated.get(number, "") < "2022-09-30":
            wins += number in updated
            projects[number] = (str(row[8]), Decimal(str(row[10])), row[4])
    ours = {doc for doc, _, year, _ in letters if year == YEAR}
    counted = [(wan, park) for doc, wan, park in projects.values() if doc in ours]
    assert 0 < wins < len(stated) - 2
    assert len(counted) == 24
    assert sum(wan for wan, _ in counted) == 5600
    assert sum(wan for wan, park in counted if park == "共建产业园") == 1649
    assert {doc for doc, _, _ in projects.values()} <= {letter[0] for letter in letters}


def test_the_december_meetings_are_the_ones_that_count(sample: Path) -> None:
    """The June ledger holds one that was called off; the bad row is no meeting."""
    rows = _table(sample / f"inbox/{COUNTY}/work/会议台账_2022-12.xlsx")
    assert [row[0] for row in rows if isinstance(row[0], int)] == list(range(1, 10))
    assert [row["row_no"] for row in _bad(sample) if row["dataset"] == "work_meeting"] == [str(len(rows))]


def test_every_kind_of_bad_row_is_there_and_stands_where_it_is_said_to(sample: Path) -> None:
    """So many kinds in each dataset; each names a row that holds something."""
    kinds: dict[str, set[str]] = defaultdict(set)
    tables: dict[tuple[str, str], Table] = {}
    for row in _bad(sample):
        kinds[row["dataset"]].add(row["reason_hint"])
        place = (row["file"], row["sheet"])
        if place not in tables:
            tables[place] = _table(sample / row["file"], row["sheet"])
        assert any(cell is not None for cell in tables[place][int(row["row_no"]) - 1])
        assert row["expected_fate"] in ("duplicate", "quarantined")
    assert {dataset: len(hints) for dataset, hints in kinds.items() if not dataset.startswith("work_")} == {
        "labour_placement": 12,
        "labour_training_class": 4,
        "labour_training_roster": 5,
        "labour_job_fair": 5,
        "sales_order": 6,
        "sales_supplier": 5,
        "sales_product": 4,
        "sales_household": 6,
        "fund_project": 1,
        "fund_payment": 5,
        "fund_donation": 7,
        "labour_workshop": 4,
        "labour_workshop_roster": 3,
        "labour_student": 3,
        "sales_outlet": 3,
        "labour_station": 2,
        "fund_asset": 4,
    }
    wanted = {"work_meeting": 1, "work_training": 4, "work_leader": 3, "work_park_firm": 3, "work_activity": 3}
    assert {dataset: len(kinds[dataset]) for dataset in wanted} == wanted


def test_identity_numbers_are_of_no_real_region(sample: Path) -> None:
    """Every 17 digits and a check character in any file begin with 99."""
    found = 0
    for path in (sample / f"inbox/{COUNTY}/labour").iterdir():
        sheets = openpyxl.load_workbook(path).sheetnames if path.suffix == ".xlsx" else [""]
        cells = (cell for sheet in sheets for row in _table(path, sheet) for cell in row)
        for text in (unicodedata.normalize("NFKC", str(cell)).strip() for cell in cells):
            if re.fullmatch(r"\d{17}[\dXx]", text):
                found += 1
                assert text.startswith(("990", "91990"))  # a person's, or a firm's credit code
    assert found > 2625 + 362


def test_ledgers_come_in_every_shape(sample: Path) -> None:
    """Workbooks, gb18030, UTF-8 with BOM; ledgers delivered twice; ledgers with increments."""
    files = list((sample / f"inbox/{COUNTY}/labour").glob("*劳务输转台账*"))
    starts = {path.read_bytes()[:3] for path in files}
    assert {b"PK\x03", b"\xef\xbb\xbf"} < starts
    assert len(starts) > 2
    assert any("-09." in path.name for path in files)
    assert any("新增" in path.name and "本月新增" in str(_table(path)[0][0]) for path in files)


def test_another_county_and_year_follow_the_configuration(tmp_path: Path) -> None:
    """Three invented townships, another paired province, a small scale."""
    place = counties.invented("530999", "样县", city="样市", paired=("嘉定区", "上海市"), towns={"甲镇": [], "乙镇": [], "丙乡": ["一村"]})
    settings = counties.settle(_settings(tmp_path), tmp_path, place)
    generate(settings, "530999", 2024, 5, 0.1, tmp_path / "out")
    expected = _expected(tmp_path / "out")
    people = int(expected["LAB1", "year", "2024", ""])
    assert people == sum(int(expected[f"LAB{n}", "year", "2024", ""]) for n in (2, 3, 4))
    assert people == int(expected["LAB1", "year_to_date", "2024-12", ""])
    assert {key[3] for key in expected if key[0] == "LAB1"} == {"", "530999100", "530999101", "530999102"}
    assert Decimal(expected["FUN1", "year", "2024", ""]) == sum(
        Decimal(value)
        for key, value in expected.items()
        if key[0].startswith("FUN1.") and key[1:] == ("year", "2024", "")
    )
    assert len(list((tmp_path / "out/inbox/530999/labour").iterdir())) >= 6


@pytest.mark.parametrize(("county", "scale"), [("110000", 1.0), (COUNTY, 0.0), (COUNTY, float("nan"))])
def test_an_impossible_request_is_refused(tmp_path: Path, county: str, scale: float) -> None:
    """An unconfigured county, or nothing to make; nothing is written."""
    with pytest.raises(ConfigError):
        generate(_settings(tmp_path), county, YEAR, 1, scale, tmp_path / "out")
    assert not (tmp_path / "out").exists()
