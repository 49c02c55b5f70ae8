"""``xiezuo sample`` and ``xiezuo platform``: an invented county-year, and its sales platforms."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.options import add_county, add_out
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    sample = add_command(
        commands, "sample", "write an invented county-year with its expected figures", _sample,
        example="xiezuo sample --county 620422 --year 2022 --out sample",
    )  # fmt: skip
    add_county(sample, one=True)
    sample.add_argument("--year", type=int, default=2022, help="default: 2022")
    sample.add_argument("--seed", type=int, default=1, help="another seed, other invented data; default: 1")
    sample.add_argument("--scale", type=float, default=1.0, help="how many rows, as a multiple; default: 1")
    add_out(sample)
    sample.set_defaults(needs_home=False)

    platform = add_command(
        commands, "platform", "serve a sample's platforms over HTTP", _platform,
        example="xiezuo platform --data sample --port 9001",
    )  # fmt: skip
    platform.add_argument("--data", type=Path, required=True, metavar="DIR", help="what `xiezuo sample` wrote")
    platform.add_argument("--port", type=int, default=0, help="default: a free one, which is printed")
    platform.add_argument("--strict-history", action="store_true", help="refuse windows older than three months")
    platform.set_defaults(needs_home=False)


def _need_sample() -> None:
    """Say how to come by the sample generator where it is missing: the wheel and the image are without it."""
    if find_spec("xiezuo_sample") is None:
        raise ConfigError(
            "the sample generator is no part of an installation",
            zh="安装包不含样例生成器：请取得源代码，在其目录执行 make venv，再用那里的 .venv/bin/xiezuo",
        )


def _sample(options: argparse.Namespace, settings: Settings) -> int:
    _need_sample()
    import xiezuo_sample as sample

    sample.generate(settings, options.county, options.year, options.seed, options.scale, options.out)
    return 0


def _platform(options: argparse.Namespace, settings: Settings) -> int:
    _need_sample()
    from xiezuo_sample.platforms import server as platform

    platform.serve(options.data, options.port, strict_history=options.strict_history)
    return 0
