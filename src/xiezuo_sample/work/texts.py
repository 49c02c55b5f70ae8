"""Targets of the year's agreement, and texts for its report: the office's ledgers of both."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from xiezuo_sample.outcome import BadRow
from xiezuo_sample.sheets import Cell
from xiezuo_sample.work.contacts import OFFICE
from xiezuo_sample.work.goals import TargetGoal, WorkGoals
from xiezuo_sample.work.sheets import Line, Statement, write_book
from xiezuo_sample.world import World

_NAMES = {
    "LAB1": "帮助农村劳动力转移就业",
    "LAB2": "赴东部结对省份就业",
    "LAB3": "省内就近就业",
    "LAB5.trainees": "培训农村劳动力",
    "CON1": "消费帮扶销售额",
    "CON5.agreements": "采购框架协议",
    "FUN1": "财政帮扶资金",
    "SOC1": "社会帮扶资金",
    "ORG1": "研究部署会议",
    "ORG2": "双方互访",
    "IND1": "共建产业园",
    "IND2": "新引进落地企业",
    "IND3": "完成投资",
    "IND4": "吸纳农村劳动力就业",
    "TAL1.east_to_west": "东部选派党政干部",
    "TAL2.east_to_west": "东部选派专技人员",
    "VIL1": "共建乡村振兴示范村",
}
_BY_NAME_ONLY = frozenset(("LAB1", "CON1", "FUN1", "SOC1", "IND2"))
_SECTIONS = {
    "组织领导": "坚持把东西部协作作为重要政治任务，召开专题会议研究部署，建立任务清单和月调度机制。",
    "劳务协作": "开展点对点输转和技能培训，组织线上招聘，稳定务工人员就业。",
    "消费帮扶": "举办线上线下对接活动，支持农特产品进入协作地区市场。",
    "产业协作": "聚焦种养循环和农产品加工，引导企业落地，完善联农带农机制。",
    "典型案例": "示范村引进协作企业发展订单种植，\n村集体增收，群众在家门口就业。",
    "存在问题及意见建议": "产业链条偏短，产销对接以线上活动为主，建议加大冷链物流和品牌建设支持。",
    "下一年度工作思路": "巩固提升协作产业园，拓展劳务协作岗位，做优特色农产品品牌。",
}

_SUPPORTED = frozenset(("组织领导", "劳务协作", "消费帮扶", "产业协作"))
"""Sections of work done together, which have a second paragraph."""


def write_targets(world: World, goals: WorkGoals, out: Path) -> list[BadRow]:
    """Write April's draft and July's final targets, and ``targets.csv`` with what the final ones say.

    The draft asks for less in its first target and for one thing that was dropped.
    """
    year = world.year
    april, july = date(year, 4, 15), date(year, 7, 20)
    dropped = TargetGoal("CON5.online", Decimal(9), "次")
    first = TargetGoal(goals.targets[0].id, goals.targets[0].value - 100, goals.targets[0].unit)
    draft = [_line(target, year) for target in (first, *goals.targets[1:], dropped)]
    write_book(
        world, out, f"年度协议任务指标（初稿）_{april:%Y-%m}.xlsx", _target_ledger(world, draft, april)
    )
    final = [*(_line(target, year) for target in goals.targets), *_bad_targets(goals.targets[0], year)]
    with (out / "targets.csv").open("w", encoding="utf-8", newline="") as target_file:
        writer = csv.writer(target_file, lineterminator="\n")
        writer.writerow(["indicator_id", "value"])
        writer.writerows(sorted((target.id, target.in_base_unit) for target in goals.targets))
    return write_book(world, out, f"年度协议任务指标_{july:%Y-%m}.xlsx", _target_ledger(world, final, july))


def _target_ledger(world: World, lines: list[Line], reported_on: date) -> Statement:
    return Statement(
        dataset="work_target",
        sheet="任务指标",
        title=f"{{county}}与{{paired_county}}{world.year}年度协作协议任务指标",
        columns=("year", "indicator_id", "indicator", "value", "unit"),
        lines=lines,
        reported_on=reported_on,
        unit=OFFICE,
        is_numbered=False,
        notes=("注：指标编号空白的按指标名称认定",),
    )


def _line(target: TargetGoal, year: int) -> Line:
    whole = target.value == target.value.to_integral_value()
    return Line(
        {
            "year": f"{year}年度",
            "indicator_id": None if target.id in _BY_NAME_ONLY else target.id,
            "indicator": _NAMES.get(target.id, "其他任务"),
            "value": int(target.value) if whole else float(target.value),
            "unit": target.unit,
        }
    )


def _bad_targets(target: TargetGoal, year: int) -> list[Line]:
    good: dict[str, Cell] = dict(_line(target, year).cells)
    return [
        Line(good | {"indicator_id": None, "indicator": "招商引资考核得分"}, "there is no such indicator"),
        Line(good | {"indicator_id": "LAB2"}, "identity and name are those of two indicators"),
        Line(good | {"value": "若干"}, "the target is no number"),
        Line(good | {"value": -2}, "the target is negative"),
        Line(good | {"value": None}, "the target is missing"),
    ]


def write_narratives(world: World, out: Path) -> list[BadRow]:
    """Write the office's texts for the annual report: paragraphs, and single figures with what they rest on."""
    year, reported_on = world.year, date(world.year, 12, 22)
    lines = []
    for section, text in _SECTIONS.items():
        lines.append(Line(_text(year, section, 1, text)))
        if section in _SUPPORTED:
            thanks = f"{world.county.paired_county}有关单位全年参加{section}工作会商4次。"
            lines.append(Line(_text(year, section, 2, thanks)))
    figure: dict[str, Cell] = {"figure_name": "信息简报", "value": 12, "unit": "期", "source_doc": "简报汇编"}
    lines.append(Line(_text(year, "组织领导", 3, None) | figure))
    good = _text(year, "典型案例", 9, "待补充材料")
    lines += [
        Line(good | {"section": None}, "the section is missing"),
        Line(good | {"year": "今年"}, "the year cannot be read"),
        Line(good | {"text": None}, "there is neither a text nor a figure"),
        Line(good | {"seq": "最后"}, "the place in the section is no number"),
    ]
    statement = Statement(
        dataset="work_narrative",
        sheet="文字材料",
        title=f"{{county}}{year}年东西部协作典型案例与文字材料",
        columns=("year", "section", "seq", "text", "figure_name", "value", "unit", "source_doc"),
        lines=lines,
        reported_on=reported_on,
        unit=OFFICE,
        is_numbered=False,
    )
    return write_book(world, out, f"典型案例与文字材料_{reported_on:%Y-%m}.xlsx", statement)


def _text(year: int, section: str, seq: int, text: str | None) -> dict[str, Cell]:
    return {"year": year, "section": section, "seq": seq, "text": text}
