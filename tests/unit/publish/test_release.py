"""Heads of the chain, annexes as files, and the request that a person answers: what needs neither server nor Airflow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.settings import Settings
from xiezuo.publish.documents.content import Check, Content, County, Restated, Value
from xiezuo.publish.release.annexes import Header, _text, _total, load_annexes
from xiezuo.publish.release.chain import broken_links, differ, head_of, parts_of
from xiezuo.publish.release.gathering import _as_of, _restated
from xiezuo.publish.release.records import Draft, Release
from xiezuo.publish.release.request import question
from xiezuo.values.periods import Period

ROOT = Path(__file__).parents[3]
NOW = datetime(2023, 1, 12, 1, tzinfo=UTC)
COUNTY = County(code="530999", name="云县", city="某市", province="云南省", paired_county="某区", paired_province="上海市")


def value(indicator_id: str, amount: str | None, *, unit: str = "人", kind: str = "month", breakdown: str = "") -> Value:
    return Value(
        period_kind=kind, period="2023-09", indicator_id=indicator_id, breakdown=breakdown, name_zh="甲|乙<b>[链接](x)", unit=unit,
        value=None if amount is None else Decimal(amount), qualifier="exact" if amount else "not_reported",
        as_of=date(2023, 9, 30),
    )  # type: ignore[arg-type]  # fmt: skip


def content(**changes: object) -> Content:
    values = (value("LAB1", "3"), value("LAB1", "8", kind="year_to_date"), value("CON1", None, unit="元"))
    return Content(county=COUNTY, period="2023-09", as_of=date(2023, 9, 30), values=values).model_copy(update=changes)


def asked(said: Content) -> dict[str, str]:
    settings = Settings.from_env({"XIEZUO_OUT": "/somewhere/out"})
    return question(settings, Draft("530999", "2023-09", 2, said.digest, said.to_json(), NOW))


PARTS = st.lists(st.text(max_size=6), min_size=1, max_size=4).map(tuple)


@given(PARTS, PARTS, st.text(max_size=6))
def test_two_lists_of_parts_have_one_head_only_when_they_are_the_same(one: tuple[str, ...], other: tuple[str, ...], before: str) -> None:
    assert (head_of(before, one, NOW) == head_of(before, other, NOW)) == (one == other)


def test_a_head_hangs_on_the_one_before_and_on_the_moment_whatever_its_zone() -> None:
    shanghai = NOW.astimezone().replace(microsecond=0)
    assert head_of("a", ("x",), NOW) == head_of("a", ("x",), shanghai)
    assert len({head_of("a", ("x",), NOW), head_of("b", ("x",), NOW), head_of("a", ("x",), NOW.replace(minute=1))}) == 3


def release(number: int, county: str = "530999") -> Release:
    return Release(
        county_code=county, period=f"2023-0{number}", release_no=1, release_id=f"{county}-2023-0{number}-r1", chain_no=number,
        draft_no=number, digest=f"digest of {county} {number}", approved_by="主任", approved_at=NOW + timedelta(days=number),
        reason="首次定稿", previous_head="", head="",
    )  # fmt: skip


def hung(first: Release, *others: Release, on: str = "") -> list[Release]:
    """Hang releases on one another, oldest first, each with a head that is right for what it says."""
    chain: list[Release] = []
    for one in (first, *others):
        linked = replace(one, previous_head=chain[-1].head if chain else on)
        chain.append(replace(linked, head=head_of(linked.previous_head, parts_of(linked), linked.approved_at)))
    return chain


def links(chain: list[Release]) -> list[tuple[str, str]]:
    """Return the numbers of releases that are found broken, and in which of the two ways."""
    return [(found.release_id[-5:-3], "head" if "链首" in found.zh else "link") for found in broken_links(chain)]


def test_chains_as_written_hold_each_for_itself() -> None:
    one, other = hung(*map(release, (1, 2, 3))), hung(*(release(number, "620422") for number in (1, 2, 3)))
    assert links(one) == links(other) == []
    assert links([each for pair in zip(one, other, strict=True) for each in pair]) == []


def test_a_release_that_hangs_on_another_head_than_the_one_before_is_broken() -> None:
    """All heads are right for what each release says: only the comparison with the head before tells."""
    elsewhere = hung(release(2), release(3), on="f" * 64)
    assert links([*hung(release(1)), *elsewhere]) == [("02", "link")]
    assert links(hung(release(1), release(2), on="f" * 64)) == [("01", "link")]
    assert links([*hung(release(1)), *hung(release(2))]) == [("02", "link")]


def test_a_release_that_was_removed_is_missed_although_the_next_was_hung_on_the_one_before() -> None:
    """All links and heads are right: only the number tells."""
    assert links(hung(release(1), release(3))) == [("03", "link")]
    assert links(hung(release(2), release(3))) == [("02", "link")]
    assert links(hung(release(1), release(2), release(2))) == [("02", "link")]


def test_a_release_that_was_written_anew_breaks_the_next() -> None:
    """Its own head was computed again, as whoever can change the row can."""
    first, _, third = hung(*map(release, (1, 2, 3)))
    anew = hung(first, replace(release(2), reason="另一理由"))[1]
    assert links([first, anew, third]) == [("03", "link")]


CHANGED: dict[str, Any] = {
    "period": "2023-12", "release_no": 2, "release_id": "530999-2023-02-r9", "draft_no": 9, "digest": "another",
    "approved_by": "别人", "approved_at": NOW, "reason": "另一理由", "signatures": '[{"act":"送审"}]',
    "made_with": '{"xiezuo":"9.9"}',
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_whatever_a_release_says_of_itself_its_head_tells_a_change(name: str) -> None:
    chain = hung(*map(release, (1, 2, 3)))
    chain[1] = replace(chain[1], **{name: CHANGED[name]})
    assert links(chain) == [("02", "head")]


def test_what_a_release_was_made_with_cannot_pass_for_who_signed_it() -> None:
    """The head would be the same, were one a part like the other."""
    (made,) = hung(replace(release(1), made_with='[{"act":"送审"}]'))
    assert links([made]) == []
    assert links([replace(made, made_with="", signatures=made.made_with)]) == [("01", "head")]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"head": "f" * 64}, [("02", "head"), ("03", "link")]),
        ({"previous_head": "f" * 64}, [("02", "link"), ("02", "head")]),
        ({"chain_no": 5}, [("02", "link"), ("02", "head"), ("03", "link")]),
        ({"county_code": "620422"}, [("02", "link"), ("02", "head"), ("03", "link")]),
    ],
)
def test_a_change_of_place_shows_there_and_at_the_next(changes: dict[str, Any], found: list[tuple[str, str]]) -> None:
    chain = hung(*map(release, (1, 2, 3)))
    chain[1] = replace(chain[1], **changes)
    assert links(chain) == found


def test_every_field_of_a_release_but_its_head_goes_into_it() -> None:
    """A field added later is either part of the head or named here."""
    assert {*CHANGED, "chain_no", "county_code", "previous_head", "head"} == set(Release.__dataclass_fields__)


FIGURE = ("month", "2023-09", "LAB1", "", Decimal(3), "人", "exact", date(2023, 9, 30))
ANOTHER = ("year", "2023-08", "LAB2", "530999001", Decimal(4), "元", "provisional", date(2023, 9, 29))


def test_figures_are_those_of_the_content_whatever_their_order() -> None:
    values = (value("LAB1", "3"), value("CON1", None, unit="元"))
    unreported = ("month", "2023-09", "CON1", "", None, "元", "not_reported", date(2023, 9, 30))
    assert not differ(values, [unreported, FIGURE])
    assert not differ(values, [(*FIGURE[:4], Decimal("3.00"), *FIGURE[5:]), unreported])


CUT: dict[str, list[tuple[Any, ...]]] = {
    "none": [],
    "one more": [FIGURE, ANOTHER],
    "nothing where a number was reported": [(*FIGURE[:4], None, *FIGURE[5:])],
    **{f"column {at}": [(*FIGURE[:at], ANOTHER[at], *FIGURE[at + 1 :])] for at in range(len(FIGURE))},
}


@pytest.mark.parametrize("name", CUT)
def test_a_figure_on_record_that_says_something_else_differs(name: str) -> None:
    assert differ((value("LAB1", "3"),), CUT[name])


def test_a_content_reads_back_and_its_digest_follows_every_change() -> None:
    said = content()
    assert Content.from_json(said.to_json()) == said
    assert said.digest != content(as_of=date(2023, 9, 29)).digest
    assert said.digest != content(values=said.values[:2]).digest


@pytest.mark.parametrize("amount", ["0", "0.0000", "5000000.00", "118000000.2500", "1E+3"])
def test_numbers_in_a_content_are_written_out(amount: str) -> None:
    text = content(values=(value("CON1", amount, unit="元"),)).to_json()
    assert f'"value":"{Decimal(amount):f}"' in text


def test_the_annexes_are_found_in_their_order() -> None:
    found = load_annexes(ROOT)
    assert [annex.key for annex in found if "year" in annex.header.spans] == [
        "targets", "projects", "labour_by_town", "sales_by_channel", "secondments", "donations", "cumulative"
    ]  # fmt: skip
    assert [annex.key for annex in found if "month" in annex.header.spans] == [
        "targets", "fund_progress", "labour_by_town", "sales_by_channel"
    ]  # fmt: skip
    for annex in found:
        for column in annex.header.columns:
            assert f" as {column}" in annex.select or f".{column}" in annex.select or f"    {column}" in annex.select


def test_no_annex_names_a_person() -> None:
    """What the vault and the keyed columns hold stays out of documents."""
    for annex in load_annexes(ROOT):
        assert not {"person_key", "person_name", "household_no"} & set(annex.header.columns)
        assert "vault." not in annex.select


def test_totals_add_what_adds_and_take_an_indicator_from_the_county() -> None:
    header = Header.model_validate({
        "zh": "表", "en": "t", "order": 1, "spans": {"month": "month"}, "grain": "row", "reads": "x", "columns": {
            "name": {"zh": "名", "kind": "text"},
            "people": {"zh": "人", "kind": "count", "indicator": "LAB1"},
            "paid": {"zh": "付", "kind": "money", "total": True},
            "of": {"zh": "总", "kind": "money", "total": True},
            "share": {"zh": "率", "kind": "percent", "share": ["paid", "of"]},
        },
    })  # fmt: skip
    rows = [["甲", 1, Decimal("10.50"), Decimal(30), None], ["乙", 1, Decimal(0), Decimal(12), None]]
    exact = [[None] * 5] * 2
    month = Period.read("2023-09")
    assert _total(header, rows, exact, month, [value("LAB1", "3")]) == (None, "3", "10.5", "42", "25")
    assert _total(header, [], [], month, []) == (None, None, None, None, None)
    others = [value("LAB1", "9", kind="year_to_date"), value("LAB1", "3"), value("LAB1", "1", breakdown="530999001")]
    for known in (others, others[::-1]):
        assert _total(header, rows, exact, month, known) == (None, "3", "10.5", "42", "25"), "another span's or a township's"
    bound = [value("LAB1", "3").model_copy(update={"qualifier": "at_least"})]
    assert _total(header, rows, [[None, None, True, False, None], exact[1]], month, bound) == (None, "3+", "10.5+", "42", None)
    blank = [rows[0], ["乙", 1, None, Decimal(12), None]]
    assert _total(header, blank, exact, month, []) == (None, None, "10.5+", "42", None), "of the other nothing is known"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_a_cell_is_the_number_it_was(amount: Decimal) -> None:
    text = _text(amount)
    assert text is not None
    assert Decimal(text) == amount
    assert "E" not in text


def test_a_request_shows_digest_figures_and_what_is_open_first() -> None:
    checks = (
        Check(kind="reconciliation", state="passed", subject_zh="一致"),
        Check(kind="arrival", state="open", subject_zh="甲站", detail_zh="9月台账未报", count=1),
    )
    said = content(checks=checks)
    shown = asked(said)
    assert said.digest in shown["body"]
    assert "云县2023年9月东西部协作工作通报" in shown["subject"]
    assert shown["body"].index("甲站") < shown["body"].index("一致")
    assert "| 3 | 8 | 人 |" in shown["body"]
    assert "| 未报送 | — | 元 |" in shown["body"]


def test_a_request_shows_the_counties_figures_and_those_that_are_at_least() -> None:
    known = value("LAB1", "3").model_copy(update={"qualifier": "at_least"})
    town = value("LAB1", "2", breakdown="530999001")
    for values in ((known, town), (town, known)):
        assert "| 3 以上 | — | 人 |" in asked(content(values=values))["body"]


def restated(now: list[Value], before: list[Value]) -> list[tuple[str, str, Decimal | None, str, Decimal | None, str]]:
    known = {(one.period_kind, one.indicator_id, one.breakdown): one for one in before}
    found = _restated(now, known, "补报")
    return [(one.indicator_id, one.breakdown, one.old, one.old_qualifier, one.new, one.new_qualifier) for one in found]


def test_what_a_restatement_restates() -> None:
    """All that differs, in what is said of a number too, whichever of both does not list it."""
    three, town = value("LAB1", "3"), value("LAB1", "2", breakdown="530999001")
    least = three.model_copy(update={"qualifier": "at_least"})
    assert restated([three, town], [three, town]) == []
    assert restated([least], [three]) == [("LAB1", "", 3, "exact", 3, "at_least")]
    assert restated([three], []) == [("LAB1", "", None, "not_reported", 3, "exact")]
    assert restated([], [three]) == [("LAB1", "", 3, "exact", None, "not_reported")]
    assert restated([town], []) == [("LAB1", "530999001", 0, "exact", 2, "exact")]
    assert restated([], [town]) == [("LAB1", "530999001", 2, "exact", 0, "exact")]
    assert restated([], [town.model_copy(update={"value": Decimal(0)})]) == []
    assert restated([value("LAB1", "4", kind="year_to_date"), three], [three]) == [("LAB1", "", None, "not_reported", 4, "exact")]


def test_the_day_of_a_content_is_that_of_what_was_reported() -> None:
    early = value("LAB1", "3").model_copy(update={"as_of": date(2023, 9, 12)})
    unreported = value("CON1", None)
    assert _as_of([early, unreported]) == date(2023, 9, 12)
    assert _as_of([unreported]) == date(2023, 9, 30)
    assert _as_of([early, value("LAB2", "1")]) == date(2023, 9, 30)


def test_names_in_a_request_are_no_markup() -> None:
    body = asked(content())["body"]
    assert "<b>" not in body
    assert "甲\\|乙&lt;b>\\[链接](x)" in body


def test_a_restatement_says_old_new_and_why_and_asks_again_with_the_same_reason() -> None:
    one = Restated(
        period_kind="month", period="2023-09", indicator_id="LAB1", name_zh="就业", unit="人", old=Decimal(2),
        old_qualifier="exact", new=Decimal(3), new_qualifier="exact", reason_zh="甲站补报",
    )  # fmt: skip
    shown = asked(content(restates="530999-2023-09-r1", restated=(one,) * 50))
    assert "更正 530999-2023-09-r1" in shown["subject"]
    assert "| LAB1 就业 |  | 2 | 3 | 人 |" in shown["body"]
    assert "另有 10 项" in shown["body"]
    assert shown["again"] == {"period": "2023-09", "county": "530999", "reason": "甲站补报"}  # type: ignore[comparison-overlap]
