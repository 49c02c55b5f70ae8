"""``xiezuo words``: what is known, what rows wait for, what the office decides."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_county, add_day, add_json
from xiezuo.cli.parser import add_command, add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands, Parser

_FIELD = "such as work_meeting.body; division, firm or project for names of these"


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    acts = add_group(
        commands, "words", "what offices write for the values that decide figures", unnamed="list",
        example="xiezuo words propose",
    )  # fmt: skip
    listing = add_command(
        acts, "list", "words that are known, and what a county decided", _list,
        example="xiezuo words list work_meeting.body",
    )  # fmt: skip
    listing.add_argument("field", nargs="?", metavar="DATASET.FIELD", help=_FIELD)
    add_county(listing)
    add_json(listing)
    proposing = add_command(
        acts, "propose", "words that rows wait for, with what there is to decide by", _propose,
        example="xiezuo words propose --county 620422",
    )  # fmt: skip
    add_county(proposing)
    add_json(proposing)
    accept = add_command(
        acts, "accept", "let a word stand for a value; rows that waited are counted", _accept,
        example="xiezuo words accept work_meeting.body 四套班子联席会 joint --by 王主任 --county 620422",
    )  # fmt: skip
    _add_word(accept)
    accept.add_argument("value", metavar="VALUE", help="value of the list, or code of the township or village")
    _add_decision(accept)
    reject = add_command(
        acts, "reject", "a word is not to be used: rows with it wait", _reject,
        example="xiezuo words reject work_meeting.body 碰头会 --by 王主任 --reason 不是正式会议",
    )  # fmt: skip
    _add_word(reject)
    _add_decision(reject)


def _add_word(parser: Parser) -> None:
    parser.add_argument("field", metavar="DATASET.FIELD", help=_FIELD)
    parser.add_argument("word", metavar="WORD", help="as it stands in the ledger")


def _add_decision(parser: Parser) -> None:
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--reason", default="", help="why, in Chinese; of a rejected word the ledgers' owners read it")
    add_day(parser, "--from", "first day of rows it is read on", dest="first", required=False)
    add_day(parser, "--to", "last day of rows it is read on", dest="last", required=False)
    add_county(parser)
    parser.add_argument("--everywhere", action="store_true", help="decide for every county that is served")
    add_json(parser)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.words import listed

    found = listed(settings, options.county, options.field)
    if options.json:
        print_json({"words": found})
        return 0
    for one in found:
        print(_line(one))
    return 0


def _line(one: dict[str, Any]) -> str:
    days = f" [{one['valid_from'] or ''}—{one['valid_to'] or ''}]" if one["valid_from"] or one["valid_to"] else ""
    said = f"{one['field']} {one['word']} = {one['value']}{days}"
    if one["state"] == "rejected":
        said = f"{one['field']} {one['word']}：不采用（{one['reason_zh']}）"
    when = f" {one['decided_at']:%Y-%m-%d}" if one["decided_at"] else ""
    return f"{said} ({one['county_code'] or '通用'} {one['decided_by']}{when})"


def _propose(options: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from xiezuo import pipeline
    from xiezuo.operations.words import proposed

    pipeline.prepare(settings)
    found = proposed(settings, [options.county] if options.county else None)
    if options.json:
        print_json({"proposals": [asdict(one) for one in found]})
        return 0
    for one in found:
        waits = f"等待，{one.deliveries} 份报表，如 {one.place}" if one.place else "，可能另有其名"
        print(f"{one.county_code} {one.field} “{one.word}”：{one.rows} 行{waits}")
        if one.rejected:
            print(f"  {one.rejected}")
        if one.similar:
            alike = "、".join(f"{like['word']}={like['value']}" for like in one.similar)
            print(f"  相近的已登记填法：{alike}")
        if one.values:
            print(f"  可用取值：{'、'.join(f'{value}（{name}）' for value, name in one.values.items())}")
        print(f"  影响指标：{'、'.join(one.figures) or '无'}")
    if not found:
        print("没有等待登记的填法")
    return 0


def _accept(options: argparse.Namespace, settings: Settings) -> int:
    return _decide(options, settings, options.value)


def _reject(options: argparse.Namespace, settings: Settings) -> int:
    if not options.reason.strip():
        said = "--reason is needed: the ledgers' owners read it"
        raise ConfigError(said, zh="不采用某种填法须写明理由，填报单位会看到")
    if options.first or options.last:
        raise ConfigError("a word is rejected on every day", zh="不采用不分时段，请去掉起止日期")
    return _decide(options, settings, None)


def _decide(options: argparse.Namespace, settings: Settings, value: str | None) -> int:
    """Decide, have the rows that follow from it loaded, and the figures that follow from these built."""
    from dataclasses import asdict

    from xiezuo import pipeline
    from xiezuo.declared.words import Decision
    from xiezuo.operations.words import decide

    counties = _counties(options, settings)
    pipeline.prepare(settings)
    decision = Decision(
        options.field, options.word, "rejected" if value is None else "accepted", value, options.first, options.last,
        options.reason.strip(), options.by.strip(),
    )  # fmt: skip
    done = decide(settings, decision, counties)
    built = pipeline.build(settings)
    if options.json:
        print_json({"decided": [asdict(one) for one in done], "built": built})
        return 0
    for one in done:
        if not one.is_new:
            print(f"{one.county_code} 已是如此，未作改动")
            continue
        waiting = f"等待登记的行 {one.rows_waiting_before} → {one.rows_waiting_after}"
        print(f"{one.county_code} 已登记；重读报表 {one.deliveries} 份，{waiting}")
    print(f"重算数值 {built['values']} 个")
    return 0


def _counties(options: argparse.Namespace, settings: Settings) -> list[str]:
    from xiezuo.declared.counties import load_counties

    served = sorted(load_counties(settings.counties_path))
    if options.county and options.everywhere:
        raise ConfigError("--county and --everywhere exclude each other")
    if options.county:
        return [options.county]
    if options.everywhere or len(served) == 1:
        return served
    raise ConfigError("say --county or --everywhere", zh="服务多个县，请写明 --county 或 --everywhere")
