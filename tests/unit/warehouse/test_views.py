"""Views: which can be made, in which order; what their headers must say."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.warehouse.views import Header, View, load_views, ready

ROOT = Path(__file__).parents[3]


def view(name: str, reads: str) -> View:
    return View(name, Header(zh="甲", en="a", grain="one row", reads=reads, columns={"a": "甲; a"}), "select 1 as a")


def order(existing: set[str], *views: View) -> list[str]:
    return [made.name for made in ready({one.name: one for one in views}, existing)]


def test_a_view_follows_what_it_reads() -> None:
    """Whatever their names; also where an earlier form of what it reads is there."""
    chain = (view("a", "mart.b"), view("b", "mart.c, core.t"), view("c", "core.t"), view("d", "nothing"))
    assert order({"core.t"}, *chain) == ["c", "d", "b", "a"]
    assert order({"core.t", "mart.b", "mart.c", "mart.a"}, *chain) == ["c", "d", "b", "a"]


def test_a_view_of_a_missing_table_is_left_out_with_what_reads_it() -> None:
    assert order(set(), view("a", "mart.b"), view("b", "core.t")) == []


def test_an_earlier_form_of_a_view_serves_until_its_table_is_there() -> None:
    assert order({"mart.b"}, view("a", "mart.b"), view("b", "core.t")) == ["a"]
    assert order({"mart.b", "core.t"}, view("a", "mart.b"), view("b", "core.t")) == ["b", "a"]


def test_every_shipped_view_can_be_made_from_the_shipped_datasets() -> None:
    views = load_views(ROOT)
    tables = {name for one in views.values() for name in one.reads if not name.startswith("mart.")}
    assert set(order({*tables, "mart.indicator", "mart.indicator_value"}, *views.values())) == set(views)
    assert {"progress", "rollup", "target", "batch", "quarantine_summary", "reconciliation"} <= set(views)


def test_an_incomplete_header_is_refused_by_its_file_s_name(tmp_path: Path) -> None:
    folder = tmp_path / "include/sql/views"
    folder.mkdir(parents=True)
    (folder / "odd.sql").write_text("-- zh: 甲\n-- en: a\nselect 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"odd\.sql"):
        load_views(tmp_path)
