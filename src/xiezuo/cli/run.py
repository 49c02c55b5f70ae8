"""``xiezuo run``: all stages in one process, without Airflow."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json, print_lines
from xiezuo.cli.failures import check_out
from xiezuo.cli.options import add_county, add_day, add_json
from xiezuo.cli.parser import add_command

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the command."""
    run = add_command(
        commands, "run", "walk all stages in this process, without Airflow", _run,
        example="xiezuo run --county 620422 --from 2022-12-01 --to 2022-12-31",
    )  # fmt: skip
    add_county(run)
    add_day(run, "--from", "first day of the months to summarise; what changed since is fetched", dest="first")
    add_day(run, "--to", "last day of the months to summarise", dest="last")
    run.add_argument("--source", choices=("labour", "sales", "fund", "work"), help="default: all four")
    add_json(run)


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import pipeline
    from xiezuo.fetch.inbox import seconds_to_settle

    if options.last < options.first:
        raise ConfigError("--to lies before --from", zh="结束日期 --to 早于开始日期 --from")
    check_out(settings)
    sources = (options.source,) if options.source else pipeline.SOURCES
    if (seconds := seconds_to_settle(settings)) > 0:
        print(f"文件刚刚放入，等待 {seconds:.0f} 秒确认写完", file=sys.stderr)
        time.sleep(seconds)
    done = pipeline.run(settings, county=options.county, first=options.first, last=options.last, sources=sources)
    refused = [batch for batch in done["batches"] if batch["state"] != "loaded"]
    code = max([error["exit_code"] for error in done["down"]], default=3 if refused else 0)
    if options.json:
        print_json(done | {"exit_code": code})
        return code
    for batch in done["batches"]:
        print(_line(batch))
    for down in done["down"]:
        print(f"xiezuo: 未能读取 {down['group']}：{down['zh']}", file=sys.stderr)
        if down["next_step"]:
            print(f"  → {down['next_step']}", file=sys.stderr)
    _print_warnings(done["batches"])
    counts = f"{len(done['batches'])} batches, {done['built']['values']} values written, {len(done['files'])} files"
    print(f"{counts} in {settings.out}")
    answered = done["answered"]
    if answered["receipts"]:
        returned = f"，退回修改表 {answered['returns']} 份" if answered["returns"] else ""
        print(f"回执 {answered['receipts']} 份{returned}，见 {settings.out}/<县>/units")
    return code


def _print_warnings(batches: list[dict[str, Any]]) -> None:
    """Say what the owners of deliveries should look at although these were loaded."""
    warned = [(batch["uri"], warning) for batch in batches for warning in batch.get("warnings_zh", ())]
    if warned:
        print(f"{len({uri for uri, _ in warned})} 份报表有 {len(warned)} 条提示，请报送单位核对：")
        print_lines(f"{uri}：{warning}" for uri, warning in warned)


def _line(batch: dict[str, Any]) -> str:
    if batch["state"] != "loaded":
        return f"{batch['uri']}: {batch['state']} — {batch['refusal_zh']}"
    fates = ("loaded", "unchanged", "superseded", "duplicate", "quarantined", "ignored")
    said = ", ".join(f"{batch[f'rows_{fate}']} {fate}" for fate in fates if batch[f"rows_{fate}"])
    return f"{batch['uri']}: {batch['dataset']}: {batch['rows_read']} rows read: {said}"
