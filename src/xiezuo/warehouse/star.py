"""The star: which dimension each column of a fact refers to, told by the type of its field.

Facts that platforms fill get their keys declared but not enforced: a night brings a million orders, and
every enforced key costs each of them a look-up (docs/decisions/0015-star.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql

from xiezuo.declared.contracts import Contract

NOT_ENFORCED_SINCE = 180000
"""The first server version that knows keys it does not enforce; older ones go without."""

_BARE_NAMES = ("firm", "company", "enterprise", "supplier", "seller", "employer", "name", "supplier_name")
_ORGANISATIONS = frozenset(
    ("employer", "firm", "company", "enterprise", "supplier", "seller", "buyer", "east", "west")
)
"""Fields that name an organisation also where no credit code stands beside it; a donor or payee may be a person."""


@dataclass(frozen=True)
class Reference:
    """A foreign key of a fact: county and ``column`` to county and ``key`` of ``table``.

    Without a column it is the county alone. A deferred key is looked at when the transaction commits.
    """

    table: str
    column: str = ""
    key: str = ""
    is_deferred: bool = False

    def name(self, dataset: str) -> str:
        """The constraint's name."""
        return f"{dataset}_{self.column or 'county_code'}_fkey"


@dataclass(frozen=True)
class PartyColumn:
    """A column that holds the key of an organisation, and the ones its code and its name stand in, if any."""

    column: str
    uscc: str | None
    name: str | None


def references(contract: Contract) -> tuple[Reference, ...]:
    """Return every dimension the dataset's rows refer to; a row's batch is recorded after the row."""
    return (
        Reference("core.county"),
        Reference("audit.batch", "batch_id", "batch_id", is_deferred=True),
        *(Reference("core.division", column, "division_code") for column in division_columns(contract)),
        *(Reference("core.person", column, "person_key") for column in person_columns(contract)),
        *(Reference("core.party", party.column, "party_key") for party in party_columns(contract)),
    )


def division_columns(contract: Contract) -> tuple[str, ...]:
    """Return the columns that hold the code of a township or village."""
    columns = _columns(contract)
    return tuple(
        name for name, field in contract.fields.items() if field.type in {"town", "village"} and name in columns
    )


def person_columns(contract: Contract) -> tuple[str, ...]:
    """Return the column that holds a person's key, if the dataset is about people."""
    return tuple(column for column in ("person_key",) if column in _columns(contract))


def party_columns(contract: Contract) -> tuple[PartyColumn, ...]:
    """Return the columns that hold organisations: their credit codes, else their normalised names.

    Where a firm goes by its code or, lacking one, by its name (``coalesce``), that column holds both.
    """
    columns = _columns(contract)
    coded = [name for name, field in contract.fields.items() if field.type == "uscc" and name in columns]
    if coded:
        either = {
            spec.from_[0]: name
            for name, spec in contract.computed.items()
            if spec.type == "coalesce" and name in columns and spec.from_
        }
        keys = {column: uscc for uscc in coded for column in (uscc, either.get(uscc)) if column is not None}
        return tuple(PartyColumn(column, uscc, _name_of(uscc, columns)) for column, uscc in keys.items())
    return tuple(
        PartyColumn(name, None, spec.from_[0] if spec.from_[0] in columns else None)
        for name, spec in contract.computed.items()
        if spec.type == "normalised_name" and name in columns and set(spec.from_) <= _ORGANISATIONS
    )


def is_enforced(contract: Contract) -> bool:
    """Whether the dataset's keys are looked up for every row."""
    return all(feed.kind != "platform" for feed in contract.feeds.values())


def bind(connection: psycopg.Connection, contract: Contract) -> None:
    """Give the dataset's table the foreign keys it lacks; the dimensions must hold what its rows refer to."""
    enforced = is_enforced(contract)
    if not enforced and connection.info.server_version < NOT_ENFORCED_SINCE:
        return
    known = {name for (name,) in connection.execute(
        "select conname from pg_constraint where conrelid = to_regclass(%s) and contype = 'f'",
        (f"core.{contract.dataset}",),
    )}  # fmt: skip
    for reference in references(contract):
        if reference.name(contract.dataset) not in known:
            connection.execute(_constraint(contract.dataset, reference, enforced=enforced))


def _constraint(dataset: str, reference: Reference, *, enforced: bool) -> sql.Composed:
    own = ["county_code", *filter(None, (reference.column,))]
    theirs = ["county_code", *filter(None, (reference.key,))]
    timing = " deferrable initially deferred" if reference.is_deferred and enforced else ""
    return sql.SQL("alter table {} add constraint {} foreign key ({}) references {} ({}){}").format(
        sql.Identifier("core", dataset),
        sql.Identifier(reference.name(dataset)),
        sql.SQL(", ").join(map(sql.Identifier, own)),
        sql.Identifier(*reference.table.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, theirs)),
        sql.SQL(timing if enforced else " not enforced"),
    )


def _columns(contract: Contract) -> frozenset[str]:
    return frozenset(name for name, *_ in contract.columns())


def _name_of(uscc: str, columns: frozenset[str]) -> str | None:
    """Return the column that names whose credit code it is: ``shop_name`` or ``shop`` of ``shop_uscc``."""
    return next((name for name in _names_beside(uscc) if name in columns), None)


def _names_beside(uscc: str) -> Iterator[str]:
    stem = uscc.removesuffix("uscc").rstrip("_")
    yield from (f"{stem}_name", stem) if stem else _BARE_NAMES
