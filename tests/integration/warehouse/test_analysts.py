"""What the analyst's page promises: every query of it answers, everywhere; and nobody is to be seen."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
import yaml

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import load_contracts
from xiezuo.publish.export import DATABASE, export
from xiezuo.values import contains_identity_number
from xiezuo.warehouse import access, logins

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/analysts.md").read_text(encoding="utf-8")
QUESTIONS = dict(re.findall(r"^\*\*(\d+)\. .*?```sql\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
READABLE = "select n.nspname || '.' || c.relname from pg_class as c join pg_namespace as n on c.relnamespace = n.oid"


@pytest.fixture(scope="module")
def exported(filled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the offline copy of the sample year."""
    folder = tmp_path_factory.mktemp("export")
    paths = export(filled, folder)
    assert sorted(paths) == sorted(folder.iterdir())
    return folder


def ask(settings: Settings, statement: str) -> list[tuple[object, ...]]:
    """Ask as the analyst."""
    with access.connect(settings, "analyst") as connection:
        return connection.execute(statement.encode()).fetchall()


def bag(rows: list[tuple[object, ...]]) -> list[str]:
    """Return rows in an order of their own; numbers by value, whatever their decimals, instants as times in +08:00."""

    def plain(value: object) -> object:
        if isinstance(value, Decimal):
            return value.normalize()
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value

    return sorted(repr([plain(value) for value in row]) for row in rows)


def test_the_page_has_its_twenty_questions() -> None:
    assert list(QUESTIONS) == [str(number) for number in range(1, 21)]
    assert PAGE.count("```sql") == len(QUESTIONS)


@pytest.mark.parametrize("number", QUESTIONS)
def test_every_query_answers_in_the_warehouse_and_in_the_copy(filled: Settings, exported: Path, number: str) -> None:
    rows = ask(filled, QUESTIONS[number])
    assert rows
    assert any(value not in {None, ""} for row in rows for value in row)
    with duckdb.connect(exported / DATABASE, read_only=True) as copy:
        assert len(copy.execute(QUESTIONS[number]).fetchall()) == len(rows)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda text: text.strip().splitlines()[-1][:30])
def test_every_snippet_runs_as_it_stands(filled: Settings, exported: Path, snippet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pandas, in DuckDB over the Parquet files, in a context of plain Great Expectations, and of columns' origins."""
    monkeypatch.chdir(ROOT)
    known: dict[str, Any] = {"URL": logins.url(filled, "analyst")}
    exec(compile(snippet.replace("'DIR/", f"'{exported}/"), "docs/analysts.md", "exec"), known)  # noqa: S102  (our own page)
    if "suite" in known:
        assert len(known["suite"].expectations) == 2
        assert known["result"].success
    for frame in (value for name, value in known.items() if name in {"people", "progress", "jobs", "frame"}):
        assert len(frame)


def assets(kind: str) -> dict[str, dict[str, Any]]:
    """Return the assets of the Superset dashboard of one kind, by their identifiers."""
    paths = sorted((ROOT / "deploy/superset/assets" / kind).rglob("*.yaml"))
    return {asset["uuid"]: asset for asset in (yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths)}


def test_the_dashboard_asks_what_the_analyst_may_ask(filled: Settings) -> None:
    """Each dataset answers with the columns it lists; charts, filters and places on the page refer to what is there."""
    datasets, charts = assets("datasets"), assets("charts")
    assert len(datasets) >= 3
    with access.connect(filled, "analyst") as connection:
        for dataset in datasets.values():
            cursor = connection.execute(dataset["sql"])
            assert cursor.fetchone(), dataset["table_name"]
            assert [one.name for one in cursor.description or ()] == [one["column_name"] for one in dataset["columns"]]
            for metric in dataset["metrics"]:
                connection.execute(f"select {metric['expression']} from ({dataset['sql']}) as v".encode())
    assert {chart["dataset_uuid"] for chart in charts.values()} == set(datasets)
    [dashboard] = assets("dashboards").values()
    placed = {one["meta"]["uuid"] for one in dashboard["position"].values() if isinstance(one, dict) and one["type"] == "CHART"}
    assert placed == set(charts)
    for asked in dashboard["metadata"]["native_filter_configuration"]:
        for target in asked["targets"]:
            columns = datasets[target["datasetUuid"]]["columns"]
            assert target["column"]["name"] in {one["column_name"] for one in columns}


def test_the_page_has_its_snippets() -> None:
    assert len(SNIPPETS) == 4


@pytest.mark.parametrize(
    "relation",
    [
        "core.labour_placement", "core.sales_order", "core.person", "core.party", "vault.person", "vault.rejected_row",
        "audit.quarantine", "audit.batch", "audit.reconciliation", "staging.labour_placement",
    ],
)  # fmt: skip
def test_the_analyst_is_refused_what_holds_people_or_rows_as_typed(filled: Settings, relation: str) -> None:
    """Whole rows are: of some of these the columns that views show may be read (test_access.py)."""
    with access.connect(filled, "analyst") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"select r from {relation} as r".encode())


def test_the_analyst_may_read_figures_dimensions_and_views_and_nothing_else(filled: Settings) -> None:
    found = ask(filled, f"{READABLE} where n.nspname !~ '^(pg_|information_schema)' and c.relkind in ('r', 'v')"
                        " and has_table_privilege(c.oid, 'select') and has_schema_privilege(n.oid, 'usage')")  # fmt: skip
    other = {name for (name,) in found if not str(name).startswith(("mart.", "publish."))}
    assert other == {"core.county", "core.division"}
    assert {f"mart.{dataset}" for dataset in load_contracts(ROOT)} <= {name for (name,) in found}
    written = ask(filled, f"{READABLE} where has_table_privilege(c.oid, 'insert, update, delete, truncate')"
                          " and n.nspname !~ '^pg_'")  # fmt: skip
    assert written == []


def test_no_column_an_analyst_reads_leads_to_a_person(filled: Settings) -> None:
    names = {name for (name,) in ask(filled, "select column_name from information_schema.columns where table_schema = 'mart'")}
    assert "town" in names
    assert not names & {"person_key", "person_name", "id_no", "phone", "household_no", "head_name", "row_hash", "payload"}


def test_the_copy_holds_what_the_warehouse_holds(filled: Settings, exported: Path) -> None:
    """Every relation the analyst reads, row for row and value for value, and none besides."""
    with duckdb.connect(exported / DATABASE, read_only=True) as copy:
        names = {f"{schema}.{name}" for schema, name in copy.execute("select schema_name, table_name from duckdb_tables()").fetchall()}
        readable = ask(filled, "select table_schema || '.' || table_name from information_schema.tables"
                               " where table_schema in ('core', 'mart', 'publish')"
                               " and has_table_privilege(table_schema || '.' || table_name, 'select')")  # fmt: skip
        assert names == {name for (name,) in readable}
        assert {path.name for path in exported.glob("*.parquet")} == {f"{name}.parquet" for name in names}
        for name in sorted(names):
            counted = copy.execute(f"select count(*) from {name}").fetchall()
            assert counted == ask(filled, f"select count(*) from {name}"), name
        for name in ("mart.indicator_value", "mart.sales_order", "mart.fund_project", "mart.progress", "mart.batch"):
            columns = [column for column, *_ in copy.execute(f"select * from {name} limit 0").description]
            every = f"select {', '.join(columns)} from {name}"
            assert bag(copy.execute(every).fetchall()) == bag(ask(filled, every)), name


def test_the_copy_is_labelled(exported: Path) -> None:
    """Tables and columns carry the warehouse's labels, in DuckDB and in Parquet."""
    with duckdb.connect(exported / DATABASE, read_only=True) as copy:
        bare = copy.execute("select table_name from duckdb_tables() where coalesce(comment, '') = ''").fetchall()
        bare += copy.execute("select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''").fetchall()
        assert bare == []
        kinds = dict(copy.execute("select column_name, data_type from duckdb_columns() where table_name = 'indicator_value'").fetchall())
    assert (kinds["value"], kinds["as_of"], kinds["county_code"]) == ("DECIMAL(20,4)", "DATE", "VARCHAR")
    with duckdb.connect() as reader:
        stored = reader.execute(
            "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(exported / "mart.indicator_value.parquet")]
        ).fetchall()
    assert dict(stored)["comment"].startswith("指标值; ")


def test_no_identity_number_is_in_any_file_of_the_copy(exported: Path) -> None:
    with duckdb.connect(exported / DATABASE, read_only=True) as copy:
        texts = copy.execute("select schema_name || '.' || table_name, column_name from duckdb_columns()"
                             " where not internal and data_type = 'VARCHAR'").fetchall()  # fmt: skip
        assert len(texts) > 100
        for table, column in texts:
            for (value,) in copy.execute(f'select distinct "{column}" from {table} where "{column}" is not null').fetchall():
                assert not contains_identity_number(value), (table, column)


def test_a_copy_of_one_county(filled: Settings, tmp_path: Path) -> None:
    """Holds that county's rows, and whole what belongs to none; a second one replaces the first."""
    for _ in range(2):
        export(filled, tmp_path, county="620422")
    with duckdb.connect(tmp_path / DATABASE, read_only=True) as copy:
        levels = copy.execute("select distinct level from mart.rollup order by 1").fetchall()
        assert levels == [("county",), ("township",)]
        assert copy.execute("select count(*) from mart.calendar_month").fetchall() == [(780,)]
    assert not list(tmp_path.glob(".*"))
    with pytest.raises(ConfigError, match="999999"):
        export(filled, tmp_path, county="999999")
