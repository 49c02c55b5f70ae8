"""``xiezuo warehouse``: where the warehouse is, its upkeep, its backup and restoring."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json
from xiezuo.cli.options import add_json
from xiezuo.cli.parser import Parser, add_command, add_group

if TYPE_CHECKING:
    from xiezuo.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Declare the group and its acts."""
    acts = add_group(
        commands, "warehouse", "where the warehouse is, and its upkeep", unnamed="status",
        example="xiezuo warehouse url --role analyst",
    )  # fmt: skip
    status = add_command(
        acts, "status", "where the warehouse is and whether it answers; starts nothing", _status,
        example="xiezuo warehouse status",
    )  # fmt: skip
    add_json(status)
    url = add_command(
        acts, "url", "a TCP URL for any SQL or BI client", _url, example="xiezuo warehouse url --role analyst"
    )
    _add_role(url)
    client = add_command(
        acts, "psql", "open psql as the analyst; further words are psql's", psql,
        example="xiezuo warehouse psql -c 'select count(*) from mart.indicator_value'",
    )  # fmt: skip
    _add_role(client)
    add_command(
        acts, "migrate", "bring database, schema and roles up to date", _migrate, example="xiezuo warehouse migrate"
    )
    add_command(
        acts, "digest", "one digest of all rows of core and mart", _digest, example="xiezuo warehouse digest"
    )
    add_command(acts, "stop", "stop the embedded server", _stop, example="xiezuo warehouse stop")
    _add_backup(acts)


def _add_role(parser: Parser) -> None:
    parser.add_argument(
        "--role", default="analyst", choices=("analyst", "loader", "owner"), help="who connects; default: analyst"
    )


def _add_backup(acts: Commands) -> None:
    backup = add_command(
        acts, "backup", "write the warehouse into one file", _backup,
        example="xiezuo warehouse backup xiezuo-2023-01-01.tar",
    )  # fmt: skip
    backup.add_argument("file", type=Path, metavar="FILE", help="one that is not there yet")
    backup.add_argument("--with-landing", action="store_true", help="the landed bytes as well")
    add_json(backup)
    restore = add_command(
        acts, "restore", "make the warehouse what a backup holds", _restore,
        example="xiezuo warehouse restore xiezuo-2023-01-01.tar",
    )  # fmt: skip
    restore.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")
    restore.add_argument("--force", action="store_true", help="replace rows that are there; take other keys")
    add_json(restore)


def _status(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.warehouse import access as warehouse

    found = warehouse.status(settings)
    if options.json:
        print_json(found)
    else:
        state = "answers" if found["answers"] else "does not answer" if settings.warehouse_url else "does not run"
        print(f"{found['at']}: {state}")
        for name in ("data", "log"):
            if name in found:
                print(f"{name}: {found[name]}")
    return 4 if settings.warehouse_url and not found["answers"] else 0


def _url(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.warehouse import access as warehouse

    print(warehouse.url(settings, options.role))
    return 0


def _migrate(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo import pipeline

    pipeline.prepare(settings)
    return 0


def _digest(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.warehouse.digest import digest

    print(digest(settings))
    return 0


def psql(options: argparse.Namespace, settings: Settings) -> int:
    """Become psql, connected as the role asked for."""
    import shutil

    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    from xiezuo.warehouse import access as warehouse

    url: dict[str, Any] = conninfo_to_dict(warehouse.url(settings, options.role))
    own = sorted((settings.home / "postgres").glob("*/**/bin/psql"))
    program = shutil.which("psql") or (str(own[-1]) if own else None)
    if program is None:
        raise ConfigError("psql is not on this machine", next_step="apt install postgresql-client")
    environ = os.environ | {"PGPASSWORD": str(url.pop("password", ""))}  # a command line can be read by others
    words = [word for word in options.rest if word != "--"]
    os.execve(program, ["psql", make_conninfo(**url), *words], environ)  # noqa: S606  (no shell is the point)


def _stop(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.warehouse import access as warehouse

    warehouse.stop(settings)
    return 0


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.backup import backup

    manifest = backup(settings, options.file, with_landing=options.with_landing)
    if options.json:
        print_json(manifest)
    else:
        print(f"{options.file}: {manifest['bytes']} bytes, digest {manifest['digest']}")
        print("密钥不在备份内，请另行保管", file=sys.stderr)
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.restore import restore

    done = restore(settings, options.file, force=options.force)
    if options.json:
        print_json(done)
        return 0
    for warning in done["warnings_zh"]:
        print(warning, file=sys.stderr)
    print(f"restored as of {done['taken_at']}, digest {done['digest']}")
    return 0
