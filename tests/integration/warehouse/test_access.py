"""Every role against every table and view: what it reads row by row, and what it may write; on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.data import counties
from xiezuo import pipeline
from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import load_contracts
from xiezuo.values import identity
from xiezuo.warehouse import access, logins
from xiezuo.warehouse.citus import SCHEMAS
from xiezuo.warehouse.embedded.server import EmbeddedServer

ROOT = Path(__file__).parents[3]
DATASETS = load_contracts(ROOT)
MATRIX = {
    name: words
    for name, *words in map(str.split, (ROOT / "tests/data/access_matrix.txt").read_text(encoding="utf-8").splitlines())
    if name != "#"
}
ROLES = ("analyst", "auditor", "office", "station", "corrector", "loader", "pages")
HOME, AWAY = "990101", "990102"
OWN, OTHER = "甲站", "乙站"
PLACES = ((HOME, OWN), (HOME, OTHER), (AWAY, OWN))
"""A row of each is in every table: the reading unit's own, another unit's of its county, another county's of the same name."""

REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)
PAYLOAD = {"vault.person": "payload", "vault.rejected_row": "payload"}


@dataclass(frozen=True)
class World:
    """A warehouse whose every table holds a row of each place, and who logs in to it."""

    settings: Settings
    relations: dict[str, dict[str, str]]
    views: frozenset[str]

    def url(self, role: str) -> str:
        return logins.url(self.settings, {"office": "matrix_office", "station": "matrix_station"}.get(role, role))

    def connect(self, role: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url(role))


def superuser(settings: Settings) -> psycopg.Connection[Any]:
    server = EmbeddedServer(settings.home, Secrets(settings.secrets_dir, settings.environ))
    return psycopg.connect(server.ensure().url(access.DATABASE))


@pytest.fixture(scope="module")
def world(fresh: Callable[..., Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Yield the warehouse; its accounts go at the end, for roles belong to the whole server."""
    folder = tmp_path_factory.mktemp("world")
    settings = counties.settle(
        fresh(folder), folder, counties.alike(HOME, "本县"), counties.alike(AWAY, "邻县")
    )
    pipeline.prepare(settings)
    with superuser(settings) as connection:
        relations, views = fill(connection)
    logins.add(settings, "matrix_office", HOME)
    logins.add(settings, "matrix_station", HOME, f" {OWN[0]} {OWN[1]}")
    yield World(settings, relations, frozenset(views))
    with superuser(settings) as connection:
        connection.execute(
            "drop role if exists xiezuo_matrix_office, xiezuo_matrix_station, xiezuo_nobody_0, xiezuo_nobody_1, xiezuo_nobody_2"
        )


def fill(connection: psycopg.Connection[Any]) -> tuple[dict[str, dict[str, str]], set[str]]:
    """Put a row of each place into every table, checks and keys aside; return columns with types, and which are views."""
    connection.execute("set session_replication_role = replica")
    rows = connection.execute(
        "select n.nspname || '.' || c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod)"
        " from pg_class as c join pg_namespace as n on c.relnamespace = n.oid"
        " join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " and a.attgenerated = '' and a.attidentity = ''"
        " where n.nspname = any(%s) and c.relkind in ('r', 'v') order by 1, a.attnum", (list(SCHEMAS),),
    ).fetchall()  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    for name, _, column, kind in rows:
        found.setdefault(name, {})[column] = kind
    checks = connection.execute(
        "select conrelid::regclass::text, conname from pg_constraint as k join pg_namespace as n"
        " on k.connamespace = n.oid where k.contype = 'c' and n.nspname = any(%s)", (list(SCHEMAS),),
    ).fetchall()  # fmt: skip
    for table, check in checks:
        connection.execute(sql.SQL("alter table {} drop constraint {}").format(named(table), sql.Identifier(check)))
    views = {name for name, kind, *_ in rows if kind == "v"}
    for name, columns in found.items():
        if name not in views and name != "audit.schema_version":
            connection.execute(sql.SQL("delete from {}").format(named(name)))
            for number, place in enumerate(PLACES):
                put(connection, name, columns, number, place)
    return found, views


def put(connection: psycopg.Connection[Any], name: str, columns: dict[str, str], number: int, place: tuple[str, str]) -> None:
    values = [value_of(name, column, kind, number, place) for column, kind in columns.items()]
    connection.execute(
        sql.SQL("insert into {} ({}) values ({}) on conflict do nothing").format(
            named(name), sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join([sql.Placeholder()] * len(values))
        ),
        values,
    )


def value_of(name: str, column: str, kind: str, number: int, place: tuple[str, str]) -> Any:
    """Return a value that the views show: their rows are what a year to date is and what a batch counts."""
    told = {
        "county_code": place[0], "reporting_unit": place[1], "period": "2022-09", "period_kind": "year_to_date",
        "breakdown": "", "year": 2022, "login": f"xiezuo_nobody_{number}",
    }  # fmt: skip
    if column in told:
        return told[column]
    if kind.startswith("character"):
        return str(number)
    plain: dict[str, Any] = {
        "text": f"x{number}", "date": date(2022, 9, 1 + number), "boolean": True, "jsonb": "{}", "bytea": b"x",
        "uuid": f"00000000-0000-0000-0000-00000000000{number}",
        "timestamp with time zone": datetime(2022, 9, 1, number, tzinfo=SHANGHAI),
    }  # fmt: skip
    if kind in plain:
        return plain[kind]
    return [] if kind.endswith("[]") else Decimal(number + 1)


def named(relation: str) -> sql.Identifier:
    return sql.Identifier(*relation.split("."))


def expected(relation: str, role: str) -> str:
    """Return what the matrix says; datasets have one line a schema."""
    schema, name = relation.split(".")
    return MATRIX[f"{schema}.<dataset>" if name in DATASETS else relation][ROLES.index(role)]


def tried(connection: psycopg.Connection[Any], statement: sql.Composable) -> psycopg.Cursor[Any] | None:
    """Run a statement and take it back; None where it is refused. What only a key or a check forbids is allowed."""
    done: psycopg.Cursor[Any] | None = None
    try:
        with connection.transaction() as transaction:
            done = connection.cursor()
            try:
                done.execute(statement)
            except psycopg.errors.IntegrityError:
                return done
            raise psycopg.Rollback(transaction)
    except psycopg.errors.IntegrityError:
        return done
    except REFUSED:
        return None
    return done


def seen(world: World, connection: psycopg.Connection[Any], relation: str, columns: list[str]) -> list[tuple[str, ...]] | None:
    """Return the places whose rows are read with these columns, None where that is refused."""
    told = [column for column in ("county_code", "reporting_unit") if column in world.relations[relation]]
    try:
        with connection.transaction():
            cursor = connection.execute(
                sql.SQL("select {} from {}").format(sql.SQL(", ").join(map(sql.Identifier, columns)), named(relation))
            )
            names = [column.name for column in cursor.description or ()]
            return sorted({tuple(row[names.index(c)] for c in told if c in names) for row in cursor.fetchall()} - {(None,)})
    except psycopg.errors.InsufficientPrivilege:
        return None


def columns_lent(connection: psycopg.Connection[Any], relation: str) -> list[str]:
    rows = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
        " and has_column_privilege(attrelid, attnum, 'select') order by attnum", (relation,),
    ).fetchall()  # fmt: skip
    return [name for (name,) in rows]


def rows_of(rows: str, columns: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the places of which a role reads rows, as these columns tell them: all, its county's, or its own unit's."""
    has_unit = "reporting_unit" in columns
    if "county_code" not in columns:
        return [()]
    places = {"county": PLACES[:2], "unit": PLACES[:1]}.get(rows, PLACES)
    return sorted({place if has_unit else place[:1] for place in places})


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_its_rows_of_every_relation_and_no_others(world: World, role: str) -> None:
    wrong = []
    with world.connect(role) as connection:
        for relation, columns in world.relations.items():
            said = expected(relation, role)
            rows = said.removesuffix("*")
            every = seen(world, connection, relation, list(columns))
            if said in {"none", "keep"} or said.endswith("*"):
                if every is not None:
                    wrong.append((relation, said, "reads whole rows"))
            elif every != rows_of(rows, columns):
                wrong.append((relation, said, every))
            if said.endswith("*"):
                lent = columns_lent(connection, relation)
                if seen(world, connection, relation, lent) != rows_of(rows, lent):
                    wrong.append((relation, said, "columns", lent))
            elif said == "none" and any(seen(world, connection, relation, [column]) is not None for column in columns):
                wrong.append((relation, said, "reads a column"))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_every_role_writes_where_it_may_and_nowhere_else(world: World, role: str) -> None:
    may = {"write": (True, True, True), "keep": (True, True, True), "add": (True, False, False)}
    wrong = []
    with world.connect(role) as connection:
        for relation, columns in world.relations.items():
            said = expected(relation, role)
            if said == "view":
                continue
            key, name = sql.Identifier(next(iter(columns))), named(relation)
            done = (
                tried(connection, sql.SQL("insert into {} default values").format(name)),
                tried(connection, sql.SQL("update {} set {} = default").format(name, key)),
                tried(connection, sql.SQL("delete from {}").format(name)),
            )
            if tuple(cursor is not None for cursor in done) != may.get(said, (False, False, False)):
                wrong.append((relation, said, done))
    assert wrong == []
    with world.connect("auditor") as connection:
        assert connection.execute("select count(*) from audit.batch").fetchone() == (len(PLACES),), "and all of it was taken back"


def test_no_column_that_leads_to_a_person_is_lent_to_who_reads(world: World) -> None:
    for role in ("analyst", "auditor", "office", "station"):
        with world.connect(role) as connection:
            for dataset in DATASETS:
                lent = columns_lent(connection, f"core.{dataset}")
                assert lent, dataset
                assert not {"person_key", "household_no", "row_hash"} & set(lent), (role, dataset)


def test_no_row_comes_to_a_session_that_says_it_is_another(world: World) -> None:
    """Settings, roles and sessions of its own choice change nothing; the guard can be asked for no less."""
    count = "select count(*), min(county_code), max(county_code), min(reporting_unit), max(reporting_unit) from audit.batch"
    with world.connect("station") as connection:
        assert connection.execute(count).fetchone() == (1, HOME, HOME, OWN, OWN)
        for attempt in (
            "set role xiezuo_station", "set role none", "set search_path = audit, core", "set xiezuo.county = '990102'",
            "set application_name = 'xiezuo_loader'",
        ):  # fmt: skip
            connection.execute(attempt.encode())
            assert connection.execute(count).fetchone() == (1, HOME, HOME, OWN, OWN), attempt
        connection.execute("reset all")
        for attempt in (
            "set role xiezuo_office", "set role xiezuo_matrix_office", "set session authorization xiezuo_loader",
            "alter role xiezuo_matrix_station bypassrls", "grant xiezuo_office to xiezuo_matrix_station",
            "alter table audit.batch disable row level security", "drop policy rows_unit on audit.batch",
            "create function audit.own_units() returns int language sql as 'select 1'", "create table audit.mine (a int)",
            "insert into audit.access values ('990102', 'xiezuo_matrix_station', null, 'me', now())",
        ):  # fmt: skip
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)), connection.transaction():
                connection.execute(attempt.encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("set local row_security = off; select count(*) from audit.batch")


def test_nothing_is_learnt_by_a_question_that_fails_on_another_countys_row(world: World) -> None:
    """A condition that divides by zero where a row is another's is asked of one's own rows alone."""
    with world.connect("office") as connection:
        asked = "select count(*) from audit.batch where 1 / case county_code when %s then 0 else 1 end = 1"
        assert connection.execute(asked, (AWAY,)).fetchone() == (2,)
        stats = connection.execute("select count(*) from pg_stats where schemaname = 'audit' and tablename = 'batch'").fetchone()
        assert stats == (0,), "what the planner knows of all rows is not told"


def test_a_group_by_itself_and_an_account_taken_away_read_no_row(world: World) -> None:
    for county in (HOME, AWAY):
        logins.add(world.settings, "matrix_gone", county)
    with psycopg.connect(logins.url(world.settings, "matrix_gone"), autocommit=True) as connection:
        assert connection.execute("select count(*) from audit.batch").fetchone() == (3,)
        connection.execute("select lo_create(0)")  # what it owns goes with it
        password = access.password(world.settings, "matrix_gone")
        logins.remove(world.settings, "matrix_gone")
        with pytest.raises(psycopg.Error):
            connection.execute("select count(*) from audit.batch")
    with pytest.raises(ConfigError, match="no role matrix_gone"):
        logins.url(world.settings, "matrix_gone")
    logins.add(world.settings, "matrix_gone", HOME, OWN)
    assert access.password(world.settings, "matrix_gone") != password, "who knew the old one knows it no more"
    logins.remove(world.settings, "matrix_gone")


def test_what_no_account_may_be(world: World) -> None:
    for name, given, unit in (
        ("loader", HOME, None), ("office", HOME, None), ("A b", HOME, None), ("fine", "999999", None), ("fine", HOME, " "),
        ("matrix_office", HOME, None), ("matrix_office", AWAY, OWN), ("matrix_station", AWAY, OWN), ("matrix_station", AWAY, None),
        ("loader_file", HOME, None),
    ):  # fmt: skip
        with pytest.raises(ConfigError):
            logins.add(world.settings, name, given, unit)
    assert {"matrix_office", "matrix_station"} <= (known := {one.name for one in logins.listed(world.settings)})
    assert not known & {"loader", "office", "fine"}


def test_rows_held_back_that_name_no_unit_are_read_by_who_delivered_them(world: World) -> None:
    columns = world.relations["audit.quarantine"]
    with superuser(world.settings) as connection:
        connection.execute("set session_replication_role = replica")
        for number, (place, batch) in enumerate(((HOME, "x0"), (HOME, "x1"), (AWAY, "x2")), start=5):
            put(connection, "audit.quarantine", columns, number, (place, OWN))
            connection.execute(
                "update audit.quarantine set reporting_unit = null, batch_id = %s where quarantine_id = %s", (batch, f"x{number}")
            )
    try:
        with world.connect("station") as connection:
            rows = connection.execute("select quarantine_id from audit.quarantine order by 1").fetchall()
        assert rows == [("x0",), ("x5",)]
    finally:
        with superuser(world.settings) as connection:
            connection.execute("delete from audit.quarantine where reporting_unit is null")


def test_migrating_again_changes_no_right(settings: Settings) -> None:
    asked = (
        "select c.oid::regclass::text, c.relacl::text, c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text,"
        " (select array_agg(p.oid order by p.oid) from pg_policy as p where p.polrelid = c.oid),"
        " (select array_agg(a.attacl::text order by a.attnum) from pg_attribute as a where a.attrelid = c.oid)"
        " from pg_class as c where c.relnamespace::regnamespace::text = any(%s) order by 1"
    )
    with superuser(settings) as connection:
        before = connection.execute(asked, (list(SCHEMAS),)).fetchall()
    pipeline.prepare(settings)
    with superuser(settings) as connection:
        assert connection.execute(asked, (list(SCHEMAS),)).fetchall() == before


def test_a_station_reads_what_it_delivered_and_its_office_what_all_did(office: Any) -> None:
    """From the ledgers of two stations, each with a row that is held back."""
    header = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]
    for station, people in (("甲站", (101, 102)), ("乙站", (103, 104, 105))):
        rows = [["张三", _number(n), "会师镇", "天津市", "晨屿电子", "2022-01-10"] for n in people]
        broken = ["李四", "99000019850101", "会师镇", "天津市", f"{station}电子", "2022-01-11"]
        office.deliver(
            f"labour/{station}_2022-01.csv",
            [["劳务输转台账", f"填报单位：{station}", "填报日期：2022-01-31"], header, *rows, broken],
        )
    logins.add(office.settings, "flow_station", office.county, "甲站")
    logins.add(office.settings, "flow_office", office.county)
    asked = (
        "select (select count(*) from mart.labour_placement), (select count(*) from audit.batch),"
        " (select count(distinct row_id) from audit.quarantine)"
    )
    try:
        with psycopg.connect(logins.url(office.settings, "flow_station")) as connection:
            assert connection.execute(asked).fetchone() == (2, 1, 1)
            assert connection.execute("select distinct reporting_unit from mart.labour_placement").fetchall() == [("甲站",)]
        with psycopg.connect(logins.url(office.settings, "flow_office")) as connection:
            assert connection.execute(asked).fetchone() == (5, 2, 2)
            assert connection.execute("select value from mart.indicator_value where indicator_id = 'LAB1' and breakdown = ''").fetchall() == []
        pipeline.build(office.settings)
        with psycopg.connect(logins.url(office.settings, "flow_office")) as connection:
            assert connection.execute(
                "select month_value from mart.progress where indicator_id = 'LAB1' and period = '2022-01'"
            ).fetchall() == [(5,)]
    finally:
        for name in ("flow_station", "flow_office"):
            logins.remove(office.settings, name)


def _number(serial: int) -> str:
    body = f"9900001985{serial % 9 + 1:02d}{serial % 28 + 1:02d}{serial:03d}"
    return body + identity.check_digit(body)
