"""``python -m xiezuo_local run|up|down``: what the Makefile calls."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import psycopg

from xiezuo.base.errors import SourceDown, XiezuoError
from xiezuo_local.console import complain
from xiezuo_local.instance import DEFAULT, Instance, Request

INTERRUPTED = 130
_LOGS = "see the logs under XIEZUO_HOME/logs"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. Errors are worded on stderr, with what to do."""
    signal.signal(signal.SIGTERM, _interrupt)
    options = _parser().parse_args(arguments)
    try:
        return _dispatch(options)
    except KeyboardInterrupt:
        complain("interrupted; everything that was started is stopped", "make run goes on from what is loaded")
        return INTERRUPTED
    except XiezuoError as error:
        complain(error.sentence, error.next_step or _LOGS)
        return error.exit_code
    except psycopg.OperationalError as error:
        complain(f"the database server broke off: {str(error).strip().splitlines()[0]}", f"{_LOGS}, then try again")
        return SourceDown.exit_code
    except OSError as error:
        complain(*_worded(error))
        return 1


def _worded(error: OSError) -> tuple[str, str]:
    """Return what went wrong and what to do: an OSError may be a time-out or a socket that no disk has to do with."""
    if error.errno in _FULL:
        where = error.filename or os.environ.get("XIEZUO_HOME") or ".xiezuo"
        return f"{where} cannot be written: {error.strerror}", "make room on its disk, then try again"
    if error.errno in _FORBIDDEN and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}", "let your account write there, or set XIEZUO_HOME"
    return f"{type(error).__name__}: {error}", _LOGS


def _dispatch(options: argparse.Namespace) -> int:
    # Commands load what they need: `down` must work when something else is broken.
    instance = Instance(os.environ)
    if options.command == "down":
        from xiezuo_local.services import down

        return down(instance)
    if options.command == "supervise":
        from xiezuo_local.samples import Sample
        from xiezuo_local.services import Supervisor

        words = options.sample
        sample = Sample(words[0], int(words[1]), int(words[2])) if words else None
        return Supervisor(instance, sample).supervise()
    if options.command == "up":
        from xiezuo_local.services import up, what_is_there

        return up(instance, _request(options, what_is_there(instance)))
    from xiezuo_local.journey import Journey

    return Journey(instance, _request(options, DEFAULT)).travel()


def _request(options: argparse.Namespace, default: Request) -> Request:
    """Fill in what was not said on the command line."""
    return Request(
        county=default.county if options.county is None else options.county,
        year=default.year if options.year is None else options.year,
        seed=default.seed if options.seed is None else options.seed,
        sample=default.sample if options.sample is None else bool(options.sample),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m xiezuo_local", description="Xiezuo on this machine")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("run", "a whole year through Airflow"), ("up", "start Airflow in the background")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--county", type=_county, help="six-digit division code (620422)")
        command.add_argument("--year", type=_year, help="(2022)")
        command.add_argument("--seed", type=int, help="which sample year to invent (1)")
        command.add_argument("--sample", type=int, choices=(0, 1), help="0: your own inbox and connections (1)")
    commands.add_parser("down", help="stop everything, the database server too")
    commands.add_parser("supervise").add_argument("sample", nargs="*")
    return parser


def _county(text: str) -> str:
    if len(text) != 6 or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a six-digit division code")
    return text


def _year(text: str) -> int:
    if len(text) != 4 or not text.isdecimal() or not 2015 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a year of the programme")
    return int(text)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
