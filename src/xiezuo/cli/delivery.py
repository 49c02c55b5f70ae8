"""``xiezuo delivery``: files that came in, and what people decide about them as a whole."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_county, add_json
from xiezuo.cli.parser import add_command, add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands, Parser
    from xiezuo.operations.deliveries import Standing

_STATES = {
    "waits": "等待确认", "refused": "未采用", "loaded": "已采用", "retracted": "已撤回", "landed": "尚未处理",
    "done": "已处理",
}  # fmt: skip


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "delivery", "files that came in, and what is decided about them", unnamed="list",
        example="xiezuo delivery --county 620422",
    )  # fmt: skip
    listing = add_command(
        acts, "list", "files that came in, and what became of each", _list, example="xiezuo delivery list --waiting"
    )
    listing.add_argument("--waiting", action="store_true", help="only those that wait for a person")
    add_county(listing)
    add_json(listing)
    accept = add_command(
        acts, "accept", "take a file that waits; it wins over others of its date", _accept,
        example="xiezuo delivery accept kdfa --by 王主任 --reason 已与该站核实",
    )  # fmt: skip
    accept.add_argument(
        "--as", dest="standing", choices=("whole", "part"), default="whole",
        help="all there is of its unit and date, or a part that withdraws nothing; default: whole",
    )  # fmt: skip
    _add_decision(accept)
    retract = add_command(
        acts, "retract", "leave a file out, as if it had never come", _retract,
        example="xiezuo delivery retract kdfa --by 王主任 --reason 误放了外县台账",
    )  # fmt: skip
    _add_decision(retract)
    restore = add_command(
        acts, "restore", "undo what was decided about a file", _restore,
        example="xiezuo delivery restore kdfa --by 王主任 --reason 撤回有误",
    )  # fmt: skip
    _add_decision(restore)


    receipts = add_command(
        acts, "receipts", "write what is due: receipts, and workbooks with rows to correct", _receipts,
        example="xiezuo delivery receipts --county 620422",
    )  # fmt: skip
    receipts.add_argument("--again", action="store_true", help="also those that were written before")
    add_county(receipts)
    add_json(receipts)


def _add_decision(parser: Parser) -> None:
    parser.add_argument("delivery", metavar="DELIVERY", help="start of its identifier as `list` shows it, or its place")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--reason", required=True, help="why, in Chinese")
    add_county(parser, one=True)
    add_json(parser)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.deliveries import listed

    found = listed(settings, options.county, waiting=options.waiting)
    if options.json:
        print_json({"deliveries": found})
        return 0
    for one in found:
        said = f"：{one['refusal_zh']}" if one["refusal_zh"] else f"，{one['rows_read']} 行"
        held = f"，{one['rows_quarantined']} 行退回" if one["rows_quarantined"] else ""
        who = f"（{one['decided_by']}：{one['reason_zh']}）" if one["decided_by"] else ""
        what = f"{one['landing_id'][:8]} {one['place']} {one['landed_at']:%Y-%m-%d}"
        print(f"{what} {_STATES[one['state']]}{said}{held}{who}")
    return 0


def _receipts(options: argparse.Namespace, settings: Settings) -> int:
    """Answer the files that came in, in the out-folders of their units."""
    from xiezuo import pipeline

    pipeline.prepare(settings)
    answered = pipeline.receipts(settings, options.county, again=options.again)
    if options.json:
        print_json(answered)
        return 0
    print(f"回执 {answered['receipts']} 份，退回修改表 {answered['returns']} 份，已通知 {answered['told']} 个群")
    return 0


def _accept(options: argparse.Namespace, settings: Settings) -> int:
    return _decide(options, settings, options.standing)


def _retract(options: argparse.Namespace, settings: Settings) -> int:
    return _decide(options, settings, "retracted")


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    return _decide(options, settings, "stands")


def _decide(options: argparse.Namespace, settings: Settings, standing: Standing) -> int:
    """Decide, have the rows that follow from it loaded, and the figures that follow from these built."""
    from dataclasses import asdict

    from xiezuo import pipeline
    from xiezuo.operations.deliveries import decide

    pipeline.prepare(settings)
    done = decide(settings, options.county, options.delivery, standing, by=options.by, reason=options.reason)
    built = pipeline.build(settings)
    pipeline.receipts(settings, options.county)
    if options.json:
        print_json({"decided": asdict(done), "built": built})
        return 0
    if not done.is_new:
        print(f"{done.place} 已是如此，未作改动")
        return 0
    print(f"{done.place} 已登记；重读报表 {done.files_read} 份，重算数值 {built['values']} 个")
    for reason in done.reasons_zh:
        print(f"  仍未采用：{reason}")
    return 0
