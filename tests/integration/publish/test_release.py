"""A period is closed by a person, exactly as shown, and changes afterwards by a restatement only."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest

from tests.data.signers import sent_back, signed_by_all
from xiezuo import cli, pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.base.secrets import Secrets
from xiezuo.build import adjustments
from xiezuo.publish import summarise
from xiezuo.publish.documents.content import Content
from xiezuo.publish.forms import forms
from xiezuo.publish.release import chain, closing, files
from xiezuo.publish.release.records import Draft, Release, content_named
from xiezuo.values import identity
from xiezuo.warehouse import access
from xiezuo.warehouse.embedded.server import EmbeddedServer

COUNTY = "620422"
LEDGER = ["姓名", "身份证号", "乡镇", "务工省份", "务工企业", "开始时间"]


def person(number: int) -> str:
    body = f"9900001985{number % 9 + 1:02d}{number % 28 + 1:02d}{number:03d}"
    return body + identity.check_digit(body)


def ledger(day: str, people: Sequence[int], started: str = "2022-01-10", station: str = "甲站") -> list[Sequence[Any]]:
    rows = [["张三", person(n), "会师镇", "天津市", "晨屿电子", started] for n in people]
    return [["劳务输转台账", f"填报单位：{station}", f"填报日期：{day}"], LEDGER, *rows]


def fill(office: Any) -> None:
    office.deliver("labour/甲站_2022-01.csv", ledger("2022-01-31", [1, 2, 3]))
    pipeline.build(office.settings)


@pytest.fixture
def january(filled_once: Any, tmp_path: Path) -> Any:
    """Return an office whose January is built: three people in jobs."""
    return filled_once(fill, tmp_path)


def drafted(office: Any, period: str = "2022-01", reason: str = "") -> Draft:
    made = closing.draft(office.settings, COUNTY, period, reason)
    assert made is not None
    return made


def closed(office: Any, period: str = "2022-01", reason: str = "") -> Release:
    """Draft and approve a period; return its release."""
    release = signed_by_all(office.settings, drafted(office, period, reason)).release
    assert release is not None
    return release


def listed(office: Any, kind: str, period: str = "2022-01", reason: str = "") -> set[str]:
    """Return what the close list of a new draft names of a kind."""
    checks = Content.from_json(drafted(office, period, reason).content).checks
    return {check.subject_zh for check in checks if check.kind == kind and check.state != "passed"}


def late_row(office: Any) -> None:
    """Deliver January once more in February, with a fourth person."""
    office.deliver("labour/甲站_补报.csv", ledger("2022-02-05", [1, 2, 3, 4]))
    pipeline.build(office.settings)


def letters_and_projects(office: Any, *projects: Sequence[str], month: str = "01") -> None:
    """Deliver a letter of January and the projects that it pays for, amounts in 万元, by the end of a month."""
    office.deliver(f"fund/下达_2022-{month}.csv", [["文号", "下达日期", "年度", "下达资金（万元）"], ["甲1号", "2022-01-12", "2022", "100"]])
    header = ["项目编号", "项目名称", "项目类别", "安排文号", "安排资金（万元）"]
    office.deliver(f"fund/项目_2022-{month}.csv", [header, *projects])
    pipeline.build(office.settings)


def waiting(office: Any) -> dict[str, tuple[Any, ...]]:
    """Return what waits for a restatement of January: what the release says and what stands now, by indicator."""
    with access.connect(office.settings) as connection:
        found = adjustments.waiting(connection, office.settings)
    whole = [one for one in found if one.period_kind == "month" and not one.breakdown]
    return {one.indicator_id: (one.old_value, one.old_qualifier, one.new_value) for one in whole}


def value(office: Any, release: str, kind: str = "month") -> Decimal:
    rows = office.ask(
        "select value from mart.indicator_value_as_of(%s) where indicator_id = 'LAB2' and period_kind = %s and breakdown = ''",
        release, kind, role="analyst",
    )  # fmt: skip
    assert len(rows) == 1
    return Decimal(rows[0][0])


def written(office: Any, period: str = "2022-01") -> dict[str, bytes]:
    folder = office.settings.out / COUNTY / period
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_a_draft_of_the_same_data_is_the_same_draft(january: Any) -> None:
    assert drafted(january) == drafted(january)
    assert january.ask("select count(*) from publish.draft") == [(1,)]


def test_a_form_of_a_closed_period_says_what_the_release_says(january: Any, tmp_path: Path) -> None:
    """Late data change what stands now, not what is filled, until a release restates it."""
    blank = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    for row in (("指标", "单位", "本月"), ("帮助农村劳动力转移就业", "人")):
        book.worksheets[0].append(row)
    book.save(blank)
    forms.bind(january.settings, COUNTY, blank)
    forms.accept(january.settings, COUNTY, blank, "王主任")

    def said() -> list[str]:
        return [one.amount.text for one in forms.fill_form(january.settings, COUNTY, blank, "2022-01", tmp_path / "filled").cells]

    closed(january)
    before = said()
    late_row(january)
    assert said() == before
    closed(january, reason="有补报")
    assert said() != before


def test_a_draft_does_not_hang_on_when_it_is_made(january: Any) -> None:
    now = drafted(january)
    assert drafted(january.at("2023-03-01T08:00:00+08:00")).digest == now.digest


def test_an_approval_freezes_what_was_shown(january: Any) -> None:
    shown = drafted(january)
    outcome = signed_by_all(january.settings, shown)
    assert outcome.release is not None
    assert (outcome.decision, outcome.release.release_id) == ("approved", "620422-2022-01-r1")
    assert outcome.release.digest == shown.digest
    [(frozen, other)] = january.ask(
        "select count(*), count(*) filter (where v.value is distinct from f.value) from publish.figure as f"
        " left join mart.indicator_value as v using (county_code, period_kind, period, indicator_id, breakdown)"
    )
    assert (frozen > 50, other) == (True, 0), "of the figures that the county's set has"
    assert value(january, "620422-2022-01-r1") == 3
    ((batches,),) = january.ask("select batches from publish.figure where indicator_id = 'LAB2' and period_kind = 'month' and breakdown = ''")
    assert january.ask("select batch_id from audit.batch where dataset = 'labour_placement'") == [(one,) for one in batches]


def test_an_answer_given_twice_counts_once(january: Any) -> None:
    shown = drafted(january)
    first = signed_by_all(january.settings, shown)
    assert signed_by_all(january.settings, shown).release == first.release
    assert sent_back(january.settings, shown, "不对").decision == "approved"
    assert january.ask("select count(*) from publish.release") == [(1,)]


def test_an_answer_to_an_older_draft_finds_what_was_made_of_it(january: Any) -> None:
    """Not the newest release of the period; and nothing waits where all is decided."""
    shown = drafted(january)
    first = signed_by_all(january.settings, shown)
    late_row(january)
    second = closed(january, reason="甲站补报1人")
    again = signed_by_all(january.settings, shown)
    assert (again.release, again.newer) == (first.release, None)
    assert second != first.release


def test_a_restatement_restates_the_release_before_it(january: Any) -> None:
    """Each period counts its own releases, whatever else the county has closed."""
    first, other = closed(january), closed(january, "2022-02")
    restated = []
    for number in (4, 5):
        january.deliver(f"labour/甲站_补报{number}.csv", ledger(f"2022-02-{number:02d}", range(1, number + 1)))
        pipeline.build(january.settings)
        restated.append(closed(january, reason=f"补报至{number}人"))
    assert [one.release_id[-10:] for one in (first, other, *restated)] == ["2022-01-r1", "2022-02-r1", "2022-01-r2", "2022-01-r3"]
    assert [one.chain_no for one in (first, other, *restated)] == [1, 2, 3, 4]
    rows = january.ask(
        "select release_id, restates, old_value, new_value from publish.restated"
        " where indicator_id = 'LAB2' and period_kind = 'month' and breakdown = '' order by 1"
    )
    r1, r2, r3 = (one.release_id for one in (first, *restated))
    assert rows == [(r2, r1, 3, 4), (r3, r2, 4, 5)]


def test_batches_stand_beside_the_figures_of_the_county_only(january: Any) -> None:
    """A township's figure rests on some of them; which is for the trace to say."""
    closed(january)
    told = january.ask("select breakdown = '', cardinality(batches) > 0 from publish.figure where indicator_id = 'LAB2' group by 1, 2")
    assert sorted(told) == [(False, False), (True, True)]


def test_a_draft_of_data_that_are_gone_freezes_nothing(january: Any) -> None:
    shown = drafted(january)
    january.ask("delete from mart.indicator_value")
    outcome = signed_by_all(january.settings, shown)
    assert (outcome.decision, outcome.release, outcome.newer) == ("superseded", None, None)
    assert january.ask("select decision from publish.decision") == [("superseded",)]
    assert january.ask("select count(*) from publish.release") == [(0,)]


def test_two_who_decide_about_a_county_take_turns(january: Any) -> None:
    """The second waits for the lock; what it reads then is what the first has decided."""
    shown = drafted(january)
    waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with access.connect(january.settings) as first, ThreadPoolExecutor(1) as second:
        first.execute("select pg_advisory_lock(620426, %s)", (int(COUNTY),))
        first.commit()
        answer = second.submit(signed_by_all, january.settings, shown)
        while january.ask(waits) == [(0,)]:
            assert not answer.done(), "it has decided beside another"
            time.sleep(0.02)
        first.execute("select pg_advisory_unlock_all()")
        first.commit()
        assert answer.result().decision == "approved"


def test_all_that_is_decided_on_is_of_one_moment(january: Any) -> None:
    with closing._locked(january.settings, COUNTY) as connection:
        assert connection.execute("show transaction_isolation").fetchone() == ("repeatable read",)


def test_a_closed_period_is_not_drafted_again_without_a_reason(january: Any) -> None:
    signed_by_all(january.settings, drafted(january))
    assert closing.draft(january.settings, COUNTY, "2022-01") is None
    assert closing.draft(january.settings, COUNTY, "2022-01", "有补报") is None, "nothing differs"


def test_newer_data_supersede_the_draft_and_ask_again(january: Any) -> None:
    shown = drafted(january)
    late_row(january)
    outcome = signed_by_all(january.settings, shown)
    assert (outcome.decision, outcome.release) == ("superseded", None)
    assert outcome.newer is not None
    assert outcome.newer.digest != shown.digest
    assert january.ask("select count(*) from publish.release") == [(0,)]
    again = signed_by_all(january.settings, outcome.newer)
    assert again.release is not None
    assert value(january, again.release.release_id) == 4


def test_a_newer_draft_supersedes_the_one_that_waits(january: Any) -> None:
    shown = drafted(january)
    late_row(january)
    newer = drafted(january)
    assert january.ask("select draft_no, decision, decided_by from publish.decision") == [(1, "superseded", "xiezuo")]
    assert signed_by_all(january.settings, shown).newer == newer


def test_a_rejection_says_why_and_the_period_can_be_drafted_again(january: Any) -> None:
    shown = drafted(january)
    outcome = sent_back(january.settings, shown, " ")
    assert (outcome.decision, outcome.said) == ("refused", "退回须写明理由")
    assert january.ask("select count(*) from publish.decision") == [(0,)]
    assert sent_back(january.settings, shown, "乡镇数有误").decision == "rejected"
    assert january.ask("select decision, decided_by, reason from publish.decision") == [("rejected", "张送审", "乡镇数有误")]
    assert signed_by_all(january.settings, shown).decision == "rejected"
    assert drafted(january).draft_no == 2


@pytest.mark.parametrize(("period", "words"), [("2022-12", "has not ended"), ("2022-09/ytd", "part of its month")])
def test_a_period_that_cannot_be_closed_is_refused(january: Any, period: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        closing.draft(january.settings, COUNTY, period)


def test_a_reason_without_a_release_is_refused(january: Any) -> None:
    with pytest.raises(ConfigError, match="nothing to restate"):
        closing.draft(january.settings, COUNTY, "2022-01", "有补报")


def test_a_period_that_was_never_built_has_no_draft(office: Any) -> None:
    assert closing.draft(office.settings, COUNTY, "2022-01") is None


def test_late_data_reach_readers_by_a_restatement_only(january: Any) -> None:
    """January's release stays byte for byte; the adjustment is listed with its batch; the restatement takes it up."""
    release = signed_by_all(january.settings, drafted(january)).release
    assert release is not None
    files.put_release(january.settings, release)
    before = written(january)
    late_row(january)
    summarise.summarise(january.settings, COUNTY, "2022-01")
    assert written(january) == before
    with access.connect(january.settings) as connection:
        assert all(one.is_same for one in files.rebuild(connection, january.settings, release))
        found = [one for one in adjustments.waiting(connection, january.settings) if one.indicator_id == "LAB2"]
    (batch,) = january.ask("select batch_id from audit.batch where uri like '%%补报%%' and state = 'loaded'")
    whole = [one for one in found if not one.breakdown]
    assert {(one.period_kind, one.old_value, one.new_value) for one in whole} == {("month", 3, 4), ("year_to_date", 3, 4)}
    assert all(one.batches == [batch[0]] for one in whole)
    restated = signed_by_all(january.settings, drafted(january, reason="甲站补报1人")).release
    assert restated is not None
    assert (restated.release_id, restated.previous_head) == ("620422-2022-01-r2", release.head)
    assert (value(january, release.release_id), value(january, restated.release_id)) == (3, 4)
    rows = january.ask(
        "select restates, old_value, new_value, reason, batches from publish.restated"
        " where indicator_id = 'LAB2' and period_kind = 'month' and breakdown = ''"
    )
    assert rows == [(release.release_id, 3, 4, "甲站补报1人", [batch[0]])]
    with access.connect(january.settings) as connection:
        assert adjustments.waiting(connection, january.settings) == []


def test_what_no_release_held_is_no_late_data(january: Any) -> None:
    """An indicator that came after the release, and zeros that a changed list of categories brings and takes away."""
    letters_and_projects(january, ["P1", "蔬菜大棚", "产业培育", "甲1号", "60"])
    closed(january)
    changed_by_superuser(january, "delete from publish.figure where indicator_id in ('LAB2', 'FUN2.for_industry')")
    january.ask("update core.category set is_listed = category = '人才支持' where category in ('人才支持', 'clinic')")
    january.ask("insert into audit.touched_period (county_code, month) values (%s, '2022-01-01')", COUNTY)
    pipeline.build(january.settings)
    assert january.ask(
        "select indicator_id from mart.indicator_value where period = '2022-01' and period_kind = 'month' and breakdown = ''"
        " and indicator_id in ('LAB2', 'FUN1.clinic', 'FUN1.人才支持') order by 1"
    ) == [("FUN1.人才支持",), ("LAB2",)]
    assert january.ask("select count(*) from publish.adjustment") == [(0,)]
    late_row(january)
    assert "LAB1" in waiting(january)
    assert "LAB2" not in waiting(january)


def test_a_category_that_late_data_bring_is_told_and_had_nothing(january: Any) -> None:
    letters_and_projects(january, ["P1", "蔬菜大棚", "产业培育", "甲1号", "60"])
    closed(january)
    letters_and_projects(january, ["P1", "蔬菜大棚", "产业培育", "甲1号", "60"], ["P2", "讲堂", "人才支持", "甲1号", "40"], month="02")
    told = waiting(january)
    assert told["FUN2"] == (1, "exact", 2)
    assert told["FUN1.人才支持"] == (0, "exact", 400_000)
    assert {one for one in told if one.startswith("FUN1.")} == {"FUN1.人才支持", "FUN1.categories"}


def test_a_category_of_projects_that_were_not_reported_was_not_reported(january: Any) -> None:
    closed(january)
    letters_and_projects(january, ["P2", "讲堂", "人才支持", "甲1号", "40"], month="02")
    told = waiting(january)
    assert told["FUN2"] == (None, "not_reported", 1)
    assert told["FUN1.人才支持"] == (None, "not_reported", 400_000)


def test_an_adjustment_is_noted_once(january: Any) -> None:
    signed_by_all(january.settings, drafted(january))
    late_row(january)
    noted = january.ask("select count(*) from publish.adjustment")
    january.ask("insert into audit.touched_period (county_code, month) values (%s, '2022-01-01')", COUNTY)
    pipeline.build(january.settings)
    assert noted != [(0,)]
    assert january.ask("select count(*) from publish.adjustment") == noted


def test_a_figure_that_is_no_longer_exact_is_an_adjustment(january: Any) -> None:
    """The same number, told as a lower bound since: what was signed said more than is known."""
    signed_by_all(january.settings, drafted(january))
    january.ask("delete from audit.coverage where county_code = %s and dataset = 'labour_placement'", COUNTY)
    january.ask("insert into audit.touched_period (county_code, month) values (%s, '2022-01-01')", COUNTY)
    pipeline.build(january.settings)
    noted = january.ask(
        "select old_value = new_value, old_qualifier, new_qualifier from publish.adjustment"
        " where indicator_id = 'LAB1' and period_kind = 'month' and breakdown = ''"
    )
    assert noted == [(True, "exact", "at_least")]


def test_the_next_month_lists_what_waits_for_a_restatement(january: Any) -> None:
    signed_by_all(january.settings, drafted(january))
    late_row(january)
    checks = Content.from_json(drafted(january, "2022-02").content).checks
    assert [check.subject_zh for check in checks if check.kind == "adjustment"] == ["2022年1月"]


def test_a_month_lists_other_closed_months_of_its_year_and_nothing_else(january: Any) -> None:
    """Neither itself, nor the year it is part of, nor a month of the year before."""
    later = january.at("2023-03-01T08:00:00+08:00")
    later.deliver("labour/甲站_2023-01.csv", ledger("2023-01-31", [7], started="2023-01-10"))
    pipeline.build(later.settings)
    closed(january)
    closed(later, "2022")
    late_row(later)
    assert listed(later, "adjustment", "2022-02") == {"2022年1月"}
    assert listed(later, "adjustment", reason="甲站补报1人") == set()
    assert listed(later, "adjustment", "2023-01") == set()


def test_a_file_that_is_refused_in_the_month_after_is_on_the_list(january: Any) -> None:
    """Ledgers of January come in February; of one that comes in June nobody knows that it is of January."""
    for day in ("2022-02-10", "2022-06-10"):
        january.at(f"{day}T08:00:00+08:00").deliver(f"labour/坏{day}.csv", [["不是", "台账"]])
    assert {name[-14:-4] for name in listed(january, "refused")} == {"2022-02-10"}


def test_a_station_that_did_not_report_is_named(january: Any) -> None:
    checks = Content.from_json(drafted(january, "2022-03").content).checks
    late = [check for check in checks if check.kind == "arrival"]
    assert "甲站" in {check.subject_zh for check in late}
    assert all(check.state == "open" for check in late)


def test_what_is_held_back_is_listed_until_it_is_explained(january: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*ledger("2022-01-31", [7], station="乙站"), ["李四", "990000", "会师镇", "天津市", "晨屿电子", "2022-01-11"]]
    january.deliver("labour/乙站_2022-01.csv", rows)
    pipeline.build(january.settings)

    def held() -> set[tuple[str, str, int]]:
        checks = Content.from_json(drafted(january).content).checks
        return {(check.subject_zh, check.state, check.count) for check in checks if check.kind == "quarantine"}

    assert held() == {("乙站", "open", 1)}
    ids = [one for (one,) in january.ask("select quarantine_id from audit.quarantine")]
    words = ["quarantine", "--county", COUNTY, "--explain", *ids, "--reason", "本人已离县，无法补证"]
    assert run(january, words, capsys)[0] == 0
    assert held() == {("乙站", "explained", 1)}
    assert january.ask("select distinct explanation_zh from audit.quarantine") == [("本人已离县，无法补证",)]


def test_nobody_changes_what_is_published(january: Any) -> None:
    tables = [name for (name,) in january.ask("select tablename from pg_tables where schemaname = 'publish'")]
    assert {"draft", "figure", "form", "release", "signature", "town_figure"} <= set(tables)
    changes = ("update publish.{} set county_code = county_code", "delete from publish.{}", "truncate publish.{}")
    for role in ("loader", "owner", "analyst"):
        for statement in (change.format(table) for change in changes for table in tables):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                january.ask(statement, role=role)


def test_analysts_only_read(january: Any) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        january.ask("insert into publish.template values ('620422', 'x', 'x', '')", role="analyst")


TAMPERED = {
    "a figure": "update publish.figure set value = value + 1 where indicator_id = 'LAB2' and breakdown = ''",
    "a text": "update publish.draft set content = replace(content, '会宁县', '会宁市')",
    "who approved": "update publish.release set approved_by = '别人'",
    "a digest and its text": "update publish.draft set content = content || ' ', digest = encode(sha256((content || ' ')::bytea), 'hex')",
    "a release taken out": "delete from publish.release where chain_no = 1",
    "the newest release taken out": "delete from publish.release where chain_no = (select max(chain_no) from publish.release)",
    "who decided": "update publish.decision set decided_by = '张三' where decision = 'approved'",
    "a figure added": "insert into publish.figure select county_code, release_id, period_kind, period, 'NEW1', '', 1, '个', 'exact',"
    " as_of from publish.figure limit 1",
}


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
def test_what_a_superuser_changed_shows(january: Any, statement: str) -> None:
    for period in ("2022-01", "2022-02"):
        signed_by_all(january.settings, drafted(january, period))
    with access.connect(january.settings) as connection:
        assert chain.check(connection, january.settings) == []
    changed_by_superuser(january, statement)
    with access.connect(january.settings) as connection:
        assert chain.check(connection, january.settings)


def changed_by_superuser(office: Any, statement: str) -> None:
    settings = office.settings
    superuser = EmbeddedServer(settings.home, Secrets(settings.secrets_dir, settings.environ)).ensure()
    with psycopg.connect(superuser.url(access.DATABASE)) as connection:
        connection.execute(statement.encode())


def test_a_template_that_was_changed_on_record_is_not_used(january: Any) -> None:
    release = closed(january)
    changed_by_superuser(january, "update publish.template set document = document || 'x'::bytea")
    with access.connect(january.settings) as connection, pytest.raises(ConfigError, match="not on record as it was"):
        files.rebuild(connection, january.settings, release)


def test_a_document_that_comes_out_otherwise_than_at_first_is_said(january: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the software that renders it has changed."""
    release, render = closed(january), files.render

    def otherwise(*of: Any) -> dict[str, bytes]:
        return {name: document + b" " if name.endswith("docx") else document for name, document in render(*of).items()}

    with access.connect(january.settings) as connection:
        assert all(one.is_same for one in files.rebuild(connection, january.settings, release))
        monkeypatch.setattr(files, "render", otherwise)
        again = files.rebuild(connection, january.settings, release)
    assert {one.path.suffix: one.is_same for one in again} == {".docx": False, ".xlsx": True}


def test_a_name_is_that_of_one_release_or_draft(january: Any) -> None:
    release, other, draft = closed(january), closed(january, "2022-02"), drafted(january, "2022-03")
    with access.connect(january.settings) as connection:
        found = [content_named(connection, january.settings, one.stamp.release_id) for one in (release, other, draft)]
        assert [stamp for _, stamp in found] == [release.stamp, other.stamp, draft.stamp]
        assert [said.period for said, _ in found] == ["2022-01", "2022-02", "2022-03"]
        with pytest.raises(ConfigError, match="follows the data"):
            content_named(connection, january.settings, "620422-2022-01-draft")
        with pytest.raises(ConfigError, match="no release"):
            content_named(connection, january.settings, "620422-2022-01-r9")


def test_an_approval_that_is_cut_short_leaves_nothing(january: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = drafted(january)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(closing, "_note_figures", dies)
        with pytest.raises(KeyboardInterrupt):
            signed_by_all(january.settings, shown)
    assert january.ask("select count(*) from publish.release union all select count(*) from publish.decision") == [(0,), (0,)]
    assert signed_by_all(january.settings, shown).release is not None


def test_a_release_is_rebuilt_with_the_template_it_was_approved_with(january: Any, tmp_path: Path) -> None:
    release = signed_by_all(january.settings, drafted(january)).release
    assert release is not None
    with access.connect(january.settings) as connection:
        first = {one.path.name: one.path.read_bytes() for one in files.rebuild(connection, january.settings, release)}
        again = files.rebuild(connection, january.settings, release, into=tmp_path)
    assert {one.path.name: one.path.read_bytes() for one in again} == first
    assert set(first) == {"bulletin.docx", "bulletin.xlsx"}


def run(office: Any, words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command line in the office's surroundings; return its exit code and what it printed."""
    with pytest.MonkeyPatch.context() as patch:
        for name, text in office.settings.environ.items():
            patch.setenv(name, text)
        capsys.readouterr()
        code = cli.main(words)
        return code, capsys.readouterr().out


def test_the_command_line_names_the_one_number_that_was_changed(
    january: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = signed_by_all(january.settings, drafted(january)).release
    assert release is not None
    files.put_release(january.settings, release)
    signed = january.settings.out / COUNTY / "2022-01" / "release-1" / "bulletin.docx"
    assert run(january, ["release", "verify", str(signed)], capsys)[0] == 0
    changed = tmp_path / "changed.docx"
    changed.write_bytes(with_one_digit_changed(signed.read_bytes()))
    code, said = run(january, ["release", "verify", str(changed), "--json"], capsys)
    (one,) = json.loads(said)["changed"]
    assert (code, one["indicator_id"], one["expected"], one["stated"]) == (3, "LAB1", "3人", "8人")


def with_one_digit_changed(document: bytes) -> bytes:
    """Return a DOCX in which the first printed LAB1 says 8 instead of 3."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(document)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "word/document.xml":
                pattern = re.compile(r"(<w:sdt>(?:(?!</w:sdt>).)*?\|LAB1\|(?:(?!</w:sdt>).)*?<w:t[^>]*>)3(人?</w:t>)", re.DOTALL)
                changed, times = pattern.subn(r"\g<1>8\2", text.decode(), count=1)
                assert times == 1
                text = changed.encode()
            target.writestr(name, text)
    return out.getvalue()


def test_a_word_file_of_somebody_else_is_refused(january: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.docx"
    path.write_bytes(b"PK no document")
    assert run(january, ["release", "verify", str(path)], capsys)[0] == 3
    assert run(january, ["release", "verify", str(tmp_path / "none.docx")], capsys)[0] == 2


def test_a_draft_that_follows_the_data_has_nothing_to_be_compared_with(
    january: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    summarise.summarise(january.settings, COUNTY, "2022-01")
    path = january.settings.out / COUNTY / "2022-01" / "bulletin.docx"
    assert run(january, ["release", "verify", str(path)], capsys)[0] == 2


def test_the_command_line_lists_what_is_closed_and_what_waits(january: Any, capsys: pytest.CaptureFixture[str]) -> None:
    signed_by_all(january.settings, drafted(january))
    drafted(january, "2022-02")
    code, said = run(january, ["release", "list", "--json"], capsys)
    document = json.loads(said)
    assert code == 0
    assert [one["release_id"] for one in document["releases"]] == ["620422-2022-01-r1"]
    assert [one["draft_id"] for one in document["drafts"]] == ["620422-2022-02-d1"]
    assert run(january, ["release", "check"], capsys)[0] == 0
    assert run(january, ["release", "rebuild", "620422-2022-01-r1"], capsys)[0] == 0
    assert run(january, ["release", "show", "620422-2022-01-r9"], capsys)[0] == 2
