"""The command line: the same stages as the Dags, in one process; each module here is a family of commands.

Exit codes: 0 done (quarantine allowed), 2 usage or configuration, 3 a file refused or a gate closed,
4 a source down. ``--json`` prints one JSON document on standard output and nothing else there.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from xiezuo.base.errors import XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.cli import release, road, store, watch, words
from xiezuo.cli.answers import Command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no input ends in a stack trace."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command is not store.psql:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        stream=sys.stderr,
        format="%(levelname)s %(message)s",
    )
    try:
        command: Command = options.command
        return command(options, Settings.from_env())
    except XiezuoError as error:
        words = error.zh if error.zh == error.message else f"{error.message}\n{error.zh}"
        print(f"xiezuo: {words}", file=sys.stderr)
        if error.next_step:
            print(f"  → {error.next_step}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xiezuo", description="协作：东西部协作数据流水线 (see README.md)")
    parser.add_argument("-v", "--verbose", action="store_true", help="say what happens on the way")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for family in (road, store, watch, release, words):
        family.add_to(commands)
    return parser
