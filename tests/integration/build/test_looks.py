"""Figures that are well formed and look odd are noted, whatever order they came in, and a person's answer stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from xiezuo import cli, pipeline
from xiezuo.base.errors import ConfigError
from xiezuo.operations.findings import answer, listed
from xiezuo.publish.release.closelist import close_list
from xiezuo.values.periods import Period
from xiezuo.warehouse import access
from xiezuo_sample.codes import identity_number

PLACEMENTS = ["姓名", "身份证号", "乡镇", "户类型", "务工省份", "务工企业", "开始时间", "结束时间"]
FAIR = ["招聘会名称", "举办时间", "企业名称", "岗位名称", "招聘人数"]
TOWNS = ("会师镇", "郭城驿镇", "河畔镇", "头寨子镇", "太平店镇", "甘沟驿镇")


def placed(serial: int, start: str = "2022-01-05", town: str = "会师镇", firm: str = "晨屿电子", end: str = "") -> list[Any]:
    return ["张三", identity_number(serial, date(1990, 1, 1 + serial % 28)), town, "脱贫户", "天津市", firm, start, end]


def many(first: int, count: int, *where: str) -> list[list[Any]]:
    return [placed(serial, *where) for serial in range(first, first + count)]


def fair(numbers: Sequence[int]) -> list[list[Any]]:
    return [["春风行动", "2022-03-01", f"企业{n}", "普工", headcount] for n, headcount in enumerate(numbers)]


Files = dict[str, list[list[Any]]]
CASES: dict[str, tuple[Files, Files, str]] = {
    "look_ledger_falls": (
        {"甲站_2022-09": [PLACEMENTS, *many(1, 3)], "甲站_2022-10": [PLACEMENTS, *many(1, 4)]},
        {"甲站_2022-09": [PLACEMENTS, *many(1, 4)], "甲站_2022-10": [PLACEMENTS, *many(1, 3)]},
        "甲站 2022-09-30 为 4 行，2022-10-31 为 3 行",
    ),
    "look_growth": (
        {"甲站_2022-12": [PLACEMENTS, *many(1, 9), *many(21, 9, "2022-02-03"), *many(41, 40, "2022-03-03")]},
        {"甲站_2022-12": [PLACEMENTS, *many(1, 2), *many(21, 2, "2022-02-03"), *many(41, 40, "2022-03-03")]},
        "会师镇帮助农村劳动力转移就业 2022-03 为 40人，其他月份平均 2人",
    ),
    "look_sister_townships": (
        {"甲站_2022-12": [PLACEMENTS, *(row for n, town in enumerate(TOWNS) for row in many(100 * n, 9, "2022-01-05", town))]},
        {"甲站_2022-12": [
            PLACEMENTS, *many(900, 40, "2022-01-05", TOWNS[0]),
            *(row for n, town in enumerate(TOWNS[1:]) for row in many(100 * n, 2, "2022-01-05", town)),
        ]},
        "会师镇帮助农村劳动力转移就业 40人，各乡镇中位数 2人",
    ),
    "look_copied_month": (
        {"甲站_2022-12": [PLACEMENTS, *many(1, 12), *many(21, 13, "2022-02-03")]},
        {"甲站_2022-12": [PLACEMENTS, *many(1, 12), *many(21, 12, "2022-02-03")]},
        "会师镇 2022-02",
    ),
    "look_round_numbers": (
        {"招聘会_2022-03": [FAIR, *fair(range(11, 33))]},
        {"招聘会_2022-03": [FAIR, *fair([*range(10, 210, 10), 7])]},
        "21 笔中 20 笔是整数",
    ),
    "look_two_jobs": (
        {"甲站_2022-12": [
            PLACEMENTS, placed(1, end="2022-04-01"), placed(1, "2022-03-15", firm="永兴建筑", end="2022-09-01"),
        ]},
        {"甲站_2022-12": [
            PLACEMENTS, placed(1, end="2022-06-30"), placed(1, "2022-03-01", firm="永兴建筑", end="2022-09-01"),
        ]},
        "甲站_2022-12.csv#甲站_2022-12 第 3 行",
    ),
}  # fmt: skip
"""By check: files that look right, files that do not, and what is said of these."""


@pytest.fixture(scope="module")
def counties(fresh: Any, neighbours: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    """Return an office for each case: right, odd, and odd with the files coming in one by one from the last to the first."""
    settings = fresh(tmp_path_factory.mktemp("looks"))
    kinds = [(check_id, how) for check_id in CASES for how in ("right", "odd", "odd, backwards")]
    offices = dict(zip(kinds, neighbours(settings, [f"53{1001 + n}" for n in range(len(kinds))]), strict=True))
    for turn in (0, 1):
        for (check_id, how), office in offices.items():
            right, odd, _ = CASES[check_id]
            files = [*(right if how == "right" else odd).items()]
            for place, rows in files[::-1][turn : turn + 1] if "backwards" in how else files if turn == 0 else []:
                office.drop(f"labour/{place}.csv", rows)
        for batch in next(iter(offices.values())).take("labour"):
            assert (batch["state"], batch["rows_quarantined"]) == ("loaded", 0), batch
    pipeline.build(settings)
    return offices


def found(office: Any, check_id: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = office.ask(
        "select status, detail from audit.reconciliation where county_code = %s and check_id = %s and period = '2022'",
        office.county, check_id,
    )  # fmt: skip
    return rows


@pytest.mark.parametrize("check_id", CASES)
def test_what_looks_odd_is_noted_and_what_looks_right_is_not(counties: dict[tuple[str, str], Any], check_id: str) -> None:
    assert found(counties[check_id, "right"], check_id) == [("holds", "")]
    [(status, detail)] = found(counties[check_id, "odd"], check_id)
    assert status == "warns"
    assert CASES[check_id][2] in detail
    [backwards] = found(counties[check_id, "odd, backwards"], check_id)
    county = {how: counties[check_id, how].county for how in ("odd", "odd, backwards")}
    assert backwards == (status, detail.replace(county["odd"], county["odd, backwards"]))


def listed_for(office: Any) -> list[tuple[str, str]]:
    with access.connect(office.settings) as connection:
        lines = close_list(connection, office.settings, office.county, Period.read("2022"))
    return [(line.state, line.detail_zh) for line in lines if line.kind == "reconciliation" and "五倍" in line.subject_zh]


def test_an_answer_stays_and_is_to_what_was_found(office: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in office.settings.environ.items():
        monkeypatch.setenv(name, value)
    office.deliver("labour/甲站_2022-11.csv", CASES["look_growth"][1]["甲站_2022-12"])
    pipeline.build(office.settings)
    [(state, detail)] = listed_for(office)
    assert (state, "答复" in detail) == ("open", False)
    said = ["check", "answer", "look_growth", "--county", office.county, "--by", "王主任", "--comment", "集中输转，已核实"]
    assert cli.main(said) == 2, "it is asked of a period that has no finding"
    assert cli.main([*said, "--of", "2022"]) == 0
    [(state, detail)] = listed_for(office)
    assert (state, detail.endswith("；答复：集中输转，已核实（王主任）")) == ("explained", True)
    assert [one["check_id"] for one in listed(office.settings, office.county, unanswered=True) if "growth" in one["check_id"]] == []
    rows = [*CASES["look_growth"][1]["甲站_2022-12"], *many(200, 5, "2022-03-09")]
    office.deliver("labour/甲站_2022-12.csv", rows)
    pipeline.build(office.settings)
    [(state, _)] = listed_for(office)
    assert state == "open", "what is found now is something else"
    capsys.readouterr()
    assert cli.main(["check", "list", "--county", office.county]) == 0
    assert "此前答复（内容已变）：集中输转，已核实（王主任）" in capsys.readouterr().out


@pytest.mark.parametrize(("by", "said"), [("", "已核实"), ("王主任", " ")])
def test_nobody_or_nothing_is_no_answer(office: Any, by: str, said: str) -> None:
    with pytest.raises(ConfigError):
        answer(office.settings, office.county, "look_growth", "2022", by=by, said=said)
