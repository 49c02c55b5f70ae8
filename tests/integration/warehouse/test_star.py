"""The star: every fact finds its dimensions, whatever arrives in which order; roll-ups; what a migration leaves alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from tests.data import counties
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.declared.contracts import load_contracts
from xiezuo.warehouse import access, schema, star
from xiezuo.warehouse.views import load_views
from xiezuo_sample.codes import credit_code, identity_number

ROOT = Path(__file__).parents[3]
HEADER = ["姓名", "身份证号", "乡镇", "户类型", "监测对象类别", "务工省份", "务工企业", "开始时间"]
FOREIGN_KEYS = """
select conname, conrelid::regclass::text, confrelid::regclass::text, conenforced,
    array(select attname::text from unnest(conkey) with ordinality as k (n, o) join pg_attribute on attrelid = conrelid and attnum = n order by o),
    array(select attname::text from unnest(confkey) with ordinality as k (n, o) join pg_attribute on attrelid = confrelid and attnum = n order by o)
from pg_constraint where contype = 'f' order by 1
"""


def ledger(station: str, reported: str, *rows: tuple[int, str, str, str, str]) -> list[list[Any]]:
    """Return a station's ledger: serial of the person, township, household type, class of monitoring, employer."""
    body = [
        ["张三", identity_number(serial, date(1990, 1, 1 + serial % 28)), town, household, monitored, "天津市", employer, "2022-03-05"]
        for serial, town, household, monitored, employer in rows
    ]
    return [["劳务输转台账"], [f"填报单位：{station}", "", f"填报日期：{reported}"], HEADER, *body]


def dangling(settings: Settings) -> dict[str, int]:
    """Return how many rows break each foreign key, those the server does not look at included."""
    with access.connect(settings, "owner") as connection:
        found = {}
        for name, table, target, _, own, theirs in connection.execute(FOREIGN_KEYS).fetchall():
            told = " and ".join(f"t.{column} is not null" for column in own)
            same = " and ".join(f"t.{a} = d.{b}" for a, b in zip(own, theirs, strict=True))
            statement = f"select count(*) from {table} as t where {told} and not exists (select 1 from {target} as d where {same})"
            [(found[f"{table} {name}"],)] = connection.execute(statement.encode()).fetchall()
        return found


def people(office: Any) -> list[tuple[Any, ...]]:
    return office.ask(
        "select sex, birth_year, household_type, monitor_class from core.person order by birth_year, household_type, sex"
    )


def test_every_table_view_and_column_is_labelled_in_both_languages(office: Any) -> None:
    """In every schema of ours, and in Chinese before English."""
    rows = office.ask(
        "select n.nspname || '.' || c.relname, '', obj_description(c.oid, 'pg_class') from pg_class as c"
        " join pg_namespace as n on c.relnamespace = n.oid where c.relkind in ('r', 'v', 'm', 'p')"
        " and n.nspname in ('core', 'staging', 'mart', 'publish', 'audit', 'vault')"
        " union all select n.nspname || '.' || c.relname, a.attname, col_description(c.oid, a.attnum) from pg_class as c"
        " join pg_namespace as n on c.relnamespace = n.oid join pg_attribute as a on c.oid = a.attrelid"
        " where c.relkind in ('r', 'v', 'm', 'p') and a.attnum > 0 and not a.attisdropped"
        " and n.nspname in ('core', 'staging', 'mart', 'publish', 'audit', 'vault')"
    )
    assert len(rows) > 1000
    bare = [
        (table, column)
        for table, column, label in rows
        if not label or not label.partition("; ")[2].strip() or not any("\u4e00" <= char <= "\u9fff" for char in label.partition("; ")[0])
    ]
    assert bare == []


def test_a_view_s_header_lists_its_columns(office: Any) -> None:
    """All of them, in the order of the SELECT."""
    for view in load_views(ROOT).values():
        columns = office.ask(
            "select column_name from information_schema.columns where table_schema = 'mart' and table_name = %s"
            " order by ordinal_position",
            view.name,
        )
        assert [column for (column,) in columns] == list(view.header.columns), view.name


def test_every_fact_is_bound_to_its_dimensions(office: Any) -> None:
    """By the type of its fields; a platform's orders are declared and not looked at row by row."""
    found = {row[0]: (row[1], row[2], row[3], row[4]) for row in office.ask(FOREIGN_KEYS)}
    for contract in load_contracts(ROOT).values():
        for reference in star.references(contract):
            table, target, is_enforced, columns = found[reference.name(contract.dataset)]
            assert (table, target) == (f"core.{contract.dataset}", reference.table)
            assert columns[:1] == ["county_code"]
            assert is_enforced == (contract.dataset != "sales_order")
    told = {contract.dataset: {r.column for r in star.references(contract)} for contract in load_contracts(ROOT).values()}
    assert told["labour_placement"] == {"", "batch_id", "town", "village", "person_key", "employer_norm"}
    assert told["sales_order"] == {"", "batch_id", "shop_uscc"}
    assert told["work_enterprise"] >= {"uscc", "firm_key"}
    assert "mart.indicator" in {target for _, target, _, _ in found.values()}


def test_a_sample_year_breaks_no_key(filled: Settings) -> None:
    """All datasets, all feeds, corrections and late files among them."""
    broken = dangling(filled)
    assert len(broken) > 60
    assert set(broken.values()) == {0}
    with access.connect(filled, "owner") as connection:
        empty = [d for d in ("person", "party", "division") if connection.execute(f"select 1 from core.{d}".encode()).fetchone() is None]
        kinds = {kind for (kind,) in connection.execute("select distinct kind from core.party").fetchall()}
    assert empty == []
    assert {None, "enterprise"} <= kinds


def test_a_row_without_its_dimension_is_refused(office: Any) -> None:
    """The key holds against whoever writes."""
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        office.ask(
            "insert into core.work_meeting (county_code, reporting_unit, feed, feed_rank, version, version_tie, row_hash, batch_id,"
            " row_no, met_on, body, subject) values ('620422', '', 'workbook', 1, now(), '', '', 'nobody', 1, '2022-03-01', 'other', 'x')"
        )


FIRST = ledger("甲站", "2022-03-31", (1, "会师镇", "脱贫户", "", "晨屿电子"), (2, "会师镇", "监测户", "脱贫不稳定户", "晨屿电子"))
LATER = ledger("甲站", "2022-06-30", (1, "会师镇", "一般农户", "", "晨屿（电子）"), (3, "河畔镇", "", "", ""))
OTHER = ledger("乙站", "2022-05-31", (2, "会师镇", "脱贫户", "", "海河纺织"), (3, "河畔镇", "脱贫户", "", "海河纺织"))


@pytest.mark.parametrize(
    "order",
    [pytest.param(o, marks=pytest.mark.sweep if n % 2 else []) for n, o in enumerate(itertools.permutations(range(3)))],
    ids=str,
)
def test_people_and_parties_are_as_last_told_whatever_came_first(office: Any, order: tuple[int, ...]) -> None:
    """A snapshot that withdraws rows, a correction, a row without a household type: in any order of arrival."""
    drops: list[Callable[[], Any]] = [
        lambda: office.deliver("labour/甲站_2022-03.csv", FIRST),
        lambda: office.deliver("labour/甲站_2022-06.csv", LATER),
        lambda: office.deliver("labour/乙站.csv", OTHER),
    ]
    for number in order:
        drops[number]()
        assert set(dangling(office.settings).values()) == {0}
    told = office.ask(
        "select household_type, monitor_class from core.person where sex is not null and birth_year = 1990 order by version, household_type"
    )
    assert told == [("lifted", None), ("lifted", None), ("ordinary", None)]
    parties = office.ask("select party_key, party_name, uscc, kind from core.party order by party_key")
    assert parties == [("", None, None, None), ("晨屿电子", "晨屿(电子)", None, None), ("海河纺织", "海河纺织", None, None)]
    again = people(office)
    for drop in drops:
        drop()
    assert people(office) == again


def test_a_division_that_rows_name_is_there_before_the_next_migration(office: Any, tmp_path: Path) -> None:
    """The county's file may gain a township while the warehouse runs, and lose one that facts refer to."""
    folder = tmp_path / "divisions"
    folder.mkdir()
    lines = (ROOT / "include/divisions/620422.csv").read_text(encoding="utf-8-sig").splitlines()
    path = folder / "620422.csv"
    header = f"{lines[0]},valid_from"
    path.write_text("\n".join([header, *lines[1:], "620422999,township,新设镇,620422,,2022-05-01"]), encoding="utf-8")
    later = type(office)(replace(office.settings, divisions_dir=folder))
    later.deliver("labour/甲站.csv", ledger("甲站", "2022-03-31", (1, "新设镇", "脱贫户", "", "晨屿电子")))
    assert later.ask("select town from core.labour_placement") == [("620422999",)]
    named = "select division_name, level, is_listed, valid_from::text from core.division where division_code = '620422999'"
    assert later.ask(named) == [("620422999", "township", True, None)]
    schema.migrate(later.settings)
    assert later.ask(named) == [("新设镇", "township", True, "2022-05-01")]
    schema.migrate(office.settings)
    assert later.ask(named) == [("新设镇", "township", False, "2022-05-01")]
    assert set(dangling(office.settings).values()) == {0}


def test_a_party_with_a_credit_code_has_its_kind(office: Any) -> None:
    """The second of two deliveries tells its name; the kind follows from the code."""
    shop = credit_code(Random(3))
    head = ["供应商名称", "统一社会信用代码", "平台", "入驻时间"]
    office.deliver("sales/供应商名录_2022-06.csv", [["供应商名录"], ["填报日期：2022-06-30"], head, ["晨屿农业", shop, "832", "2022-01-05"]])
    office.deliver("sales/供应商名录_2022-03.csv", [["供应商名录"], ["填报日期：2022-03-31"], head, ["旧名", shop, "832", "2022-01-05"]])
    [(name, uscc, kind)] = office.ask("select party_name, uscc, kind from core.party where party_key = %s", shop)
    assert (name, uscc) == ("晨屿农业", shop)
    assert kind == "enterprise"
    assert office.ask("select party_name from mart.party where party_key = %s", shop, role="analyst") == [("晨屿农业",)]


def put_values(office: Any, *rows: tuple[str, str, str, str, str | None, str]) -> None:
    """Put figures: county, kind, period, indicator, value, qualifier; a township's code goes after the indicator, by @."""
    for county, kind, period, indicator, value, qualifier in rows:
        indicator_id, _, town = indicator.partition("@")
        office.ask(
            "insert into mart.indicator (indicator_id, name_zh, name_en, unit, measure, source) values (%s, '甲', 'a', '人', '', 'work')"
            " on conflict do nothing",
            indicator_id,
        )
        office.ask(
            "insert into mart.indicator_value values (%s, %s, %s, %s, %s, %s, '人', %s, '2022-12-31')",
            county, kind, period, indicator_id, town, value, qualifier,
        )  # fmt: skip


def test_figures_roll_up_over_counties(office: Any, tmp_path: Path) -> None:
    """Township, county, city, province; who has not reported makes the sum a lower bound."""
    gansu: dict[str, Any] = {"province": "甘肃省", "paired": ("某区", "天津市")}
    others = [counties.invented(code, name, city=city, **gansu) for code, name, city in (("620423", "景泰县", "白银市"), ("620821", "泾川县", "平凉市"))]
    schema.migrate(counties.settle(office.settings, tmp_path, counties.shipped(), *others))
    put_values(
        office,
        ("620422", "year", "2022", "T1", "10", "exact"), ("620422", "year", "2022", "T1@620422100", "4", "exact"),
        ("620423", "year", "2022", "T1", "5", "exact"), ("620821", "year", "2022", "T1", None, "not_reported"),
        ("620422", "year", "2022", "T2", "1", "at_least"), ("620423", "year", "2022", "T2", "2", "exact"),
        ("620821", "year", "2022", "T2", "3", "exact"),
        ("620821", "month", "2022-05", "T1", None, "not_reported"),
        ("620422", "year", "2022", "T2.own", "1", "exact"),
    )  # fmt: skip
    columns = "level, division_code, division_name, value::integer, qualifier, counties_reported, counties_expected"
    rows = office.ask(f"select {columns} from mart.rollup where period = '2022' and indicator_id = 'T1'", role="analyst")
    assert sorted(rows) == sorted([
        ("township", "620422100", "会师镇", 4, "exact", 1, 1),
        ("county", "620422", "会宁县", 10, "exact", 1, 1),
        ("county", "620423", "景泰县", 5, "exact", 1, 1),
        ("county", "620821", "泾川县", None, "not_reported", 0, 1),
        ("city", "620400", "白银市", 15, "exact", 2, 2),
        ("city", "620800", "平凉市", None, "not_reported", 0, 1),
        ("province", "620000", "甘肃省", 15, "at_least", 2, 3),
        ("all", "000000", "全部县", 15, "at_least", 2, 3),
    ])  # fmt: skip
    top = f"select {columns} from mart.rollup where level = 'province' and indicator_id = %s order by period"
    assert office.ask(top, "T2") == [("province", "620000", "甘肃省", 6, "at_least", 3, 3)]
    # a category only one county has: the others told the whole, so nothing of it is missing
    assert office.ask(top, "T2.own") == [("province", "620000", "甘肃省", 1, "exact", 3, 3)]
    assert office.ask(top, "T1")[1][3:] == (None, "not_reported", 0, 3)


def test_progress_compares_with_targets_and_last_year(office: Any) -> None:
    """From a delivered list of targets to the view: year to date against the year's target, stocks too."""
    put_values(
        office,
        ("620422", "month", "2022-06", "LAB2", "4", "exact"), ("620422", "year_to_date", "2022-06", "LAB2", "30", "exact"),
        ("620422", "year_to_date", "2021-06", "LAB2", "40", "exact"),
        ("620422", "year_to_date", "2022-06", "FUN1", "28000000", "at_least"),
    )  # fmt: skip
    targets = [["年度", "指标编号", "指标名称", "目标值", "单位"],
               ["2022", "LAB2", "赴东部结对省份就业", "60", "人"], ["2022", "FUN1", "财政帮扶资金", "5600", "万元"]]  # fmt: skip
    [batch] = office.deliver("work/任务指标_2022-02.csv", [["年度协议任务指标"], *targets])
    assert (batch["state"], batch["rows_loaded"]) == ("loaded", 2)
    found = office.ask(
        "select indicator_id, month_value::integer, year_to_date::integer, target::integer, completion_pct::float, last_year_value::integer,"
        " change_pct::float from mart.progress where period = '2022-06' order by 1", role="analyst"
    )  # fmt: skip
    assert found == [("FUN1", None, 28_000_000, 56_000_000, 50.0, None, None), ("LAB2", 4, 30, 60, 50.0, 40, -25.0)]


def test_a_migration_without_changes_leaves_tables_and_views_alone(office: Any) -> None:
    """It waits for nobody: an analyst's open query holds it up no more than it holds up the analyst."""
    before = office.ask("select part, digest, xmin::text from audit.schema_part order by 1")
    with access.connect(office.settings, "analyst") as analyst:
        analyst.execute("select count(*) from mart.labour_placement, mart.progress")
        pipeline.prepare(office.settings)
        held = office.ask("select count(*) from pg_locks where not granted")
    assert held == [(0,)]
    assert office.ask("select part, digest, xmin::text from audit.schema_part order by 1") == before
    assert len(before) > 30


def test_keys_and_dimensions_come_to_rows_that_were_there_before(office: Any) -> None:
    """A warehouse filled before the star gets its people and parties from its own rows."""
    office.deliver("labour/甲站_2022-03.csv", FIRST)
    told = people(office)
    office.ask("alter table core.labour_placement drop constraint labour_placement_person_key_fkey")
    office.ask("alter table core.labour_placement drop constraint labour_placement_employer_norm_fkey")
    office.ask("delete from core.person")
    office.ask("delete from core.party")
    office.ask("delete from audit.schema_part")
    schema.migrate(office.settings)
    assert people(office) == told
    assert set(dangling(office.settings).values()) == {0}


def test_a_view_that_loses_a_column_is_made_anew(office: Any) -> None:
    """As when a contract's column turns out to lead to a person: it goes, labels and rights stay."""
    office.ask("drop view mart.work_visit")
    office.ask("create view mart.work_visit as select c.*, 1 as more from core.work_visit as c")
    office.ask("delete from audit.schema_part where part = 'contract work_visit'")
    schema.migrate(office.settings)
    assert office.ask("select count(*) from mart.work_visit", role="analyst") == [(0,)]
    columns = office.ask("select column_name from information_schema.columns where table_schema = 'mart' and table_name = 'work_visit'")
    assert not {("more",), ("row_hash",)} & set(columns)
