"""What a delivery's owner should look at is seen: at the end of a run, in messages, in the close list and the documents."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from zipfile import ZipFile

import pytest
from pytest_httpserver import HTTPServer

from tests.integration.load.test_load import ledger, spell
from xiezuo import cli, pipeline
from xiezuo.operations import troubles
from xiezuo.operations.alerts import VARIABLE
from xiezuo.publish.documents.content import Content
from xiezuo.publish.release import closing
from xiezuo.publish.release.closelist import close_list
from xiezuo.publish.release.files import put_draft
from xiezuo.values.periods import Period
from xiezuo.warehouse import access

FEWER = "与上一次报表相比少了 2 行，请确认不是漏报"


@pytest.fixture
def warned(office: Any) -> Any:
    """Return an office whose station left two of its four people out of its November ledger."""
    office.deliver("labour/甲站_10月.csv", ledger("甲站", "2022年10月31日", *(spell(n) for n in range(1, 5))))
    office.drop("labour/甲站_11月.csv", ledger("甲站", "2022年11月30日", spell(1), spell(2)))
    return office


def test_the_end_of_a_run_lists_them(warned: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in warned.settings.environ.items():
        monkeypatch.setenv(name, value)
    words = ["run", "--county", warned.county, "--from", "2022-12-31", "--to", "2022-12-31", "--source", "labour"]
    assert cli.main(words) == 0
    *_, heading, warning, counts, answered = capsys.readouterr().out.splitlines()
    assert heading == "1 份报表有 1 条提示，请报送单位核对："
    assert "甲站_11月.csv" in warning
    assert warning.endswith(FEWER)
    assert "batches" in counts
    assert answered.startswith("回执 ")


def test_they_are_told_until_a_newer_delivery_has_none(warned: Any, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    url = f"json://127.0.0.1:{httpserver.port}/hook"
    here = replace(warned, settings=replace(warned.settings, environ={**warned.settings.environ, VARIABLE: url}))
    here.take("labour")
    troubles.report(here.settings, ["delivery_warned"])
    [(request, _)] = httpserver.log
    assert FEWER in request.json["message"]
    assert "报表有提示：劳务输转台账" in request.json["message"]
    later = here.at("2023-01-20T00:00:00+08:00")
    later.deliver("labour/甲站_更正.csv", ledger("甲站", "2023年1月15日", spell(1), spell(2)))
    assert troubles.found(later.settings, ["delivery_warned"]) == []


def test_the_close_list_and_the_documents_have_them(warned: Any) -> None:
    warned.take("labour")
    pipeline.build(warned.settings)
    draft = closing.draft(warned.settings, warned.county, "2022-11")
    assert draft is not None
    content = Content.from_json(draft.content)
    [check] = [check for check in content.checks if check.kind == "warning"]
    assert (check.subject_zh, check.state, check.count) == ("甲站", "open", 1)
    assert FEWER in check.detail_zh
    [bulletin] = [path for path in put_draft(warned.settings, draft) if path.suffix == ".docx"]
    with ZipFile(bulletin) as parts:
        said = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())
    assert "报表提示：甲站，共1条：劳务输转台账：与上一次报表相比少了 2 行" in said
    with access.connect(warned.settings) as connection:
        october = close_list(connection, warned.settings, warned.county, Period.read("2022-10"))
    assert [line for line in october if line.kind == "warning"] == []
