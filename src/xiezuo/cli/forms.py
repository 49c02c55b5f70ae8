"""``xiezuo forms``: workbooks that stations fill in, and other offices' forms that we fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiezuo.cli import forms_bind, forms_make
from xiezuo.cli.parser import add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "forms", "workbooks for stations to fill in, and other offices' forms filled", unnamed="list",
        example="xiezuo forms --county 620422",
    )  # fmt: skip
    forms_make.add_to(acts)
    forms_bind.add_to(acts)
