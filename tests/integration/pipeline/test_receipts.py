"""Every file that came in is answered: accepted, in part, waiting or refused, with what to do next; once, and where it is due."""

from __future__ import annotations

import json
import socket
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pytest_httpserver import HTTPServer

from tests.integration.load.test_load import ledger, spell
from xiezuo import pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.operations.deliveries import decide
from xiezuo.values import contains_identity_number

JUNE, JULY, AUGUST = "2022年6月30日", "2022年7月31日", "2022年8月31日"
BAD = [spell(1, 身份证号="990000"), spell(2, 开始时间="去年春天")]
GOOD = [spell(serial) for serial in range(6, 9)]


def units(office: Any) -> Path:
    folder: Path = office.settings.out / office.county / "units"
    return folder


def files(office: Any) -> set[str]:
    return {path.relative_to(units(office)).as_posix() for path in units(office).rglob("*") if path.is_file()}


def told(office: Any, name: str) -> dict[str, str]:
    """Return what a receipt says, by what stands before it; of a name that stands there twice, the last."""
    sheet = load_workbook(units(office) / name).worksheets[0]
    return {str(row[0].value): str(row[1].value) for row in sheet.iter_rows()}


def answered(office: Any) -> tuple[int, int, int]:
    done = pipeline.receipts(office.settings, office.county)
    return done["receipts"], done["returns"], done["told"]


def test_a_file_is_answered_once_and_again_when_something_changes(office: Any) -> None:
    office.deliver("labour/甲站_六月.csv", ledger("甲站", JUNE, *BAD, *GOOD))
    office.deliver("labour/甲站_七月.csv", ledger("甲站", JULY, *BAD, *GOOD, spell(9)))
    assert answered(office) == (2, 1, 0), "rows that wait in two files are given back with the newest"
    given = "甲站/labour/退回修改_甲站_七月.csv.xlsx"
    assert files(office) == {"甲站/labour/回执_甲站_六月.csv.xlsx", "甲站/labour/回执_甲站_七月.csv.xlsx", given}
    assert stat.S_IMODE((units(office) / given).stat().st_mode) == 0o640
    said = told(office, "甲站/labour/回执_甲站_七月.csv.xlsx")
    assert said["结果"] == "部分计入"
    assert "2 行待更正：请打开同一文件夹中的“退回修改_甲站_七月.csv.xlsx”" in said["下一步"]
    assert "截至 2022-06-30）5 行，本次 6 行，多 1 行" in said["劳务输转台账（甲站_七月）"]
    assert "现行版本：甲站_七月.csv，截至 2022-07-31" in said["劳务输转台账（甲站_七月）"]
    assert answered(office) == (0, 0, 0)
    office.deliver("labour/甲站_八月.csv", ledger("甲站", AUGUST, spell(1), spell(2), *GOOD))
    receipts, returns, _ = answered(office)
    assert (receipts, returns) == (2, 0)
    assert given not in files(office), "rows that were answered are not given back, and nobody's number stays behind"
    assert told(office, "甲站/labour/回执_甲站_八月.csv.xlsx")["结果"].startswith("已全部计入")


def test_a_receipt_holds_nothing_personal(office: Any) -> None:
    office.deliver("labour/甲站_六月.csv", ledger("甲站", JUNE, *BAD, *GOOD))
    answered(office)
    for path in units(office).rglob("回执_*"):
        texts = [str(cell.value) for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
        assert not any(contains_identity_number(text) for text in texts)
        assert not any(row[0] in text for row in (*BAD, *GOOD) for text in texts), "no name of a worker"


def test_what_is_refused_waits_or_is_retracted_says_so(office: Any) -> None:
    office.deliver("labour/甲站_六月.csv", ledger("甲站", JUNE, *GOOD))
    office.deliver("labour/甲站_六月又.csv", ledger("甲站", JUNE, spell(1), spell(2), spell(3)))
    (office.settings.inbox / office.county / "labour" / "坏.xlsx").write_bytes(b"PK not a workbook")
    office.take("labour")
    answered(office)
    assert told(office, "县级/labour/回执_坏.xlsx")["结果"] == "未采用"
    waits = told(office, "甲站/labour/回执_甲站_六月.csv.xlsx")["结果"], *(
        told(office, name)["结果"] for name in files(office) if "六月又" in name
    )  # fmt: skip
    assert waits == ("已全部计入", "暂未采用，等待县办确认")
    place = f"{office.county}/labour/甲站_六月.csv"
    decide(office.settings, office.county, place, "retracted", by="王主任", reason="误报")
    answered(office)
    assert told(office, "甲站/labour/回执_甲站_六月.csv.xlsx")["结果"] == "已撤回，没有计入（王主任：误报）"


def test_after_its_time_rows_are_no_longer_given_back(office: Any) -> None:
    office.deliver("labour/甲站_六月.csv", ledger("甲站", JUNE, *BAD, *GOOD))
    answered(office)
    assert any("退回修改" in name for name in files(office))
    later = office.at("2099-01-01T00:00:00+08:00")
    assert answered(later) == (0, 0, 0)
    assert files(office) == {"甲站/labour/回执_甲站_六月.csv.xlsx"}
    assert answered(later) == (0, 0, 0)


def test_a_unit_is_told_in_its_group_and_again_when_nobody_took_it(office: Any, httpserver: HTTPServer) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        dead = f"json://127.0.0.1:{bound.getsockname()[1]}/secretsecret"
    path = office.settings.home / "groups.yaml"
    path.write_text(json.dumps({office.county: {"甲站": [dead]}}), encoding="utf-8")
    office.deliver("labour/甲站_六月.csv", ledger("甲站", JUNE, *BAD, *GOOD))
    assert answered(office) == (1, 1, 0)
    reads = "select count(*) from audit.vault_read"
    assert office.ask(reads) == [(1,)]
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    alive = f"json://127.0.0.1:{httpserver.port}/hook"
    path.write_text(json.dumps({office.county: {"甲站": [alive]}}), encoding="utf-8")
    assert answered(office) == (1, 0, 1)
    assert office.ask(reads) == [(1,)], "rows are not decrypted again for a message"
    (request, _), = httpserver.log
    sent = request.get_json()
    assert "甲站" in sent["title"]
    assert "甲站_六月.csv：部分计入" in sent["message"]
    assert answered(office) == (0, 0, 0)


def test_units_without_a_group_are_told_of_in_the_offices_in_one_message(office: Any, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    groups = {office.county: {"": [f"json://127.0.0.1:{httpserver.port}/hook"]}}
    (office.settings.home / "groups.yaml").write_text(json.dumps(groups), encoding="utf-8")
    for station in ("甲站", "乙站"):
        office.drop(f"labour/{station}_六月.csv", ledger(station, JUNE, *GOOD))
    office.take("labour")
    assert answered(office) == (2, 0, 1)
    (request, _), = httpserver.log
    assert "2 份" in request.get_json()["title"]
    assert request.get_json()["message"].count("已全部计入") == 2


def test_long_and_odd_names_are_answered_and_keep_apart(office: Any) -> None:
    """A name of as many bytes as a file system takes; two that begin alike; two units whose names differ in a sign."""
    names = ["镇" * 80 + "甲", "镇" * 80 + "乙"]
    for serial, name in enumerate(names, start=1):
        rows = [spell(serial, 身份证号="990000"), spell(serial + 10)]
        office.deliver(f"labour/{name}.csv", ledger("甲站", f"2022年{serial + 6}月28日", *rows))
    for serial, unit in enumerate(("大沟[镇]站", "大沟_镇_站"), start=20):
        office.deliver(f"labour/{serial}.csv", ledger(unit, JUNE, spell(serial)))
    assert answered(office)[0] == 4
    found = files(office)
    assert len([name for name in found if "回执" in name and "甲站/" in name]) == 2
    assert len({name.partition("/")[0] for name in found}) == 3, "a unit finds what is its own only"
    assert max(len(part.encode()) for name in found for part in name.split("/")) < 200


def test_groups_that_cannot_be_read_are_named_without_their_urls(office: Any) -> None:
    path = office.settings.home / "elsewhere.yaml"
    path.write_text("620422: [json://secretsecret]", encoding="utf-8")
    other = replace(office.settings, environ={**office.settings.environ, "XIEZUO_GROUPS": str(path)})
    with pytest.raises(ConfigError) as error:
        pipeline.receipts(other)
    assert "secretsecret" not in f"{error.value} {error.value.zh} {error.value.next_step}"
