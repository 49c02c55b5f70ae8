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
from xiezuo.cli.completion import offer, roles
from xiezuo.cli.options import add_county, add_json
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
    _add_accounts(acts)
    add_command(
        acts, "migrate", "bring database, schema and roles up to date", _migrate, example="xiezuo warehouse migrate"
    )
    add_command(
        acts, "digest", "one digest of all rows of core and mart", _digest, example="xiezuo warehouse digest"
    )
    add_command(acts, "stop", "stop the embedded server", _stop, example="xiezuo warehouse stop")
    _add_backup(acts)


def _add_role(parser: Parser) -> None:
    option = parser.add_argument(
        "--role", default="analyst", metavar="NAME",
        help="analyst (the default), auditor, corrector, loader, owner, or an account of `warehouse access`",
    )  # fmt: skip
    offer(option, roles)


def _add_accounts(acts: Commands) -> None:
    accounts = add_group(
        acts, "access", "accounts of offices and stations, which read their own rows", unnamed="list",
        example="xiezuo warehouse access add huining_office --county 620422",
    )  # fmt: skip
    listing = add_command(
        accounts, "list", "who reads which county or reporting unit", _accounts, example="xiezuo warehouse access list"
    )
    add_json(listing)
    adding = add_command(
        accounts, "add", "let an office read its county, or a station its own rows", _add_account,
        example="xiezuo warehouse access add caotan --county 620422 --unit 草滩镇劳务站",
    )  # fmt: skip
    adding.add_argument("name", metavar="NAME", help="what the account is called: small letters, digits and _")
    add_county(adding, one=True)
    adding.add_argument("--unit", metavar="U", help="reporting unit of a station, as its ledgers name it")
    removing = add_command(
        accounts, "remove", "take an account away", _remove_account, example="xiezuo warehouse access remove caotan"
    )
    removing.add_argument("name", metavar="NAME", help="what `list` calls it")


def _add_backup(acts: Commands) -> None:
    backup = add_command(
        acts, "backup", "write the warehouse into one file", _backup,
        example="xiezuo warehouse backup xiezuo-2023-01-01.tar",
    )  # fmt: skip
    backup.add_argument(
        "file", type=Path, nargs="?", metavar="FILE",
        help="one that is not there yet; without one, what the Dag `backup` does every night",
    )  # fmt: skip
    backup.add_argument("--with-landing", action="store_true", help="the landed bytes as well")
    add_json(backup)
    restore = add_command(
        acts, "restore", "make the warehouse what a backup holds", _restore,
        example="xiezuo warehouse restore xiezuo-2023-01-01.tar",
    )  # fmt: skip
    restore.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")
    how = restore.add_mutually_exclusive_group()
    how.add_argument("--force", action="store_true", help="replace rows that are there; take other keys")
    how.add_argument("--try", action="store_true", dest="rehearse", help="restore it beside, compare, remove it again")
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
    from xiezuo.warehouse import logins

    print(logins.url(settings, options.role))
    return 0


def _accounts(options: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from xiezuo.warehouse import logins

    found = logins.listed(settings)
    if options.json:
        print_json({"accounts": [asdict(one) | {"name": one.name, "group": one.group} for one in found]})
        return 0
    for one in found:
        whose = f"{'、'.join(one.counties)} {one.unit or '（县级办公室）'}"
        print(f"{one.name}: {whose}，{one.added_by} {one.added_at:%Y-%m-%d} 开通")
    return 0


def _add_account(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.warehouse import logins

    account = logins.add(settings, options.name, options.county, options.unit)
    print(f"{account.name}: xiezuo warehouse url --role {account.name}")
    if account.unit is not None and account.unit not in (known := logins.units_known(settings, account.counties[0])):
        said = f"已有报表的填报单位：{'、'.join(known)}" if known else "本县还没有报表写明填报单位"
        print(f"还没有“{account.unit}”的报表；{said}", file=sys.stderr)
    return 0


def _remove_account(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.warehouse import logins

    logins.remove(settings, options.name)
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

    from xiezuo.warehouse import logins

    url: dict[str, Any] = conninfo_to_dict(logins.url(settings, options.role))
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
    if options.file is None:
        from xiezuo.operations.nightly_backup import nightly_backup

        done = nightly_backup(settings)
    else:
        from xiezuo.operations.backup import backup

        done = backup(settings, options.file, with_landing=options.with_landing)
    if options.json:
        print_json(done)
    else:
        print(f"{done.get('file', options.file)}: {done['bytes']} bytes, digest {done['digest']}")
        print("密钥不在备份内，请另行保管", file=sys.stderr)
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from xiezuo.operations.restore import rehearse, restore

    if options.rehearse:
        done = rehearse(settings, options.file)
        print_json(done) if options.json else print(f"{options.file} can be restored: digest {done['digest']}")
        return 0
    done = restore(settings, options.file, force=options.force)
    if options.json:
        print_json(done)
        return 0
    for warning in done["warnings_zh"]:
        print(warning, file=sys.stderr)
    print(f"restored as of {done['taken_at']}, digest {done['digest']}")
    return 0
