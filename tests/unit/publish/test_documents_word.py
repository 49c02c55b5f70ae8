"""The annual self-assessment as a Word file: what it says, that every number is bound, and how it is laid out."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from docx import Document
from docx.shared import Mm
from lxml import etree
from openpyxl import load_workbook

from tests.data.report_contents import (
    CATALOGUE,
    INVENTED,
    PRINTED,
    RESTATED,
    ROOT,
    W,
    body_of,
    changed,
    month_content,
    outside_controls,
    paragraphs_of,
    passage,
    projects,
    stamp_of,
    tags_of,
    template_of,
    text_of,
    values_of,
    year_content,
)
from xiezuo.publish.documents.content import Check, Content
from xiezuo.publish.documents.word.render import compose, render, template_name
from xiezuo.publish.documents.workbook import render as workbook


def made(content: Content, *, is_draft: bool = False) -> bytes:
    """Render a content with the committed template."""
    return render(content, stamp_of(content, is_draft=is_draft), template_of(content), CATALOGUE)


def test_every_figure_of_the_year_is_printed_in_the_reports_own_unit() -> None:
    content = year_content()
    stamp = stamp_of(content)
    composed = compose(content, stamp, template_of(content), CATALOGUE)
    printed = {
        said.indicator_id: said.text
        for said in composed.by_tag.values()
        if said.ref[-1] == "v" and said.period
    }
    assert len(PRINTED) == 72
    assert printed == PRINTED
    prose = text_of(composed.document).partition("附表1")[0]
    assert not [text for text in PRINTED.values() if text not in prose]


def test_the_report_has_the_official_structure_in_order() -> None:
    lines = paragraphs_of(made(year_content()))
    wanted = [
        "会宁县2022年东西部协作工作自评报告",
        "中共白银市委农村工作领导小组（白银市实施乡村振兴战略领导小组）：",
        "一、年度任务完成情况",
        "（一）组织领导",
        "1.工作推动部署情况",
        "2.工作对接情况",
        "3.落实帮扶主体责任情况",
        "（二）助力巩固拓展脱贫攻坚成果",
        "1.巩固拓展脱贫攻坚成果情况",
        "2.组织农村劳动力就业情况",
        "3.消费帮扶开展情况",
        "（三）加强区域协作",
        "1.共建产业园区情况",
        "2.引导引进东部企业落地情况",
        "（四）推进乡村振兴",
        "1.挂职干部、专技人才选派交流情况",
        "2.帮扶项目对接和资金管理情况",
        "3.打造乡村振兴示范村情况",
        "二、工作创新情况",
        "三、存在问题及意见建议",
        "四、2023年东西部协作工作思路",
        "中共会宁县委农村工作领导小组",
        "2023年1月20日",
        "附表1",
        "附表2",
    ]
    places = [lines.index(line) for line in wanted]
    assert places == sorted(places)


def test_another_county_needs_no_other_template() -> None:
    content = year_content(
        county=INVENTED,
        period="2024",
        as_of=date(2024, 12, 31),
        values=tuple(v for v in values_of(2024, factor=3) if v.indicator_id != "FUN1.clinic"),
        tables=(),
    )
    text = text_of(made(content))
    assert "云岭县2024年东西部协作工作自评报告" in text
    assert "中共临沧市委农村工作领导小组（临沧市实施乡村振兴战略领导小组）：" in text
    assert "到上海就业696人" in text
    assert "在云南省内就近就业2466人" in text
    assert "特色产业提升行动" in text, "by the indicator set of its year"
    assert "2025年" in text or "下一步工作思路" in text
    assert "村级卫生室金保专网" not in text.partition("附表")[0]
    assert not [word for word in ("会宁", "和平区", "天津", "白银", "甘肃", "2022") if word in text]


def test_what_only_people_can_write_is_asked_for_and_highlighted() -> None:
    document = made(year_content(passages=(passage("典型案例", "第一行\n第二行 <重点>&要点"),)))
    lines = paragraphs_of(document)
    assert lines[lines.index("二、工作创新情况") + 1 :][:2] == ["第一行", "第二行 <重点>&要点"]
    assert lines[lines.index("三、存在问题及意见建议") + 1] == "【待撰写：存在问题及意见建议】"
    highlighted = [
        "".join(run.itertext())
        for run in body_of(document).iter(f"{W}r")
        if run.find(f".//{W}highlight") is not None
    ]
    assert highlighted == ["【待撰写：存在问题及意见建议】", "【待撰写：下一年度工作思路】"]


def test_words_that_fit_no_section_are_printed_before_the_signature() -> None:
    lines = paragraphs_of(made(year_content(passages=(passage("怪章节", "不能丢的话"),))))
    start = lines.index("其他材料")
    assert lines[start + 1 : start + 3] == ["怪章节：", "不能丢的话"]
    assert start < lines.index("中共会宁县委农村工作领导小组")
    assert "其他材料" not in paragraphs_of(made(year_content()))


def test_a_single_figure_of_the_office_is_a_sentence_with_a_control() -> None:
    figure = passage("消费帮扶", seq=2, figure_name="直播带货场次：", value=Decimal("12.50"), unit="场")
    document = made(year_content(passages=(figure,)))
    assert "直播带货场次12.5场。" in paragraphs_of(document)
    assert "12.5场" not in outside_controls(document)


def test_no_placeholder_and_no_marker_is_left() -> None:
    for content in (
        year_content(passages=(passage("典型案例", "文字"),), restated=(RESTATED,)),
        month_content(),
    ):
        with zipfile.ZipFile(io.BytesIO(made(content))) as archive:
            for name in archive.namelist():
                assert not re.search("[\ufdd0-\ufdef]|{{|{%", archive.read(name).decode(errors="replace")), (
                    name
                )


def test_every_figure_stands_in_a_control_and_none_outside() -> None:
    content = year_content(
        values=changed(
            tuple(values_of(2022)),
            "LAB1",
            last_year=Decimal(2500),
            last_year_qualifier="exact",
            target=Decimal(2600),
            completion_pct=Decimal("100.96"),
        ),
        restated=(RESTATED,),
    )
    outside = outside_controls(made(content))
    numbered = re.compile(
        r"^[0-9]+[.．](?=[\u4e00-\u9fff])|附表[0-9]*|第[0-9]+号种养循环项目|^[0-9]+$", re.MULTILINE
    )
    assert not re.findall(r"[0-9０-９]+", numbered.sub("", outside))


def test_controls_have_unique_ids_short_tags_and_human_titles() -> None:
    for content in (year_content(tables=(projects(40),)), month_content()):
        document = made(content)
        controls = list(body_of(document).iter(f"{W}sdt"))
        ids = [one.find(f"{W}sdtPr/{W}id").get(f"{W}val") for one in controls]
        titles = [one.find(f"{W}sdtPr/{W}alias").get(f"{W}val") for one in controls]
        assert len(controls) > 150
        assert len(set(ids)) == len(ids)
        assert all(0 < int(one) < 2**31 for one in ids)
        assert all(len(tag) <= 64 and tag.startswith("xz1|") for tag in tags_of(document))
        assert all(0 < len(title) <= 64 for title in titles)
        assert {one.find(f"{W}sdtPr/{W}lock").get(f"{W}val") for one in controls} == {"sdtLocked"}
    assert "帮助农村劳动力转移就业 2022年1—9月" in titles


def test_a_tag_says_indicator_period_release_and_value() -> None:
    tags = Counter(tags_of(made(year_content())))
    assert tags["xz1|LAB2.lifted||2022|v|620422-2022-r1|232"] == 1
    assert tags["xz1|CON5.agreed||2022|v|620422-2022-r1|5000000+"] == 1


def test_a_tag_has_one_text_wherever_it_stands() -> None:
    for content in (year_content(tables=(projects(9),), restated=(RESTATED, RESTATED)), month_content()):
        texts: dict[str, set[str]] = {}
        for control in body_of(made(content)).iter(f"{W}sdt"):
            tag = control.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
            texts.setdefault(tag, set()).add("".join(node.text for node in control.iter(f"{W}t")))
        assert not {tag: said for tag, said in texts.items() if len(said) > 1}


def test_growth_and_targets_are_told_only_where_they_are_proven() -> None:
    values = changed(
        tuple(values_of(2022)),
        "LAB1",
        last_year=Decimal(2500),
        last_year_qualifier="exact",
        target=Decimal(2600),
    )
    values = changed(values, "CON1", last_year=None, last_year_qualifier="not_reported")
    values = changed(values, "IND2", last_year=Decimal(0), last_year_qualifier="exact")
    values = changed(values, "SOC1", last_year=Decimal(1259400), last_year_qualifier="exact")
    text = text_of(made(year_content(values=values)))
    assert "转移就业2625人，同比增长5%，超额完成年度任务（完成率100.96%），其中" in text
    assert "销售额1.18亿元。" in text
    assert "新引进落地企业5家（上年同期为0），完成" in text
    assert "125.94万元，与上年同期持平，其中" in text
    assert "均超过上年" not in text


def test_a_lower_bound_of_last_year_proves_no_growth() -> None:
    """2500余人 may have been more than 2625: the report says nothing of a rise."""
    values = changed(tuple(values_of(2022)), "LAB1", last_year=Decimal(2500), last_year_qualifier="exact")
    assert "转移就业2625人，同比增长5%" in text_of(made(year_content(values=values)))
    values = changed(values, "LAB1", last_year_qualifier="at_least")
    assert "转移就业2625人，同比" not in text_of(made(year_content(values=values)))


def test_parts_that_do_not_add_up_are_said_beside_the_whole() -> None:
    """The report this project began with states 5,600 and itemises 5,861."""
    values = tuple(values_of(2022))
    assert "分项合计" not in text_of(made(year_content(values=values)))
    values = changed(values, "FUN1.industry", value=Decimal(30072000))
    document = made(year_content(values=values))
    said = "财政帮扶资金5600万元（各分项合计5861万元，与总额不一致，待核实）"
    assert text_of(document).count(said) == 1
    assert "5861" not in outside_controls(document)
    values = changed(values, "FUN1.village", qualifier="at_least", value=Decimal(1))
    assert "分项合计" not in text_of(made(year_content(values=values))), "a lower bound below the whole proves nothing"


def test_the_report_says_how_deliveries_and_checks_stand() -> None:
    check = Check(kind="reconciliation", state="open", subject_zh="项目均有下达文件", detail_zh="一个项目没有", count=1)
    text = text_of(made(year_content(checks=(check,))))
    assert "数据报送与质量\n1.数据核对" in re.sub(r"\n+", "\n", text)
    assert "逐笔对应" not in text, "no sentence of a template assures what nothing computed"


@pytest.mark.parametrize("kind", get_args(Check.model_fields["kind"].annotation))
def test_what_is_open_is_told_whatever_its_kind(kind: Any) -> None:
    """In the bulletin, in the report and in their workbooks; and then nothing says that all is well."""
    check = Check(kind=kind, state="open", subject_zh="某某事项", detail_zh="还没有办完", count=3)
    for content in (year_content(checks=(check,)), month_content(checks=(check,))):
        text = text_of(made(content))
        assert "某某事项" in text
        assert "核对未发现不一致" not in text
        sheets = load_workbook(io.BytesIO(workbook.render(content, stamp_of(content)))).worksheets
        assert any(cell.value == "某某事项" for sheet in sheets for row in sheet.iter_rows() for cell in row)


def test_all_are_said_to_exceed_last_year_only_when_all_do() -> None:
    values = tuple(values_of(2022))
    for one in ("LAB2", "LAB3", "LAB4"):
        values = changed(values, one, last_year=Decimal(100), last_year_qualifier="exact")
    assert "三个去向的就业人数均超过上年。" in text_of(made(year_content(values=values)))
    values = changed(values, "LAB3", last_year=Decimal(822))
    assert "均超过上年" not in text_of(made(year_content(values=values)))


def test_what_was_not_reported_says_so_in_its_control() -> None:
    values = changed(tuple(values_of(2022)), "IND3", value=None, qualifier="not_reported")
    values = tuple(value for value in values if value.indicator_id != "LAB6.views")
    document = made(year_content(values=values))
    text, prose = text_of(document), text_of(document).partition("附表1")[0]
    assert "完成投资" not in prose.partition("以下数据未报送")[0], "a clause without its figure is not said"
    assert prose.count("以下数据未报送：完成投资。") == 1
    assert "直播观看" not in prose, "what this county is not asked for is not said to be missing"
    assert "未报送" in text.partition("附表1")[2]


def test_annexes_have_captions_units_repeated_headers_and_totals() -> None:
    document = made(
        year_content(tables=(projects(30), projects(0, is_wide=False).model_copy(update={"key": "none"})))
    )
    lines = paragraphs_of(document)
    assert lines[lines.index("附表2") :][:3] == ["附表2", "财政帮扶项目明细表", "单位：万元"]
    assert lines.count("财政帮扶项目明细表") == 1, "an annex without rows is none"
    tables = list(body_of(document).iter(f"{W}tbl"))
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    listed = [["".join(cell.itertext()) for cell in row.iter(f"{W}tc")] for row in tables[1].iter(f"{W}tr")]
    assert listed[0] == ["序号", "项目名称", "实施地点", "批复日期", "安排资金", "受益人口（人）", "支付进度"]
    assert listed[1] == ["1", "第0号种养循环项目", "某镇", "2022年5月11日", "12", "0", "49.88%"]
    assert listed[-1] == ["合计", "", "", "", "360.04", "—", "—"]
    aligned = [
        cell.find(f"{W}p/{W}pPr/{W}jc").get(f"{W}val")
        for cell in tables[1].findall(f"{W}tr")[1].iter(f"{W}tc")
    ]
    assert aligned == ["center", "left", "left", "center", "right", "right", "right"]


def test_a_wide_annex_lies_across_and_the_pages_around_it_do_not() -> None:
    document = made(
        year_content(tables=(projects(3), projects(2, is_wide=False).model_copy(update={"key": "b"})))
    )
    sections = [one.find(f"{W}pgSz") for one in body_of(document).iter(f"{W}sectPr")]
    assert [one.get(f"{W}orient") for one in sections] == [None, "landscape", None]
    assert [int(one.get(f"{W}w")) > int(one.get(f"{W}h")) for one in sections] == [False, True, False]
    footers = [len(one.findall(f"{W}footerReference")) for one in body_of(document).iter(f"{W}sectPr")]
    assert footers == [2, 2, 2]


def test_the_last_annex_across_takes_the_release_lines_with_it() -> None:
    document = made(year_content())
    sections = [one.find(f"{W}pgSz").get(f"{W}orient") for one in body_of(document).iter(f"{W}sectPr")]
    assert sections == [None, "landscape"]


def test_the_end_names_the_release_and_what_proves_it() -> None:
    content = year_content()
    assert paragraphs_of(made(content))[-3:] == [
        "发布编号：620422-2022-r1",
        f"内容摘要：{content.digest}",
        f"链首：{'0f' * 32}",
    ]


def test_a_draft_says_so_three_times() -> None:
    lines = paragraphs_of(made(year_content(), is_draft=True))
    assert "（草稿，未经审定）" in lines
    assert "草稿" in lines
    assert "发布编号：620422-2022-d3（草稿，未经审定）" in lines
    assert not [line for line in lines if line.startswith("链首")]


def test_a_correction_is_explained_with_old_and_new() -> None:
    lines = paragraphs_of(made(year_content(restated=(RESTATED,))))
    start = lines.index("更正说明")
    assert lines[start + 8 : start + 14] == [
        "帮助农村劳动力转移就业",
        "2021年度",
        "人",
        "2300",
        "2362",
        "补报台账",
    ]
    assert "更正说明" not in paragraphs_of(made(year_content()))


def test_the_same_content_gives_the_same_bytes() -> None:
    for content in (year_content(), month_content()):
        first, again = made(content), made(content)
        assert first == again
        with zipfile.ZipFile(io.BytesIO(first)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_are_those_of_the_release() -> None:
    said = Document(io.BytesIO(made(year_content()))).core_properties
    assert said.identifier == "620422-2022-r1"
    assert said.title == "会宁县2022年度东西部协作自评报告"
    assert said.created is not None
    assert said.created.date() == date(2022, 12, 31)


HOSTILE = "<w:p>&amp; \"'{{ LAB1 }}{% if x %}]]>\x00\x07\x0b\x1f\ufffe\ufdd00\ufdd1\u202e𠮷"


def test_hostile_texts_are_printed_and_break_nothing() -> None:
    table = projects(2)
    rows = tuple(
        row.model_copy(
            update={"key": HOSTILE + row.key, "cells": (HOSTILE, "长" * 3000, "某日", "约十万", "NaN", "")}
        )
        for row in table.rows
    )
    content = year_content(
        county=INVENTED.model_copy(update={"name": f"甲{HOSTILE}县", "paired_county": "乙" * 400}),
        tables=(table.model_copy(update={"rows": rows, "zh": HOSTILE, "note_zh": HOSTILE, "total": None}),),
        passages=(
            passage(HOSTILE, HOSTILE + "\r\n\t第二行"),
            passage("典型案例", seq=1, figure_name=HOSTILE, value=Decimal(1), unit=HOSTILE),
        ),
        restated=(RESTATED.model_copy(update={"reason_zh": HOSTILE, "name_zh": HOSTILE}),),
        values=changed(tuple(values_of(2022)), "FUN1.street", name_zh=HOSTILE),
    )
    document = made(content)
    text = text_of(document)
    shown = "<w:p>&amp; \"'{{ LAB1 }}{% if x %}]]>0\u202e𠮷"
    assert text.count(shown) >= 6
    assert "长" * 3000 in text
    assert "约十万" in text
    assert all(len(tag) <= 64 for tag in tags_of(document))
    Document(io.BytesIO(document))


def test_many_projects_are_printed_in_order() -> None:
    document = made(year_content(tables=(projects(300),)))
    names = [
        line for line in paragraphs_of(document) if line.startswith("第") and line.endswith("号种养循环项目")
    ]
    assert names == [f"第{number}号种养循环项目" for number in range(300)]


def test_a_county_with_nothing_still_has_a_report() -> None:
    content = year_content(values=(), tables=(), towns=(), chapters=())
    lines = paragraphs_of(made(content))
    assert "一、工作创新情况" in lines, "headings without anything under them are left out, and not counted"
    assert not [line for line in lines if "未报送" in line or "按类别分" in line]


@pytest.mark.parametrize("name", ["annual.docx", "bulletin.docx"])
def test_the_templates_keep_the_norm_for_official_documents(name: str) -> None:
    """GB/T 9704-2012: A4, type area 156 × 225 mm, 22 lines of 28 characters."""
    document = Document(ROOT / "include/reports" / name)
    (section,) = document.sections
    assert (section.page_width, section.page_height) == pytest.approx((Mm(210), Mm(297)), abs=Mm(0.1))
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert margins == pytest.approx((Mm(37), Mm(35), Mm(28), Mm(26)), abs=Mm(0.1))
    assert section._sectPr.find(f"{W}docGrid") is None
    body_height = (section.page_height - section.top_margin - section.bottom_margin) / 12700
    assert 22 <= body_height / 28.95 < 23
    assert document.settings.odd_and_even_pages_header_footer is True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert paragraph.text.strip() == "— 1 —"
        assert paragraph._p.find(f"{W}pPr/{W}jc").get(f"{W}val") == side
        assert paragraph._p.find(f"{W}pPr/{W}ind").get(f"{W}{side}Chars") == "100"
        assert {run._r.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") for run in paragraph.runs} == {"宋体"}
        assert {run.font.size.pt for run in paragraph.runs if run.font.size} == {14}


@pytest.mark.parametrize("name", ["annual.docx", "bulletin.docx"])
@pytest.mark.parametrize(
    ("style", "font", "size", "line", "indent"),
    [
        ("Normal", "仿宋_GB2312", 16, 28.95, "200"),
        ("公文标题", "方正小标宋简体", 22, 36, "0"),
        ("主送机关", "仿宋_GB2312", 16, 28.95, "0"),
        ("一级标题", "黑体", 16, 28.95, "200"),
        ("二级标题", "楷体_GB2312", 16, 28.95, "200"),
        ("三级标题", "仿宋_GB2312", 16, 28.95, "200"),
        ("表内文字", "仿宋_GB2312", 12, 18, "0"),
        ("发布信息", "宋体", 9, 14, "0"),
    ],
)
def test_each_style_has_its_font_size_and_line(
    name: str, style: str, font: str, size: int, line: float, indent: str
) -> None:
    said = Document(ROOT / "include/reports" / name).styles[style]
    fonts = said.element.find(f"{W}rPr/{W}rFonts")
    assert (fonts.get(f"{W}eastAsia"), fonts.get(f"{W}ascii")) == (font, "Times New Roman")
    assert said.font.size is not None
    assert said.font.size.pt == size
    spacing = said.element.find(f"{W}pPr/{W}spacing")
    assert (spacing.get(f"{W}lineRule"), int(spacing.get(f"{W}line")) / 20) == (
        "exact",
        pytest.approx(line, abs=0.05),
    )
    assert said.element.find(f"{W}pPr/{W}ind").get(f"{W}firstLineChars") == indent


@pytest.mark.parametrize("name", ["annual.docx", "bulletin.docx"])
def test_a_text_without_a_style_is_chinese_too(name: str) -> None:
    styles = Document(ROOT / "include/reports" / name).styles.element
    defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert defaults.find(f"{W}rFonts").get(f"{W}eastAsia") == "仿宋_GB2312"
    assert defaults.find(f"{W}lang").get(f"{W}eastAsia") == "zh-CN"


def test_the_order_within_properties_is_the_schemas() -> None:
    """Word refuses a file whose properties stand in another order."""
    orders = {
        f"{W}pPr": [
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "widowControl",
            "spacing",
            "ind",
            "jc",
            "rPr",
            "sectPr",
        ],
        f"{W}sdtPr": ["rPr", "alias", "tag", "id", "lock"],
        f"{W}tcPr": ["tcW", "gridSpan", "noWrap", "vAlign"],
        f"{W}tblPr": ["tblW", "jc", "tblBorders", "tblLayout", "tblCellMar"],
        f"{W}trPr": ["cantSplit", "tblHeader"],
    }
    seen = Counter[str]()
    for element in body_of(made(year_content(restated=(RESTATED,)))).iter(*orders):
        names = [etree.QName(child).localname for child in element]
        known = [name for name in orders[element.tag] if name in names]
        assert names == known, element.tag
        seen[element.tag] += 1
    assert set(seen) == set(orders)


def test_the_file_of_a_period_is_the_years_or_the_months() -> None:
    assert (template_name(year_content()), template_name(month_content())) == ("annual.docx", "bulletin.docx")


def test_two_releases_of_one_content_differ_in_nothing_but_the_release() -> None:
    content = year_content()
    stamp = stamp_of(content)
    other = stamp.model_copy(update={"release_id": "620422-2022-r2"})
    first, second = (compose(content, one, template_of(content), CATALOGUE) for one in (stamp, other))
    assert text_of(first.document).replace("-r1", "-r2") == text_of(second.document)
    assert [replace(said, text="") for said in first.by_tag.values() if said.indicator_id] == [
        replace(said, text="") for said in second.by_tag.values() if said.indicator_id
    ]


def before_signature(document: bytes) -> list[etree._Element]:
    """Return what stands before the first line of who signs, the nearest last."""
    body = list(body_of(document).find(f"{W}body"))
    looks = [one.find(f"{W}pPr/{W}pStyle") for one in body]
    return body[: next(n for n, look in enumerate(looks) if look is not None and look.get(f"{W}val") == "落款")]


@pytest.mark.parametrize(
    "content", [year_content(checks=()), year_content(restated=(RESTATED,)), month_content(), month_content(checks=())]
)
def test_who_signs_stays_with_the_text_before(content: Content) -> None:
    """On a page of its own a signature could be put under any text."""
    found = before_signature(made(content))
    last = next(place for place in range(len(found) - 1, -1, -1) if "".join(found[place].itertext()).strip())
    rows = list(found[last].iter(f"{W}tr"))
    kept = [one for element in [*(rows[-1:] or [found[last]]), *found[last + 1 :]] for one in element.iter(f"{W}p")]
    assert kept
    assert all(one.find(f"{W}pPr/{W}keepNext") is not None for one in kept)
    if not rows:
        earlier = [one for one in found[:last] if one.tag == f"{W}p" and one.find(f"{W}pPr/{W}pStyle") is None]
        assert not [one for one in earlier if one.find(f"{W}pPr/{W}keepNext") is not None], "only the last one is kept"
