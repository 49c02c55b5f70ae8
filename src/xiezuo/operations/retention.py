"""What need not be kept any longer is removed; figures, and the rows they count, never are.

How long is in ``include/operations.yaml``. What was removed is noted in ``audit.purge``, in numbers. Landed
bytes that rows stored now come from stay, whatever their age, unless ``landing_even_traced_months`` says
otherwise: a figure can be traced to them.
"""

from __future__ import annotations

import logging
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import InvalidToken
from psycopg import sql

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError, Unreadable
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.operations import NO_COUNTY, Retention, load_operations
from xiezuo.values import identity_number
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access, vault_log

Removed = list[dict[str, Any]]

_FRESH_SECONDS = 86_400
_NEVER = date(1900, 1, 1)
_BETWEEN = re.compile(r"[\s\-'’]")
_TEMPORARY = """
create temporary table used_batch (county_code char(6), batch_id text, primary key (county_code, batch_id))
    on commit drop;
create temporary table used_person (
    county_code char(6), person_key text, last_stated_on date, primary key (county_code, person_key)
) on commit drop;
"""

_log = logging.getLogger("xiezuo.purge")


def purge(settings: Settings, *, dry_run: bool = False) -> dict[str, Any]:
    """Remove what is past its time; return ``removed``: county_code, kind, items, bytes, kept_from.

    A dry run does the same and takes it back. Running twice removes nothing more.
    """
    terms = load_operations(settings.root).retention
    with access.connect(settings) as connection, connection.transaction() as transaction:
        connection.execute("select pg_advisory_xact_lock(620428)")
        _look_at_rows(connection, settings)
        removed = _rows(connection, settings, terms)
        files = list(_landed_files(connection, settings))
        logs, folders = _logs(settings, terms.log_days)
        removed += [
            _line(NO_COUNTY, kind, len(paths), sum(path.stat().st_size for path in paths), None)
            for kind, paths in (("landed_file", files), ("log", logs))
            if paths
        ]
        _note(connection, settings, removed, "保留期限")
        if dry_run:
            raise psycopg.Rollback(transaction)
    if not dry_run:
        for path in (*files, *logs):
            path.unlink(missing_ok=True)
        for path in folders:
            with suppress(OSError):  # it holds something
                path.rmdir()
        _log.info("purged: %s", dict(Counter(line["kind"] for line in removed)))
    return {"removed": removed, "dry_run": dry_run}


def purge_person(settings: Settings, number: str, *, reason: str = "", dry_run: bool = False) -> dict[str, Any]:
    """Remove the direct identifiers of one person, in all counties, and their rows in quarantine.

    Returns ``removed`` as :func:`purge` does, and ``still_in``: the deliveries whose original files still
    name the person; whoever keeps those has to act. The person's rows stay in the figures, under a key
    that nothing leads back from.

    Raises:
        ConfigError: it is no identity number; the message does not quote it.
    """
    privacy = Privacy.of(settings)
    normal = _normal(number)
    key = privacy.person_key(normal)
    held = list(_rejected_of(settings, privacy, normal))
    with access.connect(settings) as connection, connection.transaction() as transaction:
        counties = connection.execute(
            "delete from vault.person where person_key = %s returning county_code", (key,)
        ).fetchall()
        removed = _by_county("person_on_request", counties, None)
        removed += _by_county("rejected_row", _remove_rejected(connection, held), None)
        places = sorted(set(_places(connection, settings, key)))
        _note(connection, settings, removed, privacy.mask_free_text(reason) or "本人或主管部门要求")
        if dry_run:
            raise psycopg.Rollback(transaction)
    return {"removed": removed, "still_in": places, "dry_run": dry_run}


def _look_at_rows(connection: psycopg.Connection[Any], settings: Settings) -> None:
    """Note which batches and people stored rows speak of."""
    connection.execute(_TEMPORARY)
    for contract in load_contracts(settings.root).values():
        connection.execute(_for(settings, "used_batch", contract))
        if _has_persons(contract):
            connection.execute(_for(settings, "used_person", contract))
    connection.execute("analyze used_batch, used_person")


def _rows(connection: psycopg.Connection[Any], settings: Settings, terms: Retention) -> Removed:
    now = settings.now()
    today = now.date()
    connection.execute(read_sql(settings.root, "operations/stamp_answered"), {"today": today})
    removed: Removed = []
    for kind, before in (
        ("landing", _before(today, months=terms.landing_months)),
        ("rejected_row", _before(today, days=terms.rejected_row_days)),
        ("quarantine", _before(today, days=terms.quarantine_days)),
        ("person", _before(today, months=terms.person_years and 12 * terms.person_years)),
        ("run", _before(today, days=terms.run_days)),
        ("alert", _before(today, days=terms.alert_days)),
    ):
        if before == _NEVER and kind != "landing":
            continue
        names = {
            "before": before,
            "before_at": _midnight(before),
            "even_traced_before_at": _midnight(_before(today, months=terms.landing_even_traced_months)),
            "now": now,
        }
        gone = connection.execute(read_sql(settings.root, f"operations/purge_{kind}"), names).fetchall()
        removed += _by_county(kind, gone, before)
    return removed


def _before(today: date, *, days: int | None = None, months: int | None = None) -> date:
    """Return the first day that is still kept; a day before all others where everything is."""
    if days is not None:
        return today - timedelta(days=days)
    if months is None:
        return _NEVER
    index = today.year * 12 + today.month - 1 - months
    return date(index // 12, index % 12 + 1, min(today.day, 28))


def _midnight(day: date) -> datetime:
    """Return when the day begins here; a worker of a cluster may stand in another time zone."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _landed_files(connection: psycopg.Connection[Any], settings: Settings) -> Iterator[Path]:
    """Yield landed bytes that no landing wants: purged ones, and what a killed fetch never noted."""
    kept = {row[0] for row in connection.execute(read_sql(settings.root, "operations/kept_landing")).fetchall()}
    for path in sorted(settings.landing_dir.glob("??/*")):
        if path.name not in kept and path.stat().st_mtime < time.time() - _FRESH_SECONDS:
            yield path


def _logs(settings: Settings, days: int | None) -> tuple[list[Path], list[Path]]:
    """Return log files past their time, and the folders of Airflow's logs that may be empty then, innermost first.

    Airflow's lie where its setting says, one a task and try; outside our home only what is named as logs are goes.
    """
    if days is None:
        return [], []
    now = time.time()
    told = settings.environ.get("AIRFLOW__LOGGING__BASE_LOG_FOLDER")
    of_airflow = sorted(Path(told).rglob("*")) if told else []
    own = [path for name in ("logs", "airflow/logs") for path in (settings.home / name).rglob("*")]
    found = {*own, *(path for path in of_airflow if path.suffix == ".log")}
    files = [path for path in found if path.is_file() and not path.is_symlink() and _age(path, now) > days * 86_400]
    folders = [path for path in of_airflow[::-1] if path.is_dir() and not path.is_symlink()]
    return sorted(files), [path for path in folders if _age(path, now) > _FRESH_SECONDS]


def _age(path: Path, now: float) -> float:
    return now - path.stat().st_mtime


def _normal(number: str) -> str:
    """Return an identity number as keys are made of it."""
    try:
        identity = identity_number(number)
    except Unreadable:
        identity = None
    if identity is None:
        raise ConfigError("that is no identity number", zh="不是有效的证件号码")
    return identity.number


def _rejected_of(settings: Settings, privacy: Privacy, number: str) -> Iterator[tuple[str, str, int]]:
    """Yield the sealed rows that hold the number; each has to be opened, as nothing outside says whose it is."""
    with access.connect(settings, "corrector") as connection:
        rows = connection.execute("select county_code, batch_id, row_no, payload from vault.rejected_row").fetchall()
        vault_log.note(connection, settings, ((row[0], row[1]) for row in rows), purpose_zh="按申请删除个人信息")
    for county, batch_id, row_no, payload in rows:
        try:
            typed = " ".join(str(cell) for cell in privacy.unseal(payload).values())
        except InvalidToken as error:
            raise ConfigError(
                "a sealed row cannot be opened with the vault key here",
                next_step="restore the key the rows were sealed with",
            ) from error
        if number in _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper():
            yield county, batch_id, row_no


def _remove_rejected(connection: psycopg.Connection[Any], rows: list[tuple[str, str, int]]) -> list[tuple[str]]:
    found: list[tuple[str]] = []
    for row in rows:
        found += connection.execute(
            "delete from vault.rejected_row where county_code = %s and batch_id = %s and row_no = %s"
            " returning county_code", row,
        ).fetchall()  # fmt: skip
    return found


def _places(connection: psycopg.Connection[Any], settings: Settings, key: str) -> Iterator[str]:
    for contract in load_contracts(settings.root).values():
        if _has_persons(contract):
            rows = connection.execute(_for(settings, "places_of_person", contract), {"person_key": key}).fetchall()
            yield from (row[0] for row in rows)


def _has_persons(contract: Contract) -> bool:
    return any(column == "person_key" for column, *_ in contract.columns())


def _for(settings: Settings, name: str, contract: Contract) -> sql.Composed:
    statement = sql.SQL(read_sql(settings.root, f"operations/{name}").decode())
    return statement.format(core=sql.Identifier("core", contract.dataset))


def _by_county(kind: str, rows: list[tuple[Any, ...]], kept_from: date | None) -> Removed:
    counts = Counter(row[0] for row in rows)
    return [_line(county, kind, number, 0, kept_from) for county, number in sorted(counts.items())]


def _line(county: str, kind: str, items: int, size: int, kept_from: date | None) -> dict[str, Any]:
    return {"county_code": county, "kind": kind, "items": items, "bytes": size, "kept_from": kept_from}


def _note(connection: psycopg.Connection[Any], settings: Settings, removed: Removed, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            read_sql(settings.root, "operations/note_purge"),
            [{**line, "reason_zh": reason, "now": settings.now()} for line in removed],
        )
