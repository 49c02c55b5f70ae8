"""A file that waits is taken, one that should not have come is left out: the warehouse is what it would have been."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from xiezuo import cli, pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.declared.contracts import load_contracts
from xiezuo.operations.deliveries import decide, listed
from xiezuo_sample.codes import identity_number

ROOT = Path(__file__).parents[3]
HEADER = ["姓名", "身份证号", "乡镇", "户类型", "务工所在省", "务工企业", "开始时间"]


def station(reported: str, *serials: int, start: str = "2022-02-01") -> list[Sequence[str]]:
    rows = [
        ["张三", identity_number(n, date(1990, 1, 1 + n)), "会师镇", "脱贫户", "天津市", "晨屿电子", start] for n in serials
    ]
    return [["劳务输转台账"], ["填报单位：甲站", "", f"填报日期：{reported}"], HEADER, *rows]


def state(office: Any) -> dict[str, list[Any]]:
    """Return what a reader of the warehouse sees: rows, figures, and what deliveries speak of."""
    pipeline.build(office.settings)
    return {
        "rows": office.ask("select * from core.labour_placement order by person_key, start_month"),
        "figures": office.ask(
            "select period_kind, period, indicator_id, breakdown, value, qualifier, as_of from mart.indicator_value"
            " where indicator_id like 'LAB%%' order by 1, 2, 3, 4"
        ),
        "coverage": office.ask("select dataset, year, covers_from, covers_to from audit.coverage order by 1, 2"),
        "scopes": office.ask("select reporting_unit, scope_year, version from audit.snapshot_scope order by 1, 2"),
    }


def decided(office: Any, delivery: str, standing: Any) -> Any:
    return decide(office.settings, "620422", f"620422/labour/{delivery}", standing, by="王主任", reason="已与该站核实")


def test_a_retracted_file_leaves_the_warehouse_as_if_it_had_never_come(office: Any) -> None:
    """Its rows, those it had withdrawn or overridden, the days it spoke of; and all of it comes back."""
    office.deliver("labour/甲站_6月.csv", station("2022-06-30", 1, 2, 3, 4))
    office.deliver("labour/甲站_去年.csv", station("2021-12-31", 8, start="2021-11-01"))
    without = state(office)
    office.deliver("labour/甲站_9月.csv", station("2022-09-30", 2, 3, 4, 5))
    with_it = state(office)
    assert with_it != without
    done = decided(office, "甲站_9月.csv", "retracted")
    assert (done.is_new, done.batches_loaded) == (True, 0)
    after = state(office)
    assert after["rows"] == without["rows"]
    assert after["coverage"] == without["coverage"]
    assert after["scopes"] == without["scopes"]
    told = [figure for figure in after["figures"] if figure in without["figures"] or figure[4] is not None]
    assert told == without["figures"]
    assert decided(office, "甲站_9月.csv", "retracted").is_new is False
    decided(office, "甲站_9月.csv", "stands")
    again = state(office)
    assert again["figures"] == with_it["figures"]
    assert [row[:-1] for row in again["scopes"]] == [row[:-1] for row in with_it["scopes"]]
    log = "select decision_no, standing, decided_by, reason_zh from audit.delivery_decision order by 1"
    assert office.ask(log) == [(1, "retracted", "王主任", "已与该站核实"), (2, "stands", "王主任", "已与该站核实")]


REGISTERS = sorted(name for name, contract in load_contracts(ROOT).items() if contract.valid)
RESTATING = ["labour_workshop", "work_enterprise"]


@pytest.mark.parametrize("dataset", [*REGISTERS, *RESTATING])
def test_a_register_is_retracted_and_comes_back(office: Any, dataset: str) -> None:
    """Its rows hold for days, not on one: the months of all of them are touched."""
    source = dataset.partition("_")[0]
    path = office.settings.inbox / "620422" / source / f"{dataset}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "tests" / "data" / f"{dataset}.csv", path)
    [batch] = office.take(source)
    assert batch["rows_loaded"] > 0
    pipeline.build(office.settings)
    rows, place = f"select count(*) from core.{dataset}", f"620422/{source}/{dataset}.csv"
    before = office.ask(rows)
    decide(office.settings, "620422", place, "retracted", by="王主任", reason="报错了")
    assert office.ask(rows) == [(0,)]
    assert pipeline.pending(office.settings) > 0
    pipeline.build(office.settings)
    assert office.built_anew() == {}
    decide(office.settings, "620422", place, "stands", by="王主任", reason="没有报错，来电13912345678")
    assert office.ask(rows) == before
    assert "13912345678" not in str(office.ask("select reason_zh from audit.delivery_decision"))


def test_a_copy_of_a_retracted_file_waits(office: Any) -> None:
    ledger = station("2022-06-30", 1, 2)
    office.deliver("labour/甲站a.csv", ledger)
    office.deliver("labour/甲站b.csv", ledger)
    decided(office, "甲站b.csv", "retracted")
    assert office.ask("select count(*) from core.labour_placement") == [(0,)]
    [batch] = office.deliver("labour/甲站c.csv", ledger)
    assert (batch["state"], batch["refusal_code"]) == ("gated", "RETRACTED_BEFORE")


@pytest.mark.parametrize(("standing", "people"), [("whole", {4, 5, 6}), ("part", {1, 2, 3, 4, 5, 6})])
def test_a_file_that_waits_is_taken_as_the_whole_or_as_a_part(office: Any, standing: Any, people: set[int]) -> None:
    """Either way it holds against what stood, and the next ledger withdraws as ever."""
    office.deliver("labour/甲站a.csv", station("2022-06-30", 1, 2, 3))
    office.deliver("labour/甲站b.csv", station("2022-06-30", 4, 5, 6))
    assert [one["place"] for one in listed(office.settings, None, waiting=True)] == ["620422/labour/甲站b.csv"]
    decided(office, "甲站b.csv", standing)
    assert listed(office.settings, None, waiting=True) == []
    assert office.ask("select count(*)::int from core.labour_placement") == [(len(people),)]
    office.deliver("labour/甲站c.csv", station("2022-07-31", *sorted(people)[1:]))
    assert office.ask("select count(*)::int from core.labour_placement") == [(len(people) - 1,)]


def test_what_waited_for_a_retracted_file_is_taken(office: Any) -> None:
    """Two of one date: with the wrong one gone the other needs nobody's word."""
    office.deliver("labour/甲站a.csv", station("2022-06-30", 1, 2, 3))
    [batch] = office.deliver("labour/甲站b.csv", station("2022-06-30", 4, 5, 6))
    assert batch["state"] == "gated"
    decided(office, "甲站a.csv", "retracted")
    assert office.ask("select count(*)::int from core.labour_placement") == [(3,)]


@pytest.mark.parametrize(
    ("delivery", "by", "said"), [("甲", "王主任", "没有找到"), ("", "王主任", "有 2 份"), ("620422/labour/甲站a.csv", " ", "决定人")]
)
def test_what_cannot_be_decided_is_said(office: Any, delivery: str, by: str, said: str) -> None:
    office.deliver("labour/甲站a.csv", station("2022-06-30", 1))
    office.deliver("labour/甲站b.csv", station("2022-07-31", 1))
    with pytest.raises(ConfigError) as refused:
        decide(office.settings, "620422", delivery, "retracted", by=by, reason="报错")
    assert said in refused.value.zh


def test_the_command_line_lists_and_retracts(office: Any, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    office.deliver("labour/甲站a.csv", station("2022-06-30", 1))
    for name, value in office.settings.environ.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["delivery", "--json"]) == 0
    [one] = json.loads(capsys.readouterr().out)["deliveries"]
    words = ["--by", "王主任", "--reason", "误放", "--county", "620422"]
    assert cli.main(["delivery", "retract", one["landing_id"][:8], *words]) == 0
    assert "已登记" in capsys.readouterr().out
    assert cli.main(["delivery", "list"]) == 0
    assert "已撤回" in capsys.readouterr().out
