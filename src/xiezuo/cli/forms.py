"""``xiezuo forms``: forms of other offices: bound to indicators once, filled every period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiezuo.cli import forms_bind
from xiezuo.cli.parser import add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "forms", "forms of other offices: bound once, filled every period", unnamed="list",
        example="xiezuo forms fill 统计表.xlsx --period 2022-09 --county 620422 --out filled",
    )  # fmt: skip
    forms_bind.add_acts(acts)
