"""``xiezuo quarantine``: rows that were held back, and why."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_county, add_json, add_out
from xiezuo.cli.parser import add_command, add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands

_STATES = {"open": "等待更正", "explained": "已说明", "corrected": "已更正", "repeated": "同一行列在别处"}


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "quarantine", "rows that were held back, and why", unnamed="list",
        example="xiezuo quarantine --county 620422",
    )  # fmt: skip
    listing = add_command(
        acts, "list", "rows that are held back, and why", _list, example="xiezuo quarantine list --county 620422"
    )
    add_county(listing)
    add_json(listing)
    # How rows were explained before there was an act for it: still understood, no longer advertised.
    listing.add_argument("--explain", nargs="+", metavar="ID", help=argparse.SUPPRESS)
    listing.add_argument("--reason", default="", help=argparse.SUPPRESS)

    showing = add_command(
        acts, "show", "one row: every reason, every place it was seen at, and what became of it", _show,
        example="xiezuo quarantine show 1f0a --county 620422",
    )  # fmt: skip
    showing.add_argument("row", metavar="ID", help="start of the quarantine_id of a reason, as `list --json` has it")
    add_county(showing, one=True)
    add_json(showing)

    explain = add_command(
        acts, "explain", "note why rows need not wait for a correction", _explain,
        example="xiezuo quarantine explain 1f0a --county 620422 --reason 已向单位核实",
    )  # fmt: skip
    explain.add_argument("explain", nargs="+", metavar="ID", help="quarantine_id of a row, as `list --json` has it")
    add_county(explain, one=True)
    explain.add_argument("--reason", required=True, help="why, in Chinese")

    waiving = add_command(
        acts, "waive", "let rows rest without a correction, by a named person", _explain,
        example="xiezuo quarantine waive 1f0a --county 620422 --by 王主任 --reason 已核实不计入",
    )  # fmt: skip
    waiving.add_argument("explain", nargs="+", metavar="ID", help="quarantine_id of a row, as `list --json` has it")
    add_county(waiving, one=True)
    waiving.add_argument("--by", required=True, metavar="NAME", help="who decides")
    waiving.add_argument("--reason", required=True, help="why, in Chinese")

    giving = add_command(
        acts, "export", "one workbook a file with rows to correct, as they were typed", _export,
        example="xiezuo quarantine export --county 620422 --out returns",
    )  # fmt: skip
    add_county(giving, one=True)
    giving.add_argument("--unit", metavar="NAME", help="rows of one reporting unit; default: all")
    giving.add_argument("--delivery", metavar="DELIVERY", help="identifier or place of one file; default: all")
    add_out(giving, required=False)
    add_json(giving)


def _list(options: argparse.Namespace, settings: Settings) -> int:
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
        print(f"{place}：{row['reason_zh']} [{row['rule_id']}]{_elsewhere(row)}")
    return 0


def _elsewhere(row: dict[str, Any]) -> str:
    """Name the other places where the same row was seen."""
    own = (row["file"], row["sheet"], row["row_no"])
    found = [(one["file"], one["sheet"], one["row_no"]) for one in row["places"]]
    others = [f"{file} {sheet} 第 {number} 行" for file, sheet, number in found if (file, sheet, number) != own]
    return f"（同一行还见于：{'、'.join(others)}）" if others else ""


def _show(options: argparse.Namespace, settings: Settings) -> int:
    """Show a row as it is on record; what was typed is in its return workbook only."""
    from psycopg.rows import dict_row

    from xiezuo.warehouse import access

    facts = {"county_code": options.county, "quarantine_id": options.row}
    with access.connect(settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(read_sql(settings.root, "publish/quarantine_row"), facts).fetchall()
    if len({one["row_id"] for one in found}) != 1:
        word = "没有找到" if not found else "不止一行符合"
        raise ConfigError(
            f"{len(found)} lines of quarantine begin with {options.row}", zh=f"{word}编号“{options.row}”",
            next_step="用 xiezuo quarantine list --json 查看编号",
        )  # fmt: skip
    if options.json:
        print_json({"row": found})
        return 0
    for one in found:
        place = f"{one['file']} {one['sheet']} 第 {one['row_no']} 行 “{one['column_name']}”"
        said = f"（{one['explanation_zh']}）" if one["explanation_zh"] else ""
        print(f"{_STATES[one['state']]}{said} {place}：{one['reason_zh']} [{one['rule_id']}] {one['quarantine_id']}")
    return 0


def _explain(options: argparse.Namespace, settings: Settings) -> int:
    """Note why rows held back need not wait: the close list shows them as explained from then on."""
    from xiezuo.operations.quarantine import waive

    by = getattr(options, "by", None)
    print(f"{waive(settings, options.county, options.explain, reason=options.reason, by=by)} 条已说明")
    return 0


def _export(options: argparse.Namespace, settings: Settings) -> int:
    """Write the workbooks that go back to whoever typed the rows; they hold personal data."""
    from xiezuo.publish.returns import export_returns

    out = options.out or settings.out / options.county / "returns"
    paths = export_returns(settings, options.county, out, delivery=options.delivery, unit=options.unit)
    if options.json:
        print_json({"files": [str(path) for path in paths]})
        return 0
    for path in paths:
        print(path)
    if not paths:
        print("没有等待更正的行")
    return 0
