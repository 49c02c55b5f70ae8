"""Training classes, rosters, job fairs; suppliers, products, households and sales ledgers: from sheets to figures."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from xiezuo import pipeline
from xiezuo.build.trace import trace
from xiezuo.warehouse.digest import digest
from xiezuo_sample.codes import credit_code, identity_number

DATA = Path(__file__).parents[2] / "data"
HUISHI, GUOCHENG = "620422100", "620422101"
FIRMS = [credit_code(Random(n)) for n in range(1, 6)]
Rows = list[Sequence[Any]]


def person(serial: int) -> str:
    return identity_number(serial, date(1990, 1, 1 + serial % 28))


def value(office: Any, indicator_id: str, period: str, breakdown: str = "") -> Any:
    """Return a figure of a year (2022), a month (2022-03) or the year to it (..2022-03); the word where it has none."""
    kind = "year" if len(period) == 4 else "year_to_date" if period.startswith("..") else "month"
    rows = office.ask(
        "select value, qualifier from mart.indicator_value where county_code = '620422' and indicator_id = %s"
        " and period_kind = %s and period = %s and breakdown = %s",
        indicator_id, kind, period.removeprefix(".."), breakdown,
    )  # fmt: skip
    if not rows:
        return "absent"
    return rows[0][1] if rows[0][0] is None else rows[0][0]


def held(office: Any) -> list[tuple[Any, ...]]:
    """Return (row, column, rule) of every row held back."""
    return office.ask("select row_no, column_name, rule_id from audit.quarantine order by 1, 2, 3")  # type: ignore[no-any-return]


def take(office: Any, dataset: str, place: str) -> dict[str, Any]:
    """Put the ledger of tests/data into the inbox, take it in and build; return its batch."""
    target = office.settings.inbox / "620422" / place
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(DATA / f"{dataset}.csv", target)
    [batch] = office.take(place.split("/", maxsplit=1)[0])
    assert (batch["state"], batch["dataset"]) == ("loaded", dataset), batch["refusal_zh"]
    pipeline.build(office.settings)
    return batch  # type: ignore[no-any-return]


# --- training ---------------------------------------------------------------------------------------------------------

CLASSES = ["期数", "班级名称", "开班日期", "结业日期", "培训人数"]
ROSTER = ["期次", "姓名", "证件号码", "户类型", "乡镇"]


def classes(reported: str, *rows: Sequence[Any]) -> Rows:
    return [["劳务协作培训班台账", f"填报日期：{reported}"], CLASSES, *rows]


def roster(reported: str, *people: tuple[str, int, str, str]) -> Rows:
    """Return a roster of (class, person, household type, township)."""
    typed = [[number, "张三", person(serial), kind, town] for number, serial, kind, town in people]
    return [["培训花名册", f"填报日期：{reported}"], ROSTER, *typed]


def test_classes_and_their_rosters(office: Any) -> None:
    """A roster that names its class in the title only; people count in the month their class starts."""
    batch = take(office, "labour_training_class", "labour/培训班台账2022年.csv")
    assert (batch["rows_loaded"], batch["rows_quarantined"], batch["rows_ignored"]) == (2, 2, 4)
    assert held(office) == [
        (6, "结业时间", "LAB_CLASS_END_BEFORE_START"),
        (7, "其中脱贫人口", "LAB_CLASS_LIFTED_EXCEED_TRAINED"),
    ]
    assert value(office, "LAB5.trainees", "2022") == "not_reported"
    batch = take(office, "labour_training_roster", "labour/培训花名册第一期.csv")
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (3, 1)
    office.deliver("labour/第二期.csv", roster("2022-06-30", ("2", 1, "脱贫户", "郭城驿镇"), ("2", 5, "一般农户", "会师镇")))
    pipeline.build(office.settings)
    assert [value(office, "LAB5.classes", p) for p in ("2022-03", "2022-05", "2022-04", "..2022-05", "2022")] == [1, 1, 0, 2, 2]  # fmt: skip
    assert [value(office, "LAB5.trainees", p) for p in ("2022-03", "2022-05", "..2022-04", "2022")] == [3, 2, 3, 4]
    assert [value(office, "LAB5.lifted", p) for p in ("2022-03", "2022-05", "2022")] == [2, 1, 2]
    # the one who sat in both counts in the year at the latest class, in that row's township
    assert [value(office, "LAB5.trainees", "2022-03", town) for town in (HUISHI, GUOCHENG)] == [2, 1]
    assert [value(office, "LAB5.trainees", "2022", town) for town in (HUISHI, GUOCHENG)] == [2, 2]
    assert office.ask("select days, n_certified, subsidy_yuan from core.labour_training_class order by class_key") == [
        (80, 3, 5000), (20, None, None),
    ]  # fmt: skip


FIRST = [["第1期", "电焊", "2022-03-05", "", "2"], ["2", "家政", "2022-05-10", "", "1"]]
TRAINING: dict[str, Rows] = {
    "培训班2022年6月.csv": classes("2022-06-30", *FIRST),
    "培训班2022年7月.csv": classes("2022-07-31", ["第1期", "电焊", "2022-04-05", "", "2"], FIRST[1]),
    "花名册甲2022年3月.csv": roster("2022-03-31", ("第一期", 1, "脱贫户", "会师镇"), ("第一期", 2, "一般农户", "会师镇")),
    "花名册乙2022年6月.csv": roster("2022-06-30", ("第1期", 1, "脱贫户", "会师镇"), ("第2期", 3, "脱贫户", "郭城驿镇")),
}  # fmt: skip
ARRIVALS = list(itertools.permutations(TRAINING))


@pytest.fixture(scope="module")
def states() -> dict[str, str]:
    """Hold the digest that all ways of arriving must share."""
    return {}


@pytest.mark.parametrize(
    "order",
    [*ARRIVALS[::12], ARRIVALS[-1], *(pytest.param(o, marks=pytest.mark.sweep) for n, o in enumerate(ARRIVALS[:-1]) if n % 12)],
    ids=lambda order: "".join(name[3:-8] for name in order),
)
def test_classes_and_rosters_arrive_in_any_order(office: Any, states: dict[str, str], order: Sequence[str]) -> None:
    """A class that moves takes its people along; a roster's newer version closes who is no longer on it."""
    for name in order:
        office.deliver(f"labour/{name}", TRAINING[name])
        pipeline.build(office.settings)
    assert [value(office, "LAB5.classes", f"2022-0{month}") for month in (3, 4, 5)] == [0, 1, 1]
    assert [value(office, "LAB5.trainees", p) for p in ("2022-03", "2022-04", "2022-05", "2022")] == [0, 1, 1, 2]
    found = digest(office.settings)
    assert found == states.setdefault("training", found)


def test_numbers_begin_anew_each_year(office: Any) -> None:
    """A first class of 2022 neither replaces that of 2021 nor takes its people; a late roster finds its class."""
    office.deliver("labour/2021年培训班.csv", classes("2021-12-31", ["第1期", "电焊", "2021-04-01", "", ""], ["12", "家政", "2021-12-20", "", ""]))
    office.deliver("labour/花名册2021.csv", roster("2021-04-30", ("1", 1, "脱贫户", "会师镇"), ("1", 2, "脱贫户", "会师镇")))
    office.deliver("labour/2022年培训班.csv", classes("2022-12-31", ["第1期", "电焊", "2022-03-05", "", ""]))
    office.deliver("labour/花名册2022.csv", roster("2022-03-01", ("1", 1, "脱贫户", "会师镇")))
    office.deliver("labour/花名册补.csv", roster("2022-01-15", ("12", 7, "脱贫户", "会师镇")))
    pipeline.build(office.settings)
    assert [value(office, "LAB5.classes", year) for year in ("2021", "2022")] == [2, 1]
    assert [value(office, "LAB5.trainees", p) for p in ("2021-04", "2021-12", "2021", "2022-03", "2022")] == [2, 1, 3, 1, 1]


def test_a_roster_without_date_or_number_column_is_of_the_class_its_sheet_names(office: Any) -> None:
    """Nothing tells when it was made: the class of that number is taken."""
    office.deliver("labour/培训班.csv", classes("2022-12-31", *FIRST))
    bare = [["劳务协作培训班第二期花名册"], ["姓名", "身份证号", "人员类别", "所在乡镇"], ["张三", person(1), "脱贫户", "会师镇"]]
    office.deliver("labour/名单.csv", bare)
    pipeline.build(office.settings)
    assert value(office, "LAB5.lifted", "2022-05", HUISHI) == 1


def test_a_roster_of_no_class_is_refused(office: Any) -> None:
    rows = [["培训花名册"], ["姓名", "身份证号", "人员类别", "所在乡镇", "证书编号"], ["张三", person(1), "脱贫户", "会师镇", "A1"]]
    [batch] = office.deliver("labour/培训名单.csv", rows)
    assert (batch["state"], batch["refusal_code"]) == ("refused", "COLUMNS_MISSING")
    assert "期次" in batch["refusal_zh"]


def test_a_number_that_says_nothing_holds_only_its_row_back(office: Any) -> None:
    """It would be no key: neither class nor roster is lost for it."""
    office.deliver("labour/培训班.csv", classes("2022-12-31", *FIRST, ["第（）期", "", "2022-06-01", "", ""]))
    office.deliver("labour/花名册.csv", roster("2022-12-31", ("1", 1, "脱贫户", "会师镇"), ("第期", 2, "脱贫户", "会师镇")))
    assert [rule for *_, rule in held(office)] == ["LAB_ROSTER_CLASS_UNREADABLE", "LAB_CLASS_NUMBER_UNREADABLE"]
    assert office.ask("select count(*) from core.labour_training_class") == [(2,)]
    assert office.ask("select count(*) from core.labour_training_roster") == [(1,)]


def test_an_addition_to_a_roster_withdraws_nobody(office: Any) -> None:
    office.deliver("labour/培训班.csv", classes("2022-12-31", *FIRST))
    office.deliver("labour/花名册2022年3月.csv", roster("2022-03-31", ("1", 1, "脱贫户", "会师镇"), ("1", 2, "脱贫户", "会师镇")))
    added = roster("2022-04-30", ("1", 3, "脱贫户", "会师镇"))
    office.deliver("labour/新增学员2022年4月.csv", added)
    pipeline.build(office.settings)
    assert value(office, "LAB5.trainees", "2022") == 3
    office.deliver("labour/花名册2022年5月.csv", roster("2022-05-31", ("1", 3, "脱贫户", "会师镇")))
    pipeline.build(office.settings)
    assert value(office, "LAB5.trainees", "2022") == 1


def test_placements_keep_what_the_ledger_says_beside(office: Any) -> None:
    """Fields that no figure needs are kept, and what cannot be read in them holds nothing back."""
    header = ["姓名", "身份证号", "乡镇", "社", "与户主关系", "务工省份", "务工企业", "开始时间", "风险是否已消除", "稳岗≥3个月", "跨省务工一次性交通补助"]
    rows = [["劳务输转台账", "填报单位：甲站", "填报日期：2022-12-31"], header,
            ["张三", person(1), "会师镇", "一社", "长子", "天津市", "晨屿电子", "2022-03-01", "否", "是", "600"],
            ["李四", person(2), "会师镇", "", "", "天津市", "晨屿电子", "2022-03-01", "不清", "约三月", "待定"]]  # fmt: skip
    [batch] = office.deliver("labour/甲站.csv", rows)
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (2, 0)
    columns = "village_group, relation_to_head, is_risk_cleared, is_stable_3m, transport_subsidy_yuan"
    assert office.ask(f"select {columns} from core.labour_placement order by row_no") == [
        ("一社", "长子", False, True, 600), (None, None, None, None, None),
    ]  # fmt: skip


# --- job fairs --------------------------------------------------------------------------------------------------------

FAIR = ["招聘会名称", "举办时间", "企业名称", "岗位名称", "招聘人数", "观看人数"]


def fair(name: str, day: str, *posts: Sequence[Any]) -> Rows:
    return [FAIR, *([name, day, *post] for post in posts)]


def test_job_fairs(office: Any) -> None:
    """Posts alike in firm and name both count; a firm with and without its code is one; views once a fair."""
    batch = take(office, "labour_job_fair", "labour/招聘会2022年12月.csv")
    assert (batch["rows_loaded"], batch["rows_quarantined"], held(office)) == (5, 1, [(8, "需求人数", "NUMBER_FORMAT")])
    assert [value(office, "LAB6.posts", p) for p in ("2022-02", "2022-09", "2022")] == [65, 8, 73]
    # 远栎纺织 and 远栎纺织（天津） are two names, and only one of them has a code
    assert [value(office, "LAB6.firms", p) for p in ("2022-02", "2022-09", "2022")] == [2, 1, 3]
    assert [value(office, "LAB6.views", p) for p in ("2022-02", "2022-03", "2022")] == [1500, 0, 2300]
    assert office.ask("select line_no, headcount from core.labour_job_fair where job = '操作工' order by 1") == [(0, 10), (1, 20)]


def test_a_list_of_one_fair_names_it_above_its_header(office: Any) -> None:
    """Two such lists are two fairs; the day a list was reported is never taken for the day of its fair."""
    for month in ("3", "4"):
        title = ["用工信息", "活动名称：春季招聘会", f"举办时间：2022年{month}月1日", "填报日期：2022年12月31日"]
        office.deliver(f"labour/{month}.csv", [title, FAIR[2:5], ["甲厂", "普工", "3"]])
    pipeline.build(office.settings)
    assert [value(office, "LAB6.posts", p) for p in ("2022-03", "2022-04", "2022")] == [3, 3, 6]
    [batch] = office.deliver("labour/5.csv", [["招聘会岗位信息", "填报日期：2022年12月31日"], FAIR[2:], ["甲厂", "普工", "3", "9"]])
    assert (batch["refusal_code"], "举办时间" in batch["refusal_zh"]) == ("COLUMNS_MISSING", True)


def test_a_firm_whose_code_stands_in_another_row_is_one_firm(office: Any) -> None:
    header = [*FAIR, "统一社会信用代码"]
    rows = [header, ["甲会", "2022-03-01", "晨屿电子", "普工", "1", "", ""], ["乙会", "2022-05-01", "晨屿电子", "普工", "2", "", FIRMS[0]]]
    office.deliver("labour/招聘会.csv", rows)
    pipeline.build(office.settings)
    assert [value(office, "LAB6.firms", p) for p in ("2022-03", "2022-05", "2022")] == [1, 1, 1]


FAIRS: dict[str, Rows] = {
    "招聘会2022年3月.csv": fair("春季", "2022-03-01", ["甲厂", "普工", "3", "100"], ["甲厂", "普工", "5", ""], ["乙厂", "焊工", "2", ""]),
    "招聘会2022年4月.csv": fair("春季", "2022-03-01", ["甲厂", "普工", "5", "90"], ["乙厂", "焊工", "2", ""]),
    "直播2022年3月.csv": fair("直播", "2022-03-01", ["甲厂", "普工", "7", "900"]),
}  # fmt: skip


@pytest.mark.parametrize(
    "order",
    [pytest.param(o, marks=pytest.mark.sweep if n % 2 else []) for n, o in enumerate(itertools.permutations(FAIRS))],
    ids=lambda order: "".join(name[3:-5] for name in order),
)
def test_a_fair_is_what_its_newest_report_says(office: Any, states: dict[str, str], order: Sequence[str]) -> None:
    """The corrected list closes the post it no longer has, and touches no other fair of that day."""
    for name in order:
        office.deliver(f"labour/{name}", FAIRS[name])
        pipeline.build(office.settings)
    assert [value(office, f"LAB6.{what}", "2022-03") for what in ("posts", "firms", "views")] == [14, 2, 990]
    found = digest(office.settings)
    assert found == states.setdefault("fairs", found)


def test_merged_cells_of_a_fair_belong_to_all_its_posts(office: Any) -> None:
    """A workbook merges fair, day and firm over their rows; views, merged too, are stated once."""
    import openpyxl

    path = office.settings.inbox / "620422/labour/招聘会.xlsx"
    path.parent.mkdir(parents=True)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["招聘会岗位信息"])
    sheet.append(FAIR)
    sheet.append(["春季", date(2022, 3, 1), "甲厂", "普工", 3, 100])
    sheet.append([None, None, None, "焊工", 4, None])
    for column in "ABCF":
        sheet.merge_cells(f"{column}3:{column}4")
    book.save(path)
    [batch] = office.take("labour")
    pipeline.build(office.settings)
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (2, 0)
    assert [value(office, f"LAB6.{what}", "2022-03") for what in ("posts", "firms", "views")] == [7, 1, 100]


# --- registers --------------------------------------------------------------------------------------------------------


def test_suppliers_count_while_they_are_listed(office: Any) -> None:
    """A stock on the period's last day; a month as an end means its last day; contacts are nowhere."""
    batch = take(office, "sales_supplier", "sales/供应商名录.csv")
    assert (batch["rows_loaded"], held(office)) == (3, [(7, "统一社会信用代码", "USCC_CHECKSUM")])
    assert [value(office, "CON3", p) for p in ("2022-02", "2022-03", "2022-07", "2022-08", "..2022-08", "2022")] == [2, 3, 3, 3, 3, 2]  # fmt: skip
    columns = office.ask("select column_name from information_schema.columns where table_name = 'sales_supplier'")
    assert not {name for (name,) in columns} & {"contact", "phone"}
    assert "欧阳秘密" not in str(office.ask("select s::text from core.sales_supplier as s"))


def test_a_supplier_that_is_listed_twice_at_once_is_one(office: Any) -> None:
    """Listed in January and, without having left, again in March: two stays of one supplier."""
    head = ["供应商名称", "统一社会信用代码", "入驻时间", "退出时间"]
    code = credit_code(Random(11))
    rows = [["甲合作社", code, "2022-01-05", ""], ["甲合作社", code, "2022-03-05", ""]]
    office.deliver("sales/供应商名录_2022-12.csv", [["供应商名录", "填报日期：2022-12-20"], head, *rows])
    pipeline.build(office.settings)
    assert office.ask("select count(*) from core.sales_supplier") == [(2,)]
    assert [value(office, "CON3", p) for p in ("2022-02", "2022-03", "2022")] == [1, 1, 1]


def test_products_count_while_recognised(office: Any) -> None:
    """A product is one of its firm; the firm is known by its code, or by the name that has one elsewhere."""
    batch = take(office, "sales_product", "sales/认定名录.csv")
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (4, 0)
    periods = ("2022-01", "2022-02", "2022-04", "2022-06", "2022-07", "2022")
    assert [value(office, "CON2.products", p) for p in periods] == [2, 3, 4, 4, 3, 3]
    assert [value(office, "CON2.firms", p) for p in periods] == [2, 3, 3, 3, 2, 2]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_register_is_what_its_newest_version_says(office: Any, order: tuple[int, ...]) -> None:
    """Whoever the newer register no longer has is gone from all periods; corrections move the months between."""
    header = ["企业名称", "信用代码", "审核通过时间", "失效时间"]
    registers = [
        ("名录2022年6月.csv", [header, ["甲", FIRMS[0], "2022-01-01", ""], ["乙", FIRMS[1], "2022-01-01", ""]]),
        ("名录2022年12月.csv", [header, ["甲", FIRMS[0], "2022-03-01", "2022-10-15"]]),
    ]
    for number in order:
        office.deliver(f"sales/{registers[number][0]}", registers[number][1])
        pipeline.build(office.settings)
    assert [value(office, "CON3", p) for p in ("2022-02", "2022-03", "2022-09", "2022-10", "2022")] == [0, 1, 1, 0, 0]


# --- households -------------------------------------------------------------------------------------------------------


def test_households_count_once_and_at_their_largest(office: Any) -> None:
    """Linked by two firms it is one household; by township too; the trace shows the rows that count."""
    batch = take(office, "sales_household", "sales/带动台账.csv")
    assert (batch["rows_loaded"], held(office)) == (3, [(7, "户号", "REQUIRED")])
    assert [value(office, "CON4.households", p) for p in ("2022-03", "2022-06", "2022")] == [1, 2, 2]
    assert [value(office, "CON4.people", p) for p in ("2022-03", "2022-06", "2022")] == [4, 8, 8]
    assert [value(office, "CON4.people", "2022", town) for town in (HUISHI, GUOCHENG)] == [5, 3]
    found = trace(office.settings, "620422", "2022", "CON4.people")
    assert [(row["row_no"], row["measure"]) for row in found["rows"]] == [(5, "5"), (6, "3")]
    assert (found["value"], found["total_rows"]) == ("8", 2)
    text = str(office.ask("select s::text from core.sales_household as s"))
    assert "欧阳秘密" not in text


def test_lists_of_two_townships_stand_beside_each_other(office: Any) -> None:
    """Each names its township in the title only; the corrected list of one closes none of the other's rows."""
    header = ["户编号", "乡镇", "人口数", "签约时间"]
    office.deliver("sales/a.csv", [["会师镇带动脱贫户台账"], header, ["H1", "会师镇", "3", "2022-03-01"], ["H2", "会师镇", "2", "2022-03-01"]])
    office.deliver("sales/b.csv", [["郭城驿镇带动脱贫户台账"], header, ["H3", "郭城驿镇", "4", "2022-04-01"]])
    office.deliver("sales/c.csv", [["会师镇带动脱贫户台账（2022年5月）"], header, ["H1", "会师镇", "3", "2022-03-01"]])
    pipeline.build(office.settings)
    assert [value(office, "CON4.households", p) for p in ("2022", "2022-03")] == [2, 1]
    assert value(office, "CON4.people", "2022") == 7


# --- sales ledgers ----------------------------------------------------------------------------------------------------

LEDGER = ["销售企业", "统一社会信用代码", "产品名称", "采购单位", "销售渠道", "销售额（万元）", "销售日期", "订单编号", "发票号", "带动户数"]


def sale(number: str, invoice: str, amount: str, day: str = "2022-03-05", product: str = "小米", firm: int = 0) -> list[str]:
    return ["会宁甲", FIRMS[firm], product, "和平区机关食堂", "直采", amount, day, number, invoice, "3户"]


def orders(office: Any) -> list[tuple[Any, ...]]:
    return office.ask("select feed, order_no, line_no, payment_yuan, paid_on::text from core.sales_order order by 1, 2, 3")  # type: ignore[no-any-return]


def test_a_sales_ledger(office: Any) -> None:
    """Ten thousands of yuan from the header; the invoice's number where there is none; rows of one number are lines."""
    rows = [["消费帮扶销售台账"], LEDGER, sale("D1", "", "1.5"), sale("", "F7", "0.2"), sale("D1", "", "0.5", product="胡麻油"),
            sale("", "", "9"), sale("D3", "", "2", day="2022年4月"), ["合计", "", "", "", "", "13.2", "", "", "", ""]]  # fmt: skip
    [batch] = office.deliver("sales/销售台账2022年12月.csv", rows)
    assert (batch["state"], batch["feed"], batch["rows_loaded"]) == ("loaded", "ledger", 4)
    assert held(office) == [(6, "订单编号", "REQUIRED")]
    assert orders(office) == [
        ("ledger", "D1", 0, 15000, "2022-03-05"), ("ledger", "D1", 1, 5000, "2022-03-05"),
        ("ledger", "D3", 0, 20000, "2022-04-01"), ("ledger", "F7", 0, 2000, "2022-03-05"),
    ]  # fmt: skip
    assert office.ask("select distinct platform, status, channel, households_linked from core.sales_order") == [("ledger", "paid", "purchase", 3)]
    pipeline.build(office.settings)
    assert [value(office, "CON1", p) for p in ("2022-03", "2022-04", "2022")] == [22000, 20000, 42000]


@pytest.mark.parametrize("order", [("06", "09"), ("09", "06")])
def test_a_sales_ledger_is_corrected_by_the_newer_one(office: Any, order: tuple[str, ...]) -> None:
    """A line the newer ledger leaves out of its order is gone; an order it does not name stays."""
    ledgers = {"06": [LEDGER, sale("D1", "", "1"), sale("D1", "", "2", product="胡麻油"), sale("D2", "", "3")],
               "09": [LEDGER, sale("D1", "", "1.1")]}  # fmt: skip
    for month in order:
        office.deliver(f"sales/销售台账2022-{month}.csv", ledgers[month])
    assert orders(office) == [("ledger", "D1", 0, 11000, "2022-03-05"), ("ledger", "D2", 0, 30000, "2022-03-05")]


MINIMAL = {
    "ledger": [["企业名称", "信用代码", "采购金额（元）", "交易时间", "发票号码"], ["会宁甲", FIRMS[0], "12.50", "2022-03-05", "F1"]],
    "export_832": [["订单号", "统一社会信用代码", "交易金额", "订单状态", "支付时间"], ["F1", FIRMS[0], "12.50", "已完成", "2022-03-05"]],
    "ledger, wide": [
        ["供应商", "统一社会信用代码", "商品名称", "规格", "数量", "单价（元）", "金额（元）", "采购单位", "销售地区", "平台", "交易编号", "销售时间", "备注"],
        ["会宁甲", FIRMS[0], "小米", "5斤装", "10袋", "1.25", "12.50", "食堂", "天津市", "832平台", "F1", "2022-03-05", ""],
    ],
    "export_832, wide": [
        ["订单编号", "供应商名称", "统一社会信用代码", "采购单位", "采购单位所在省", "商品名称", "规格", "数量", "订单金额", "退款金额", "订单状态", "支付时间", "备注"],
        ["F1", "会宁甲", FIRMS[0], "食堂", "天津市", "小米", "5斤装", "10", "12.50", "", "待发货", "2022-03-05", ""],
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", MINIMAL)
def test_a_ledger_and_an_export_are_told_apart_by_their_columns(office: Any, kind: str) -> None:
    """Neither the title nor the file's name helps."""
    [batch] = office.deliver("sales/x2022-12.csv", MINIMAL[kind])
    assert (batch["state"], batch["feed"]) == ("loaded", kind.partition(",")[0]), batch["refusal_zh"]
    [(_, order_no, line_no, payment, paid_on)] = orders(office)
    assert (order_no, line_no, payment, paid_on) == ("F1", 0, Decimal("12.50"), "2022-03-05")


@pytest.mark.parametrize("order", [("ledger", "export_832"), ("export_832", "ledger")])
def test_an_order_of_export_and_ledger_counts_once(office: Any, order: tuple[str, ...]) -> None:
    """The export counts, whichever arrives last; a day in the ledger's month only is left to it."""
    for kind in order:
        office.deliver(f"sales/{kind}2022-12.csv", MINIMAL[kind])
        pipeline.build(office.settings)
    found = trace(office.settings, "620422", "2022", "CON1")
    assert [(row["measure"], row["file"].rpartition("/")[2]) for row in found["rows"]] == [("12.50", "export_8322022-12.csv")]
    assert value(office, "CON1", "2022") == Decimal("12.50")


def test_a_ledger_without_any_number_is_refused(office: Any) -> None:
    """Nothing would tell a sale stated twice from two sales."""
    rows = [["销售企业", "统一社会信用代码", "产品名称", "采购单位", "销售金额", "销售日期"], ["会宁甲", FIRMS[0], "小米", "食堂", "12", "2022-03-05"]]
    [batch] = office.deliver("sales/销售台账.csv", rows)
    assert (batch["state"], batch["refusal_code"]) == ("refused", "COLUMNS_MISSING")
    assert "订单编号" in batch["refusal_zh"]
