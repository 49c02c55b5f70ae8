"""The annual report of counties that nobody has: what it says of zeros, of what nobody reported, and of falling figures.

青山县 delivered ledgers in which little happened, 白河县 three ledgers and nothing else, 红岭县 two years of which the
second is the smaller one. All are read as a leader reads them: as text of the document and of its pages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.data import counties
from tests.data.report_contents import text_of
from tests.integration.conftest import Office
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.publish.documents.content import Content, Stamp
from xiezuo.publish.documents.pdf import to_pdf
from xiezuo.publish.release import gathering, standing
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

ZEROS, SILENT, FALLING = "530991", "530992", "530993"
PLACES = [
    counties.invented(ZEROS, "青山县"),
    counties.invented(SILENT, "白河县"),
    counties.invented(FALLING, "红岭县"),
]
BANNED = ("累计0", "0.00%", "任务的0%", "进展有序", "（未报送）", "nan", "None", "taobao")

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
        ["下达文号", "下达日期", "年度", "下达金额", "资金级次"],
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
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A county's annual report of 2023: what it is made of, and the Word file."""

    content: Content
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
        documents = standing.render(settings, content, stamp, gathering.template_of(settings, content))
        made[place.code] = Report(content, documents["annual.docx"], documents["annual.xlsx"])
    return made


def test_look(reports: dict[str, Report]) -> None:
    for code, one in reports.items():
        Path(f"/tmp/look-{code}.docx").write_bytes(one.document)
        print(one.text)
        for v in one.content.values:
            if not v.breakdown and v.indicator_id.split(".")[0] in ("ORG1", "IND2", "FUN1", "ORG2"):
                print(v.indicator_id, v.value, v.qualifier, v.as_of, v.last_year, v.last_year_qualifier, v.target)
