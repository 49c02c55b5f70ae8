"""Templates as the office types them: forgiven where they mean something, refused in one sentence where they do not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from docx.shared import Pt, RGBColor

from tests.data.report_contents import (
    CATALOGUE,
    W,
    body_of,
    changed,
    edited,
    made_template,
    month_content,
    paragraphs_of,
    passage,
    saved,
    stamp_of,
    template_of,
    values_of,
    year_content,
)
from xiezuo.base.errors import ConfigError
from xiezuo.publish.documents.content import Content
from xiezuo.publish.documents.word.render import render


def printed(template: bytes, content: Content | None = None) -> list[str]:
    """Return the paragraphs that a template gives, without the release lines at the end."""
    given = content or year_content(tables=())
    return paragraphs_of(render(given, stamp_of(given), template, CATALOGUE))[:-3]


def refused(template: bytes) -> str:
    """Return the sentence with which a template is refused."""
    content = year_content(tables=())
    with pytest.raises(ConfigError) as error:
        render(content, stamp_of(content), template, CATALOGUE)
    return error.value.zh


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("就业{{ LAB1 }}。", "就业2625人。"),
        ("就业{{LAB1}}，其中{{LAB1.lifted}}", "就业2625人，其中2271人"),
        ("就业｛｛ LAB1 ｝｝", "就业2625人"),
        ("就业{{ LAB1．lifted }}", "就业2271人"),
        ("就业{{ＬＡＢ１}}", "就业2625人"),
        ("{{ CON5.agreed }}，{{ CON5.agreed.number }}{{ CON5.agreed.unit }}", "500余万元，500余万元"),
        ("{{ county.name }}{{ year }}年", "会宁县2022年"),
        ("{% if IND1 %}有{% else %}无{% endif %}园区", "有园区"),
        ("{% if not IND1 %}无园区{% endif %}。", "。"),
        ("{% if IND1 and LAB1 or not VIL1 %}是{% endif %}", "是"),
        (
            "{% for part in FUN1.parts %}{{ part.name }}{{ part }}{% if not loop.last %}、{% endif %}{% endfor %}。",
            None,
        ),
        ("{{ LAB2.name }}：{{ LAB2 }}", "赴东部结对省份就业：232人"),
        ("{{ TAL2.teachers_long.name }}", "支教教师（长期）"),
        ("截至{{ LAB1.as_of }}", "截至2022年12月31日"),
        ("{% if LAB1.reported %}有{% endif %}{# 说明 #}", "有"),
        ("5 < 6 & 7 {{ ORG1 }}", "5 < 6 & 7 8次"),
        ("单个花括号 { 和 } 不是占位符", "单个花括号 { 和 } 不是占位符"),
    ],
)
def test_what_staff_type_is_understood(typed: str, text: str | None) -> None:
    (line,) = printed(made_template(typed))
    if text is None:
        assert line.startswith("产业培育类2746.2万元、乡村振兴示范村1541万元、")
        assert line.endswith("支持帮扶车间10万元。")
    else:
        assert line == text


def test_a_condition_in_a_line_of_its_own_leaves_no_empty_line() -> None:
    template = made_template("{% if IND1 %}", "有园区", "{% else %}", "无园区", "{% endif %}", "完")
    assert printed(template) == ["有园区", "完"]
    explicit = made_template("{%p if VIL1 %}", "有示范村", "{%p endif %}", "完")
    assert printed(explicit) == ["有示范村", "完"]


@pytest.mark.parametrize(
    ("value", "qualifier", "text"), [("0", "exact", "无"), (None, "not_reported", "无"), ("1", "exact", "有")]
)
def test_a_figure_is_true_when_it_is_above_zero(value: str | None, qualifier: str, text: str) -> None:
    amount = None if value is None else Decimal(value)
    values = changed(tuple(values_of(2022)), "IND1", value=amount, qualifier=qualifier)
    content = year_content(values=values, tables=())
    assert printed(made_template("{% if IND1 %}有{% else %}无{% endif %}"), content) == [text]


def test_a_month_names_the_month_and_the_year_so_far() -> None:
    content = month_content(tables=())
    template = made_template(
        "本月{{ LAB1 }}，累计{{ LAB1.so_far }}，脱贫{{ LAB1.lifted.so_far }}（{{ period }}）"
    )
    assert printed(template, content) == ["本月262人，累计2625人，脱贫2271人（2022年9月）"]


def runs_of(paragraph: Any, pieces: list[tuple[str, bool]]) -> None:
    """Write a paragraph in runs, some of them bold and red."""
    for text, is_loud in pieces:
        run = paragraph.add_run(text)
        run.font.size = Pt(20 if is_loud else 10)
        if is_loud:
            run.bold = True
            run.font.color.rgb = RGBColor(255, 0, 0)


def test_a_placeholder_keeps_the_formatting_of_the_run_it_begins_in() -> None:
    document = Document()
    runs_of(document.add_paragraph(), [("就业", False), ("{{ LA", True), ("B1 }", False), ("}人", False)])
    content = year_content(tables=())
    body = body_of(render(content, stamp_of(content), saved(document), CATALOGUE))
    control = next(body.iter(f"{W}sdt"))
    assert "".join(control.itertext()).strip() == "2625人"
    for look in control.iter(f"{W}rPr"):
        assert look.find(f"{W}b") is not None
        assert look.find(f"{W}sz").get(f"{W}val") == "40"
    after = [run for run in body.iter(f"{W}r") if "".join(run.itertext()) == "人"]
    assert [run.find(f"{W}rPr/{W}b") for run in after] == [None]


def test_placeholders_work_in_tables_and_in_headers() -> None:
    document = Document()
    cell = document.add_table(1, 2).cell(0, 1)
    cell.text = "{{ LAB1 }}"
    document.sections[0].header.paragraphs[0].text = "{{ county.name }}{{ LAB2 }}"
    content = year_content(tables=())
    made = render(content, stamp_of(content), saved(document), CATALOGUE)
    again = Document(io.BytesIO(made))
    assert [node.text for node in again.tables[0]._tbl.iter(f"{W}t")] == ["2625人"]
    header = again.sections[0].header._element
    assert "".join(node.text for node in header.iter(f"{W}t")) == "会宁县232人"
    assert header.find(f".//{W}sdt") is not None


def test_texts_of_the_office_take_the_look_of_their_placeholder() -> None:
    document = Document()
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(33)
    runs_of(paragraph, [("{{ 文字.消费帮扶 }}", True)])
    content = year_content(tables=(), passages=(passage("消费帮扶", "甲\n乙"),))
    body = body_of(render(content, stamp_of(content), saved(document), CATALOGUE))
    lines = [one for one in body.iter(f"{W}p") if "".join(one.itertext()).strip() in {"甲", "乙"}]
    assert len(lines) == 2
    assert all(line.find(f"{W}pPr/{W}ind").get(f"{W}firstLine") == "660" for line in lines)
    assert all(line.find(f"{W}r/{W}rPr/{W}b") is not None for line in lines)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("{{ LABX }}", "模板第2段（“{{ LABX }}”）：“LABX”不是指标目录中的指标，也不是可用的名称"),
        (
            "{{ LAB1.lifte }}",
            "模板第2段（“{{ LAB1.lifte }}”）：“LAB1.lifte”不是指标目录中的指标，也不是可用的名称",
        ),
        ("{{ county.mayor }}", "模板第2段（“{{ county.mayor }}”）：“county.mayor”不是可用的名称"),
        ("{{ 文字.没有的章节 }}", "模板第2段（“{{ 文字.没有的章节 }}”）：“文字.没有的章节”不是可用的名称"),
        ("{{ ORG3 }}", "模板第2段（“{{ ORG3 }}”）：“ORG3”只有分项，请写明是哪一项，例如 ORG3.east"),
        (
            "{% if LABX %}好{% endif %}",
            "模板第2段（“{% if LABX %}好{% endif %}”）：“LABX”不是指标目录中的指标，也不是可用的名称",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_its_paragraph(typed: str, sentence: str) -> None:
    assert refused(made_template("第一段{{ LAB1 }}", typed)) == sentence


@pytest.mark.parametrize(
    "typed",
    [
        "{{ LAB1",
        "{{ LAB1 } }} x {{",
        "{% if LAB1 %}没有结尾",
        "{% endif %}",
        "{{ }}",
        "{{ LAB1..lifted }}",
        "{% 如果 LAB1 %}",
    ],
)
def test_a_broken_placeholder_is_refused_in_chinese(typed: str) -> None:
    assert refused(made_template("第一段", typed)).startswith("模板第")


@pytest.mark.parametrize(
    "typed",
    [
        "{{ LAB1.__class__ }}",
        "{{ LAB1._book }}",
        "{{ LAB1._book.content }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ county.name.__class__.__mro__ }}",
        "{{ county['name'] }}",
        "{{ LAB1.parts.gi_frame }}",
        "{{ range(9) }}",
        "{% include 'x' %}",
        "{% set x = 1 %}{{ x }}",
        "{% macro m() %}{% endmacro %}",
        "{{ self }}",
        "{{ LAB1|attr('x') }}",
        "{{ 文字.keys() }}",
        "{% for part in FUN1.parts %}{{ part._id }}{% endfor %}",
        "{% for part in FUN1.parts %}{{ part.nothing.of_the_kind }}{{ part.__init__ }}{% endfor %}",
    ],
)
def test_a_template_can_do_nothing_but_fill_in(typed: str) -> None:
    assert refused(made_template(typed)).startswith("模板")


def test_a_condition_begun_outside_a_table_and_ended_inside_is_refused() -> None:
    document = Document()
    document.add_paragraph("前{% if LAB9 %}文".replace("LAB9", "IND1"))
    document.add_table(1, 1).cell(0, 0).text = "内{% endif %}文"
    zero = changed(tuple(values_of(2022)), "IND1", value=Decimal(0))
    content = year_content(values=zero, tables=())
    with pytest.raises(ConfigError) as error:
        render(content, stamp_of(content), saved(document), CATALOGUE)
    assert "没有成对" in error.value.zh


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    assert refused(data) == "模板不是可以打开的 Word 文件（.docx）"


def test_a_placeholder_nobody_would_check_is_refused() -> None:
    hidden = edited(
        made_template("文字"),
        lambda xml: xml.replace(
            "<w:body>", "<w:body><w:p><w:r><w:instrText>{{ 1/0 }}</w:instrText></w:r></w:p>"
        ),
    )
    assert refused(hidden) == "模板只能在正文文字里写占位符，不能写在域代码或图片说明里"


def test_an_indicator_of_the_catalogue_that_the_county_lacks_is_not_reported() -> None:
    content = year_content(
        tables=(), values=tuple(v for v in values_of(2022) if v.indicator_id != "LAB6.views")
    )
    assert printed(made_template("观看{{ LAB6.views }}"), content) == ["观看（未报送）"]


def as_saved_again(template: bytes) -> Iterator[bytes]:
    """Yield a template as other programs leave it: runs cut apart, spelling marks, bookmarks, revision ids."""
    yield edited(
        template,
        lambda xml: xml.replace(
            "{{ ", '{</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t xml:space="preserve">{ '
        ),
    )
    yield edited(
        template,
        lambda xml: xml.replace(
            " }}",
            ' </w:t></w:r><w:bookmarkStart w:id="7" w:name="_GoBack"/><w:bookmarkEnd w:id="7"/><w:r><w:t>}}',
        ),
    )
    yield edited(
        template,
        lambda xml: xml.replace("<w:r>", '<w:r w:rsidRPr="00AB12CD">').replace(
            "<w:p>", '<w:p w:rsidR="00AB12CD">'
        ),
    )


def test_a_template_saved_by_another_program_gives_the_same_text() -> None:
    content = year_content(passages=(passage("典型案例", "文字"),))
    template = template_of(content)
    expected = printed(template, content)
    for again in as_saved_again(template):
        assert again != template
        assert printed(again, content) == expected


def test_a_row_of_a_table_is_repeated_by_statements_in_rows_of_their_own() -> None:
    document = Document()
    table = document.add_table(3, 2)
    table.cell(0, 0).text = "{% for part in FUN1.parts %}"
    table.cell(1, 0).text = "{{ part.name }}"
    table.cell(1, 1).text = "{{ part }}"
    table.cell(2, 0).text = "{% endfor %}"
    content = year_content(tables=())
    body = body_of(render(content, stamp_of(content), saved(document), CATALOGUE))
    rows = ["".join(node.text for node in row.iter(f"{W}t")) for row in body.iter(f"{W}tr")]
    assert rows[:2] == ["产业培育类2746.2万元", "乡村振兴示范村1541万元"]
    assert len(rows) == 10


@pytest.mark.parametrize("typed", ["{{r LAB1 }}", "{{p LAB1 }}", "{{ LAB1 }}"])
def test_prefixes_that_others_ask_for_do_no_harm(typed: str) -> None:
    assert printed(made_template(typed)) == ["2625人"]


def test_texts_that_a_template_has_no_place_for_are_not_lost() -> None:
    content = year_content(tables=(), passages=(passage("典型案例", "甲"), passage("消费帮扶", "乙")))
    template = made_template("{{ 文字.消费帮扶 }}", "其他：", "{{ 其他材料 }}")
    assert printed(template, content) == ["乙", "其他：", "典型案例：", "甲"]
    with pytest.raises(ConfigError) as error:
        printed(made_template("{{ 文字.消费帮扶 }}"), content)
    assert "“典型案例”" in error.value.zh
