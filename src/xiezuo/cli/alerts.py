"""``xiezuo alerts``: what is wrong, whom it is told to, and what is to be heard of no more."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json, print_lines
from xiezuo.cli.options import add_county, add_day, add_json
from xiezuo.cli.parser import add_command, add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "alerts", "what is wrong, and whether anybody was told", unnamed="list",
        example="xiezuo alerts --county 620422",
    )  # fmt: skip
    listing = add_command(acts, "list", "alerts that are open", _list, example="xiezuo alerts list --all")
    add_county(listing)
    listing.add_argument("--all", action="store_true", help="resolved ones as well")
    add_json(listing)
    mute = add_command(
        acts, "mute", "send nothing about an alert until a day", _mute,
        example="xiezuo alerts mute a1b2c3d4 --reason 平台检修 --until 2023-01-10",
    )  # fmt: skip
    mute.add_argument("key", metavar="KEY", help="as `list` shows it")
    mute.add_argument("--reason", required=True, help="why, in Chinese")
    add_day(mute, "--until", "last day on which nothing is sent")
    add_county(mute)
    unmute = add_command(
        acts, "unmute", "let an alert be heard again", _unmute, example="xiezuo alerts unmute a1b2c3d4"
    )
    unmute.add_argument("key", metavar="KEY", help="as `list` shows it")
    add_county(unmute)
    send = add_command(
        acts, "send", "look for what is wrong now and send what is due", _send, example="xiezuo alerts send"
    )
    add_json(send)
    add_command(acts, "test", "send a test message to every target", _test, example="xiezuo alerts test")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.alerts import listed

    found = listed(settings, county=options.county, with_resolved=options.all)
    if options.json:
        print_json({"alerts": found})
        return 0
    for alert in found:
        print(_line(alert))
    return 0


def _line(alert: dict[str, Any]) -> str:
    state = f"{alert['state']}, {alert['times']}×, since {alert['first_seen']:%Y-%m-%d %H:%M}"
    if alert["resolved_at"]:
        state = f"resolved {alert['resolved_at']:%Y-%m-%d %H:%M}"
    if alert["muted_until"]:
        state += f", muted until {alert['muted_until']}: {alert['mute_reason']}"
    return f"{alert['alert_key']} {alert['county_code']} [{state}]\n  {alert['title_zh']}：{alert['body_zh']}"


def _mute(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.alerts import mute

    mute(settings, options.key, reason=options.reason, until=options.until, county=options.county)
    return 0


def _unmute(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.alerts import unmute

    unmute(settings, options.key, county=options.county)
    return 0


def _send(options: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from xiezuo.operations.troubles import report

    sent = report(settings)
    if options.json:
        print_json(asdict(sent))
        return 0
    print(f"{sent.met} found, {sent.told} told, {sent.untold} not told")
    print_lines(f"failed: {target}" for target in sent.dead_targets)
    return 0


def _test(options: argparse.Namespace, settings: Settings) -> int:
    """Tell every target that this is a test; exit code 4 when one did not take it."""
    from xiezuo.operations.alerts import VARIABLE, addressed, post

    if not addressed(settings.environ):
        raise ConfigError(f"{VARIABLE} is not set", next_step="see docs/operations.md")
    outcomes = post(settings.environ, "【协作数据】测试", "这是一条测试消息，收到即表示通知渠道可用。", "resolved")
    for outcome in outcomes:
        print(f"{outcome.target}: {'ok' if outcome.taken else outcome.reason}")
    return 0 if all(outcome.taken for outcome in outcomes) else 4
