"""Checks across datasets: figures that should agree, each one SQL file under ``include/sql/checks``.

A check stops nothing; what it finds is listed in ``audit.reconciliation`` for whoever keeps the ledger, and
``audit.check_definition`` says how to read it. Discovery is a directory listing; the file's name is the check's.
A file opens with its header in YAML and is one SELECT of ``county_code``, ``period`` ('' where it has none),
``left_value``, ``right_value`` and ``detail`` (Chinese, '' while the check holds, never a person) that reads the
counties of ``touched_county`` only; one that goes ``by: year`` those years of ``touched_year`` only. Rows that
indicators count too it reads under ``relations``, as they do.

A check runs where one of its ``datasets`` was delivered or touched since it last ran: it may depend on no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import psycopg
import yaml
from psycopg import sql
from pydantic import BaseModel, ConfigDict, ValidationError

from xiezuo.base.errors import ConfigError
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.headed_sql import Named, read_headed, read_relations, with_named
from xiezuo.values.privacy import content_id
from xiezuo.warehouse.reference import COMPARED_VALUES

_TEMPORARY = """
create temporary table due_check (county_code char(6), dataset text, year integer) on commit drop;
create temporary table found (
    county_code char(6), period text, left_value numeric(20, 4), right_value numeric(20, 4), detail text,
    primary key (county_code, period)
) on commit drop;
"""


class CheckHeader(BaseModel):
    """The comment block a check's file opens with.

    ``severity`` is the status of a finding: ``differs`` where figures contradict each other, ``warns`` where
    something is worth a look. ``left`` and ``right`` say what the two values are. ``by: year`` says that every
    period lies in a year and follows from that year's rows and figures alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str
    severity: Literal["differs", "warns"] = "differs"
    left_zh: str
    left_en: str
    right_zh: str
    right_en: str
    datasets: tuple[str, ...]
    by: Literal["county", "year"] = "county"
    relations: tuple[str, ...] = ()
    grain: str
    reads: str


@dataclass(frozen=True)
class Check:
    """A header, the SELECT under it, and the relations it names."""

    check_id: str
    header: CheckHeader
    select: str
    relations: Named

    @property
    def names(self) -> dict[str, Any]:
        """What statements about the check's findings are told of it; the dataset '' is any."""
        return {
            "check_id": self.check_id,
            "severity": self.header.severity,
            "datasets": ["", *self.header.datasets],
            "is_by_year": self.header.by == "year",
        }

    def finding(self, root: Path) -> sql.Composed:
        """Return the statement that puts what the check finds into ``found``; relations look at its counties."""
        columns = sql.SQL("county_code, period, left_value, right_value, detail")
        datasets = sql.Literal(self.names["datasets"])
        touched = [
            (name, sql.SQL(read_sql(root, f"mart/{name}").decode()).format(datasets=datasets))
            for name in ("touched_county", "touched_year")
        ]
        counties = ("period", "select county_code from touched_county")
        named = with_named((*touched, counties, *self.relations, ("checked", self.select)))
        return sql.SQL("insert into found ({}) {} select {} from checked").format(columns, named, columns)


def load_checks(root: Path) -> tuple[Check, ...]:
    """Read every file under ``include/sql/checks``, in order of identity.

    Raises:
        ConfigError: a header lacks something; the message names the file and what is wrong in it.
    """
    return _load(root / "include" / "sql" / "checks")


def reconcile(connection: psycopg.Connection, root: Path) -> int:
    """Run the checks that may answer differently, over the counties they may; return how many findings changed.

    These are the counties being built (``drained``) and those with deliveries no check has seen (not every row
    moves a figure), for the checks of the datasets concerned; all of them when a check or a value it compares
    with has changed. A finding that is gone is ``holds`` again; a period that is gone has no row.
    """
    checks = load_checks(root)
    renewed = _describe(connection, checks)
    connection.execute(_TEMPORARY)
    for step in ("due_checks", "drained_checks", *(["every_check", "every_checked_year"] if renewed else [])):
        connection.execute(read_sql(root, f"mart/{step}"))
    connection.execute("analyze due_check")
    rows = connection.execute("select dataset, bool_or(year is not null) from due_check group by dataset").fetchall()
    due: dict[str, bool] = dict(rows)
    changed = 0
    for check in checks:
        is_by_year = check.header.by == "year"
        if any(due.get(dataset, False) if is_by_year else dataset in due for dataset in check.names["datasets"]):
            changed += _run(connection, root, check)
    return changed


def _run(connection: psycopg.Connection, root: Path, check: Check) -> int:
    connection.execute("truncate found")
    connection.execute(check.finding(root))
    written = (connection.execute(read_sql(root, f"mart/{step}"), check.names) for step in ("put_check", "drop_check"))
    return sum(cursor.rowcount for cursor in written)


def _describe(connection: psycopg.Connection, checks: tuple[Check, ...]) -> bool:
    """Keep the catalogue as the files say; return whether a check or what it compares with has changed."""
    compared = connection.execute("select digest from audit.schema_part where part = %s", (COMPARED_VALUES,)).fetchone()
    values = str(compared[0]) if compared else ""
    said = {c.check_id: content_id(repr(c.header), c.select, repr(c.relations), values) for c in checks}
    rows = connection.execute("select check_id, digest from audit.check_definition").fetchall()
    if said == dict(rows):
        return False
    connection.execute("delete from audit.check_definition")
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into audit.check_definition values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (c.check_id, h.zh, h.en, h.severity, h.left_zh, h.left_en, h.right_zh, h.right_en, list(h.datasets),
                 said[c.check_id])
                for c in checks
                for h in (c.header,)
            ],
        )  # fmt: skip
    connection.execute("delete from audit.reconciliation where check_id <> all(%s)", (list(said),))
    return True


@lru_cache(maxsize=8)
def _load(folder: Path) -> tuple[Check, ...]:
    return tuple(_check(path) for path in sorted(folder.glob("*.sql")))


def _check(path: Path) -> Check:
    try:
        said, select = read_headed(path)
        header = CheckHeader.model_validate(said)
        relations = read_relations(path.parents[1] / "relations", header.relations)
    except yaml.YAMLError as error:
        raise ConfigError(
            f"check {path.name}: its header is no YAML", next_step="see CONTRIBUTING.md, “add a check”"
        ) from error
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'header'}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"check {path.name}: {places}", next_step="see CONTRIBUTING.md, “add a check”") from error
    except OSError as error:
        raise ConfigError(f"check {path.name}: there is no relation of that name") from error
    return Check(path.stem, header, select, relations)
