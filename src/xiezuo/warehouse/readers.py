"""Who reads what: rights of the roles that only read, and the policies that give each its own rows.

``include/access.yaml`` decides; here the decisions are compared with what the database has, and the differences are
settled. Views read with the rights of whoever asks, so that policies of the tables below hold for them too; therefore
every role is lent the columns its views show, and no others (docs/decisions/0048-access-by-need.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from xiezuo.base.sql_files import read_sql
from xiezuo.declared.access import Access, Readers, load_access
from xiezuo.values.privacy import content_id
from xiezuo.warehouse.access import GROUPS, ROLES
from xiezuo.warehouse.citus import SCHEMAS, is_distributed

GUARDED = ("core", "mart", "publish", "audit", "vault")
"""Schemas every table of which that has a county is guarded row by row; nobody but the loader comes near staging."""

_READERS = {name: (GROUPS | ROLES)[name] for name in ("office", "station", "auditor", "corrector")}
_POLICIES = {
    "office": {"all": "rows_all", "county": "rows_county"},
    "station": {
        "all": "rows_all", "county": "rows_station_county", "unit": "rows_unit", "delivery": "rows_delivery",
    },
    "auditor": {"all": "rows_all"},
    "corrector": {"all": "rows_all"},
}  # fmt: skip


@dataclass(frozen=True)
class _Relation:
    """A row of ``access/relations.sql``."""

    relation_name: str
    is_view: bool
    has_county: bool
    is_guarded: bool
    reads_as_asked: bool


def settle(connection: psycopg.Connection[Any], root: Path, datasets: Mapping[str, object]) -> None:
    """Give every reading role what ``include/access.yaml`` decides, and take back what it does not.

    Where rows cannot be guarded (:func:`can_guard`) offices and stations read nothing at all.
    """
    access, guarded = load_access(root), can_guard(connection, root)
    relations = _relations(connection, root)
    _grant(connection, root, access, datasets, relations, guarded=guarded)
    for relation in relations:
        if relation.is_view and relation.reads_as_asked != guarded:
            statement = "alter view {} set (security_invoker = {})"
            value = sql.SQL("true" if guarded else "false")
            connection.execute(sql.SQL(statement).format(_name(relation.relation_name), value))
        elif not relation.is_view and relation.relation_name.split(".")[0] in GUARDED and relation.has_county:
            readers = access.of(relation.relation_name, datasets)
            _guard(connection, root, relation, _policies(readers) if guarded else None)
    if guarded or is_distributed(connection):
        for role in (ROLES["analyst"], *_READERS.values()):
            _lend_columns(connection, root, role)


def leave_unguarded(connection: psycopg.Connection[Any], root: Path) -> None:
    """Take the guard off a database just restored, whose owner may not pass it: :func:`settle` decides anew."""
    for relation in _relations(connection, root):
        _guard(connection, root, relation, None)


def can_guard(connection: psycopg.Connection[Any], root: Path) -> bool:
    """Whether rows can be given by county and unit here; ``connection`` is the owner's.

    The owner and the loader have to pass the guard (``bypassrls``): only a superuser, or an owner that may itself,
    gives that to the loader. PostgreSQL 15 or later; not tried on Citus.
    """
    row = connection.execute(read_sql(root, "access/can_guard"), {"loader": ROLES["loader"]}).fetchone()
    return bool(row and row[0])


def _relations(connection: psycopg.Connection[Any], root: Path) -> list[_Relation]:
    with connection.cursor(row_factory=class_row(_Relation)) as cursor:
        return cursor.execute(read_sql(root, "access/relations"), {"schemas": list(SCHEMAS)}).fetchall()


def _policies(readers: Readers) -> dict[str, list[str]]:
    """Return the policies of a table, each with the roles it is for.

    Which tables analysts and pages read is said by their rights; pages show nobody another county than his own.
    """
    found: defaultdict[str, list[str]] = defaultdict(list, {"rows_all": [ROLES["analyst"], ROLES["pages"]]})
    for name, role in _READERS.items():
        rows = getattr(readers, name)
        if rows != "none":
            found[_POLICIES[name][rows]].append(role)
    return dict(found)


def _guard(
    connection: psycopg.Connection[Any], root: Path, relation: _Relation, policies: Mapping[str, list[str]] | None
) -> None:
    """Have a table give each role its rows and no others; with None, let rights alone say who reads it."""
    name, part = _name(relation.relation_name), f"readers of {relation.relation_name}"
    if policies is None:
        if relation.is_guarded:
            connection.execute(sql.SQL("alter table {} no force row level security").format(name))
            connection.execute(sql.SQL("alter table {} disable row level security").format(name))
        return
    statements = {policy: read_sql(root, f"access/{policy}").decode() for policy in policies}
    digest = content_id(repr(sorted(policies.items())), repr(sorted(statements.items())))
    known = connection.execute("select digest from audit.schema_part where part = %s", (part,)).fetchone()
    if relation.is_guarded and known == (digest,):
        return
    # Each is a subcommand of its own: Citus takes one at a time.
    connection.execute(sql.SQL("alter table {} enable row level security").format(name))
    connection.execute(sql.SQL("alter table {} force row level security").format(name))
    for (old,) in connection.execute(read_sql(root, "access/policies"), {"table": relation.relation_name}).fetchall():
        connection.execute(sql.SQL("drop policy {} on {}").format(sql.Identifier(old), name))
    for policy, roles in policies.items():
        listed = sql.SQL(", ").join(map(sql.Identifier, roles))
        connection.execute(sql.SQL(statements[policy]).format(table=name, roles=listed))
    connection.execute(
        "insert into audit.schema_part (part, digest) values (%s, %s)"
        " on conflict (part) do update set digest = excluded.digest",
        (part, digest),
    )


def _grant(
    connection: psycopg.Connection[Any], root: Path, access: Access, datasets: Mapping[str, object],
    relations: list[_Relation], *, guarded: bool,
) -> None:  # fmt: skip
    """Grant and revoke whole tables and views; rows of people are read through the columns of their views."""
    for name, role in _READERS.items():
        by_need = name in GROUPS
        wanted = [
            relation.relation_name
            for relation in relations
            if (guarded or not by_need)
            and getattr(access.of(relation.relation_name, datasets), name) != "none"
            and (relation.is_view or relation.relation_name.removeprefix("core.") not in datasets)
        ]
        facts = {"wanted": wanted, "role": role, "schemas": list(SCHEMAS)}
        for relation_name, is_wanted in connection.execute(read_sql(root, "access/unlike_decided"), facts).fetchall():
            statement = "grant select on {} to {}" if is_wanted else "revoke select on {} from {}"
            connection.execute(sql.SQL(statement).format(_name(relation_name), sql.Identifier(role)))


def _lend_columns(connection: psycopg.Connection[Any], root: Path, role: str) -> None:
    """Give a role the columns that the views it may read show, and no others."""
    facts = {"role": role, "schemas": list(SCHEMAS)}
    for table, is_seen, columns in connection.execute(read_sql(root, "access/unlike_views"), facts).fetchall():
        statement = "grant select ({}) on {} to {}" if is_seen else "revoke select ({}) on {} from {}"
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        connection.execute(sql.SQL(statement).format(listed, _name(table), sql.Identifier(role)))


def _name(relation: str) -> sql.Identifier:
    return sql.Identifier(*relation.split("."))
