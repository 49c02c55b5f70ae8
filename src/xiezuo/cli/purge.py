"""``xiezuo purge``: what need not be kept any longer, or one person, is removed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_json
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the command."""
    purge = add_command(
        commands, "purge", "remove what need not be kept any longer (include/operations.yaml)", _purge,
        example="xiezuo purge --dry-run",
    )  # fmt: skip
    purge.add_argument("--dry-run", action="store_true", help="only say what would be removed")
    purge.add_argument("--person", action="store_true", help="one person; the number is read from standard input")
    purge.add_argument("--reason", default="", help="with --person: who asked, and why (no name, no number)")
    add_json(purge)


def _purge(options: argparse.Namespace, settings: Settings) -> int:
    import getpass

    from xiezuo.operations.retention import purge, purge_person

    if options.person:
        number = getpass.getpass("证件号码: ") if sys.stdin.isatty() else sys.stdin.readline()
        done = purge_person(settings, number.strip(), reason=options.reason, dry_run=options.dry_run)
    else:
        done = purge(settings, dry_run=options.dry_run)
    if options.json:
        print_json(done)
        return 0
    for line in done["removed"]:
        print(f"{line['county_code']} {line['kind']}: {line['items']} ({line['bytes']} bytes)")
    for place in done.get("still_in", ()):
        print(f"原始文件仍含此人，请人工处理: {place}")
    print("nothing was removed (--dry-run)" if options.dry_run else "done")
    return 0
