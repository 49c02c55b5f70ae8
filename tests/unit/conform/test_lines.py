"""Every line of a sheet is a row, a row that waits with a reason, or a line whose kind is said."""

from __future__ import annotations

import gc
import time
import tracemalloc
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezuo.base.errors import FileRefused
from xiezuo.base.settings import Settings
from xiezuo.conform.ledgers.sheets import ledgers_of
from xiezuo.conform.ledgers.tables import RawTable, table_of_sheet
from xiezuo.conform.ledgers.totals import phrase_of
from xiezuo.conform.readers import Hidden, Sheet
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.divisions import Divisions

SETTINGS = Settings.from_env({})
CONTRACTS = load_contracts(SETTINGS.root)
COUNTY = load_counties(SETTINGS.counties_path)["620422"]
DIVISIONS = Divisions.load(SETTINGS.divisions_dir / "620422.csv", "620422")
PAID = ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额（元）", "用途"]
FAIR = ["招聘会名称", "举办时间", "企业名称", "岗位名称", "招聘人数"]


def paid(number: int, yuan: Any = 40_000, payee: str = "某某建设公司", day: str = "2022-09-02") -> list[Any]:
    return [f"P-{number}", "XM01", day, f"{payee}{number}", yuan, "工程款"]


def post(firm: str, people: Any, job: str = "焊工", day: str = "2022-06-01") -> list[Any]:
    return ["春风行动", day, firm, job, people]


def tables(
    *rows: list[Any], source: str = "fund", merged: list[tuple[int, int, int, int]] | None = None,
    hidden: Hidden | None = None,
) -> list[RawTable]:  # fmt: skip
    width = max(len(row) for row in rows)
    sheet = Sheet("Sheet1", [[*row, *[None] * (width - len(row))] for row in rows], merged or [], hidden=hidden or Hidden())
    contracts = [contract for contract in CONTRACTS.values() if contract.source == source]
    found = ledgers_of([sheet], contracts, COUNTY, "支付_2022-12.xlsx")
    path = PurePosixPath(f"620422/{source}/支付_2022-12.xlsx")
    return [table_of_sheet(table, match, path, DIVISIONS) for table, match in found.matched]


def table(*rows: list[Any], **how: Any) -> RawTable:
    (found,) = tables(*rows, **how)
    return found


def numbers(found: RawTable) -> list[int]:
    return [number for number, _ in found.rows]


def said(found: RawTable) -> str:
    return "\n".join(found.notes)


WORDS = [
    "合计", "合 计", "总 计：", "合计（大写）", "合计 大写", "Total", "TOTAL:", "Grand Total", "Sum", "合计/Total", "∑",
    "累计支付", "累计", "累计支付金额（元）", "本年累计", "截至2022年12月底累计", "共计3笔", "以上共计 3 笔", "共3笔",
    "合计金额", "金额合计", "总金额", "小计", "本页小计", "本月合计", "12月小计", "全县合计", "2022年合计", "其中：中央资金",
    "承前页", "过次页", "计：", "支付合计",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("column", [0, 2, 3])
def test_a_total_is_none_of_the_rows_wherever_its_word_stands(word: str, column: int) -> None:
    total: list[Any] = [None, None, None, None, 120_000, None]
    total[column] = word
    found = table(PAID, paid(1), paid(2), paid(3), total)
    assert numbers(found) == [2, 3, 4]
    assert "第 5 行" in said(found)
    assert "E5" in said(found)
    assert not found.doubts


@pytest.mark.parametrize("cell", ["合计：120000", "合计120000元", "共计 ¥120,000.00", "合计：壹拾贰万元整", "共计3笔，120000元"])
@pytest.mark.parametrize("column", [0, 3, 4])
def test_word_and_amount_may_stand_in_one_cell(cell: str, column: int) -> None:
    total: list[Any] = [None] * 6
    total[column] = cell
    assert numbers(table(PAID, paid(1), paid(2), paid(3), total)) == [2, 3, 4]


@pytest.mark.parametrize(
    "total",
    [
        [None, None, "2022-12-31", "合计", 120_000, None],
        ["合计", None, "2022-12-31", "3家单位", 120_000, "—"],
        [None, "XM01", "2022-09-02", None, 120_000, "工程款"],
        ["—", "—", "—", "合计", 120_000, "/"],
        ["合计", "3个项目", None, "共3家", "120000元", None],
    ],
)
def test_what_stands_beside_a_total_does_not_make_it_a_row(total: list[Any]) -> None:
    assert numbers(table(PAID, paid(1), paid(2), paid(3), total)) == [2, 3, 4]


def test_what_a_total_in_words_states_is_the_declared_total() -> None:
    for cell in ("合计：120001", "合计120001元", "合计：壹拾贰万零壹元整（¥120,001.00）"):
        total = [None, None, None, None, cell, None]
        assert table(PAID, paid(1), paid(2), paid(3), total).declared_total == Decimal(120_001)


@pytest.mark.parametrize(
    "name", ["合计镇人民政府", "总计划科", "累计科技有限公司", "共和村村委会", "小计", "合计", "Sum公司", "大写字画社", "其中建筑公司"]
)
def test_a_line_whose_key_is_filled_in_is_a_row_whatever_its_words(name: str) -> None:
    row = paid(3)
    row[3] = name
    assert numbers(table(PAID, paid(1), paid(2), row)) == [2, 3, 4]


@pytest.mark.parametrize("name", ["合计镇", "总计划科", "累计科技有限公司", "共和村", "合计村", "计生协会", "计划", "页岩砖厂", "汇总计算所"])
def test_a_name_is_no_phrase(name: str) -> None:
    found = phrase_of(name)
    assert found is None or found.standing == "ends"


def test_figures_alone_that_are_the_sum_of_the_rows_are_a_total() -> None:
    alone = [None, None, None, None, 120_000, None]
    for lines in ([paid(1), paid(2), paid(3), alone], [alone, paid(1), paid(2), paid(3)], [paid(1), paid(2), paid(3), [], alone]):
        found = table(PAID, *lines)
        assert len(found.rows) == 3
        assert "合计" in said(found)


def test_figures_alone_that_are_no_sum_wait_with_both_numbers() -> None:
    found = table(PAID, paid(1), paid(2), paid(3), [None, None, None, None, 120_001, None])
    assert numbers(found) == [2, 3, 4, 5]
    label, reason = found.doubts[5]
    assert label == "支付金额（元）"
    assert "120,001" in reason
    assert "120,000" in reason


def test_one_amount_twice_is_no_total() -> None:
    """A line below one row may be its second half: nobody but the office knows."""
    found = table(PAID, paid(1), [None, None, None, None, 40_000, None])
    assert numbers(found) == [2, 3]
    assert 3 in found.doubts


def test_a_row_that_lacks_its_number_is_no_total() -> None:
    """It tells payee and purpose, so it waits as the row it is, even if its amount is the sum of those above."""
    found = table(PAID, paid(1), paid(2), [None, "XM02", "2022-09-05", "另一公司", 80_000, "设备款"])
    assert numbers(found) == [2, 3, 4]
    assert not found.doubts


@pytest.mark.parametrize(
    "total",
    [
        ["春风行动", "2022-06-01", "2家企业", "2个岗位", 30],
        ["春风行动", "2022-06-01", "共2家", None, 30],
        ["合计", "2022-06-01", "2家企业", None, 30],
        ["春风行动", "2022-06-01", "合计", "—", 30],
        ["春风行动", "2022-06-01", None, None, 30],
        [None, None, None, None, 30],
        ["合计：企业2家、岗位2个、招聘30人"],
        ["合计", None, "2家", "2个", "30人"],
    ],
)
def test_totals_of_ledgers_whose_key_is_words(total: list[Any]) -> None:
    assert numbers(table(FAIR, post("甲公司", 10), post("乙公司", 20), total, source="labour")) == [2, 3]


def test_counts_in_the_place_of_names_that_do_not_add_up_wait() -> None:
    found = table(FAIR, post("甲公司", 10), post("乙公司", 20), post("2家企业", 31, "2个岗位"), source="labour")
    assert numbers(found) == [2, 3, 4]
    assert "31" in found.doubts[4][1]


def test_a_total_over_several_fairs_is_none_of_the_last_one_s_posts() -> None:
    rows = [post("甲公司", 10), post("乙公司", 20), post("丙公司", 5, day="2022-06-08")]
    assert numbers(table(FAIR, *rows, post("3家企业", 35, "3个岗位", "2022-06-08"), source="labour")) == [2, 3, 4]


def test_subtotals_of_groups_above_or_below_them_and_nested() -> None:
    below = [paid(1), paid(2), ["小计", None, None, None, 80_000], paid(3), ["小计", None, None, None, 40_000]]
    above = [["小计", None, None, None, 80_000], paid(1), paid(2), ["小计", None, None, None, 40_000], paid(3)]
    for lines in (below, above):
        found = table(PAID, *lines, ["合计", None, None, None, 120_000])
        assert len(found.rows) == 3
        assert found.declared_total == 120_000
        assert "请核对" not in said(found)


def test_totals_of_groups_declare_nothing_for_the_sheet() -> None:
    found = table(PAID, paid(1), paid(2), ["合计", None, None, None, 80_000], paid(3), ["合计", None, None, None, 40_000])
    assert found.declared_total is None
    assert "请核对" not in said(found)


@pytest.mark.parametrize("word", ["小计", "累计支付", "本月合计"])
def test_a_partial_total_that_disagrees_is_said_with_both_numbers(word: str) -> None:
    found = table(PAID, paid(1), paid(2), [word, None, None, None, 80_001])
    assert "80,001" in said(found)
    assert "80,000" in said(found)
    assert found.declared_total is None


def test_a_count_of_entries_that_disagrees_is_said() -> None:
    assert "写的是 4 笔，表中读到 3 行" in said(table(PAID, paid(1), paid(2), paid(3), ["共计4笔", None, None, None, 120_000]))
    assert "笔" not in said(table(PAID, paid(1), paid(2), paid(3), ["共计3笔", None, None, None, 120_000]))


# --- Several tables on a sheet ----------------------------------------------------------------------------

OTHER = ["支付凭证号", "支付日期", "项目编号", "收款单位", "用途", "支付金额（元）"]


def other(number: int, yuan: Any = 40_000) -> list[Any]:
    return [f"P-{number}", "2022-09-02", "XM01", f"某某建设公司{number}", "工程款", yuan]


@pytest.mark.parametrize("between", [[], [[]], [[], ["二、第二批"], ["填报日期：2022年12月20日"]], [["合计", None, None, None, 80_000], []]])
def test_a_second_table_is_read_with_its_own_header(between: list[list[Any]]) -> None:
    lines = [PAID, paid(1), paid(2), *between, OTHER, other(3), other(4, 5)]
    first, second = tables(*lines)
    assert [cells["pay_no"] for _, cells in (*first.rows, *second.rows)] == ["P-1", "P-2", "P-3", "P-4"]
    assert [cells["amount_yuan"] for _, cells in second.rows] == [40_000, 5]
    assert [number for number, _ in second.rows] == [len(lines) - 1, len(lines)]
    assert first.ignored_rows + second.ignored_rows + 4 == len(lines)
    assert "行起" in second.sheet


def test_the_unit_over_the_first_table_holds_for_the_second_unless_it_says_another() -> None:
    header, lower = [*PAID[:4], "支付金额", "用途"], [*OTHER[:5], "支付金额"]
    for note, unit in (([], 10_000), (["单位：元"], 1)):
        first, second = tables(["单位：万元"], header, paid(1, 4), [], note, lower, other(2, 5))
        assert first.units["amount_yuan"] == 10_000
        assert second.units["amount_yuan"] == unit


def test_the_same_columns_under_another_unit_are_another_table() -> None:
    header = [*PAID[:4], "支付金额", "用途"]
    first, second = tables(["单位：万元"], header, paid(1, 4), ["单位：元"], header, paid(2, 40_000))
    assert (first.units["amount_yuan"], second.units["amount_yuan"]) == (10_000, 1)


def test_a_header_repeated_at_the_top_of_a_page_is_no_second_table() -> None:
    title = ["会宁县东西部协作资金支付明细"]
    found = table(title, PAID, paid(1), title, PAID, paid(2), ["支付凭证号", "项目编号", "支付日期", "收款单位", "支付金额(元)", "用 途"], paid(3))
    assert numbers(found) == [3, 6, 8]


def test_a_ledger_of_another_kind_below_is_read_as_such() -> None:
    project = [["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）"], ["P1", "大棚", "产业培育", "甲1号", 60]]
    first, second = tables(PAID, paid(1), [], *project)
    assert [first.contract.dataset, second.contract.dataset] == ["fund_payment", "fund_project"]


def test_a_summary_below_is_said_as_another_table() -> None:
    summary = [["项目编号", "支付日期", "用途"], ["XM01", None, None, 80_000]]
    found = table(PAID, paid(1), paid(2), [], *summary)
    assert numbers(found) == [2, 3]
    assert "另一张表" in said(found)


# --- Lines beside the columns, hidden ones, conservation ----------------------------------------------------


def test_numbers_over_and_beside_the_ledger_are_said_by_address() -> None:
    found = table(["期数", 3], PAID, [*paid(1), None, 7], [None] * 7 + [99])
    assert "B1" in said(found)
    assert "H4" in said(found)
    assert "没有表头的列里有数字，未读取：H" in said(found)


def test_lines_numbered_in_advance_are_said_in_one_word() -> None:
    rows = [[1, *paid(1)], [2, *paid(2)], *([n] for n in range(3, 60))]
    found = table(["序号", *PAID], *rows)
    assert numbers(found) == [2, 3]
    assert "第 4—60 行（只有序号，A4:A60）" in said(found)


def test_hidden_rows_are_loaded_and_said() -> None:
    hidden = Hidden(rows=((2, 3), (5, 5)), columns=((4, 4),))
    found = table(PAID, *(paid(n) for n in range(1, 6)), ["合计", None, None, None, 200_000], hidden=hidden)
    assert len(found.rows) == 5
    assert "第 3—4 行、第 6 行被隐藏" in said(found)
    assert "隐藏的列也已读取：支付金额（元）" in said(found)


def test_no_sentence_quotes_a_cell() -> None:
    found = table(["王小二", 990], PAID, [*paid(1), None, 4], ["合计", None, None, "王小二", 40_000], [None] * 7 + ["x", 1])
    assert "王小二" not in said(found)


AMOUNTS = st.integers(1, 10**6)
BLANK: list[Any] = []
BETWEEN = st.sampled_from(["blank", "note", "header", "subtotal", "alone", "in words", "other table", "counted", "of which"])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(BETWEEN, st.lists(AMOUNTS, min_size=2, max_size=4)), min_size=1, max_size=5), st.sampled_from(WORDS))
def test_every_line_has_one_fate_and_the_amounts_are_those_of_the_rows(
    groups: list[tuple[str, list[int]]], word: str
) -> None:
    """Groups of rows with totals of every wording between them: what is loaded is what was made, nothing else."""
    lines, made, header, make, column = [PAID], [], PAID, paid, 4
    for between, amounts in groups:
        sum_line: list[Any] = [None] * 6
        sum_line[column] = sum(amounts)
        lines += [make(len(lines) * 10 + n, yuan) for n, yuan in enumerate(amounts)]
        made += amounts
        if between == "other table":
            header, make, column = (OTHER, other, 5) if header is PAID else (PAID, paid, 4)
        lines += {
            "blank": [BLANK], "note": [["注：以上为本月支付，请核对"]], "header": [header], "alone": [sum_line],
            "subtotal": [[word, *sum_line[1:]]], "in words": [[f"小计：{sum(amounts)}元"]], "other table": [header],
            "counted": [[f"共{len(amounts)}笔", *sum_line[1:]]], "of which": [["其中：财政资金", *sum_line[1:]]],
        }[between]  # fmt: skip
    found = tables(*lines)
    assert sum(one.ignored_rows + len(one.rows) for one in found) == len(lines)
    rows = [cells["amount_yuan"] for one in found for _, cells in one.rows]
    assert rows == made
    assert not any(one.doubts for one in found)


@pytest.mark.parametrize("right", [PAID, ["凭证号", "项目编号", "拨付日期", "收款人", "金额", "摘要"]])
def test_two_tables_side_by_side_are_refused_by_name(right: list[str]) -> None:
    """Taken for one table, columns of both would be mixed."""
    with pytest.raises(FileRefused) as refused:
        tables([*PAID, None, *right], [*paid(1), None, *paid(2)])
    assert refused.value.code == "TABLES_BESIDE"
    assert "第 1 行" in refused.value.zh


def test_of_two_columns_the_one_in_view_is_read() -> None:
    header = [*PAID[:4], "支付金额", "金额", "用途"]
    row = [*paid(1)[:4], 77_777, 40_000, "工程款"]
    found = table(header, row, hidden=Hidden(columns=((4, 4),)))
    assert found.rows[0][1]["amount_yuan"] == 40_000


def test_more_tables_than_a_ledger_has_are_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        tables(*(line for n in range(40) for line in (PAID, paid(n), OTHER, other(n))))
    assert refused.value.code == "TABLES_TOO_MANY"


def test_long_texts_over_and_in_a_ledger_are_not_kept() -> None:
    """Memory after twice as many files is what it was: nothing of a file outlives it."""

    def take(n: int) -> None:
        essays = [chr(0x4E00 + n) + "（工程款ab/" * 4_000 for n in range(n, n + 4)]
        assert len(table(essays, PAID, paid(1), [*paid(2)[:5], essays[0]]).rows) == 2

    def held_now() -> int:
        # A collection that another thread is in the middle of makes one asked for here do nothing.
        time.sleep(0.02)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    take(0)
    tracemalloc.start()
    held = []
    for half in (1, 2):
        for n in range(15):
            take(half * 100 + n * 4)
        held.append(min(held_now() for _ in range(5)))
    tracemalloc.stop()
    assert held[1] < 2 * held[0] + 2**19
