"""The monthly bulletin as a Word file."""

from __future__ import annotations

from decimal import Decimal

from tests.data.report_contents import (
    CATALOGUE,
    RESTATED,
    TOWNS,
    W,
    body_of,
    month_content,
    month_values,
    paragraphs_of,
    stamp_of,
    template_of,
    text_of,
)
from xiezuo.publish.documents.content import Check, Content
from xiezuo.publish.documents.word.render import render


def made(content: Content) -> bytes:
    """Render a content with the committed template."""
    return render(content, stamp_of(content), template_of(content), CATALOGUE)


def table_rows(document: bytes, head: str) -> list[list[str]]:
    """Return the rows of the table whose header begins with a word."""
    for table in body_of(document).iter(f"{W}tbl"):
        rows = [
            ["".join(node.text or "" for node in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
            for row in table.iter(f"{W}tr")
        ]
        if rows[0][0] == head:
            return rows
    raise AssertionError(head)


def test_the_bulletin_has_its_sections() -> None:
    lines = paragraphs_of(made(month_content()))
    wanted = ["一、总体情况", "二、主要指标", "三、分乡镇情况", "四、资金使用进度", "五、数据报送与质量"]
    assert lines[0] == "会宁县2022年9月东西部协作工作通报"
    assert [line for line in lines if line in wanted] == wanted


def test_month_and_year_to_date_stand_side_by_side_with_target_and_last_year() -> None:
    values = tuple(
        value.model_copy(
            update={"target": Decimal(2500), "last_year": Decimal(2100), "last_year_qualifier": "exact"}
        )
        if value.indicator_id == "LAB1" and value.period_kind == "year_to_date" and not value.breakdown
        else value
        for value in month_values()
    )
    rows = table_rows(made(month_content(values=values)), "指标")
    assert rows[0] == ["指标", "单位", "本月", "本年累计", "年度任务", "完成率", "上年同期累计", "同比"]
    listed = {row[0].strip(): row[1:] for row in rows}
    assert listed["帮助农村劳动力转移就业"] == ["人", "262", "2625", "2500", "105%", "2100", "+25%"]
    assert listed["采购框架协议金额"] == ["万元", "50余", "500余", "—", "—", "—", "—"]
    assert listed["劳务协作"] == []


def test_townships_are_ranked_with_ties_and_zeros_last() -> None:
    rows = table_rows(made(month_content()), "名次")
    assert len(rows) == 1 + len(TOWNS) + 1
    assert rows[1:5] == [
        ["1", "第18镇", "90", "9"],
        ["1", "第19镇", "90", "9"],
        ["3", "第16镇", "80", "8"],
        ["3", "第17镇", "80", "8"],
    ]
    assert [row[0] for row in rows[-11:-1]] == ["19"] * 10
    assert rows[-2] == ["19", "第27镇", "0", "0"]
    assert rows[-1] == ["", "全县", "262", "2625"]


def test_without_values_of_townships_the_bulletin_says_so() -> None:
    lines = paragraphs_of(made(month_content(values=tuple(month_values(towns=0)))))
    assert "本期没有分乡镇的数据。" in lines


def test_money_moves_are_shown_or_said_to_be_missing() -> None:
    rows = table_rows(made(month_content()), "序号")
    assert rows[1:] == [
        ["1", "财政帮扶资金", "5600", "1234.56", "22.05%"],
        ["合计", "", "5600", "1234.56", "22.05%"],
    ]
    assert "本期没有资金使用进度数据。" in paragraphs_of(made(month_content(tables=())))


def test_what_is_missing_is_told_with_whose_it_is() -> None:
    lines = paragraphs_of(made(month_content()))
    start = lines.index("五、数据报送与质量")
    assert lines[start + 1 : start + 3] == [
        "1.数据未报送：第3镇劳务台账：9月未报送，由第3镇负责（尚未解决）。",
        "2.数据待更正：就业台账，共12条：证件号校验不符（已作说明）。",
    ]


def test_one_sentence_says_that_all_is_complete() -> None:
    passed = (Check(kind="arrival", state="passed", subject_zh="全部台账"),)
    assert "本期各项数据均已按时报送，无待更正数据，核对未发现不一致。" in paragraphs_of(
        made(month_content(checks=passed))
    )
    assert "本期没有报送核对记录。" in paragraphs_of(made(month_content(checks=())))


def test_a_month_restated_is_explained() -> None:
    one = RESTATED.model_copy(
        update={
            "period_kind": "year_to_date",
            "period": "2022-08",
            "breakdown": TOWNS[3][0],
            "old": None,
            "old_qualifier": "not_reported",
        }
    )
    text = text_of(made(month_content(restated=(one,))))
    assert "帮助农村劳动力转移就业（第3镇）\n2022年1—8月\n人\n未报送\n2362\n补报台账" in text
