"""Workbooks of a bulletin and of a year, opened again: every number, the sheets, the page, the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.data import workbook_contents
from xiezuo.publish.documents.content import Column, Content, Row, Table, Value
from xiezuo.publish.documents.workbook import render
from xiezuo.publish.documents.workbook.values import change_pct

Maker = Callable[[str], Content]
CONTENTS: list[tuple[Maker, str]] = [
    (maker, code)
    for maker in (workbook_contents.month_content, workbook_contents.year_content)
    for code in ("620422", "530999")
]
every_content = pytest.mark.parametrize(("maker", "code"), CONTENTS)


def opened(content: Content, *, is_draft: bool = False) -> Workbook:
    stamp = workbook_contents.stamp_of(content, is_draft=is_draft)
    return load_workbook(BytesIO(render.render(content, stamp)))


def header_row(sheet: Worksheet) -> int:
    """Return the row of the header's last line: the one above the first row that scrolls."""
    frozen = sheet.freeze_panes
    assert isinstance(frozen, str)
    return sheet[frozen].row - 1


def table_of(sheet: Worksheet) -> list[dict[str, object]]:
    """Return the rows under the header, by heading; headings of one group are told with it."""
    row = header_row(sheet)
    heads: list[str] = []
    group = ""
    for cell, above in zip(sheet[row], sheet[row - 1], strict=True):
        if row == 3:
            heads.append(str(cell.value))
            continue
        group = str(above.value) if above.value is not None else group
        heads.append(f"{group} {cell.value}" if cell.value is not None else group)
    return [
        {head: cell.value for head, cell in zip(heads, cells, strict=True)}
        for cells in sheet.iter_rows(min_row=row + 1)
    ]


def exact(cell: object) -> Decimal | None:
    """Return a cell's number without loss, None for a dash."""
    if cell == "—":
        return None
    assert isinstance(cell, int | float), cell
    return Decimal(repr(cell))


def whole_county(content: Content, kind: str) -> Iterator[Value]:
    return (value for value in content.values if value.period_kind == kind and not value.breakdown)


@every_content
def test_the_numbers_of_the_whole_county_are_those_of_the_content(maker: Maker, code: str) -> None:
    content = maker(code)
    rows = {str(row["指标编号"]): row for row in table_of(opened(content)["主要指标"]) if row["指标编号"]}
    names = {"month": "本月", "year_to_date": "本年累计", "year": "本年累计"}
    looked_at = 0
    for kind, name in names.items():
        for value in whole_county(content, kind):
            row = rows[value.indicator_id]
            assert exact(row[name]) == value.value
            assert (row["指标"], row["单位"]) == (value.name_zh, value.unit)
            looked_at += 1
            if kind == "month":
                continue
            assert exact(row["年度任务"]) == value.target
            pct, earlier = exact(row["完成率"]), exact(row["上年" if content.is_annual else "上年同期累计"])
            assert (pct and pct * 100) == value.completion_pct
            assert earlier == value.last_year
            change = exact(row["同比"])
            assert (None if change is None else change * 100) == change_pct(value)
    assert looked_at == sum(not value.breakdown for value in content.values)


@every_content
def test_the_numbers_of_townships_are_those_of_the_content(maker: Maker, code: str) -> None:
    content = maker(code)
    rows = {row["乡镇"]: row for row in table_of(opened(content)["分乡镇"]) if row["乡镇"]}
    towns = dict(content.towns)
    told = {
        "LAB1": "帮助农村劳动力转移就业",
        "LAB1.lifted": "帮助农村劳动力转移就业（其中：脱贫人口）",
        "CON1": "消费帮扶销售额",
    }
    names = {"month": "本月", "year_to_date": "本年累计", "year": "本年累计"}
    values = [value for value in content.values if value.breakdown or value.indicator_id in told]
    for value in values:
        head = f"{told[value.indicator_id]} {names[value.period_kind]}\n（{value.unit}）"
        assert exact(rows[towns.get(value.breakdown, "全县")][head]) == value.value
    assert len(values) > len(towns)
    silent = rows[content.towns[-1][1]]
    assert {cell for head, cell in silent.items() if head not in {"名次", "乡镇"}} == {0}, (
        "nothing listed is 0"
    )


@every_content
def test_every_cell_of_an_annex_is_that_of_the_content(maker: Maker, code: str) -> None:
    content = maker(code)
    book = opened(content)
    for table in content.tables:
        sheet = book["资金进度" if table.key == "fund_progress" else table.zh]
        first = header_row(sheet) + 1
        lines = [row.cells for row in table.rows] + ([table.total] if table.total else [])
        first += not table.rows  # says that there is none
        for number, cells in enumerate(lines, start=first):
            for at, (column, text, cell) in enumerate(zip(table.columns, cells, sheet[number], strict=True)):
                is_total = number >= first + len(table.rows)
                if is_total and at == 0:
                    assert cell.value == "合计"
                    continue
                assert cell.value == as_told(column, text, is_total=is_total), (
                    f"{table.key} {cell.coordinate}"
                )
        assert sheet.max_row >= first + len(lines) - 1


def as_told(column: Column, text: str | None, *, is_total: bool) -> object:
    """Return what a cell must hold."""
    if text is None:
        return None if is_total else "—"
    if column.kind in {"count", "money"} and text != "合计":
        return pytest.approx(float(text), abs=0)
    if column.kind == "percent":
        return pytest.approx(float(Decimal(text) / 100), abs=0)
    if column.kind == "date" and text.count("-") == 2:
        return datetime.combine(date.fromisoformat(text), datetime.min.time())
    return text


def annexed(*tables: Table, **said: Any) -> Workbook:
    return opened(workbook_contents.year_content().model_copy(update={"tables": tables, **said}))


def money(*cells: str, total: str, note_zh: str = "") -> Table:
    columns = (
        Column(key="name", zh="渠道", kind="text"),
        Column(key="orders", zh="订单（笔）", kind="count", unit="笔", is_total=True),
        Column(key="net_yuan", zh="销售额", kind="money", unit="元", is_total=True),
    )
    rows = tuple(Row(key=str(at), cells=(f"渠道{at}", "1", cell)) for at, cell in enumerate(cells))
    return Table(key="sales", zh="分渠道", columns=columns, rows=rows, total=(None, None, total), note_zh=note_zh)


def test_a_note_on_rounding_is_of_the_cells_of_the_sheet() -> None:
    """Word prints 万元: 0.33 and 0.33 are 0.67 there, and the release says so; in 元 they add up."""
    said = "同一订单只计一次。因四舍五入，分项之和与合计略有出入。"
    notes = [cell.value for cell in annexed(money("3333.33", "3333.33", total="6666.66", note_zh=said))["分渠道"]["A"]]
    assert "同一订单只计一次。" in notes
    assert not [note for note in notes if "四舍五入" in str(note)]
    notes = [cell.value for cell in annexed(money("1.004", "1.004", total="2.008"))["分渠道"]["A"]]
    assert notes[-1] == "因四舍五入，分项之和与合计略有出入。", "1.00 and 1.00 stand over 2.01"


def test_an_annex_names_its_total_and_a_unit_once() -> None:
    sheet = annexed(money("5", total="5"))["分渠道"]
    assert [cell.value for cell in sheet[3]] == ["渠道", "订单（笔）", "销售额\n（元）"]
    assert [cell.value for cell in sheet[5]] == ["合计", None, 5]


def test_a_lower_bound_in_an_annex_is_a_number_that_says_so() -> None:
    sheet = annexed(money("300000+", "20", total="300020+"))["分渠道"]
    found = [(sheet.cell(row, 3).value, sheet.cell(row, 3).number_format) for row in (4, 5, 6)]
    bound = '#,##0.00" 以上"'
    assert found == [(300000, bound), (20, "#,##0.00"), (300020, bound)]


def test_only_a_sheet_with_money_says_in_which_unit() -> None:
    columns = tuple(Column(key=key, zh=zh, kind=kind) for key, zh, kind in (  # type: ignore[arg-type]
        ("name", "指标", "text"), ("unit", "单位", "text"), ("total", "累计", "count"),
    ))  # fmt: skip
    rows = (Row(key="FUN1", cells=("财政帮扶资金", "万元", "3900")),)
    targets = Table(key="targets", zh="年度任务完成和预计情况表", columns=columns, rows=rows)
    book = annexed(targets, money("5", total="5"))
    assert {name: "金额单位" in str(book[name]["A2"].value) for name in ("主要指标", "分渠道", targets.zh, "说明")} == {
        "主要指标": True, "分渠道": True, targets.zh: False, "说明": False,
    }  # fmt: skip
    assert book[targets.zh]["A1"].value == "会宁县2022年度任务完成和预计情况表"
    said = {row["项目"]: str(row["内容"]) for row in table_of(book["说明"])}["金额"]
    assert f"《{targets.zh}》中单位写明万元的除外" in said
    assert "除外" not in {row["项目"]: str(row["内容"]) for row in table_of(annexed()["说明"])}["金额"]


def test_a_year_is_called_whole_only_when_its_data_go_to_its_last_day() -> None:
    for as_of, name, other in ((date(2022, 10, 31), "本年累计", "全年"), (date(2022, 12, 31), "全年", "本年累计")):
        book = annexed(as_of=as_of)
        heads = [cell.value for cell in book["主要指标"][3]]
        assert (name in heads, other in heads) == (True, False)
        assert {row["项目"]: str(row["内容"]) for row in table_of(book["说明"])}["口径"].startswith(name)


def test_a_month_has_its_sheets_in_order() -> None:
    content = workbook_contents.month_content()
    assert opened(content).sheetnames == [
        "主要指标", "任务完成", "劳务去向", "分乡镇", "资金进度", "劳务协作分乡镇情况", "消费帮扶分渠道情况", "报送与质量", "更正", "说明",
    ]  # fmt: skip
    untouched = content.model_copy(update={"restated": (), "restates": None})
    assert "更正" not in opened(untouched).sheetnames


def test_a_year_has_its_sheets_in_order() -> None:
    assert opened(workbook_contents.year_content()).sheetnames == [
        "主要指标", "任务完成", "劳务去向", "分乡镇", "财政帮扶项目明细", "劳务协作分乡镇情况", "消费帮扶分渠道情况", "挂职干部人才选派",
        "社会捐赠", "报送与质量", "说明",
    ]  # fmt: skip


def test_indicators_stand_under_their_chapters_in_order() -> None:
    column = [cell.value for cell in opened(workbook_contents.month_content())["主要指标"]["A"]]
    headings = [text for text in column if isinstance(text, str) and text[1:2] == "、"]
    assert headings == [
        "一、组织领导",
        "二、财政帮扶资金",
        "三、劳务协作",
        "四、消费帮扶",
        "五、产业合作",
        "六、社会帮扶",
    ]
    keys = [row["指标编号"] for row in table_of(opened(workbook_contents.month_content())["主要指标"])]
    assert [key for key in keys if key] == [key for key, *_ in workbook_contents.INDICATORS]


def test_a_lower_bound_is_a_number_that_says_so_and_what_nobody_reported_a_dash_with_a_note() -> None:
    sheet = opened(workbook_contents.month_content())["主要指标"]
    rows = {row[-1].value: row for row in sheet.iter_rows(min_row=4)}
    agreed = rows["CON5.agreed"]
    assert (agreed[4].value, agreed[4].number_format) == (3750000, '#,##0.00" 以上"')
    assert agreed[8].value == "—", "no change of a bound"
    assert agreed[9].value == "约数下限"
    assert [cell.value for cell in rows["SOC1"][3:10]] == ["—"] * 6 + ["未报送"]
    assert rows["CON1"][9].value == "数据截至2022-09-28"


@pytest.mark.parametrize(
    ("own", "earlier", "expected"),
    [
        (("100", "exact"), ("80", "exact"), "25.00"),
        (("80", "exact"), ("100", "exact"), "-20.00"),
        (("2.00005", "exact"), ("2", "exact"), "0.00"),
        (("1.005", "exact"), ("1", "exact"), "0.50"),
        (("1", "exact"), ("3", "exact"), "-66.67"),
        (("0", "exact"), ("3", "exact"), "-100.00"),
        (("5", "exact"), ("0", "exact"), None),
        (("5", "at_least"), ("4", "exact"), None),
        (("5", "exact"), ("4", "at_least"), None),
        ((None, "not_reported"), ("4", "exact"), None),
        (("5", "exact"), (None, "not_reported"), None),
        (("5", "exact"), (None, None), None),
    ],
)
def test_change_is_told_only_between_exact_numbers(
    own: tuple[str | None, str], earlier: tuple[str | None, str | None], expected: str | None
) -> None:
    value = Value.model_validate({
        "period_kind": "year", "period": "2022", "indicator_id": "LAB1", "name_zh": "就业", "unit": "人", "as_of": "2022-12-31",
        "value": own[0], "qualifier": own[1], "last_year": earlier[0], "last_year_qualifier": earlier[1],
    })  # fmt: skip
    assert change_pct(value) == (None if expected is None else Decimal(expected))


def test_townships_are_ranked_and_equal_ones_share_a_rank() -> None:
    rows = table_of(opened(workbook_contents.month_content("530999"))["分乡镇"])
    ranks = [(row["名次"], row["乡镇"]) for row in rows if row["乡镇"]]
    assert ranks == [(1, "西乡"), (2, "东乡"), (3, "南乡"), (None, "全县")]
    ranks = [row["名次"] for row in table_of(opened(workbook_contents.month_content())["分乡镇"])][:5]
    assert ranks == [1, 1, 3, 4, 5]


def test_a_township_that_is_not_on_the_list_is_not_lost() -> None:
    content = workbook_contents.month_content("530999")
    without = content.model_copy(update={"towns": content.towns[1:]})
    names = [row["乡镇"] for row in table_of(opened(without)["分乡镇"]) if row["乡镇"]]
    assert "530999100" in names


def test_what_was_stated_otherwise_is_told_with_both_numbers() -> None:
    first, second = table_of(opened(workbook_contents.month_content())["更正"])[:2]
    assert (first["原数"], first["现数"], first["增减"], first["范围"]) == (
        9000000.10,
        8999800.10,
        -200,
        "全县",
    )
    assert (first["期间"], first["批次"], first["原因"]) == ("2022年8月", "b-0001\nb-0002", "8月订单退款")
    assert (second["原数"], second["现数"], second["增减"]) == ("—", 12, "—")
    assert (second["范围"], second["期间"]) == ("会师镇", "2022年1—8月")


def test_findings_name_whose_they_are() -> None:
    rows = table_of(opened(workbook_contents.month_content())["报送与质量"])
    assert [tuple(row.values()) for row in rows][1] == (
        2,
        "待更正记录",
        "乙原镇劳务站",
        "待处理",
        17,
        "身份证号码校验位不符等，已退回更正表",
    )
    assert len(rows) == 4
    empty = workbook_contents.month_content().model_copy(update={"checks": ()})
    assert opened(empty)["报送与质量"]["A4"].value == "本期没有需要说明的报送与质量事项。"


@pytest.mark.parametrize("is_draft", [True, False])
def test_the_last_sheet_names_the_release(is_draft: bool) -> None:
    content = workbook_contents.month_content()
    stamp = workbook_contents.stamp_of(content, is_draft=is_draft)
    book = opened(content, is_draft=is_draft)
    said = {row["项目"]: str(row["内容"]) for row in table_of(book["说明"])}
    assert (said["发布编号"], said["内容摘要"]) == (stamp.release_id, content.digest)
    assert said["数据截至"] == "2022年9月30日"
    assert said["更正"].startswith("更正发布编号 620422-2022-09-r1")
    if is_draft:
        assert said["状态"] == "草稿，未经审定"
        assert all("草稿，未经审定" in str(sheet["A2"].value) for sheet in book)
        assert all("草稿，未经审定" in str(sheet.oddHeader.right.text) for sheet in book)
    else:
        assert (said["链首"], said["状态"]) == (
            stamp.head,
            "已审定，审定人：县委农村工作领导小组办公室，审定日期：2022年12月25日",
        )
        assert not any("草稿" in str(sheet["A2"].value) for sheet in book)


@every_content
def test_every_sheet_prints_on_a4_with_its_header_and_page_numbers(maker: Maker, code: str) -> None:
    for sheet in opened(maker(code)):
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows is not None
        assert sheet.print_title_rows.endswith(f"${header_row(sheet)}")
        assert "&P" in str(sheet.oddFooter.center.text)
        assert sheet.print_area
        assert all(
            cell.font.name in {"宋体", "仿宋"}
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        )


def test_the_same_release_gives_the_same_bytes_and_another_one_others() -> None:
    content = workbook_contents.month_content()
    stamp = workbook_contents.stamp_of(content)
    again = Content.from_json(content.to_json())
    assert render.render(content, stamp) == render.render(again, stamp)
    assert render.render(content, workbook_contents.stamp_of(content, is_draft=True)) != render.render(
        content, stamp
    )


@pytest.mark.parametrize("period", ["2022-09", "2022"])
def test_a_period_without_anything_still_has_a_workbook(period: str) -> None:
    empty = Content(
        county=workbook_contents.COUNTIES["530999"], period=period, as_of=date(2022, 9, 30), values=()
    )
    book = opened(empty)
    assert book.sheetnames[0] == "主要指标"
    assert book.sheetnames[-1] == "说明"
    assert not any(sheet._charts for sheet in book)


def test_three_hundred_projects_and_a_hundred_columns_are_all_there() -> None:
    columns = tuple(Column(key=f"c{at}", zh=f"第{at}列", kind="count", unit="个") for at in range(100))
    wide = Table(
        key="wide", zh="宽表", columns=columns, rows=(Row(key="1", cells=tuple(map(str, range(100)))),)
    )
    content = workbook_contents.year_content().model_copy(
        update={"tables": (workbook_contents.projects(300), wide)}
    )
    book = opened(content)
    assert [row["项目编号"] for row in table_of(book["财政帮扶项目明细"])][:300] == [
        f"2022{at:03d}" for at in range(1, 301)
    ]
    assert [cell.value for cell in book["宽表"][4]] == list(range(100))
    assert book["宽表"].print_title_cols == "$A:$A"


def test_a_sheet_that_is_too_wide_is_parted_between_indicators() -> None:
    content = workbook_contents.month_content()
    some = [value for value in content.values if value.indicator_id == "CON1"]
    values = tuple(
        value.model_copy(update={"indicator_id": f"CON{number}", "name_zh": f"第{number}类销售额"})
        for number in range(1, 31) for value in some
    )  # fmt: skip
    sheet = opened(content.model_copy(update={"values": values}))["分乡镇"]
    breaks = [found.id for found in sheet.col_breaks.brk]
    assert len(breaks) > 3
    assert all(at % 2 == 0 for at in breaks), "two columns of numbers an indicator, after rank and name"
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$B", "$3:$4")
