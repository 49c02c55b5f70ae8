"""The command line: the same stages as the Dags, in one process.

Exit codes: 0 done (quarantine allowed), 2 usage or configuration, 3 a file refused or a gate closed,
4 a source down. ``--json`` prints one JSON document on standard output and nothing else there.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from xiezuo.errors import ConfigError, XiezuoError
from xiezuo.settings import Settings
from xiezuo.sql_files import read_sql

Command = Callable[[argparse.Namespace, Settings], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no input ends in a stack trace."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command is not _psql:
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

    run = commands.add_parser("run", help="walk all stages in this process, without Airflow")
    run.add_argument("--county", help="six-digit code; default all counties")
    run.add_argument("--from", dest="first", type=_day, required=True, metavar="YYYY-MM-DD")
    run.add_argument("--to", dest="last", type=_day, required=True, metavar="YYYY-MM-DD")
    run.add_argument("--source", choices=("labour", "sales", "fund", "work"), help="default all")
    run.add_argument("--json", action="store_true")
    run.set_defaults(command=_run)

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
    quarantine.set_defaults(command=_quarantine)

    warehouse = commands.add_parser("warehouse", help="where the warehouse is, and its upkeep")
    acts = warehouse.add_subparsers(required=True, metavar="ACT")
    url = acts.add_parser("url", help="a TCP URL for any SQL or BI client")
    url.add_argument("--role", default="analyst", choices=("analyst", "loader", "owner"))
    url.set_defaults(command=_url)
    acts.add_parser("migrate", help="bring database, schema and roles up to date").set_defaults(command=_migrate)
    acts.add_parser("digest", help="one digest of all rows of core and mart").set_defaults(command=_digest)
    psql = acts.add_parser("psql", help="open psql as the analyst")
    psql.add_argument("--role", default="analyst", choices=("analyst", "loader", "owner"))
    psql.set_defaults(command=_psql)
    acts.add_parser("stop", help="stop the embedded server").set_defaults(command=_stop)
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a day like 2022-12-31") from error


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import pipeline
    from xiezuo.plan import seconds_to_settle

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
        _print_json(done | {"exit_code": code})
        return code
    for batch in done["batches"]:
        print(_line(batch))
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
    from xiezuo import sample

    sample.generate(settings, options.county, options.year, options.seed, options.scale, options.out)
    return 0


def _platform(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.sample import platform

    platform.serve(options.data, options.port, strict_history=options.strict_history)
    return 0


def _trace(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.trace import trace

    found = trace(
        settings, options.county, options.period, options.indicator,
        kind=options.kind, breakdown=options.breakdown, limit=options.limit, after=options.after,
    )  # fmt: skip
    if options.json:
        _print_json(found)
        return 0
    print(f"{found['indicator_id']} {found['period']}: {found['value']} {found['unit']} ({found['total_rows']} rows)")
    for row in found["rows"]:
        if row["file"]:
            place = f"{row['file']} {row['sheet'] or ''}"
        else:
            place = f"{row['platform']} p.{row['page']} #{row['item']}"
        print(f"  {place} row {row['row_no']}: {row['measure']}")
    return 0


def _quarantine(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import warehouse

    statement = read_sql(settings.root, "publish/quarantine")
    with warehouse.connect(settings) as connection:
        rows = connection.execute(statement, {"county_code": options.county}).fetchall()
    found = [row[0] for row in rows]
    if options.json:
        _print_json({"rows": found})
        return 0
    for row in found:
        place = f"{row['file']} {row['sheet']} 第 {row['row_no']} 行 “{row['column_name']}”"
        print(f"{place}：{row['reason_zh']} [{row['rule_id']}]")
    return 0


def _url(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import warehouse

    print(warehouse.url(settings, options.role))
    return 0


def _migrate(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import pipeline

    pipeline.prepare(settings)
    return 0


def _digest(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.digest import digest

    print(digest(settings))
    return 0


def _psql(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import warehouse

    url = warehouse.url(settings, options.role)
    own = sorted((settings.home / "postgres").glob("*/**/bin/psql"))
    program = shutil.which("psql") or (str(own[-1]) if own else None)
    if program is None:
        raise ConfigError("psql is not on this machine", next_step="apt install postgresql-client")
    os.execv(program, ["psql", url, *options.rest])  # noqa: S606  (a program without a shell is the point)


def _stop(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import warehouse

    warehouse.stop(settings)
    return 0


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


if __name__ == "__main__":
    sys.exit(main())
