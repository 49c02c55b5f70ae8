"""``xiezuo trace``: the rows a figure counts, and where each came from."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json, print_lines
from xiezuo.cli.completion import indicators, offer, periods
from xiezuo.cli.options import add_county, add_json, add_period, period
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the command."""
    trace = add_command(
        commands, "trace", "the rows a figure counts, and where each came from", _trace,
        example="xiezuo trace CON1 --period 2022-12 --county 620422",
    )  # fmt: skip
    indicator = trace.add_argument("indicator", metavar="INDICATOR", help="as the catalogue of indicators has it: CON1")
    offer(indicator, indicators)
    second = trace.add_argument(
        "period_by_position", nargs="?", type=period, metavar="PERIOD", help="the same as --period"
    )
    offer(second, periods)
    add_period(trace)
    add_county(trace, one=True)
    trace.add_argument("--kind", choices=("month", "year_to_date", "year"), help="default: what PERIOD is")
    trace.add_argument("--breakdown", default="", metavar="TOWNSHIP", help="nine-digit code; default: the county")
    trace.add_argument("--limit", type=int, default=100, help="rows to show; default: 100")
    trace.add_argument("--after", type=int, default=0, help="rows to pass over first")
    add_json(trace)


def _trace(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.build.trace import trace

    found = trace(
        settings, options.county, _period(options), options.indicator,
        kind=options.kind, breakdown=options.breakdown, limit=options.limit, after=options.after,
    )  # fmt: skip
    if options.json:
        print_json(found)
        return 0
    value = "未报送" if found["value"] is None else f"{found['value']} {found['unit']}"
    least = "不少于 " if found["qualifier"] == "at_least" else ""
    print(f"{found['indicator_id']} {found['period']}: {least}{value} ({found['total_rows']} rows)")
    for row in found["rows"]:
        if row["file"]:
            place = f"{row['file']} {row['sheet'] or ''}"
        else:
            place = f"{row['platform']} p.{row['page']} #{row['item']}"
        print_lines([f"{place} row {row['row_no']}: {row['measure']}"])
    return 0


def _period(options: argparse.Namespace) -> str:
    """Return the one period that was given, by name or in second place."""
    given = {one for one in (options.period, options.period_by_position) if one is not None}
    if len(given) != 1:
        raise ConfigError(
            "a trace is of one period",
            zh="给出了两个不同的期间，只能追溯一个" if given else "请用 --period 给出期间",
            next_step="写成 --period 2022 或 --period 2022-09",
        )
    return str(given.pop())
