"""``xiezuo forms``: workbooks for others to fill in, and others' workbooks that we fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiezuo.cli import forms_make
from xiezuo.cli.parser import add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands

ACTS = (forms_make,)
"""The modules that declare the acts, in the order ``--help`` lists them."""


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "forms", "workbooks for stations to fill in, and who owes them", unnamed="list",
        example="xiezuo forms --county 620422",
    )  # fmt: skip
    for act in ACTS:
        act.add_to(acts)
