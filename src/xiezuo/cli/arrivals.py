"""``xiezuo arrivals``: deliveries that are overdue."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_county, add_json
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the command."""
    arrivals = add_command(
        commands, "arrivals", "deliveries that are overdue, by reporting unit", _arrivals,
        example="xiezuo arrivals --county 620422",
    )  # fmt: skip
    add_county(arrivals)
    add_json(arrivals)


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
        print("没有逾期未报的数据")
    return 0
