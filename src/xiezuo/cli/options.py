"""The options that mean the same in every command, declared here and nowhere else.

Whatever a command takes of a county, a period, a day, a folder or JSON it takes through one of these functions:
name, form, help and the sentence about a wrong value cannot differ between commands.
"""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.completion import counties, offer, periods

_COUNTY = re.compile(r"[0-9]{6}")
_SHOWN = 10


def add_county(parser: argparse.ArgumentParser, *, one: bool = False) -> None:
    """Add ``--county``; a command about ``one`` county takes the only one served when none is given."""
    otherwise = "the only one served" if one else "all that are served"
    option = parser.add_argument(
        "--county", type=_county, metavar="CODE", help=f"six-digit division code; default: {otherwise}"
    )
    offer(option, counties)
    parser.set_defaults(is_of_one_county=one)


def add_period(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Add ``--period``: a year or a month."""
    option = parser.add_argument(
        "--period", type=period, required=required, metavar="PERIOD", help="a year or a month: 2022, 2022-09"
    )
    offer(option, periods)


def add_day(
    parser: argparse.ArgumentParser, name: str, words: str, *, dest: str | None = None, required: bool = True
) -> None:
    """Add a day: ``--from``, ``--to``, ``--until``."""
    parser.add_argument(name, dest=dest, type=_day, required=required, metavar="YYYY-MM-DD", help=words)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``: the answer as one JSON document, and nothing else on standard output."""
    parser.add_argument("--json", action="store_true", help="answer with one JSON document and nothing else")


def add_out(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Add ``--out``: the folder that files are written into, made when it is not there."""
    parser.add_argument(
        "--out", type=Path, required=required, metavar="DIR", help="folder to write into; made when it is not there"
    )


def period(text: str) -> str:
    """Read a period as people write it, and return it as written.

    Raises:
        ConfigError: it is none.
    """
    from xiezuo.values.periods import Period

    Period.read(text)
    return text


def settle(options: argparse.Namespace, settings: Settings) -> None:
    """Refuse a county that is not served; give a command about one county the only one there is.

    Raises:
        ConfigError: the county is not served, or none is given and several are.
    """
    from xiezuo.declared.counties import load_counties

    if not hasattr(options, "county") or not (options.county or options.is_of_one_county):
        return
    served = load_counties(settings.counties_path)
    if options.county is None and len(served) == 1:
        options.county = next(iter(served))
    if options.county not in served:
        wanted = f"没有县级区划代码“{options.county}”" if options.county else "本系统服务多个县，请用 --county 指明一个"
        names = [f"{code} {county.name}" for code, county in served.items()]
        there = "、".join(names[:_SHOWN]) + ("……" if len(names) > _SHOWN else "")
        raise ConfigError("no county, or none that is served, is given", zh=wanted, next_step=f"现有：{there}")


def _county(text: str) -> str:
    if _COUNTY.fullmatch(text) is None:
        raise ConfigError(f"{text!r} is no county code", zh=f"“{text}”不是县级区划代码", next_step="代码为六位数字")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no day", zh=f"“{text}”不是日期", next_step="写成 2022-12-31") from error
