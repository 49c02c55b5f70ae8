"""The command line: the same stages as the Dags, in one process; each module is named after its command.

Exit codes: 0 done (quarantine allowed), 2 usage or configuration, 3 a file refused or a gate closed,
4 a source down. ``--json`` prints one JSON document on standard output and nothing else there.
What all commands have in common is in :mod:`xiezuo.cli.parser` and :mod:`xiezuo.cli.options`.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from xiezuo.base.errors import XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.cli import (
    alerts,
    arrivals,
    delivery,
    export,
    forms,
    purge,
    quarantine,
    release,
    run,
    sample,
    trace,
    warehouse,
    words,
)
from xiezuo.cli.completion import answer_shell
from xiezuo.cli.failures import check_folder, check_home, let_go, worded
from xiezuo.cli.options import settle
from xiezuo.cli.parser import Command, Parser

_log = logging.getLogger("xiezuo.cli")

FAMILIES = (run, trace, delivery, quarantine, words, release, forms, arrivals, alerts, export, warehouse, purge, sample)
"""The modules that declare commands, in the order ``--help`` lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no input ends in a stack trace."""
    parser = make_parser()
    answer_shell(parser)
    options = argparse.Namespace()
    settings: Settings | None = None
    try:
        options = _parsed(parser, arguments)
        settings = Settings.from_env()
        return _done(options, settings)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except XiezuoError as error:
        return _complain(error)
    except Exception as error:
        failure = worded(error, settings, getattr(options, "out", None))
        if failure is None:
            raise
        let_go(error)
        return _complain(failure)


def _done(options: argparse.Namespace, settings: Settings) -> int:
    if options.needs_home:
        check_home(settings)
    if getattr(options, "out", None) is not None:
        check_folder(options.out)
    settle(options, settings)
    command: Command = options.command
    code = command(options, settings)
    sys.stdout.flush()  # what cannot be written any more is noticed here, not when Python ends
    return code


def _complain(error: XiezuoError) -> int:
    """Say once what is wrong and what to do; return the exit code."""
    if error.message != error.zh:
        _log.info("%s", error.message)
    print(f"xiezuo: {error.sentence}", file=sys.stderr)
    if error.next_step:
        print(f"  → {error.next_step}", file=sys.stderr)
    return error.exit_code


def make_parser() -> Parser:
    """Return the parser of all commands."""
    about = "Ledgers of the East–West Collaboration (东西部协作) in, traceable figures out."
    parser = Parser(prog="xiezuo", description=about)
    parser.add_argument("-v", "--verbose", action="store_true", help="say what happens on the way")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for family in FAMILIES:
        family.add_to(commands)
    return parser


def _parsed(parser: Parser, arguments: Sequence[str] | None) -> argparse.Namespace:
    options = argparse.Namespace()
    words = sys.argv[1:] if arguments is None else arguments
    _, rest = parser.parse_known_args(words or ["--help"], options)
    if rest and options.command is not warehouse.psql:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.WARNING,
        stream=sys.stderr,
        format="%(levelname)s %(message)s",
    )
    return options
