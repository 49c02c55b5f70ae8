"""The same year on a real Citus: the same rows, figures and answers as on one server.

Not installable where continuous integration runs, so it is asked for by hand (deploy/citus/README.md)::

    CITUS_URL=postgresql://… .venv/bin/python -m pytest -m citus tests/integration/warehouse/test_citus.py

The database has to be empty, its nodes known to each other. What the test leaves there may be looked at.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from bench import landed
from bench.delivery import items
from bench.orders import Orders
from xiezuo import pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.build.trace import trace
from xiezuo.conform import intake
from xiezuo.conform.columns import cells
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.indicators import load_indicators
from xiezuo.operations.backup import backup
from xiezuo.operations.restore import restore
from xiezuo.warehouse import access
from xiezuo.warehouse.citus import LOCAL, REFERENCE, SCHEMAS
from xiezuo.warehouse.digest import digest

pytestmark = pytest.mark.citus

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/analysts.md").read_text(encoding="utf-8")
QUESTIONS = dict(re.findall(r"^\*\*(\d+)\. .*?```sql\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
TABLES = (
    "select n.nspname || '.' || c.relname, exists (select 1 from pg_attribute as a where a.attrelid = c.oid"
    " and a.attname = 'county_code'), p.partmethod::text, p.repmodel::text, p.colocationid from pg_class as c"
    " inner join pg_namespace as n on c.relnamespace = n.oid left join pg_dist_partition as p on p.logicalrelid = c.oid"
    " where c.relkind = 'r' and n.nspname = any(%s)"
)


@pytest.fixture(scope="module")
def spread(filled: Settings, take: Callable[[Settings, Path], None], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of a warehouse on Citus that took in the same year, with the same keys, as ``filled``."""
    url = os.environ.get("CITUS_URL")
    if not url:
        pytest.fail("CITUS_URL names no database: see deploy/citus/README.md")
    home = tmp_path_factory.mktemp("citus")
    shutil.copytree(filled.secrets_dir, home / "secrets")
    settings = replace(filled, home=home, out=home / "out", warehouse_url=url)
    with access.connect(settings, "owner") as connection:
        known = connection.execute("select count(*) from pg_namespace where nspname = any(%s)", (list(SCHEMAS),))
        assert known.fetchone() == (0,), "CITUS_URL's database is not empty"
    take(settings, filled.inbox.parent)
    return settings


def ask(settings: Settings, statement: str) -> list[str]:
    """Ask as the analyst; return the rows in an order of their own, numbers by value."""
    with access.connect(settings, "analyst") as connection:
        rows = connection.execute(statement.encode()).fetchall()
    return sorted(repr([value.normalize() if isinstance(value, Decimal) else value for value in row]) for row in rows)


def test_every_table_lies_where_its_columns_say(spread: Settings) -> None:
    with access.connect(spread, "owner") as connection:
        tables = connection.execute(TABLES, (list(SCHEMAS),)).fetchall()
    groups = set()
    for name, has_county, method, model, group in tables:
        if name in LOCAL:
            assert method is None, name
        elif has_county and name not in REFERENCE:
            assert method == "h", name
            groups.add(group)
        else:
            assert (method, model) == ("n", "t"), name
    assert len(groups) == 1, "all of them are colocated"
    assert {f"core.{dataset}" for dataset in load_contracts(ROOT)} <= {name for name, *_ in tables}


def test_it_holds_the_same_rows_to_the_last_byte(spread: Settings, filled: Settings) -> None:
    assert digest(spread) == digest(filled)


@pytest.mark.parametrize("number", QUESTIONS)
def test_analysts_get_the_same_answers(spread: Settings, filled: Settings, number: str) -> None:
    assert ask(spread, QUESTIONS[number]) == ask(filled, QUESTIONS[number])


def test_analysts_read_every_view_and_nothing_that_leads_to_a_person(spread: Settings, filled: Settings) -> None:
    views = [name for (name,) in _rows(filled, "select table_name from information_schema.views where table_schema = 'mart'")]
    assert len(views) >= len(load_contracts(ROOT))
    for view in views:
        assert ask(spread, f"select t from mart.{view} as t") == ask(filled, f"select t from mart.{view} as t"), view
    for hidden in ("core.labour_placement", "core.person", "vault.person"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(spread, f"select person_key from {hidden}")


@pytest.mark.parametrize("indicator_id", [e.indicator_id for i in load_indicators(ROOT) for e in i.entries])
def test_a_figure_is_traced_to_the_same_rows(spread: Settings, filled: Settings, indicator_id: str) -> None:
    here, there = (trace(each, "620422", "2022", indicator_id, limit=10_000) for each in (spread, filled))
    assert here == there


def test_a_second_night_changes_nothing(
    spread: Settings, filled: Settings, take: Callable[[Settings, Path], None]
) -> None:
    changes = "select batch_id, finished_at from audit.batch where rows_loaded > 0 order by batch_id"
    before = _rows(spread, changes)
    take(spread, filled.inbox.parent)
    assert _rows(spread, changes) == before
    assert digest(spread) == digest(filled)


def test_a_backup_is_restored_on_one_server_and_not_in_place(spread: Settings, settings: Settings, tmp_path: Path) -> None:
    backup(spread, tmp_path / "year.tar")
    with pytest.raises(ConfigError, match="several servers"):
        restore(spread, tmp_path / "year.tar", force=True)
    restore(settings, tmp_path / "year.tar", force=True)  # other keys, which rows do not care for
    assert digest(settings) == digest(spread)


def test_a_new_dataset_is_distributed_without_being_named(spread: Settings, tmp_path: Path) -> None:
    for name in ("include", "expectations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    visits = (ROOT / "include/contracts/work_visit.yaml").read_text(encoding="utf-8")
    tours = visits.replace("dataset: work_visit", "dataset: work_tour")
    (tmp_path / "include/contracts/work_tour.yaml").write_text(tours, encoding="utf-8")
    for kind in ("rows", "gate"):
        shutil.copyfile(ROOT / f"expectations/work_visit.{kind}.yaml", tmp_path / f"expectations/work_tour.{kind}.yaml")
    pipeline.prepare(replace(spread, root=tmp_path))
    placed = {name: method for name, _, method, _, _ in _rows(spread, TABLES, list(SCHEMAS))}
    assert (placed["core.work_tour"], placed["staging.work_tour"]) == ("h", "h")
    assert ask(spread, "select county_code from mart.work_tour") == []


def test_a_large_landing_ends_in_the_same_rows(
    spread: Settings, settings: Settings, keys_of: Callable[[Settings], dict[str, str]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Straight into the table: bad orders, and some that state their key once more, in a chunk of their own."""
    monkeypatch.setattr(intake, "LARGE_BYTES", 1)
    monkeypatch.setattr(cells, "ROWS", 500)
    one = replace(settings, environ={**settings.environ, **keys_of(spread)})
    backup(spread, tmp_path / "year.tar")
    restore(one, tmp_path / "year.tar", force=True)
    orders = Orders(3000, bad_share=0.01)
    rows = list(items(orders, with_bad=True))
    again = [row.replace('"num": ', '"num": 1') for row in rows[:300]]
    done = []
    for each in (one, spread):
        with access.connect(each, "owner") as connection:
            connection.execute("delete from core.sales_order")  # nothing that they could meet
        sha256 = landed.keep(each, [*rows, *again], orders.month)
        landed.note(each, sha256, orders.month)
        [batch] = pipeline.load(each, landed.GROUP)["batches"]
        assert batch["rows_duplicate"] + batch["rows_superseded"] > 250
        pipeline.build(each)
        done.append({name: value for name, value in batch.items() if not name.endswith("_at")})
    assert done[0] == done[1]
    assert digest(spread) == digest(one)


def _rows(settings: Settings, statement: str, *values: object) -> list[tuple[object, ...]]:
    with access.connect(settings, "owner") as connection:
        return connection.execute(statement.encode(), values or None).fetchall()
