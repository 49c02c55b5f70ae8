"""``xiezuo check``: what checks found, and what people say to it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_county, add_json
from xiezuo.cli.parser import add_command, add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "check", "what contradicts itself or looks odd, and what is said to it", unnamed="list",
        example="xiezuo check --county 620422",
    )  # fmt: skip
    listing = add_command(
        acts, "list", "findings of checks, with the answer to each", _list, example="xiezuo check list --unanswered"
    )
    listing.add_argument("--unanswered", action="store_true", help="only those that wait for an answer")
    add_county(listing)
    add_json(listing)
    answering = add_command(
        acts, "answer", "keep what a person says to a finding, for good", _answer,
        example="xiezuo check answer look_growth --of 2022 --by 王主任 --comment 集中签约，已核实",
    )  # fmt: skip
    answering.add_argument("check_id", metavar="CHECK", help="the check, as `list` names it")
    answering.add_argument("--of", default="", metavar="PERIOD", help="period of the finding; default: it has none")
    answering.add_argument("--by", required=True, metavar="NAME", help="who answers")
    answering.add_argument("--comment", required=True, help="the answer, in Chinese")
    add_county(answering, one=True)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.findings import listed

    found = listed(settings, options.county, unanswered=options.unanswered)
    if options.json:
        print_json({"findings": found})
        return 0
    for one in found:
        print(f"{one['check_id']} {one['period'] or '全部期间'} {one['check_zh']}：{one['detail']}")
        for said in one["earlier"]:
            print(f"  此前答复（内容已变）：{said['answer_zh']}（{said['answered_by']}）")
        if one["answer_zh"]:
            print(f"  答复：{one['answer_zh']}（{one['answered_by']}）")
    return 0


def _answer(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.findings import answer

    answer(settings, options.county, options.check_id, options.of, by=options.by, said=options.comment)
    print("已登记")
    return 0
