"""Commands about what is kept: the warehouse, its backup and restoring, and what is purged from it."""

from __future__ import annotations

import argparse
import getpass
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli.answers import print_json

if TYPE_CHECKING:
    from xiezuo.cli.answers import Commands


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    warehouse = commands.add_parser("warehouse", help="where the warehouse is, and its upkeep")
    acts = warehouse.add_subparsers(required=True, metavar="ACT")
    url = acts.add_parser("url", help="a TCP URL for any SQL or BI client")
    url.add_argument("--role", default="analyst", choices=("analyst", "loader", "owner"))
    url.set_defaults(command=_url)
    acts.add_parser("migrate", help="bring database, schema and roles up to date").set_defaults(command=_migrate)
    acts.add_parser("digest", help="one digest of all rows of core and mart").set_defaults(command=_digest)
    client = acts.add_parser("psql", help="open psql as the analyst")
    client.add_argument("--role", default="analyst", choices=("analyst", "loader", "owner"))
    client.set_defaults(command=psql)
    acts.add_parser("stop", help="stop the embedded server").set_defaults(command=_stop)
    _add_backup(acts)
    _add_purge(commands)


def _add_backup(acts: Commands) -> None:
    backup = acts.add_parser("backup", help="write the warehouse into one file")
    backup.add_argument("file", type=Path)
    backup.add_argument("--with-landing", action="store_true", help="the landed bytes as well")
    backup.add_argument("--json", action="store_true")
    backup.set_defaults(command=_backup)
    restore = acts.add_parser("restore", help="make the warehouse what a backup holds")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="replace rows that are there; take other keys")
    restore.add_argument("--json", action="store_true")
    restore.set_defaults(command=_restore)


def _add_purge(commands: Commands) -> None:
    purge = commands.add_parser("purge", help="remove what need not be kept any longer (include/operations.yaml)")
    purge.add_argument("--dry-run", action="store_true", help="only say what would be removed")
    purge.add_argument("--person", action="store_true", help="one person; the number is read from standard input")
    purge.add_argument("--reason", default="", help="with --person: who asked, and why (no name, no number)")
    purge.add_argument("--json", action="store_true")
    purge.set_defaults(command=_purge)


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
        print("密钥不在备份内，请另行保管 (keys are not in it: keep a copy of the secrets apart)", file=sys.stderr)
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


def _purge(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.retention import purge, purge_person

    if options.person:
        number = getpass.getpass("证件号码: ") if sys.stdin.isatty() else sys.stdin.readline()
        done = purge_person(settings, number.strip(), reason=options.reason, dry_run=options.dry_run)
    else:
        done = purge(settings, dry_run=options.dry_run)
    if options.json:
        print_json(done)
        return 0
    for line in done["removed"]:
        print(f"{line['county_code']} {line['kind']}: {line['items']} ({line['bytes']} bytes)")
    for place in done.get("still_in", ()):
        print(f"原始文件仍含此人，请人工处理: {place}")
    print("nothing was removed (--dry-run)" if options.dry_run else "done")
    return 0
