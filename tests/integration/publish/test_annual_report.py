"""The annual report of counties that nobody has: what it says of zeros, of what nobody reported, and of falling figures.

青山县 delivered ledgers in which little happened, 白河县 three ledgers and nothing else, 红岭县 two years of which the
second is the smaller one. All are read as a leader reads them: as text of the document and of its pages.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document
from openxml_audit import OpenXmlValidator

from tests.data import counties
from tests.data.report_contents import ROOT, W, body_of, edited, tags_of, text_of
from tests.integration.conftest import Office
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.publish.documents.content import Content, Stamp
from xiezuo.publish.documents.pdf import to_pdf
from xiezuo.publish.documents.proof.verify import verify
from xiezuo.publish.release import gathering, standing
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

ZEROS, SILENT, FALLING = "530991", "530992", "530993"
PLACES = [
    counties.invented(ZEROS, "青山县"),
    counties.invented(SILENT, "白河县"),
    counties.invented(FALLING, "红岭县"),
]
BANNED = (
    "累计0", "任务的0%", "0家，与上年同期持平", "进展有序", "（未报送）", "None", "taobao", "douyin", "红军小学", "{{", "提升0元",
    "同比增长600%",
)  # fmt: skip
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed: docs/pdf.md"
)
_NUMBER_CUT = re.compile(r"[0-9][.,]$|[0-9]$")
_NUMBER_GOES_ON = re.compile(r"^[.,%]|^[0-9]")

Ledger = tuple[str, list[list[Any]]]


def _meetings(day: str, *rows: tuple[str, str, str]) -> Ledger:
    head = [["会议台账", f"填报日期：{day}"], ["会议时间", "会议类型", "议题"]]
    return f"work/会议_{day}.csv", [*head, *map(list, rows)]


def _enterprises(day: str, *rows: tuple[Any, ...]) -> Ledger:
    head = [
        ["引导落地企业台账", f"填报日期：{day}", "单位：万元"],
        ["企业名称", "来源地", "落地时间", "协议投资额", "到位投资", "吸纳就业", "其中脱贫人口"],
    ]
    return f"work/企业_{day}.csv", [*head, *map(list, rows)]


def _visits(day: str, *rows: tuple[str, ...]) -> Ledger:
    head = [["互访台账", f"填报日期：{day}"], ["方向", "开始日期", "结束日期", "带队领导", "级别", "事由"]]
    return f"work/互访_{day}.csv", [*head, *map(list, rows)]


def _targets(day: str, year: int, *rows: tuple[str, str, str]) -> Ledger:
    head = [[f"{year}年度协议任务指标", f"填报日期：{day}"], ["年度", "指标编号", "指标名称", "目标值", "单位"]]
    return f"work/任务_{year}.csv", [*head, *([f"{year}年度", one, "", goal, unit] for one, goal, unit in rows)]


def _documents(day: str, *rows: tuple[str, ...]) -> Ledger:
    head = [["文件台账", f"填报日期：{day}"], ["印发时间", "发文机关", "文件名称", "文号"]]
    return f"work/文件_{day}.csv", [*head, *map(list, rows)]


def _projects(day: str, year: int, *rows: tuple[str, str, str]) -> list[Ledger]:
    letters = [
        ["资金下达台账", f"填报日期：{day}", "单位：万元"],
        ["下达文号", "下达日期", "年度", "下达资金", "资金级次"],
        [f"云财〔{year}〕1号", f"{year}-03-01", str(year), str(sum(float(amount) for *_, amount in rows)), "省级"],
    ]
    head = [
        ["财政帮扶资金项目台账", f"填报日期：{day}", "单位：万元"],
        ["项目编号", "项目名称", "项目类别", "建设地点", "资金文号", "安排资金"],
    ]
    listed = [
        [f"{year}-{number}", name, category, "青石镇", f"云财〔{year}〕1号", amount]
        for number, (name, category, amount) in enumerate(rows, start=1)
    ]
    return [(f"fund/下达_{year}.csv", letters), (f"fund/项目_{year}.csv", [*head, *listed])]


def _donations(day: str, *rows: tuple[str, str, str, str]) -> Ledger:
    head = [["社会捐赠台账", f"填报日期：{day}"], ["票据号", "捐赠方", "捐赠方类型", "捐赠时间", "捐款"]]
    return f"fund/捐赠_{day}.csv", [*head, *([no, donor, "企业", on, cash] for no, donor, on, cash in rows)]


STORY: dict[str, list[Ledger]] = {
    ZEROS: [
        _meetings("2023-12-31", ("2023-05-18", "政府常务会", "研究年度工作方案")),
        _enterprises("2023-12-31"),
        _visits("2023-12-31"),
        _targets("2023-03-31", 2023, ("IND2", "5", "家"), ("ORG1", "4", "次")),
    ],
    SILENT: [
        _meetings(
            "2023-06-30",
            ("2022-12-20", "政府常务会", "研究上年工作"),
            *((f"2023-0{month}-10", "政府常务会", f"研究第{month}项工作") for month in range(1, 6)),
            ("2023-06-12", "县委农村工作领导小组会", "研究资金项目"),
            ("2023-06-20", "县委常委会", "听取汇报"),
        ),
        _documents(
            "2023-06-30", ("2023-03-18", "县委农村工作领导小组", "2023年东西部协作工作方案", "白农领发〔2023〕2号")
        ),
        _visits("2023-06-30", ("东部来访", "2023-04-11", "2023-04-13", "甲某", "县处级", "调研协作项目")),
    ],
    FALLING: [
        _meetings("2022-12-31", *((f"2022-{month:02d}-10", "政府常务会", f"议题{month}") for month in range(1, 9))),
        _enterprises(
            "2022-12-31", ("旧年一公司", "上海市", "2022-03", "900", "800.35", "40", "12"),
            ("旧年二公司", "上海市", "2022-06", "900", "700.5", "30", "9"),
        ),
        _visits("2022-12-31", *(("东部来访", f"2022-0{m}-11", f"2022-0{m}-12", "", "县处级", "调研") for m in (3, 6))),
        *_projects("2022-12-31", 2022, ("旧年产业园", "产业培育", "3000"), ("旧年道路", "乡村建设", "800")),
        _meetings("2023-12-31", *((f"2023-{month:02d}-10", "政府常务会", f"新议题{month}") for month in range(1, 4))),
        _enterprises(
            "2023-12-31", ("旧年一公司", "上海市", "2022-03", "900", "820", "40", "12"),
            ("新年一公司", "上海市", "2023-05", "500", "266.67", "11", "3"),
        ),
        _visits("2023-12-31"),
        *_projects(
            "2023-12-31", 2023, ("设施蔬菜基地", "产业培育", "1333.333"), ("冷链物流中心", "产业培育", "333.334"),
            ("村内道路硬化", "乡村建设", "133.333"),
        ),
        _targets("2023-03-31", 2023, ("IND2", "3", "家"), ("FUN1", "2000", "万元")),
        _donations("2023-12-31", ("PJ001", "甲公司", "2023-06-01", "30余万元"), ("PJ002", "乙公司", "2023-07-01", "20万元")),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A county's annual report of 2023: what it is made of, and the Word file."""

    content: Content
    stamp: Stamp
    template: bytes
    catalogue: dict[str, str]
    document: bytes
    workbook: bytes

    @property
    def text(self) -> str:
        """Return the document's text before the annexes."""
        return text_of(self.document).partition("附表1")[0]


@pytest.fixture(scope="module")
def reports(fresh: Callable[..., Settings], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Take the three counties' ledgers in at once; return the report of 2023 of each."""
    folder = tmp_path_factory.mktemp("reports")
    given = fresh(folder)
    given = replace(given, environ={**given.environ, "XIEZUO_NOW": "2024-02-01T08:00:00+08:00"})
    settings = counties.settle(given, folder, *PLACES)
    pipeline.prepare(settings)
    for code, ledgers in STORY.items():
        office = Office(settings, code)
        for place, rows in ledgers:
            office.drop(place, rows)
    for source in ("work", "fund"):
        Office(settings).take(source)
    pipeline.build(settings)
    made = {}
    for place in PLACES:
        with access.connect(settings) as connection:
            content = gathering.gather(connection, settings, place.code, Period.read("2023"))
        assert content is not None
        stamp = Stamp(release_id=f"{place.code}-2023-d1", digest=content.digest)
        template = gathering.template_of(settings, content)
        documents = standing.render(settings, content, stamp, template)
        made[place.code] = Report(
            content, stamp, template, standing.catalogue(settings), documents["annual.docx"], documents["annual.xlsx"]
        )
    return made


def test_zeros_are_told_where_they_are_news(reports: dict[str, Report]) -> None:
    text = reports[ZEROS].text
    assert "新引进落地企业0家（年度任务5家，尚未完成）。" in text
    assert "研究东西部协作的会议1次，完成年度任务的25%，其中政府常务会1次。" in text
    assert "领导小组会0次" not in text
    assert "本年没有互访。" in text


def test_what_nobody_reported_is_said_once_and_stands_in_the_close_list(reports: dict[str, Report]) -> None:
    one = reports[SILENT]
    prose = one.text.partition("数据报送与质量")[0]
    assert prose.count("未报送") == 1
    assert re.search("以下方面未报送数据：[^。]*、劳务协作、技能培训、招聘活动、[^。]*。", prose)
    assert prose.count("劳务协作") == 1
    (whole,) = (check for check in one.content.checks if check.subject_zh == "报告中的整项内容")
    assert "劳务协作" in whole.detail_zh
    assert whole.count > 5


def test_rows_of_three_ledgers_are_named(reports: dict[str, Report]) -> None:
    text = reports[SILENT].text
    assert "县委农村工作领导小组会：6月12日（研究资金项目）" in text
    assert "3月18日，县委农村工作领导小组印发《2023年东西部协作工作方案》（白农领发〔2023〕2号）。" in text
    assert "4月11日至4月13日，东部来访，由县处级带队，调研协作项目。" in text
    assert "甲某" not in text, "who led is told by rank"


def test_a_ledger_that_ends_in_june_is_of_june(reports: dict[str, Report]) -> None:
    assert "数据截至2023年6月30日" in reports[SILENT].text
    assert "12月31日" not in reports[SILENT].text


def test_one_meeting_of_last_december_is_no_year_to_compare_with(reports: dict[str, Report]) -> None:
    assert "会议7次，其中" in reports[SILENT].text
    assert {v.last_year for v in reports[SILENT].content.values} == {None}


def test_falling_figures_fall_by_what_was_whole(reports: dict[str, Report]) -> None:
    text = reports[FALLING].text
    assert "会议3次，同比下降62.5%" in text
    assert "互访0次（上年同期为2次）。" in text
    assert "新引进落地企业1家，同比下降50%，完成年度任务的33.33%，完成投资266.67万元，同比下降82.23%" in text
    assert "新年一公司（上海市），5月落地，完成投资266.67万元，吸纳就业11人。" in text


def test_money_is_told_by_the_countys_own_categories_and_projects(reports: dict[str, Report]) -> None:
    text = reports[FALLING].text
    assert "到县财政帮扶资金1800万元，同比下降52.63%，完成年度任务的90%" in text
    assert "设施蔬菜基地，1333.33万元" in text
    assert "因四舍五入" in text, "1333.33, 333.33 and 133.33 do not add up to 1800"


def test_a_lower_bound_of_a_ledger_is_one_where_its_row_is_named(reports: dict[str, Report]) -> None:
    text = reports[FALLING].text
    assert "接受社会帮扶资金（含物资折价）50余万元" in text
    assert re.search("甲公司，?30余万元[、；]乙公司，?20万元。", text)


@pytest.mark.parametrize("code", [ZEROS, SILENT, FALLING])
def test_nothing_is_said_that_says_nothing(reports: dict[str, Report], code: str) -> None:
    text = text_of(reports[code].document)
    assert not [word for word in BANNED if word in text]


@pytest.mark.parametrize("code", [ZEROS, SILENT, FALLING])
def test_files_keep_the_schemas_of_office_open_xml(reports: dict[str, Report], code: str, tmp_path: Path) -> None:
    one = reports[code]
    swapped = edited(one.document, lambda xml: re.sub(r"(<w:tcW[^>]*/>)(<w:noWrap/>)", r"\2\1", xml))
    for name, data, is_valid in (
        ("a.docx", one.document, True), ("a.xlsx", one.workbook, True), ("swapped.docx", swapped, False),
    ):  # fmt: skip
        path = tmp_path / name
        path.write_bytes(data)
        found = OpenXmlValidator().validate(path)
        assert found.is_valid is is_valid, (name, found.errors[:3])


def test_python_docx_keeps_every_control(reports: dict[str, Report]) -> None:
    one = reports[FALLING]
    buffer = io.BytesIO()
    Document(io.BytesIO(one.document)).save(buffer)
    assert tags_of(buffer.getvalue()) == tags_of(one.document)
    assert verify(buffer.getvalue(), one.content, one.stamp, one.template, one.catalogue) == []


@needs_office
def test_libreoffice_keeps_every_control(reports: dict[str, Report], tmp_path: Path) -> None:
    one = reports[FALLING]
    source, out = tmp_path / "a.docx", tmp_path / "out"
    source.write_bytes(one.document)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    saved = (out / "a.docx").read_bytes()
    assert verify(saved, one.content, one.stamp, one.template, one.catalogue) == []


@needs_office
@pytest.mark.parametrize("code", [ZEROS, SILENT, FALLING])
def test_no_number_is_broken_over_two_lines_of_a_page(reports: dict[str, Report], code: str, tmp_path: Path) -> None:
    """Each number that a control holds stands on one line of a page, with its sign of percent."""
    one = reports[code]
    source = tmp_path / "a.docx"
    source.write_bytes(one.document)
    assert to_pdf(source, tmp_path / "a.pdf")
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(tmp_path / "a.pdf")]
    lines = [line.strip() for page in pages for line in page.splitlines()]
    cut = [
        (before, after)
        for before, after in pairwise(lines)
        if _NUMBER_CUT.search(before) and _NUMBER_GOES_ON.match(after) and _is_one(before, after, one.document)
    ]
    assert not cut
    assert not [word for word in BANNED if word in "".join(lines)]
    assert len(lines) > 60


def _is_one(before: str, after: str, document: bytes) -> bool:
    """Whether what ends a line and begins the next is one number of the document, not two of rows below each other."""
    head, tail = re.search(r"[0-9.,]+$", before), re.match(r"[0-9.,%]+", after)
    if head is None or tail is None or re.match(r"[0-9]+ ", before):
        return False
    printed = {token for said in controls_of(document) for token in re.findall(r"[0-9]+(?:[.,][0-9]+)*%?", said)}
    return f"{head[0]}{tail[0]}".rstrip(".,") in printed


def controls_of(document: bytes) -> list[str]:
    """Return what the controls of a document print."""
    return ["".join(one.itertext()) for one in body_of(document).iter(f"{W}sdtContent")]


def test_a_broken_number_would_be_found(reports: dict[str, Report]) -> None:
    document = reports[FALLING].document
    assert _is_one("完成投资 266.", "67 万元", document)
    assert _is_one("82.23", "%", document)
    assert not _is_one("1 青石镇 0", "2 白水乡 0", document)
    assert not _is_one("3 次，同比下降 62.5%，其中 3", "月", document)


def test_the_chapter_on_templates_knows_what_is_there() -> None:
    text = (ROOT / "docs/templates.zh-CN.md").read_text(encoding="utf-8")
    for said in ("{{ 正文 }}", "{{ 主题.", "include/reports/themes", "include/sql/lists", "channels.yaml"):
        assert said in text
