"""Batches in a browser: nothing of a delivery is lost, why a row waits is said, and what is decided there holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import html as parsing

from tests.data import counties
from tests.integration.load.test_load import ALLOCATIONS, FATES, ledger, spell
from tests.integration.operations.test_deliveries import station
from xiezuo import pipeline
from xiezuo.base.settings import Settings
from xiezuo.operations.acts import carry_out
from xiezuo.pages.asked import Asked, Given, NotFound, Shown, Visitor
from xiezuo.pages.batches import FATES as SHOWN_FATES
from xiezuo.pages.rendering import html
from xiezuo.pages.routes import ROUTES
from xiezuo.publish.outfiles import unit_folder

COUNTY = "620422"
CLERK = Visitor("jingban", "周小满", "经办人", frozenset((COUNTY,)), may_act=True)
VIEWER = Visitor("kanke", "甲乙", "查看", frozenset((COUNTY,)))
ELSEWHERE = Visitor("waixian", "丙丁", "经办人", frozenset(("620421",)), may_act=True)
EARLY = {"结束时间": "2022-01-01"}


def answered(installed: Settings, address: str, visitor: Visitor = CLERK, language: Any = "zh") -> Shown | Given | str:
    """Return what an address answers: a page as text, a file as it is."""
    place, _, query = address.partition("?")
    place, query = place.partition("#")[0], query.partition("#")[0]
    for route, show in ROUTES.items():
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route), place)
        if found is not None:
            parts = {name: unquote(text) for name, text in found.groupdict().items()}
            asked = Asked(
                replace(installed, role="pages"), visitor, place, parts, dict(parse_qsl(query)), language
            )
            shown = show(asked)
            return shown if isinstance(shown, Given) else html(asked, shown)
    raise AssertionError(f"nothing answers {address}")


def page(office: Any, address: str, visitor: Visitor = CLERK) -> Any:
    """Return a page, parsed; the English one has to be there too."""
    answered(office.settings, address, visitor, "en")
    text = answered(office.settings, address, visitor)
    assert isinstance(text, str)
    return parsing.fromstring(text)


def said(element: Any) -> str:
    return " ".join(element.text_content().split())


def linked(shown: Any, address: str) -> Iterator[str]:
    """Yield where the links of a page lead, below the pages' own address."""
    for link in shown.iter("a"):
        yield urljoin(f"http://x/{address}", link.get("href")).removeprefix("http://x/")


def filled_in(shown: Any, act: str, **typed: str) -> dict[str, str]:
    """Return what the first form for an act sends once it is filled in."""
    forms = [one for one in shown.iter("form") if one.get("method") == "post" and one.get("action").endswith(f"acts/{act}")]
    form = forms[0]
    fields = {one.get("name"): one.get("value", "") for one in form.iter("input")}
    fields |= {one.get("name"): one.find("option").get("value") for one in form.iter("select")}
    assert set(typed) <= set(fields)
    return fields | typed


def sent(office: Any, fields: Mapping[str, str], act: str) -> str:
    return carry_out(office.settings, act, fields["county"], fields, by="周小满")


def a_ledger(office: Any) -> dict[str, Any]:
    """Take in a ledger of which two rows wait, for one and for two reasons."""
    rows = [spell(1), spell(2), spell(3, **EARLY), spell(4, 户类型="神仙户", 姓名="")]
    [batch] = office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", *rows))
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (2, 2)
    return batch  # type: ignore[no-any-return]


def test_every_row_and_yuan_of_a_batch_is_told(office: Any) -> None:
    rows = [["津财〔2022〕1号", "2022-03-01", "2022", "100"], ["津财〔2022〕2号", "2022-03-02", "2022", "见附件"]]
    [batch] = office.deliver("fund/资金下达_2022.csv", [["东西部协作资金下达台账"], ALLOCATIONS, *rows])
    names = ", ".join(f"rows_{fate}, yuan_{fate}" for fate in ("read", *FATES))
    [known] = office.ask(f"select {names} from audit.batch where batch_id = %s", batch["batch_id"])
    shown = page(office, f"batches/{COUNTY}/{batch['batch_id']}")
    [table] = [one for one in shown.iter("table") if "读取 = " in said(one)]
    told = {cells[0]: cells[1:] for row in table.iter("tr") if (cells := [said(cell) for cell in row])}
    assert tuple(SHOWN_FATES) == FATES
    for at, fate in enumerate(("read", *FATES)):
        name = "读取" if fate == "read" else SHOWN_FATES[fate][0]
        assert told[name][0] == f"{known[2 * at]:,}"
        assert told[name][2] == f"{Decimal(known[2 * at + 1]):,.2f}"
    conserved = said(shown.get_element_by_id("conserved"))
    assert "行数相符" in conserved
    assert "金额相符" in conserved
    assert "有 1 行金额无法识别" in conserved
    [chart] = shown.xpath("//svg[@role='img']")
    assert chart.get("aria-label") == "各行去向"


def test_what_does_not_add_up_is_said(office: Any) -> None:
    """It cannot be on record: the database would not take it; a page that trusts nothing says it all the same."""
    batch = a_ledger(office)
    office.ask("alter table audit.batch drop constraint batch_conserves_rows")
    office.ask("update audit.batch set rows_read = rows_read + 3")
    shown = page(office, f"batches/{COUNTY}/{batch['batch_id']}")
    assert "对不上：3 行、0 元" in said(shown.get_element_by_id("conserved"))


def test_why_a_row_was_held_back_and_how_it_is_mended_is_four_clicks_away(office: Any) -> None:
    """From the overview: batches, the file, the row's number."""
    batch = a_ledger(office)
    address = f"batches/{COUNTY}/{batch['batch_id']}"
    assert f"batches?county={COUNTY}" in set(linked(page(office, ""), ""))
    listed = page(office, f"batches?county={COUNTY}&q=甲站")
    assert address in set(linked(listed, "batches"))
    [row_no] = [number for (number,) in office.ask("select row_no from audit.quarantine where column_name = '户类型'")]
    shown = page(office, f"{address}?row={row_no}")
    [row] = shown.xpath("//tbody[starts-with(@id, 'row-')]")
    assert row.get("id") == f"row-{row_no}"
    text = said(row)
    assert f"第 {row_no} 行" in text
    assert "ENUM_UNKNOWN" in text
    assert "填下列之一：" in text
    assert "脱贫户" in text
    assert "“姓名”不能为空" in text
    assert [one.text for one in row.iter("span") if one.get("class") == "state bad"] == ["待更正", "待更正"]
    assert said(page(office, f"{address}?row=5").get_element_by_id("none")).startswith("第 5 行没有被隔离")


def test_nothing_personal_is_on_the_page(office: Any) -> None:
    batch = a_ledger(office)
    text = answered(office.settings, f"batches/{COUNTY}/{batch['batch_id']}")
    typed = {str(cell) for row in (spell(3), spell(4)) for cell in row[:2]}
    assert any(len(cell) == 18 for cell in typed)
    assert not [cell for cell in typed if cell in str(text)]


def test_a_row_is_waived_by_its_form(office: Any) -> None:
    batch = a_ledger(office)
    address = f"batches/{COUNTY}/{batch['batch_id']}"
    fields = filled_in(page(office, f"{address}?row=7"), "waive", reason="该户已核实")
    assert fields["back"] == f"{address}?row=7"
    assert sent(office, fields, "waive") == "2 条已说明，不再等待更正"
    row = page(office, address).get_element_by_id("row-7")
    assert said(row).count("已说明") == 2
    assert "该户已核实（周小满）" in said(row)
    assert not row.xpath(".//form")
    assert page(office, f"batches?county={COUNTY}&state=open").xpath("//td/a[@class='state bad']")[0].text == "1"


def test_a_delivery_that_waits_is_taken_by_its_form(office: Any) -> None:
    office.deliver("labour/甲站a.csv", station("2022-06-30", 1, 2, 3))
    [batch] = office.deliver("labour/甲站b.csv", station("2022-06-30", 4, 5, 6))
    assert batch["refusal_code"] == "SAME_DATE"
    listed = page(office, f"batches?county={COUNTY}&state=gated")
    assert [said(one) for one in listed.xpath("//table[@id='list']/tbody/tr/th/a")] == ["甲站b.csv"]
    shown = page(office, f"batches/{COUNTY}/{batch['batch_id']}")
    assert batch["refusal_zh"] in said(shown.get_element_by_id("refusal"))
    fields = filled_in(shown, "delivery", reason="已与该站核实", standing="part")
    assert "已办理" in sent(office, fields, "delivery")
    assert office.ask("select count(*)::int from core.labour_placement") == [(6,)]
    after = page(office, unquote(fields["back"]))
    assert "已装载" in said(after.xpath("//table[@id='list']/tbody/tr")[0])
    [loaded] = [one for one in linked(after, "batches") if one.startswith(f"batches/{COUNTY}/")]
    assert "已按一部分采用：周小满" in said(page(office, loaded).get_element_by_id("decided"))


def test_a_file_is_retracted_and_comes_back(office: Any) -> None:
    batch = a_ledger(office)
    fields = filled_in(page(office, f"batches/{COUNTY}/{batch['batch_id']}"), "delivery", reason="误放")
    assert fields["standing"] == "retracted"
    sent(office, fields, "delivery")
    with pytest.raises(NotFound, match="no batch"):
        page(office, f"batches/{COUNTY}/{batch['batch_id']}")
    gone = page(office, fields["back"])
    assert "误放" in said(gone.get_element_by_id("retracted"))
    back = filled_in(gone, "delivery", reason="撤回有误")
    assert back["standing"] == "stands"
    sent(office, back, "delivery")
    assert "已装载" in said(page(office, f"batches/{COUNTY}/{batch['batch_id']}"))


def test_a_refused_file_says_what_to_do(office: Any) -> None:
    [batch] = office.deliver("labour/甲站_2022-03.csv", ledger("甲站", "2022-03-31", spell(1))[:2])
    assert batch["state"] == "refused"
    text = said(page(office, f"batches/{COUNTY}/{batch['batch_id']}").get_element_by_id("refusal"))
    assert batch["refusal_zh"] in text
    assert "改正后重新放入收件夹" in text


def test_the_return_workbook_is_for_who_may_act(office: Any) -> None:
    """Where it lies is what the warehouse has on record, whatever is asked."""
    batch = a_ledger(office)
    address = f"batches/{COUNTY}/{batch['batch_id']}"
    with pytest.raises(NotFound) as missing:
        answered(office.settings, f"{address}/return")
    assert "没有退回修改表" in missing.value.zh
    pipeline.receipts(office.settings)
    own = unit_folder(office.settings, COUNTY, "甲站")
    for kind, name in (("return", "退回修改_甲站_2022-03.csv.xlsx"), ("receipt", "回执_甲站_2022-03.csv.xlsx")):
        assert f"{address}/{kind}" in set(linked(page(office, address), address))
        found = answered(office.settings, f"{address}/{kind}?path=/etc/passwd&unit=..&at=../../x")
        assert found == Given(own / "labour" / name, name)
        assert found.path.is_file()
        refused = answered(office.settings, f"{address}/{kind}", VIEWER)
        assert isinstance(refused, str)
        assert "只有登记的办理人员可以下载" in refused
    assert not [one for one in linked(page(office, address, VIEWER), address) if one.endswith(("/return", "/receipt"))]
    office.ask("update audit.landing set details = jsonb_set(details, '{receipt,unit}', '\"../../..\"')")
    with pytest.raises(NotFound) as astray:
        answered(office.settings, f"{address}/return")
    assert "不在发放文件夹中" in astray.value.zh


def test_who_only_looks_finds_no_form(office: Any) -> None:
    batch = a_ledger(office)
    shown = page(office, f"batches/{COUNTY}/{batch['batch_id']}", VIEWER)
    assert not shown.xpath("//form[@method='post']")
    assert "须使用登记的办理账号" in said(shown)


def test_another_county_is_not_found(office: Any) -> None:
    batch = a_ledger(office)
    own = f"batches/{COUNTY}/{batch['batch_id']}"
    for address in (f"batches?county={COUNTY}", own, f"{own}/return", f"{own}/receipt", f"rules?county={COUNTY}"):
        with pytest.raises(NotFound):
            answered(office.settings, address, ELSEWHERE)
    with pytest.raises(NotFound):
        answered(office.settings, f"batches/{COUNTY}/nosuchbatch")


def test_lists_are_of_a_source_a_ledger_a_unit_a_state_and_a_run(office: Any) -> None:
    batch = a_ledger(office)
    office.drop("work/会议.csv", [["高层会议台账"], ["会议时间", "会议类型", "议题"], ["2022-03-02", "党政联席会议", "甲"]])
    for group in pipeline.plan(office.settings, "work", groups=1):
        pipeline.fetch(office.settings, group, since=date(2022, 1, 1), run_id="ingest_work:today")
        pipeline.load(office.settings, group)

    def files(query: str) -> list[str]:
        return [said(one) for one in page(office, f"batches?{query}").xpath("//table[@id='list']/tbody/tr/th/a")]

    assert sorted(files("")) == ["会议.csv", "甲站_2022-03.csv"]
    ours = ["甲站_2022-03.csv"]
    assert files("source=labour") == files("dataset=labour_placement") == files("unit=甲站") == files("q=甲站_2022") == ours
    assert files("state=open&source=labour") == files("state=loaded&source=labour") == ours
    assert files("run=ingest_work:today") == ["会议.csv"]
    assert files("run=ingest_work:other") == files("state=refused") == files("unit=乙站") == []
    [landed] = [one for one in linked(page(office, f"batches/{COUNTY}/{batch['batch_id']}"), "batches/x/y") if "?run=" in one]
    assert files(urlsplit(landed).query) == ours


def test_what_rules_said_of_a_batch_is_shown(office: Any) -> None:
    batch = a_ledger(office)
    address = f"batches/{COUNTY}/{batch['batch_id']}"
    shown = page(office, address)
    known = office.ask("select rule_id, evaluated, failed from audit.validation where batch_id = %s", batch["batch_id"])
    assert len(known) > 3
    [table] = [one for one in shown.iter("table") if "Great Expectations" in said(one)]
    rows = [[said(cell) for cell in row] for row in table.iter("tr")]
    for rule_id, evaluated, failed in known:
        [row] = [one for one in rows if one[0].endswith(rule_id)]
        assert row[3:] == [str(evaluated), str(failed), "不通过" if failed else "通过"]
    assert f"rules/labour_placement/LAB_END_BEFORE_START?county={COUNTY}" in set(linked(shown, address))


def test_a_rule_leads_to_the_rows_that_broke_it(office: Any) -> None:
    batch = a_ledger(office)
    listed = page(office, f"rules?county={COUNTY}")
    first = [said(cell) for cell in listed.xpath("//table[@id='list']/tbody/tr")[0]]
    assert "LAB_END_BEFORE_START" in first[0]
    assert first[1:4] == ["劳务输转台账", "逐行", "隔离该行"]
    [(evaluated, failed)] = office.ask("select evaluated, failed from audit.validation where rule_id = 'LAB_END_BEFORE_START'")
    assert first[4:8] == ["1", f"{evaluated} 行", f"{failed}", f"{100 * failed / evaluated:.1f}%"]
    address = f"rules/labour_placement/LAB_END_BEFORE_START?county={COUNTY}"
    assert address in set(linked(listed, "rules"))
    shown = page(office, address)
    assert "2022-12" in said(shown)
    assert f"batches/{COUNTY}/{batch['batch_id']}?row=6#row-6" in set(linked(shown, address.partition("?")[0]))
    assert "“姓名”不能为空" in said(page(office, f"rules/labour_placement/REQUIRED?county={COUNTY}"))
    with pytest.raises(NotFound):
        page(office, f"rules/labour_placement/NO_SUCH?county={COUNTY}")


def test_who_sees_every_county_sees_them_together(office: Any, tmp_path: Path) -> None:
    """Whoever sees some of them sees those, and no others."""
    batch = a_ledger(office)
    other = counties.invented()
    region = replace(office, settings=counties.settle(office.settings, tmp_path, counties.shipped(), other))
    everywhere = Visitor("admin", "admin", "")
    listed = page(region, "batches", everywhere)
    assert [said(row[0]) for row in listed.xpath("//table[@id='list']/tbody/tr")] == ["会宁县"]
    assert f"batches/{COUNTY}/{batch['batch_id']}" in set(linked(listed, "batches"))
    rules = page(region, "rules", everywhere)
    assert "各县合计" in said(rules)
    assert rules.xpath("//select[@name='month']/option[@selected]")[0].text == "2022-12"
    assert rules.xpath("//table[@id='list']")
    assert "没有这样的规则记录" in said(page(region, "rules", Visitor("linxian", "戊己", "经办人", frozenset((other.code,)))))


HOSTILE = st.text(max_size=30) | st.sampled_from(("<script>alert(1)</script>", "'; drop table audit.batch --", "%", "\0", "9" * 30))


@given(texts=st.lists(HOSTILE, min_size=3, max_size=3), at=st.integers(0, 5))
@example(texts=["<script>alert(1)</script>"] * 3, at=0)
@example(texts=["\0", "%s", "{{7*7}}"], at=3)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_harmless(hostile_office: Any, texts: list[str], at: int) -> None:
    """A page, or that there is none: never a fault of ours, never a tag that somebody typed."""
    office, batch_id = hostile_office
    first, second, third = texts
    queries = ("q", "state"), ("unit", "run"), ("source", "dataset"), ("row", "after"), ("month", "q"), ("county", "after")
    route, path = (
        ("batches", {}), ("batches", {}), ("batches", {}), ("batches/{county}/{batch_id}", {"county": COUNTY, "batch_id": batch_id}),
        ("rules", {}), ("rules/{dataset}/{rule_id}", {"dataset": first, "rule_id": third}),
    )[at]  # fmt: skip
    asked = Asked(replace(office.settings, role="pages"), CLERK, route, path, dict(zip(queries[at], (first, second), strict=True)))
    try:
        shown = ROUTES[route](asked)
    except NotFound:
        return
    assert isinstance(shown, Shown)
    text = html(asked, shown)
    assert "<script" not in text
    assert "49" not in text or "{{7*7}}" not in first


@pytest.fixture(scope="module")
def hostile_office(filled_once: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return an office with one ledger, for many questions, and its batch."""
    office = filled_once(a_ledger, tmp_path_factory.mktemp("asked"))
    [(batch_id,)] = office.ask("select batch_id from audit.batch")
    return office, batch_id


def test_every_row_held_back_in_a_year_is_reached_by_links(filled: Settings) -> None:
    """From the list by its next pages to the batches, and in these by theirs: as many as the warehouse has."""
    from xiezuo.warehouse import access

    with access.connect(filled, "owner") as connection:
        known = set(connection.execute("select batch_id, row_no from audit.quarantine").fetchall())
        counted = connection.execute("select count(*) from audit.batch").fetchone()
    assert len(known) > 20
    found, seen = set(), set()
    for listed in _pages(filled, f"batches?county={COUNTY}"):
        for link in listed.xpath("//table[@id='list']/tbody/tr/th/a"):
            batch_id = link.get("href").rpartition("/")[2]
            seen.add(batch_id)
            if any(batch == batch_id for batch, _ in known):
                for shown in _pages(filled, f"batches/{COUNTY}/{batch_id}"):
                    numbers = shown.xpath("//tbody[starts-with(@id, 'row-')]/@id")
                    found |= {(batch_id, int(number.removeprefix("row-"))) for number in numbers}
    assert (len(seen),) == counted
    assert found == known


def _pages(installed: Settings, address: str) -> Iterator[Any]:
    while address:
        text = answered(installed, address)
        shown = parsing.fromstring(str(text))
        yield shown
        following = shown.xpath("//a[@rel='next']/@href")
        address = urljoin(f"http://x/{address}", following[0]).removeprefix("http://x/") if following else ""
