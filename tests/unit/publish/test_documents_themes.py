"""What documents say of themes: only what tells something, rows by name, and nothing of what older releases said otherwise."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.data.report_contents import (
    CATALOGUE,
    ROOT,
    changed,
    made_template,
    month_content,
    paragraphs_of,
    stamp_of,
    template_of,
    text_of,
    values_of,
    year_content,
)
from xiezuo.base.errors import ConfigError
from xiezuo.declared.indicator_sets import load_sets
from xiezuo.declared.indicators import load_indicators
from xiezuo.publish.documents.annual import load_sections
from xiezuo.publish.documents.book import Book
from xiezuo.publish.documents.content import Column, Content, Heading, Listed, Row, Stamp, Value
from xiezuo.publish.documents.proof.verify import verify
from xiezuo.publish.documents.word.blocks import Blocks
from xiezuo.publish.documents.word.controls import Controls
from xiezuo.publish.documents.word.naming import known_names, named_values
from xiezuo.publish.documents.word.render import compose, render
from xiezuo.publish.documents.word.template import check_wording
from xiezuo.publish.documents.wording import Theme, load_themes
from xiezuo.publish.release.annexes import load_annexes, load_lists

BEFORE = ROOT / "tests/data/release_before_themes"

def made(content: Content) -> bytes:
    return render(content, stamp_of(content), template_of(content), CATALOGUE)


def prose(content: Content) -> str:
    return text_of(made(content)).partition("附表1")[0]


def values(indicator_id: str = "", **said: Any) -> tuple[Value, ...]:
    return changed(tuple(values_of(2022)), indicator_id, **said)


def pairs(number: int) -> Listed:
    columns = (
        Column(key="kind", zh="结对类型", kind="text"),
        Column(key="east", zh="东部单位", kind="text"),
        Column(key="west", zh="西部单位", kind="text"),
        Column(key="signed_on", zh="签订日期", kind="date"),
    )
    rows = tuple(Row(key=str(n), cells=("学校", f"东{n}小学", f"西{n}小学", "2022-05")) for n in range(number))
    return Listed(key="pairings", zh="结对关系情况表", columns=columns, rows=rows)


def projects(*amounts: str) -> Listed:
    columns = (
        Column(key="category", zh="类别", kind="text"),
        Column(key="project_name", zh="项目名称", kind="text"),
        Column(key="allocated_yuan", zh="安排资金", kind="money", unit="元", is_total=True),
    )
    rows = tuple(Row(key=f"P{n}", cells=("产业类", f"第{n}项目", one)) for n, one in enumerate(amounts))
    return Listed(key="projects", zh="项目安排表", columns=columns, rows=rows, annex="projects")


# --- what is declared ---------------------------------------------------------------------------------------------------


def test_every_theme_names_what_there_is() -> None:
    content = year_content()
    book = Book(content, Controls(""), {e.indicator_id: e.zh for one in load_indicators(ROOT) for e in one.entries})
    named = named_values(book, stamp_of(content), Blocks(book, {}, load_sections(ROOT)))
    columns = {one.key: frozenset(one.header.columns) for one in load_lists(ROOT)}
    themes = load_themes(ROOT)
    for theme in themes:
        check_wording(theme, known_names(book, named), columns)
    asked = {sentence.rows for theme in themes for sentence in (*theme.year, *theme.month)} - {""}
    assert asked == set(columns), "each list is said by a theme"
    assert {one.header.annex for one in load_lists(ROOT)} - {""} <= {one.key for one in load_annexes(ROOT)}
    assert len(themes) > 10


def test_sets_name_themes_and_passages_that_exist() -> None:
    known, sections = {theme.key for theme in load_themes(ROOT)}, {one.key for one in load_sections(ROOT)}
    asked = set()
    for one in load_sets(ROOT):
        headings = [Heading.model_validate(section.model_dump()) for section in one.report]
        asked |= {key for heading in headings for key in heading.all_themes}
        assert {key for heading in headings for key in heading.all_passages} <= sections
    assert known == asked, "a theme that no set names is never printed, and one without a file says nothing"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ({"say": "共{{ LABX }}"}, "LABX"),
        ({"say": "共{{ LAB1.unknown }}"}, "LAB1.unknown"),
        ({"say": "共{{ LAB1"}, "写法有误"),
        ({"say": "{% set a = 1 %}"}, "不支持"),
        ({"rows": "projects", "each": "{{ row.leader }}"}, "row.leader"),
        ({"say": "", "parts_of": "ABC", "parts": ["{{ part }}"]}, "ABC"),
    ],
)
def test_a_theme_that_names_what_there_is_not_is_refused(sentence: dict[str, Any], said: str) -> None:
    theme = Theme.model_validate({"key": "a", "zh": "某主题", "year": [sentence]})
    content = year_content(themes=(theme,), lists=(projects("1"),))
    with pytest.raises(ConfigError) as caught:
        made(content)
    assert "某主题" in caught.value.zh
    assert said in caught.value.zh


@pytest.mark.parametrize(
    "text", ["zh: 甲\nyear: [{say: a, unknown: b}]", "[", "zh: 甲\nyear: [{}]", "zh: 甲\nyear: [{rows: a}]", "year: []"]
)
def test_a_theme_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "include/reports/themes"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"broken\.yaml"):
        load_themes(tmp_path)


def test_two_themes_of_one_name_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "include/reports/themes"
    folder.mkdir(parents=True)
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({"zh": "同名"}), encoding="utf-8")
    with pytest.raises(ConfigError, match="same name"):
        load_themes(tmp_path)


# --- zeros, what was not reported, and how far ledgers go ---------------------------------------------------------------


def test_a_zero_is_told_only_where_it_is_news() -> None:
    assert "职业" not in prose(year_content())
    nothing = values("CON5.online", value=Decimal(0))
    assert "线上对接会" not in prose(year_content(values=nothing))
    fallen = changed(nothing, "CON5.online", last_year=Decimal(3), last_year_qualifier="exact")
    assert "线上对接会0次（上年同期为3次）" in prose(year_content(values=fallen))
    aimed = changed(nothing, "CON5.online", target=Decimal(2), completion_pct=Decimal(0))
    assert "线上对接会0次" in prose(year_content(values=aimed))


def test_zero_of_a_target_is_no_percentage() -> None:
    said = values("IND2", value=Decimal(0), target=Decimal(5), completion_pct=Decimal(0))
    text = prose(year_content(values=said))
    assert "新引进落地企业0家（年度任务5家，尚未完成）" in text
    assert not [word for word in ("0%", "持平", "累计0") if word in text]


def test_a_theme_without_anything_is_one_sentence() -> None:
    nothing = tuple(v.model_copy(update={"value": Decimal(0)}) if v.indicator_id.startswith("ORG2") else v for v in values())
    assert "2.工作对接情况\n本年没有互访。\n" in prose(year_content(values=nothing))


def test_what_was_not_reported_is_said_once() -> None:
    silent = tuple(
        v.model_copy(update={"value": None, "qualifier": "not_reported"}) if v.indicator_id[:3] in {"LAB", "VIL"} else v
        for v in values()
    )
    lines = paragraphs_of(made(year_content(values=silent)))
    place = lines.index("以下方面未报送数据：劳务协作、技能培训、招聘活动、乡村振兴示范村。")
    assert lines[place + 1] == "二、工作创新情况", "once, at the end of the chapter"
    assert sum("未报送" in line for line in lines[: lines.index("附表1")]) == 1
    assert "2.消费帮扶开展情况" in lines, "a section without anything is left out, and not counted"


def test_a_theme_says_how_far_it_goes_where_that_is_another_day() -> None:
    june = tuple(
        v.model_copy(update={"as_of": date(2022, 6, 30)}) if v.indicator_id.startswith("ORG1") else v for v in values()
    )
    text = prose(year_content(values=june))
    assert text.count("以上数据截至2022年6月30日。") == 1
    assert text.count("数据截至2022年12月31日") == 1


# --- rows by name ---------------------------------------------------------------------------------------------------------


def test_rows_are_named_and_every_number_of_them_is_bound() -> None:
    content = year_content(lists=(pairs(2), projects("16490000", "4670000.5")))
    composed = compose(content, stamp_of(content), template_of(content), CATALOGUE)
    text = text_of(composed.document)
    assert "学校：东0小学与西0小学，东1小学与西1小学。" in text
    assert "产业类2个、2116万元（第0项目，1649万元；第1项目，467万元）。" in text
    bound = {said.text for said in composed.by_tag.values() if said.ref[0] == "@projects" and {"t", "#"} & {*said.ref}}
    assert bound == {"1649万元", "467万元", "2个", "2116万元"}
    assert verify(composed.document, content, stamp_of(content), template_of(content), CATALOGUE) == []


def test_rows_too_many_for_the_text_are_in_an_annex() -> None:
    text = text_of(made(year_content(lists=(pairs(9),))))
    assert "东3小学与西3小学等9对，详见附表《结对关系情况表》" in text
    prose, _, annexes = text.partition("附表1")
    assert "东8小学" not in prose
    assert "东8小学" in annexes
    assert "2022年5月" in annexes, "a month is told as one"
    assert "结对关系情况表" not in text_of(made(year_content(lists=(pairs(4),))))


def test_printed_parts_that_do_not_add_up_say_why() -> None:
    text = prose(year_content(lists=(projects("1333333", "333334", "133333"),)))
    assert "产业类3个、180万元（因四舍五入，分项之和与合计略有出入）（第0项目，133.33万元" in text
    third = values("SOC1", value=Decimal(100))
    split = changed(changed(third, "SOC1.cash", value=Decimal("33.335")), "SOC1.in_kind", value=Decimal("66.665"))
    assert "捐物折价66.67元（因四舍五入，分项之和与合计略有出入）。" in prose(year_content(values=split))


def test_parts_that_are_not_all_named_are_not_said_to_differ() -> None:
    """Nobody can add up what is printed of a list that goes on in an annex."""
    many = projects(*["1333333"] * 40)
    text = prose(year_content(lists=(many,)))
    assert "产业类40个、5333.33万元（第0项目，133.33万元" in text
    assert "等40个，详见附表" in text
    assert "四舍五入" not in text.partition("产业类40个")[2].partition("详见附表")[0]


def test_a_lower_bound_in_a_list_stays_one() -> None:
    text = prose(year_content(lists=(projects("300000+", "200000"),)))
    assert "产业类2个、50余万元（第0项目，30余万元；第1项目，20万元）。" in text


def test_every_list_of_money_that_may_be_a_bound_says_so() -> None:
    money = {one.key: [c.at_least for c in one.header.columns.values() if c.kind == "money"] for one in load_lists(ROOT)}
    bounds = {key: all(found) for key, found in money.items() if found}
    assert bounds == {key: key != "channels" for key in bounds}, "orders are never rounded, everything else may be"
    assert {"donors", "agreements", "projects", "firms", "villages"} <= set(bounds)


def test_a_category_that_the_county_does_not_have_is_not_printed() -> None:
    none = values("FUN1.school", value=Decimal(0))
    assert "红军小学" not in text_of(made(year_content(values=none)))


def test_a_bulletin_says_only_what_there_is() -> None:
    content = month_content()
    silent = tuple(
        v.model_copy(update={"value": None, "qualifier": "not_reported"}) if v.indicator_id.startswith("CON") else v
        for v in content.values
    )
    text = text_of(made(content.model_copy(update={"values": silent}))).partition("二、主要指标")[0]
    assert "消费帮扶方面" not in text
    assert text.count("未报送") == 1
    assert "劳务协作方面，本年累计帮助农村劳动力转移就业2625人" in text


# --- releases of before ---------------------------------------------------------------------------------------------------


def test_a_content_of_before_keeps_its_digest_and_its_document_its_numbers() -> None:
    """A release with a zero of a target, something unreported and many checks: signed before there were themes."""
    text = (BEFORE / "content.json").read_text(encoding="utf-8").strip()
    content = Content.from_json(text)
    assert content.to_json() == text
    assert content.digest == "5e4f96a1e9792508ce52342a747cb494930859644813e8be05d6db453dfc228f"
    document, template = ((BEFORE / name).read_bytes() for name in ("annual.docx", "template.docx"))
    assert verify(document, content, stamp_of(content), template, CATALOGUE) == []
    again = text_of(render(content, stamp_of(content), template, CATALOGUE))
    assert again == text_of(document), "every word of it, too"


def test_what_is_new_in_a_content_is_written_only_where_there_is_any() -> None:
    bare = year_content(themes=(), outline=(), lists=())
    assert not {"themes", "outline", "lists", "measured_by"} & set(json.loads(bare.to_json()))
    full = year_content(lists=(pairs(1),))
    assert Content.from_json(full.to_json()) == full
    assert isinstance(stamp_of(full), Stamp)


def test_one_theme_may_stand_alone_in_a_template() -> None:
    content = year_content()
    template = made_template("{{ 主题.互访对接 }}", "{{ 其他材料 }}")
    lines = paragraphs_of(render(content, stamp_of(content), template, CATALOGUE))
    assert lines[0] == "会宁县与和平区互访2次，其中和平区来访1次，会宁县赴和平区对接1次。"
    with pytest.raises(ConfigError, match="template"):
        render(content, stamp_of(content), made_template("{{ 主题.没有 }}"), CATALOGUE)


def test_rows_of_indicators_stand_under_one_heading_each() -> None:
    """A figure that is told by the year so far only stands in its chapter, not behind the month's."""
    content = month_content(chapters=tuple((one, one[:3]) for one in CATALOGUE))
    late = tuple(v for v in content.values if (v.indicator_id, v.period_kind) != ("IND3", "month"))
    lines = paragraphs_of(made(content.model_copy(update={"values": late})))
    assert lines.count("IND") == 1
