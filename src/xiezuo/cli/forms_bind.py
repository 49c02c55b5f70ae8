"""``xiezuo forms list|bind|fill``: what is confirmed, what a blank asks, a blank filled."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json, print_lines
from xiezuo.cli.options import add_county, add_json, add_out, add_period
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands, Parser
    from xiezuo.publish.forms.fill import Answered
    from xiezuo.publish.forms.lines import Line

_STATES = {"sure": "已认出", "asked": "待确认", "none": "无此指标"}


def add_to(acts: Commands) -> None:
    """Declare the acts of forms that are bound and filled."""
    listing = add_command(
        acts, "list", "forms that are confirmed", _list, example="xiezuo forms list --county 620422"
    )
    add_county(listing)
    add_json(listing)

    binding = add_command(
        acts, "bind", "propose an indicator for each cell of a blank, or confirm that", _bind,
        example="xiezuo forms bind 统计表.xlsx --county 620422",
    )  # fmt: skip
    _add_file(binding)
    add_county(binding, one=True)
    binding.add_argument(
        "--accept", action="store_true", help="record the proposal with its answers as confirmed"
    )
    binding.add_argument("--by", default="", metavar="NAME", help="who confirms")
    binding.add_argument(
        "--answers",
        type=Path,
        metavar="FILE",
        help="the proposal with answers; default: where it was written",
    )
    add_out(binding, required=False)
    add_json(binding)

    filling = add_command(
        acts, "fill", "fill a confirmed form for a period", _fill,
        example="xiezuo forms fill 统计表.xlsx --period 2022-09 --county 620422 --out filled",
    )  # fmt: skip
    _add_file(filling)
    add_period(filling, required=True)
    add_county(filling, one=True)
    add_out(filling)
    add_json(filling)


def _add_file(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the blank, XLSX or DOCX")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.forms.forms import listed

    found = [
        {
            "county_code": code, "form": one.name, "edition": one.edition, "file": one.file_name, "sha256": one.sha256,
            "decided_by": one.decided_by, "decided_at": one.decided_at, "waiting": _waiting(one.lines.values()),
        }
        for code, one in listed(settings, options.county)
    ]  # fmt: skip
    if options.json:
        print_json({"forms": found})
        return 0
    for one in found:
        waits = f"，{one['waiting']} 行待确认" if one["waiting"] else ""
        print(
            f"{one['county_code']} {one['form']} 第{one['edition']}版 {one['file']}"
            f"（{one['decided_by']} {one['decided_at']} 确认{waits}）"
        )
    if not found:
        print("没有确认过的表")
    return 0


def _waiting(lines: Any) -> int:
    return sum(line.state == "asked" for line in lines)


def _bind(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import pipeline
    from xiezuo.publish.forms.forms import accept, bind

    pipeline.prepare(settings)
    if options.accept:
        found = accept(settings, options.county, options.file, options.by, options.answers)
    else:
        found = bind(settings, options.county, options.file, options.out)
    lines = found.waiting
    if options.json:
        print_json({
            "form": found.name, "edition_before": found.before.edition if found.before else None, "cells": found.cells,
            "proposal": str(found.proposal), "accepted": options.accept, "waiting": [_line(line) for line in lines],
            "lines": [_line(line) for line in found.lines],
        })  # fmt: skip
        return 0
    if found.before is not None and not options.accept:
        print(
            f"比照已确认的“{found.name}”第{found.before.edition}版："
            f"{len(found.lines) - len(lines)} 行相同，{len(lines)} 行需要确认"
        )
    else:
        done = "已确认" if options.accept else "读出"
        print(f"“{found.name}”：{done} {found.cells} 个单元格、{len(found.lines)} 行，{len(lines)} 行待确认")
    print_lines(_words(line) for line in found.lines if line.state != "sure")
    print(f"核对表：{found.proposal}")
    return 0


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind, "words": line.words, "where": line.where, "state": line.state, "answer": line.answer,
        "choices": list(line.choices), "note_zh": line.note, "unit": line.unit,
    }  # fmt: skip


def _words(line: Line) -> str:
    choices = f"：{'、'.join(line.choices)}" if line.choices else ""
    note = f"（{line.note}）" if line.note else ""
    return f"{_STATES[line.state]} {line.where} “{line.words}”{choices}{note}"


def _fill(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import pipeline
    from xiezuo.publish.forms.forms import fill_form

    pipeline.prepare(settings)
    filled = fill_form(settings, options.county, options.file, options.period, options.out)
    if options.json:
        cells = [_cell(one) for one in filled.cells]
        print_json(
            {
                "file": str(filled.path),
                "filled": [c for c in cells if c["text"]],
                "blank": [c for c in cells if not c["text"]],
                "cautions_zh": list(filled.cautions),
            }
        )
        return 0
    print(f"{filled.path}：填入 {len(filled.put)} 个单元格，{len(filled.blank)} 个留空")
    print_lines(f"{one.where} “{one.words}”：{one.amount.note}" for one in filled.blank)
    print_lines(f"{one.where} “{one.words}”：{one.amount.note}" for one in filled.put if one.amount.note)
    print_lines(filled.cautions)
    return 0


def _cell(one: Answered) -> dict[str, Any]:
    got = one.amount
    return {
        "sheet": one.cell.slot.sheet, "cell": one.where.rpartition("!")[2], "words": one.words,
        "indicator_id": one.indicator_id, "value": None if got.exact is None else f"{got.exact:f}",
        "period_kind": got.period.kind if got.period else None, "period": got.period.text if got.period else None,
        "breakdown": got.town, "role": one.when.role or "value",
        "text": got.text, "unit": one.unit, "qualifier": got.qualifier, "note_zh": got.note,
    }  # fmt: skip
