"""``xiezuo forms owed|make``: who owes which ledger, and the workbooks for it with what goes on filled in."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_county, add_json, add_out, add_period
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(acts: Commands) -> None:
    """Declare the acts."""
    listing = add_command(
        acts, "owed", "ledgers that units owe for a month, and which have come", _list,
        example="xiezuo forms owed --county 620422 --period 2022-10",
    )  # fmt: skip
    add_county(listing)
    add_period(listing)
    add_json(listing)

    make = add_command(
        acts, "make", "a month's ledgers for stations to fill in, with what goes on in place", _make,
        example="xiezuo forms make --county 620422 --period 2022-10 --out forms",
    )  # fmt: skip
    add_county(make, one=True)
    add_period(make, required=True)
    add_out(make, required=False)
    add_json(make)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    """List what is owed for a month, by default the one before the clock's."""
    from xiezuo.declared.close_calendar import previous_month
    from xiezuo.declared.counties import load_counties
    from xiezuo.publish.prefilled import month_of, owed_for

    period = options.period or previous_month(settings.now().date()).strftime("%Y-%m")
    counties = [options.county] if options.county else sorted(load_counties(settings.counties_path))
    found = [(code, ledger, one) for code in counties for ledger, one in owed_for(settings, code, month_of(period))]
    if options.json:
        lines = [
            {
                "county_code": code, "dataset": one.dataset, "reporting_unit": one.reporting_unit,
                "period": one.period.name, "last_seen": one.last_seen, "has_arrived": one.has_arrived,
            }
            for code, _, one in found
        ]  # fmt: skip
        print_json({"owed": lines})
        return 0
    for code, ledger, one in found:
        last = f"截至 {one.last_seen}" if one.last_seen else "从未报送"
        state = f"已报（{last}）" if one.has_arrived else f"未报（{last}）"
        print(f"{code} {one.reporting_unit or '全县'}：{ledger} {one.period.name} {state}")
    if not found:
        print(f"{period} 没有应报的台账")
    return 0


def _make(options: argparse.Namespace, settings: Settings) -> int:
    """Write the workbooks; they hold personal data."""
    from xiezuo.publish.prefilled import make_forms, share_filled

    made = make_forms(settings, options.county, options.period, options.out)
    share = share_filled(made)
    if options.json:
        forms = [
            {
                "file": str(one.path), "dataset": one.dataset, "reporting_unit": one.reporting_unit,
                "period": one.period, "rows": one.rows, "cells": one.cells, "cells_filled": one.filled,
                "note_zh": one.note_zh,
            }
            for one in made
        ]  # fmt: skip
        print_json({"forms": forms, "share_filled": None if share is None else round(share, 4)})
        return 0
    for one in made:
        filled = f"，{one.filled}/{one.cells} 格已填好" if one.cells else ""
        print(f"{one.path}：{one.rows} 行{filled}{f'（{one.note_zh}）' if one.note_zh else ''}")
    print(f"共 {len(made)} 份" + ("" if share is None else f"，续报行的单元格已填好 {share:.1%}"))
    return 0
