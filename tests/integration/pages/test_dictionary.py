"""The dictionary as pages: all that may be read stands in it, labelled, and columns lead to where they come from."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.integration.pages.test_figures import links, of_address, shown, text, through
from xiezuo.base.settings import Settings
from xiezuo.pages.asked import NotFound
from xiezuo.publish.dictionary import relations
from xiezuo.warehouse import access


def test_every_table_and_view_an_analyst_reads_stands_in_it_with_all_columns(filled: Settings) -> None:
    listed = "".join(through(filled, shown(filled, "dictionary", {}, {})))
    with access.connect(filled, "owner") as connection:
        rows = connection.execute(
            "select table_schema || '.' || table_name, array_agg(column_name::text) from information_schema.columns"
            " where table_schema in ('mart', 'publish') group by 1"
        ).fetchall()
    assert len(rows) > 30
    known = relations(filled.root)
    for name, columns in rows:
        assert f">{name}</a>" in listed
        assert {one.name for one in known[name].columns} >= set(columns), name
    page = shown(filled, "dictionary/{name}", {"name": "mart.rollup"}, {})
    assert re.findall(r'column=([a-z_0-9]+)[^"]*#lineage', page) == [one.name for one in known["mart.rollup"].columns]


@pytest.mark.parametrize("name", ["mart.progress", "mart.labour_placement", "core.sales_order", "publish.figure"])
def test_an_example_can_be_asked_by_an_analyst(filled: Settings, name: str) -> None:
    page = shown(filled, "dictionary/{name}", {"name": name}, {})
    example = unescape(re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)[-1])
    with access.connect(filled, "analyst") as connection:
        connection.execute(example.encode())


def test_what_is_looked_for_is_found_by_its_chinese_label(filled: Settings) -> None:
    page = shown(filled, "dictionary", {}, {"q": "完成率"})
    assert "mart.progress" in page
    assert "completion_pct" in page
    assert "core.county" not in page
    indicators = shown(filled, "dictionary", {}, {"q": "示范村", "of": "indicators"})
    assert "VIL1" in indicators
    assert "LAB1" not in indicators


def test_a_column_is_drawn_back_to_the_ledgers_column_and_tabled_beside_it(filled: Settings) -> None:
    page = shown(filled, "dictionary/{name}", {"name": "mart.target"}, {"column": "target"})
    drawn = page[page.index("<svg") : page.index("</svg>")]
    for thing in ("mart.target.target", "core.work_target.value", "年度协议任务指标：目标值"):
        assert thing in drawn
        assert thing in text(page[page.index("</svg>") :])
    nearer = next(one for one in links(page, "dictionary/core.work_target?") if "column=value" in one)
    assert "目标值" in of_address(filled, nearer)


def test_what_the_vault_holds_and_what_there_is_not_has_no_page(filled: Settings) -> None:
    for name in ("vault.person", "staging.sales_order", "mart.nobody", "mart"):
        with pytest.raises(NotFound):
            shown(filled, "dictionary/{name}", {"name": name}, {})
    with pytest.raises(NotFound):
        shown(filled, "dictionary/{name}", {"name": "mart.progress"}, {"column": "nobody"})
