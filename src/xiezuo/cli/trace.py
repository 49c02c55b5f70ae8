"""``xiezuo trace``: the rows a figure counts, and where each came from; or the figures that count a row."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json, print_lines
from xiezuo.cli.completion import indicators, offer, periods, places
from xiezuo.cli.options import add_county, add_json, add_period, period
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


_EXAMPLE = "例如 xiezuo trace CON1 --period 2022-12，或 xiezuo trace --file 620422/labour/….xlsx --row 12"


def add_to(commands: Commands) -> None:
    """Declare the command."""
    trace = add_command(
        commands, "trace", "rows a figure counts and where they came from, or figures of a row", _trace,
        example="xiezuo trace CON1 --period 2022-12 --county 620422\n"
        "  xiezuo trace --file 620422/labour/劳务输转台账.xlsx --row 12 --county 620422",
    )  # fmt: skip
    indicator = trace.add_argument(
        "indicator", nargs="?", metavar="INDICATOR", help="as the catalogue of indicators has it: CON1"
    )
    offer(indicator, indicators)
    second = trace.add_argument(
        "period_by_position", nargs="?", type=period, metavar="PERIOD", help="the same as --period"
    )
    offer(second, periods)
    add_period(trace)
    add_county(trace, one=True)
    trace.add_argument(
        "--kind", choices=("month", "year_to_date", "year"),
        help="default: what PERIOD is; of a figure without months the year to date",
    )  # fmt: skip
    trace.add_argument("--since", type=int, metavar="YEAR", help="count all years from this one to PERIOD's end, now")
    trace.add_argument("--breakdown", default="", metavar="TOWNSHIP", help="nine-digit code; default: the county")
    trace.add_argument("--limit", type=int, default=100, help="rows to show; default: 100")
    trace.add_argument("--after", type=int, default=0, help="rows to pass over first")
    offer(trace.add_argument("--file", metavar="PLACE", help="the other way: a place, as a trace names it"), places)
    trace.add_argument("--row", type=int, metavar="N", help="with --file: row of the sheet, or item of the delivery")
    trace.add_argument("--sheet", metavar="NAME", help="with --file: its sheet; default: all")
    add_json(trace)


def _trace(options: argparse.Namespace, settings: Settings) -> int:
    if options.file is not None or options.row is not None:
        return _backwards(options, settings)
    if options.indicator is None:
        raise ConfigError(
            "neither an indicator nor a row", zh="请给出指标，或用 --file 和 --row 给出一行", next_step=_EXAMPLE
        )
    from xiezuo.build.trace import trace

    found = trace(
        settings, options.county, _period(options), options.indicator,
        kind=options.kind, since=options.since, breakdown=options.breakdown, limit=options.limit, after=options.after,
    )  # fmt: skip
    if options.json:
        print_json(found)
        return 0
    value = "未报送" if found["value"] is None else f"{found['value']} {found['unit']}"
    least = "不少于 " if found["qualifier"] == "at_least" else ""
    until = "（本年累计）" if found["period_kind"] == "year_to_date" else ""
    print(f"{found['indicator_id']} {found['period']}{until}: {least}{value} ({found['total_rows']} rows)")
    for side, of in found.get("sides", {}).items():
        told = "未报送" if of["value"] is None else f"{of['value']} {of['unit']}"
        print(f"{side} {of['indicator_id']}: {told} ({of['rows']} rows)")
    for row in found["rows"]:
        if row["file"]:
            place = f"{row['file']} {row['sheet'] or ''}"
        else:
            place = f"{row['platform']} p.{row['page']} #{row['item']}"
        side = f" {row['side']}" if "side" in row else ""
        print_lines([f"{place} row {row['row_no']}{side}: {row['measure']}"])
    return 0


def _backwards(options: argparse.Namespace, settings: Settings) -> int:
    """Tell the figures that count a row, and the releases in which they counted its delivery."""
    if options.file is None or options.row is None or options.indicator is not None:
        raise ConfigError(
            "a row is --file and --row, without an indicator",
            zh="追溯一行须同时给出 --file 和 --row，且不给出指标", next_step=_EXAMPLE,
        )  # fmt: skip
    from dataclasses import asdict

    from xiezuo.build.counted_by import counted_at
    from xiezuo.build.figures import value_text

    rows = counted_at(settings, options.county, options.file, options.row, options.sheet)
    if options.json:
        told = [{**asdict(row), **row.place} for row in rows]
        for one_row in told:
            del one_row["place"]
            for figure in one_row["figures"]:
                figure["value"] = value_text(figure["value"], figure["unit"])
                figure["measure"] = value_text(figure["measure"], figure["measure_unit"])
        print_json({"county_code": options.county, "place": options.file, "row_no": options.row, "rows": told})
        return 0
    if not rows:
        print(f"{options.file} row {options.row}: no delivery of it stores such a row now")
    for row in rows:
        state = "stored" if row.is_stored else "held back"
        print(f"{options.file} {row.place['sheet'] or ''} row {row.row_no}: {state}, batch {row.batch_id}")
        print_lines(f"{one['reason_zh']} [{one['rule_id']}] {one['state']}" for one in row.held)
        print_lines(
            f"{one.indicator_id} {one.period} {one.period_kind}: {value_text(one.measure, one.measure_unit)}"
            f"{'' if one.side_id == one.indicator_id else f' {one.measure_unit} in {one.side_id}'} of"
            f" {value_text(one.value, one.unit) or '未报送'} {one.unit}{_released(one.releases)}"
            for one in row.figures
        )
    return 0


def _released(releases: list[str]) -> str:
    return f", in {', '.join(releases)}" if releases else ""


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
