"""``xiezuo export``: files for analysts."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_county, add_json, add_out
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the command."""
    export = add_command(
        commands, "export", "files for analysts, without anything that identifies a person", _export,
        example="xiezuo export --out analysis",
    )  # fmt: skip
    add_county(export)
    export.add_argument(
        "--public", action="store_true", help="what may leave the office: figures alone, small counts of people hidden"
    )
    add_out(export)
    add_json(export)


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.export import export

    written = [str(path) for path in export(settings, options.out, county=options.county, public=options.public)]
    if options.json:
        print_json({"files": written})
        return 0
    for path in written:
        print(path)
    if not options.public:
        print("内部资料：含逐行明细和人数较少的数，不得对外；对外提供请加 --public", file=sys.stderr)
    return 0
