"""What counties type, taken down the whole road: a file is read, matched, cut into rows and conformed.

One workbook holds every single-cell case as a row, so that a reader, a header or a merge that changes a
value on its way shows here as well. Cases about layout have files of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import xlsxwriter
from cryptography.fernet import Fernet

from xiezuo import values
from xiezuo.base.clock import SHANGHAI
from xiezuo.base.settings import Settings
from xiezuo.conform.conform import Conformed, conform
from xiezuo.conform.ledgers.header_match import match_sheet
from xiezuo.conform.ledgers.tables import table_of_sheet
from xiezuo.conform.readers import read_file
from xiezuo.conform.rows.fields import Surroundings
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions
from xiezuo.values.privacy import Privacy
from xiezuo_sample.codes import credit_code_check, identity_number

SETTINGS = Settings.from_env({})
COUNTY = load_counties(SETTINGS.counties_path)["620422"]
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
PRIVACY = Privacy(b"k" * 32, Fernet.generate_key().decode())
AROUND = Surroundings(COUNTY, DIVISIONS, PRIVACY, date(2022, 12, 31))
DATA = Path(__file__).parents[2] / "data"
BORN_1990 = identity_number(101, date(1990, 1, 8))
BORN_1970 = identity_number(102, date(1970, 1, 1))
WITH_X = next(n for s in range(200) if (n := identity_number(s, date(1984, 1, 1))).endswith("X"))
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CODE = "91620422MA7" + "1WXYT"
USCC = f"{CODE}0{credit_code_check(f'{CODE}0')}"

ONE_OF_EACH = Contract.model_validate(
    {
        "dataset": "work_each", "source": "work", "zh": "杂项台账", "en": "One of each", "grain": "a case",
        "key": ["case_no"], "delivery": "snapshot",
        "fields": {
            "case_no": {"type": "code", "required": True, "zh": ["用例"]},
            "paid_yuan": {"type": "money", "approximate": True, "zh": ["金额"]},
            "exact_yuan": {"type": "money", "zh": ["准确金额"]},
            "wage_yuan": {"type": "money", "zh": ["月工资"]},
            "done_on": {"type": "day", "zh": ["完成日期"]},
            "done_at": {"type": "moment", "zh": ["完成时刻"]},
            "in_month": {"type": "month", "zh": ["所在月份"]},
            "started_on": {"type": "day_or_month", "zh": ["起始"]},
            "ended_on": {"type": "day_or_month_end", "zh": ["截止"]},
            "share": {"type": "percent", "zh": ["占比"]},
            "is_done": {"type": "boolean", "zh": ["是否完成"]},
            "people": {"type": "integer", "counters": ["人"], "zh": ["人数"]},
            "visits": {"type": "integer", "counters": ["人次"], "zh": ["人次数"]},
            "kind": {
                "type": "enum", "zh": ["户类"],
                "values": {"lifted": ["脱贫户", "是"], "monitored": ["监测户"], "from_east": ["{paired_county}派出"]},
            },
            "town": {"type": "town", "zh": ["乡镇"]},
            "village": {"type": "village", "zh": ["村"]},
            "seller_uscc": {"type": "uscc", "zh": ["信用代码"]},
            "phone": {"type": "phone", "pii": "direct", "zh": ["电话"]},
            "person_name": {"type": "person_name", "pii": "direct", "zh": ["姓名"]},
            "id_no": {"type": "identity_number", "pii": "direct", "zh": ["身份证号"]},
            "note": {"type": "text", "zh": ["摘记"]},
        },
        "feeds": {"workbook": {"kind": "file"}},
    }
)  # fmt: skip
HEADERS = {name: spec.zh[0] for name, spec in ONE_OF_EACH.fields.items()}


@dataclass(frozen=True)
class Case:
    """One cell: the field it stands in, what is typed, and the value or the code of the refusal.

    A value is compared with the conformed row; ``also`` are further cells of the row as typed.
    """

    name: str
    field: str
    typed: Any
    value: Any = None
    code: str | None = None
    also: tuple[tuple[str, Any], ...] = ()


def reads(name: str, field: str, value: Any, *typed: Any, **also: Any) -> list[Case]:
    return [Case(f"{name}:{cell!r}", field, cell, value, None, tuple(also.items())) for cell in typed]


def refuses(name: str, field: str, code: str, *typed: Any, **also: Any) -> list[Case]:
    return [Case(f"{name}:{cell!r}", field, cell, None, code, tuple(also.items())) for cell in typed]


def yuan(text: str) -> Decimal:
    return Decimal(text)


SECOND = date(2022, 9, 2)
DATES = [
    *reads("date_dot", "done_on", SECOND, "2022.9.2", "2022.09.02", "2022．9．2"),
    *reads("date_serial", "done_on", SECOND, 44806, "44806"),
    *reads("date_serial_float", "done_at", datetime(2022, 9, 2, 12, tzinfo=SHANGHAI), 44806.5),
    *reads("date_fullwidth", "done_on", SECOND, "２０２２／９／２", "２０２２年９月２日"),
    *reads("date_2digit", "done_on", SECOND, "22.9.2", "22/9/2", "'22-9-2"),
    *refuses("date_float_trap", "done_on", "DATE_AMBIGUOUS", 2022.1),
    *refuses("date_float_trap", "in_month", "DATE_AMBIGUOUS", 2022.1),
    *reads("date_open_end", "ended_on", None, "至今", "目前", "在岗", "（至今）"),
    *reads("date_words", "done_on", date(2022, 3, 8), "2022年3月8号", "二〇二二年三月八日", "2022年三月八号"),
    *reads("date_words", "done_on", date(2022, 3, 8), "自2022年3月8日起", "2022.3.8（入职）", "2022.3.8."),
    *reads("date_marks", "done_on", date(2022, 3, 8), "20220308", 20220308, "2022，3，8", "2022\\3\\8", "2022 3 8"),
    *reads("date_time", "done_on", date(2022, 3, 8), "2022/03/08 00:00:00", "2022-03-08T09:30", "2022/3/8 0:00"),
    *reads("date_cell", "done_on", date(2022, 3, 8), date(2022, 3, 8), datetime(2022, 3, 8, 9)),
    *reads("month", "started_on", date(2022, 3, 1), "2022-3", "2022年3月", "二〇二二年三月", "2022.03", "202203"),
    *reads("month_part", "started_on", date(2022, 3, 1), "2022年3月份", "2022年3月上旬", "2022年3月底"),
    *reads("month_end", "ended_on", date(2022, 2, 28), "2022-2", "2022年2月", "2022.02", "2022年2月底"),
    *refuses("no_year", "started_on", "DATE_INCOMPLETE", "三月八日", "3月8日", "3月"),
    *refuses("no_year", "started_on", "DATE_AMBIGUOUS", "3.8", 3.8),
    *refuses("part_of_year", "started_on", "DATE_INCOMPLETE", "2022年上半年", "2022年第一季度", "2022年底", "2022年"),
    *refuses("span", "started_on", "DATE_SPAN", "2022.3-2022.8", "2022年3月—8月", "2022.3.8至2022.5.8"),
    *refuses("span", "started_on", "DATE_SPAN", "2022年3月至今", "2022-03-08 - 2022-05-08"),
    *refuses("date_doubt", "done_on", "DATE_APPROXIMATE", "约2022年3月8日", "预计2022年8月", "2022年3月8日（农历）"),
    *refuses("date_impossible", "done_on", "DATE_IMPOSSIBLE", "2022年2月30日", "2022-13-01"),
    *refuses("date_american", "done_on", "DATE_AMBIGUOUS", "3/8/2022"),
]
MONEY = [
    *reads("money_bare_wan", "paid_yuan", yuan("400000.00"), "40万", "40万元", "４０万", "肆拾万元", "40W", "400千元"),
    *reads("money_yi", "paid_yuan", yuan("118000000.00"), "1.18亿元", "1亿1800万元", "11,800万"),
    *reads("money_currency", "paid_yuan", yuan("5600000.00"), "￥5,600,000.00", "¥560万", "人民币5600000元整"),
    *reads("money_thousands", "paid_yuan", yuan("16490000.00"), "1,649.00万", "1，649万元", "1649 万元"),
    *reads("money_numerals", "paid_yuan", yuan("1000000.00"), "壹佰万元整", "一百万", "人民币壹佰万元整（￥1,000,000.00）"),
    *reads("money_note", "paid_yuan", yuan("600000.00"), "60万元（东西部协作资金）", "60万元。"),
    *reads("money_dash", "paid_yuan", None, "—", "-", "/", "无", ""),
    *reads("money_zero", "paid_yuan", yuan("0.00"), 0, "0", "0元"),
    *reads("money_float", "paid_yuan", yuan("97.25"), "97.25000000000001", 97.25000000000001),
    *reads("money_half_up", "paid_yuan", yuan("2.68"), 2.675, "2.675"),
    *reads("money_rate", "wage_yuan", yuan("4000.00"), "4000元/月", "4000/月", "每月4000元", "4千", "4k", "0.4万"),
    *refuses("money_rate", "wage_yuan", "MONEY_FORMAT", "200元/天", "48000元/年"),
    *refuses("money_rate", "paid_yuan", "MONEY_FORMAT", "4000元/月"),
    *refuses("money_about", "paid_yuan", "MONEY_APPROXIMATE", "约40万", "近500万", "40万左右", "500万元以内", "40-50万"),
    *refuses("money_bound", "exact_yuan", "MONEY_APPROXIMATE", "500余万元", "超过500万元", "500万以上"),
    *refuses("money_figures", "paid_yuan", "MONEY_CONTRADICTS", "壹佰万元整（￥1,100,000.00）"),
    *refuses("money_foreign", "paid_yuan", "MONEY_CURRENCY", "5万美元", "$500"),
    *refuses("money_words", "paid_yuan", "MONEY_FORMAT", "若干", "免费", "3万5"),
]
BOUNDS = ("500余万元", "500多万", "超过500万元", "500万元以上", "逾500万元", "五百余万元", "不少于500万元")
NUMBERS = [
    *reads("count", "people", 3, "3人", 3, "3.0", "３", "3 人", "三人", "三", 3.0),
    *reads("count", "people", 1234, "1,234", "1，234人"),
    *reads("visits", "visits", 3, "3 人次", "3人次"),
    *refuses("count_other_unit", "people", "NUMBER_FORMAT", "3人次", "3户", "约3人", "30余人", "3O"),
    *refuses("count_fraction", "people", "NOT_INTEGER", "3.5人", 3.5),
    *reads("pct_text", "share", Decimal("0.6275"), "62.75%", "６２．７５％", "62.75 %", "百分之62.75", 0.6275),
    *reads("pct_words", "share", Decimal("0.6"), "百分之六十", "60%"),
    *refuses("pct_bare", "share", "PERCENT_AMBIGUOUS", "62.75", 62.75),
    *reads("bool_tick", "is_done", True, "√", "是", "Y", "1", 1, "✓", "✔", "有", "已", "对", "已完成", "是（已核）", True),
    *reads("bool_cross", "is_done", False, "×", "否", "N", "0", 0, "✗", "无", "未", "错", "未完成", False),
    *reads("bool_blank", "is_done", None, "", "—", "不详", "未知"),
    *refuses("bool_circle", "is_done", "BOOLEAN_FORMAT", "○", "〇", "X", "待定", "未核实", "是（未核）"),
]
PEOPLE = [
    *refuses("id_excel_int", "id_no", "ID_PRECISION_LOST", 990422199001011000, 9.90422199001011e17, "990422199001011000"),
    *refuses("id_csv_sci", "id_no", "ID_PRECISION_LOST", "9.90422E+17"),
    *reads("id_fullwidth", "person_key", PRIVACY.person_key(BORN_1990), f"{BORN_1990.translate(WIDE)}\u3000"),
    *reads("id_spaces", "person_key", PRIVACY.person_key(BORN_1990), f"'{BORN_1990}", f"{BORN_1990[:6]} {BORN_1990[6:]}"),
    *reads("id_x", "person_key", PRIVACY.person_key(WITH_X), WITH_X.lower(), WITH_X),
    *refuses("id_masked", "id_no", "ID_MASKED", "9904**********1235"),
    *refuses("id_masked6", "id_no", "ID_MASKED", "990422********1235"),
    *reads("id_pre1985", "birth_date_year", 1970, BORN_1970),
    *refuses("id_short", "id_no", "ID_LENGTH", "990422900101123"),
    *reads("name_inner_space", "person_name", "张三", "张 三", "张　三", " 张三 "),
    *reads("name_mixed", "person_name", "马某某", "马　某某(户主)", "马某某（户主）"),
    *reads("name_parts", "person_name", "买买提·吐尔逊", "买买提·吐尔逊", "买买提•吐尔逊", "买买提．吐尔逊"),
    *reads("name_rare", "person_name", "屲㐂𠮷", "屲㐂𠮷"),
    *refuses("name_two", "person_name", "NAME_FORMAT", "张三、李四", "张*"),
    *reads("phone", "phone", "19100000101", "+86 191 0000 0101", "0086-19100000101", "191-0000-0101", 19100000101),
    *reads("phone_landline", "phone", "0943-3220000", "0943-3220000", "(0943)3220000", "+86 943 3220000"),
    *refuses("phone_masked", "phone", "PHONE_MASKED", "191****0101"),
    *reads("uscc", "seller_uscc", USCC, USCC, USCC.lower(), f"{USCC[:8]} {USCC[8:]}", USCC.translate(WIDE)),
    *refuses("uscc_wrong", "seller_uscc", "USCC_CHECKSUM", f"{CODE}1{USCC[-1]}"),
]
PLACES = [
    *reads("town_suffix_old", "town", "620422116", "丁家沟乡", "丁家沟", "丁家沟镇人民政府"),
    *reads("town_newname", "town", "620422123", "新庄塬镇"),
    *reads("town_variant", "town", "620422120", "土门现镇"),
    *reads("town_behind", "town", "620422116", "会宁县丁家沟镇", "甘肃省白银市会宁县丁家沟镇", "甘肃省会宁县丁家沟镇"),
    *refuses("town_elsewhere", "town", "TOWN_UNKNOWN", "王家庄镇", "会宁县"),
    *reads("village_short2", "village", "620422116209", "线川村", "线川", "线家川村委会", "线家川村民委员会", town="丁家沟镇"),
    *reads("village_path", "village", "620422116209", "丁家沟镇/线川村", "会宁县丁家沟镇线川村三社", town="丁家沟镇"),
    *reads("village_alias", "village", "620422100201", "红军村", town="会师镇"),
    *reads("village_char", "village", "620422202205", "河屲村", town="新添堡回族乡"),
    *refuses("village_elsewhere", "village", "VILLAGE_UNKNOWN", "线川村", town="会师镇"),
]
WORDS = [
    *reads("enum", "kind", "lifted", "脱贫户", "脱 贫 户", "1.脱贫户", "①脱贫户", "（1）脱贫户", "A、脱贫户", "√脱贫户"),
    *reads("enum_note", "kind", "lifted", "脱贫户（已脱贫）", "脱贫户(是)", "【1】脱贫户"),
    *reads("enum_county", "kind", "from_east", "和平区派出", "和平派出"),
    *refuses("enum_contradicted", "kind", "ENUM_UNKNOWN", "脱贫户（监测户）", "脱贫户（非建档立卡）", "贫困户"),
    *reads("bookmark_residue", "note", "2.工作对接情况", "[bookmark: _GoBack]2.工作对接情况"),
    *reads("rare_char", "note", "屲窎弆", "屲窎弆"),
]
CASES = [*DATES, *MONEY, *NUMBERS, *PEOPLE, *PLACES, *WORDS]


def save(path: Path, rows: list[list[Any]], *, merged: tuple[str, ...] = (), formulas: tuple[str, ...] = ()) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet("台账")
        as_date = book.add_format({"num_format": "yyyy-mm-dd"})
        for reference in merged:
            sheet.merge_range(reference, "")
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, datetime | date):
                    sheet.write_datetime(r, c, cell, as_date)  # type: ignore[arg-type]  # a date will do
                elif isinstance(cell, str):
                    sheet.write_string(r, c, cell)
                elif cell is not None:
                    sheet.write(r, c, cell)
        for reference in formulas:
            sheet.write_formula(reference, "=SUM(A1:A2)", value="")
    return path


def take(path: Path, contracts: list[Contract], name: str | None = None) -> Conformed:
    [sheet] = read_file(path, name=name)
    match = match_sheet(sheet, contracts, COUNTY, name or path.name)
    assert match is not None
    return conform(table_of_sheet(sheet, match, PurePosixPath("620422/x") / (name or path.name), DIVISIONS), AROUND)


@pytest.fixture(scope="module")
def conformed(tmp_path_factory: pytest.TempPathFactory) -> Conformed:
    header = list(HEADERS.values())
    rows = [header]
    for number, case in enumerate(CASES):
        field = {"person_key": "id_no", "birth_date_year": "id_no"}.get(case.field, case.field)
        cells = {"case_no": f"C{number}", **dict(case.also), field: case.typed}
        # A person is known by number only: each name and telephone belongs to a number of its own.
        if field in ("person_name", "phone"):
            cells["id_no"] = identity_number(500_000 + number, date(1980, 5, 5))
        rows.append([cells.get(name) for name in HEADERS])
    return take(save(tmp_path_factory.mktemp("messy") / "a.xlsx", rows), [ONE_OF_EACH])


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_a_cell_is_read_or_refused(conformed: Conformed, number: int) -> None:
    case = CASES[number]
    row_no = number + 2
    codes = {finding.rule_id for finding in conformed.findings if finding.row_no == row_no}
    assert codes == ({case.code} if case.code else set())
    if case.code is None:
        [row] = [row for row in conformed.rows if row["row_no"] == row_no]
        if case.field in ("person_name", "phone"):
            row = conformed.persons[row["person_key"]]
        assert row[case.field] == case.value
        assert type(row[case.field]) is type(case.value) or isinstance(case.value, str)


@pytest.mark.parametrize("typed", BOUNDS)
def test_more_than_is_a_lower_bound_whose_text_is_kept(tmp_path: Path, typed: str) -> None:
    """money_approx: the sum is stated as at least; the word itself stays in the value and in the raw row."""
    found = take(save(tmp_path / "a.xlsx", [list(HEADERS.values())[:3], ["C1", typed, None]]), [ONE_OF_EACH])
    [row] = found.rows
    assert (row["paid_yuan"], row["paid_yuan_at_least"]) == (yuan("5000000.00"), True)
    assert found.typed[2]["paid_yuan"] == typed
    money = values.money(typed)
    assert money is not None
    assert money.typed == typed


# --- Layout: the same road, files of their own -------------------------------------------------------------

LABOUR = load_contracts(SETTINGS.root)["labour_placement"]
PROJECT = load_contracts(SETTINGS.root)["fund_project"]
PLACEMENT = ["姓名", "身份证号", "乡镇", "村", "务工省份", "务工企业", "开始时间", "月工资（元）"]


def person(serial: int = 101, **typed: Any) -> list[Any]:
    number = identity_number(serial, date(1990, 1, 8))
    usual = dict(zip(PLACEMENT, ["张三", number, "会师镇", "南关村", "天津市", "晨屿电子", "2022-03", 4000], strict=True))
    return list((usual | typed).values())


def test_merged_title_row(tmp_path: Path) -> None:
    """A title merged over the table is skipped: the header is the first row that holds its words."""
    rows = [["会宁县2022年9月劳务输转台账"], ["填报单位：会师镇"], PLACEMENT, person()]
    found = take(save(tmp_path / "a.xlsx", rows, merged=("A1:H1",)), [LABOUR])
    assert [row["row_no"] for row in found.rows] == [4]
    assert found.table.ignored_rows == 3
    assert found.covers_to == date(2022, 9, 30)


@pytest.mark.parametrize("merged", [("C1:E1", "A1:A2", "B1:B2", "F1:F2"), ()], ids=["merged", "text file"])
def test_two_level_header(tmp_path: Path, merged: tuple[str, ...]) -> None:
    """省, 市 and 县 below 务工地点 are three fields; a text file has no merges, only blanks."""
    upper = ["姓名", "身份证号", "务工地点", None, None, "开始时间"]
    lower = [None, None, "省", "市", "县", None]
    cells = ["张三", BORN_1990, "天津市", "天津市", "和平区", "2022-03"]
    if merged:
        found = take(save(tmp_path / "a.xlsx", [upper, lower, cells], merged=merged), [LABOUR])
    else:
        path = tmp_path / "a.csv"
        path.write_text("\n".join(",".join(c or "" for c in row) for row in (upper, lower, cells)), encoding="gb18030")
        found = take(path, [LABOUR])
    [row] = found.rows
    assert (row["work_province"], row["work_city"], row["work_county"]) == ("天津市", "天津市", "和平区")


@pytest.mark.parametrize(
    ("title", "header", "typed", "amount"),
    [
        ("项目台账", "安排资金（万元）", 60, "600000"),
        ("单位：万元", "安排资金", 60, "600000"),
        ("单位：万元", "安排资金（元）", 600000, "600000"),
        ("项目台账", "安排资金\n单位：万元", "60", "600000"),
        ("项目台账", "安排资金/万元", "60.5", "605000"),
        ("项目台账", "安排资金（万元）", "60万元", "600000"),
        ("项目台账", "安排资金（亿元）", 0.006, "600000"),
    ],
    ids=["header_unit", "sheet_unit_note", "header wins", "line break", "slash", "cell wins", "yi"],
)
def test_header_unit_and_sheet_unit_note(tmp_path: Path, title: str, header: str, typed: Any, amount: str) -> None:
    rows = [[title], ["项目编号", "项目名称", "项目类别", "安排文号", header], ["P1", "大棚", "产业培育", "甲1号", typed]]
    [row] = take(save(tmp_path / "a.xlsx", rows), [PROJECT]).rows
    assert row["allocated_yuan"] == Decimal(amount)


def test_merged_town_cells(tmp_path: Path) -> None:
    """甘沟驿镇 once with a merge below it is every row's; a blank below without a merge stays blank."""
    rows = [PLACEMENT, person(1, 乡镇="甘沟驿镇", 村=None), person(2, 乡镇=None, 村=None), person(3, 乡镇=None, 村=None)]
    rows[1][2] = "甘沟驿镇"
    found = take(save(tmp_path / "a.xlsx", rows, merged=("C2:C3",)), [LABOUR])
    assert [row["town"] for row in found.rows] == [DIVISIONS.town("甘沟驿镇")] * 2 + [None]


def test_html_xls(tmp_path: Path) -> None:
    """A portal's .xls that is a web page is read as the table it holds."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (PLACEMENT, person()))
    path = tmp_path / "a.xls"
    for head in ("<table>", "<html><meta charset=utf-8><table>"):
        path.write_text(f"{head}{lines}</table>", encoding="utf-8")
        assert [row["started_on"] for row in take(path, [LABOUR]).rows] == [date(2022, 3, 1)]


def test_et_file() -> None:
    """A workbook of WPS: dates are day numbers, names have spaces, villages their local spelling."""
    found = take(DATA / "labour_placement.et", [LABOUR])
    assert found.findings == []
    first, second = found.rows
    assert (first["started_on"], first["wage_month_yuan"], first["village"]) == (SECOND, 4000, "620422116209")
    assert (second["started_on"], second["birth_date_year"], second["village"]) == (SECOND, 1970, "620422202205")
    assert {person["person_name"] for person in found.persons.values()} == {"张三", "马某某"}


def test_dup_person_and_cross_dest(tmp_path: Path) -> None:
    """Two stations, or two destinations, of one person are two rows of one person: who counts is decided later."""
    rows = [PLACEMENT, person(101), person(101, 务工省份="新疆", 务工企业="棉业公司", 开始时间="2022-05")]
    found = take(save(tmp_path / "a.xlsx", rows), [LABOUR])
    assert [row["work_province_code"] for row in found.rows] == ["120000", "650000"]
    assert len({row["person_key"] for row in found.rows}) == 1


def test_rare_char(tmp_path: Path) -> None:
    """屲, 窎 and 弆 are in GB 18030 and not in GB 2312; nothing is lost on the way."""
    path = tmp_path / "a.csv"
    rows = [[*PLACEMENT, "备注"], [*person(村="河屲村", 乡镇="新添堡回族乡"), "屲窎弆"]]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="gb18030")
    [row] = take(path, [LABOUR]).rows
    assert (row["village"], row["remark"]) == ("620422202205", "屲窎弆")


@pytest.mark.parametrize(("typed", "code"), [("9.90422E+17", "ID_PRECISION_LOST"), (f'="{BORN_1990}"', None)])
def test_id_csv_sci(tmp_path: Path, typed: str, code: str | None) -> None:
    path = tmp_path / "a.csv"
    quoted = '"{}"'.format(typed.replace('"', '""'))
    path.write_text(f"{','.join(PLACEMENT)}\n张三,{quoted},会师镇,南关村,天津市,晨屿电子,2022-03,4000\n", encoding="utf-8")
    assert [finding.rule_id for finding in take(path, [LABOUR]).findings] == ([code] if code else [])


def test_formula_nocache(tmp_path: Path) -> None:
    """A total that no spreadsheet has computed is no blank and no zero: its row is held back by name."""
    rows = [["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）"], ["P1", "大棚", "产业培育", "甲1号", None]]
    path = save(tmp_path / "a.xlsx", rows, formulas=("E2",))
    [finding] = take(path, [PROJECT]).findings
    assert (finding.column, finding.rule_id) == ("安排资金（万元）", "FORMULA_NO_CACHE")
