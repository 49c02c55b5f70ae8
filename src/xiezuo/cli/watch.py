"""Commands for whoever is on duty: what has not arrived, what is wrong, whom it is told to."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import day, print_json

if TYPE_CHECKING:
    from xiezuo.cli.answers import Commands


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    arrivals = commands.add_parser("arrivals", help="deliveries that are overdue, by reporting unit")
    arrivals.add_argument("--county", help="six-digit code; default all counties")
    arrivals.add_argument("--json", action="store_true")
    arrivals.set_defaults(command=_arrivals)

    alerts = commands.add_parser("alerts", help="what is wrong, and whether anybody was told")
    acts = alerts.add_subparsers(required=True, metavar="ACT")
    listing = acts.add_parser("list", help="alerts that are open")
    listing.add_argument("--county")
    listing.add_argument("--all", action="store_true", help="resolved ones as well")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(command=_list)
    mute = acts.add_parser("mute", help="send nothing about an alert until a day")
    mute.add_argument("key")
    mute.add_argument("--reason", required=True)
    mute.add_argument("--until", type=day, required=True, metavar="YYYY-MM-DD")
    mute.add_argument("--county")
    mute.set_defaults(command=_mute)
    unmute = acts.add_parser("unmute", help="let an alert be heard again")
    unmute.add_argument("key")
    unmute.add_argument("--county")
    unmute.set_defaults(command=_unmute)
    send = acts.add_parser("send", help="look for what is wrong now and send what is due")
    send.add_argument("--json", action="store_true")
    send.set_defaults(command=_send)
    acts.add_parser("test", help="send a test message to every target").set_defaults(command=_test)


def _arrivals(options: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from xiezuo.operations.arrivals import missed

    found = missed(settings, options.county)
    if options.json:
        print_json({"missed": [asdict(one) for one in found]})
        return 0
    for one in found:
        print(f"{one.county_code} {one.zh}")
    if not found:
        print("没有逾期未报的数据 (nothing is overdue)")
    return 0


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
    for target in sent.dead_targets:
        print(f"  failed: {target}")
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
