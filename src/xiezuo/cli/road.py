"""Commands that walk the road or look at what came of it: run, sample, platform, trace, quarantine, export."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.cli.answers import day, print_json

if TYPE_CHECKING:
    from xiezuo.cli.answers import Commands


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    _add_run(commands)
    _add_sample(commands)
    _add_looks(commands)


def _add_run(commands: Commands) -> None:
    run = commands.add_parser("run", help="walk all stages in this process, without Airflow")
    run.add_argument("--county", help="six-digit code; default all counties")
    run.add_argument("--from", dest="first", type=day, required=True, metavar="YYYY-MM-DD")
    run.add_argument("--to", dest="last", type=day, required=True, metavar="YYYY-MM-DD")
    run.add_argument("--source", choices=("labour", "sales", "fund", "work"), help="default all")
    run.add_argument("--json", action="store_true")
    run.set_defaults(command=_run)


def _add_sample(commands: Commands) -> None:
    sample = commands.add_parser("sample", help="write an invented county-year with its expected figures")
    sample.add_argument("--county", default="620422")
    sample.add_argument("--year", type=int, default=2022)
    sample.add_argument("--seed", type=int, default=1)
    sample.add_argument("--scale", type=float, default=1.0)
    sample.add_argument("--out", type=Path, required=True)
    sample.set_defaults(command=_sample)

    platform = commands.add_parser("platform", help="serve a sample's platforms over HTTP")
    platform.add_argument("--data", type=Path, required=True)
    platform.add_argument("--port", type=int, default=0)
    platform.add_argument("--strict-history", action="store_true", help="refuse windows older than three months")
    platform.set_defaults(command=_platform)


def _add_looks(commands: Commands) -> None:
    trace = commands.add_parser("trace", help="the rows a figure counts, and where each came from")
    trace.add_argument("indicator")
    trace.add_argument("period", help="2022, or 2022-09")
    trace.add_argument("--county", default="620422")
    trace.add_argument("--kind", choices=("month", "year_to_date", "year"))
    trace.add_argument("--breakdown", default="", metavar="TOWNSHIP")
    trace.add_argument("--limit", type=int, default=100)
    trace.add_argument("--after", type=int, default=0)
    trace.add_argument("--json", action="store_true")
    trace.set_defaults(command=_trace)

    quarantine = commands.add_parser("quarantine", help="rows that were held back, and why")
    quarantine.add_argument("--county")
    quarantine.add_argument("--json", action="store_true")
    quarantine.add_argument("--explain", nargs="+", metavar="ID", help="say why rows need not wait for a correction")
    quarantine.add_argument("--reason", help="with --explain: why, in Chinese")
    quarantine.set_defaults(command=_quarantine)

    export = commands.add_parser("export", help="files for analysts, without anything that identifies a person")
    export.add_argument("--out", type=Path, required=True)
    export.add_argument("--county", help="six-digit code; default all counties")
    export.set_defaults(command=_export)


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import pipeline
    from xiezuo.fetch.inbox import seconds_to_settle

    if options.last < options.first:
        raise ConfigError("--to lies before --from")
    sources = (options.source,) if options.source else pipeline.SOURCES
    if (seconds := seconds_to_settle(settings)) > 0:
        print(f"文件刚刚放入，等待 {seconds:.0f} 秒确认写完 (waiting until new files are settled)", file=sys.stderr)
        time.sleep(seconds)
    done = pipeline.run(settings, county=options.county, first=options.first, last=options.last, sources=sources)
    refused = [batch for batch in done["batches"] if batch["state"] != "loaded"]
    code = max([error["exit_code"] for error in done["down"]], default=3 if refused else 0)
    if options.json:
        print_json(done | {"exit_code": code})
        return code
    for batch in done["batches"]:
        print(_line(batch))
        for warning in batch.get("warnings_zh", ()):
            print(f"  提示：{warning}")
    for down in done["down"]:
        print(f"来源未响应：{down['group']}：{down['zh']}", file=sys.stderr)
    counts = f"{len(done['batches'])} batches, {done['built']['values']} values written, {len(done['files'])} files"
    print(f"{counts} in {settings.out}")
    return code


def _line(batch: dict[str, Any]) -> str:
    if batch["state"] != "loaded":
        return f"{batch['uri']}: {batch['state']} — {batch['refusal_zh']}"
    fates = ("loaded", "unchanged", "superseded", "duplicate", "quarantined", "ignored")
    said = ", ".join(f"{batch[f'rows_{fate}']} {fate}" for fate in fates if batch[f"rows_{fate}"])
    return f"{batch['uri']}: {batch['dataset']}: {batch['rows_read']} rows read: {said}"


def _sample(options: argparse.Namespace, settings: Settings) -> int:
    import xiezuo_sample as sample

    sample.generate(settings, options.county, options.year, options.seed, options.scale, options.out)
    return 0


def _platform(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo_sample.platforms import server as platform

    platform.serve(options.data, options.port, strict_history=options.strict_history)
    return 0


def _trace(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.build.trace import trace

    found = trace(
        settings, options.county, options.period, options.indicator,
        kind=options.kind, breakdown=options.breakdown, limit=options.limit, after=options.after,
    )  # fmt: skip
    if options.json:
        print_json(found)
        return 0
    print(f"{found['indicator_id']} {found['period']}: {found['value']} {found['unit']} ({found['total_rows']} rows)")
    for row in found["rows"]:
        if row["file"]:
            place = f"{row['file']} {row['sheet'] or ''}"
        else:
            place = f"{row['platform']} p.{row['page']} #{row['item']}"
        print(f"  {place} row {row['row_no']}: {row['measure']}")
    return 0


def _explain(options: argparse.Namespace, settings: Settings) -> int:
    """Note why rows held back need not wait: the close list shows them as explained from then on."""
    from xiezuo.values.privacy import Privacy
    from xiezuo.warehouse import access

    if not options.county or not (options.reason or "").strip():
        raise ConfigError("--explain takes --county and --reason", zh="说明隔离数据须给出县代码和理由")
    names = {
        "county_code": options.county,
        "quarantine_ids": options.explain,
        "explanation_zh": Privacy.of(settings).mask(options.reason.strip()),
    }
    with access.connect(settings) as connection:
        explained = connection.execute(read_sql(settings.root, "publish/explain"), names).rowcount
    print(f"{explained} 条已说明 (explained)")
    return 0


def _quarantine(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.warehouse import access

    if options.explain:
        return _explain(options, settings)
    statement = read_sql(settings.root, "publish/quarantine")
    with access.connect(settings) as connection:
        rows = connection.execute(statement, {"county_code": options.county}).fetchall()
    found = [row[0] for row in rows]
    if options.json:
        print_json({"rows": found})
        return 0
    for row in found:
        place = f"{row['file']} {row['sheet']} 第 {row['row_no']} 行 “{row['column_name']}”"
        print(f"{place}：{row['reason_zh']} [{row['rule_id']}]")
    return 0


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.publish.export import export

    for path in export(settings, options.out, county=options.county):
        print(path)
    return 0
