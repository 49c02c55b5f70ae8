"""The front page, words, checks and releases in a browser: what they say is what is on record, and for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.data.signers import signed_by_all
from tests.integration.load.test_load import ledger, spell
from tests.integration.pages.test_batches import (
    CLERK,
    COUNTY,
    ELSEWHERE,
    VIEWER,
    answered,
    filled_in,
    page,
    said,
    sent,
)
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.operations import words_waiting
from xiezuo.operations.arrivals import owed
from xiezuo.pages.asked import NotFound, Visitor
from xiezuo.pages.overview import OUTLOOKS
from xiezuo.pages.rendering import number
from xiezuo.publish.release import closing
from xiezuo.publish.release.files import put_release
from xiezuo.warehouse import access

EVERYBODY = Visitor("shengban", "省办人", "查看")
ADDRESSES = ("", f"?county={COUNTY}", "words", "reconciliation", "releases")


def test_headline_figures_are_those_on_record(filled: Settings) -> None:
    """Every indicator with a target, with the values of mart.progress."""
    shown = page(_Office(filled), f"?county={COUNTY}&period=2022-09")
    with access.connect(filled, "analyst") as connection:
        known = connection.execute(
            "select i.name_zh, p.year_to_date, p.target, o.outlook from mart.progress as p"
            " inner join mart.indicator as i on p.indicator_id = i.indicator_id"
            " inner join mart.outlook as o"
            " on p.county_code = o.county_code and p.period = o.period and p.indicator_id = o.indicator_id"
            " where p.county_code = %s and p.period = '2022-09' and p.target is not null",
            (COUNTY,),
        ).fetchall()
    assert len(known) > 10
    [table] = [one for one in shown.iter("table") if "时间进度 75.0%" in said(one)]
    lines = {said(row.find("th")): said(row) for row in table.find("tbody").iter("tr")}
    assert set(lines) == {name for name, *_ in known}
    for name, value, target, outlook in known:
        assert number(target) in lines[name]
        if value is not None:
            assert number(value) in lines[name]
            assert OUTLOOKS[outlook][0] in lines[name]


def test_every_delivery_that_is_owed_stands_there_with_its_state(filled: Settings) -> None:
    shown = page(_Office(filled), f"?county={COUNTY}&period=2022-12")
    with access.connect(filled) as connection:
        expected = owed(filled, connection, COUNTY, date(2022, 12, 31))
    [table] = [one for one in shown.iter("table") if "应报日" in said(one)]
    rows = [said(row) for row in table.find("tbody").iter("tr")]
    assert len(rows) == len(expected) > 20
    silent = [one for one in expected if not one.has_arrived]
    assert sum("逾期未报" in row or "未到期" in row for row in rows) == len(silent)


def test_several_counties_are_seen_at_a_glance_and_found_by_name(filled: Settings, tmp_path: Any) -> None:
    lines = [
        f'"{code}": {{name: {name}, city: 甲市, province: 甲省, paired: {{county: 乙区, province: 乙省}}}}'
        for code, name in ((COUNTY, "会宁县"), ("620421", "靖远县"))
    ]
    (tmp_path / "counties.yaml").write_text("\n".join(lines), encoding="utf-8")
    two = _Office(filled.__class__(**{**filled.__dict__, "counties_path": tmp_path / "counties.yaml"}))
    assert "各县（2）" in said(page(two, "", EVERYBODY))
    found = page(two, "?all=1&q=会宁", EVERYBODY)
    assert [said(row.find("th")) for row in found.find(".//tbody").iter("tr")] == [f"会宁县 {COUNTY}"]
    assert "各县" not in said(page(two, "", CLERK).find(".//h1"))


@pytest.mark.parametrize("address", ADDRESSES[1:])
def test_another_countys_pages_are_not_there(filled: Settings, address: str) -> None:
    place = address if "county" in address else f"{address}?county={COUNTY}"
    with pytest.raises(NotFound):
        answered(filled, place, ELSEWHERE)


def test_a_word_waits_on_its_page_until_it_is_decided(office: Any) -> None:
    """What rows wait for is looked for again when something came in or was decided, and not otherwise."""
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1), spell(2, 户类型="神仙户")))
    assert words_waiting.look(office.settings) == [COUNTY]
    assert words_waiting.look(office.settings) == []
    shown = page(office, "words")
    assert "神仙户" in said(shown)
    fields = filled_in(shown, "word", value="lifted")
    assert (fields["word"], fields["field"]) == ("神仙户", "labour_placement.household_type")
    assert 'method="post"' not in str(answered(office.settings, "words", VIEWER))
    assert "等待的行由 1 行变为 0 行" in sent(office, fields, "word")
    assert words_waiting.look(office.settings) == [COUNTY]
    assert "没有待登记的词语" in said(page(office, "words"))
    assert office.ask("select count(*) from core.labour_placement") == [(2,)]


def test_a_number_in_a_cell_for_a_word_is_not_kept_readable(office: Any) -> None:
    body = "99000019850101001"
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1), spell(2, 户类型=f"{body}5")))
    words_waiting.look(office.settings)
    assert body not in str(office.ask("select proposals from audit.word_waiting"))


def test_an_answer_to_a_finding_is_kept_under_a_name(filled_once: Any, take: Any, tmp_path: Any) -> None:
    office = filled_once(_odd, tmp_path)
    shown = page(office, "reconciliation")
    fields = filled_in(shown, "finding", reason="已核实，确为同一人先后两份工作")
    assert sent(office, fields, "finding") == "答复已记录"
    assert "周小满" in said(page(office, "reconciliation"))


def test_a_release_says_what_is_another_than_before(office: Any) -> None:
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1), spell(2)))
    pipeline.build(office.settings)
    for people, reason in ((2, ""), (3, "补报一人")):
        rows = [spell(n) for n in range(1, people + 1)]
        office.deliver("labour/甲站_2022-03.csv", ledger("甲站", f"2022-04-0{people}", *rows))
        pipeline.build(office.settings)
        draft = closing.draft(office.settings, COUNTY, "2022-03", reason)
        outcome = signed_by_all(office.settings, draft)
        assert outcome.release is not None
        put_release(office.settings, outcome.release)
    shown = said(page(office, f"releases/{COUNTY}/620422-2022-03-r2"))
    assert "620422-2022-03-r1 → 620422-2022-03-r2" in shown
    assert "补报一人" in shown
    with pytest.raises(NotFound):
        answered(office.settings, f"releases/{COUNTY}/620422-2022-03-r9")
    for name in ("..%2F..%2Fsummary.json", "nothing.docx", "%2Fetc%2Fpasswd"):
        with pytest.raises(NotFound):
            answered(office.settings, f"releases/{COUNTY}/620422-2022-03-r2/{name}")


@given(told=st.text(max_size=20), at=st.integers(0, len(ADDRESSES) - 1))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_harmless(filled: Settings, told: str, at: int) -> None:
    """A page, or one sentence: never a fault of ours, never a tag that somebody typed."""
    from urllib.parse import urlencode

    from xiezuo.base.errors import ConfigError

    hostile = f'"><x{told}'
    place = ADDRESSES[at].partition("?")[0]
    for name in ("q", "period", "after", "all"):
        try:
            shown = answered(filled, f"{place}?{urlencode({'county': COUNTY, name: hostile})}", CLERK)
        except ConfigError:
            continue
        assert "<x" not in str(shown)


def _odd(office: Any) -> None:
    """Fill a county whose ledger has somebody at two jobs on one day."""
    rows = [spell(1), spell(1, 务工企业="另一家电子有限公司", 开始时间="2022-03-02")]
    office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", *rows))
    pipeline.build(office.settings)


class _Office:
    """What asks of an installation that somebody else has filled."""

    def __init__(self, installed: Settings) -> None:
        self.settings = installed
