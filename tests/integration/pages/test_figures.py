"""Figures as pages: what is read there is what the warehouse and the command line say, down to every row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st

from tests.integration.publish.test_release import closed, fill, late_row
from xiezuo.base.errors import XiezuoError
from xiezuo.base.settings import Settings
from xiezuo.build.trace import trace
from xiezuo.pages.asked import Asked, Given, NotFound, Visitor
from xiezuo.pages.rendering import html
from xiezuo.pages.routes import ROUTES
from xiezuo.warehouse import access

COUNTY = "620422"
EVERYBODY = Visitor("zhang", "张", "经办人")
ELSEWHERE = Visitor("li", "李", "经办人", frozenset({"620421"}))
IDENTITY = re.compile(r"[1-9][0-9]{16}[0-9Xx]")
PAGES = (
    ("figures", {}),
    ("figures/compare", {}),
    ("figures/{county}/{period}/{indicator}", {"period": "2022-06", "indicator": "LAB1"}),
    ("rows/{county}/{batch_id}/{row_no}", {"batch_id": "b", "row_no": "4"}),
    ("dictionary", {}),
    ("dictionary/{name}", {"name": "mart.progress"}),
)


def shown(
    settings: Settings, route: str, path: Mapping[str, str], query: Mapping[str, str], visitor: Visitor = EVERYBODY
) -> str:
    """Return the page as its reader gets it."""
    here = route.format(**{name: quote(value, safe="") for name, value in path.items()})
    asked = Asked(replace(settings, role="pages"), visitor, here, path, query)
    page = ROUTES[route](asked)
    assert not isinstance(page, Given)
    return html(asked, page)


def of_address(settings: Settings, address: str) -> str:
    """Return the page of a relative address, as a link has it."""
    parts = urlsplit(unescape(address))
    steps = re.sub(r"^(?:\.\.?/)+", "", parts.path).split("/")
    for route in ROUTES:
        names = route.split("/")
        if len(names) == len(steps) and all(n.startswith("{") or n == s for n, s in zip(names, steps, strict=True)):
            path = {n[1:-1]: s for n, s in zip(names, steps, strict=True) if n.startswith("{")}
            return shown(settings, route, path, dict(parse_qsl(parts.query)))
    raise AssertionError(f"no page {address}")


def links(page: str, begin: str) -> list[str]:
    """Return the addresses on a page that begin so, seen from the first page."""
    found = (re.sub(r"^(?:\.\.?/)+", "", one) for one in re.findall(r'href="([^"]+)"', page))
    return [one for one in found if one.startswith(begin)]


def through(settings: Settings, page: str) -> Iterator[str]:
    """Yield a page and those that follow it."""
    yield page
    while found := re.search(r'rel="next" href="([^"]+)"', page):
        page = of_address(settings, found[1])
        yield page


def text(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page))


def test_every_figure_of_a_period_is_listed_and_what_is_not_reported_is_a_word(filled: Settings) -> None:
    query = {"county": COUNTY, "period": "2022", "kind": "year"}
    pages = "".join(through(filled, shown(filled, "figures", {}, query)))
    with access.connect(filled, "analyst") as connection:
        rows = connection.execute(
            "select indicator_id, value from mart.indicator_value"
            " where county_code = %s and period_kind = 'year' and period = '2022' and breakdown = ''",
            (COUNTY,),
        ).fetchall()
    assert len(rows) > 60
    for indicator_id, value in rows:
        line = re.search(rf"<td>{re.escape(indicator_id)}</td>\s*<td class=\"num\">(.*?)</td>", pages)
        assert line is not None
        told = text(line[1]).strip()
        if value is None:
            assert told == "未报送"
        else:
            assert told.removeprefix("≥ ") == (f"{value:,.0f}" if value == int(value) else f"{value:,.2f}")


def test_figures_are_found_by_name_and_shown_by_township(filled: Settings) -> None:
    page = shown(filled, "figures", {}, {"county": COUNTY, "period": "2022-06", "q": "转移就业", "town": "all"})
    assert "LAB1" in page
    assert "CON1" not in page
    assert "会师镇</th>" in page


def test_a_figure_leads_to_each_of_its_rows_and_each_row_back_to_it(filled: Settings) -> None:
    traced = trace(filled, COUNTY, "2022-06", "LAB1", kind="year_to_date", limit=1_000_000)
    path = {"county": COUNTY, "period": "2022-06", "indicator": "LAB1"}
    first = shown(filled, "figures/{county}/{period}/{indicator}", path, {"kind": "year_to_date"})
    assert f"{int(traced['value']):,} 人" in text(re.search(r'id="value">(.*?)</div>', first)[1])  # type: ignore[index]
    reached = [one for page in through(filled, first) for one in links(page, "rows/")]
    assert [tuple(one.split("/")[-2:]) for one in reached] == [
        (row["batch_id"], str(row["row_no"])) for row in traced["rows"]
    ]
    assert "select distinct on" in first  # its SQL, as it is counted
    row = of_address(filled, reached[0])
    assert links(row, f"figures/{COUNTY}/2022-06/LAB1?")
    assert not IDENTITY.search(text(row))
    assert "张" not in text(row).replace("张（经办人）", "")


def test_a_figure_is_shown_over_several_years(filled: Settings) -> None:
    """Nobody spoke of 2021: what 2022 has is the least there is of both, traced to the same rows."""
    path = {"county": COUNTY, "period": "2022", "indicator": "LAB1"}
    own = trace(filled, COUNTY, "2022", "LAB1")
    page = shown(filled, "figures/{county}/{period}/{indicator}", path, {"since": "2021"})
    assert "2021—2022年" in page
    assert f"≥ {int(own['value']):,} 人" in text(re.search(r'id="value">(.*?)</div>', page)[1])  # type: ignore[index]
    following = of_address(filled, links(page, f"figures/{COUNTY}/2021-2022/LAB1?")[0])
    assert "2021—2022年" in following


def test_three_rows_of_a_township_are_three_clicks_from_the_overview(filled: Settings) -> None:
    overview = shown(filled, "", {}, {"county": COUNTY, "period": "2022-12"})
    figure = of_address(filled, next(one for one in links(overview, "figures/") if "/LAB2?" in one))
    town = of_address(filled, next(one for one in links(figure, "figures/") if "town=" in one and "/LAB2?" in one))
    row = of_address(filled, links(town, "rows/")[0])
    assert "计入哪些数字" in row


def test_townships_stand_in_chart_and_table_with_the_figures_of_the_warehouse(filled: Settings) -> None:
    path = {"county": COUNTY, "period": "2022", "indicator": "LAB1"}
    page = shown(filled, "figures/{county}/{period}/{indicator}", path, {})
    towns = page[page.index('id="towns"') : page.index('id="rows"')]
    with access.connect(filled, "analyst") as connection:
        rows = connection.execute(
            "select d.division_name, v.value from mart.indicator_value as v inner join core.division as d"
            " on v.county_code = d.county_code and v.breakdown = d.division_code where v.county_code = %s"
            " and v.period_kind = 'year' and v.period = '2022' and v.indicator_id = 'LAB1'",
            (COUNTY,),
        ).fetchall()
    assert rows
    for name, value in rows:
        assert re.search(rf'">{name}</a></th><td class="num">{value:,.0f}</td>', towns)
        assert towns.count(name) >= 2  # in the picture and beside it


def test_two_periods_differ_first_where_they_differ_most(filled: Settings) -> None:
    pages = "".join(
        through(filled, shown(filled, "figures/compare", {}, {"county": COUNTY, "a": "2022-05", "b": "2022-06"}))
    )
    verdicts = re.findall(r'<span class="state (?:warn|good)">(不同|相同)</span>', pages)
    assert "不同" in verdicts
    assert verdicts == sorted(verdicts)  # what differs before what is the same
    shares = [float(one) for one in re.findall(r'<td class="num">(-?[0-9.]+)%</td>\s*<td><span class="state warn">', pages)]
    assert [abs(one) for one in shares] == sorted((abs(one) for one in shares), reverse=True)


def test_two_releases_are_compared_and_what_late_data_changed_differs(filled_once: Any, tmp_path: Path) -> None:
    office = filled_once(fill, tmp_path)
    first = closed(office)
    late_row(office)
    second = closed(office, reason="补报")
    query = {"county": COUNTY, "a": first.release_id, "b": second.release_id}
    page = shown(office.settings, "figures/compare", {}, query)
    line = re.search(r"LAB1（当月）.*?</tr>", page, re.DOTALL)
    assert line is not None
    assert re.findall(r'<td class="num">([^<]+)</td>', line[0])[:3] == ["3", "4", "+1"]
    with pytest.raises(NotFound):
        shown(office.settings, "figures/compare", {}, {**query, "b": "620422-2022-01-r9"})


@pytest.mark.parametrize(("route", "path"), [one for one in PAGES if not one[0].startswith("dictionary")])
def test_nobody_sees_another_county_than_his_own(filled: Settings, route: str, path: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        shown(filled, route, {"county": COUNTY, **path}, {"county": COUNTY}, ELSEWHERE)
    with pytest.raises(NotFound):
        shown(filled, "figures/compare", {}, {"county": COUNTY, "with": "110101", "b": "2022"})


@pytest.mark.parametrize(
    "path",
    [{"period": "2022-13"}, {"indicator": "LAB1.nobody"}, {"indicator": "x"}, {"period": "today"}],
)
def test_a_figure_that_there_is_not_is_not_found(filled: Settings, path: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        shown(
            filled, "figures/{county}/{period}/{indicator}",
            {"county": COUNTY, "period": "2022-06", "indicator": "LAB1", **path}, {},
        )  # fmt: skip


HOSTILE = st.one_of(
    st.text(max_size=30), st.sampled_from(["'; drop table x --", "%s", "{0}", "\x00", "../..", "９", "2022-06", "-1"])
)


@checked(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=HOSTILE)
@pytest.mark.parametrize(("route", "path"), PAGES)
def test_whatever_is_asked_is_answered_and_never_stands_unescaped(
    filled: Settings, route: str, path: dict[str, str], said: str
) -> None:
    said = f'"><x{said}'
    for names in (("q", "of"), ("town",), ("kind",), ("after", "column"), ("a", "b"), ("period",), ("with", "b")):
        try:
            page = shown(filled, route, {"county": COUNTY, **path}, {"county": COUNTY, **dict.fromkeys(names, said)})
        except XiezuoError:
            continue
        assert '"><x' not in page
    for name in path:
        with pytest.raises(XiezuoError):
            shown(filled, route, {"county": COUNTY, **path, name: said}, {"county": COUNTY})
