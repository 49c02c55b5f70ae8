"""``xiezuo arrivals``: deliveries that are overdue or due soon, and those that said that nothing is new."""

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

    from xiezuo.operations.arrivals import due_soon, missed, nil_returns

    found, soon, nil = (ask(settings, options.county) for ask in (missed, due_soon, nil_returns))
    if options.json:
        lists = {"missed": found, "due_soon": soon, "nil_returns": nil}
        print_json({name: [asdict(one) for one in some] for name, some in lists.items()})
        return 0
    if not found:
        print("没有逾期未报的数据")
    for one in [*found, *soon, *nil]:
        print(f"{one.county_code} {one.zh}")
    return 0
