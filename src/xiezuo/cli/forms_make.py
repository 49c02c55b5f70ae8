"""``xiezuo forms make``: next period's ledgers for stations, with what goes on filled in."""

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
    """Declare the act."""
    make = add_command(
        acts, "make", "a month's ledgers for stations to fill in, what goes on filled in already", _make,
        example="xiezuo forms make --county 620422 --period 2022-10 --out forms",
    )  # fmt: skip
    add_county(make, one=True)
    add_period(make, required=True)
    add_out(make, required=False)
    add_json(make)


def _make(options: argparse.Namespace, settings: Settings) -> int:
    """Write the workbooks; they hold personal data."""
    from xiezuo.publish.forms import forms_folder, make_forms, share_filled

    out = options.out or forms_folder(settings, options.county, options.period)
    made = make_forms(settings, options.county, options.period, out)
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
