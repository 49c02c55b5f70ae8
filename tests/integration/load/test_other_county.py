"""A ledger of another county is refused by name, wherever it says so; ours and our partner's are taken in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xiezuo_sample.codes import identity_number

TITLE = "2022年12月东西部协作会议台账"
OFFICE = "填报单位：县乡村振兴局"


def meeting(
    *, title: str = f"会宁县{TITLE}", below: str = OFFICE, county: str | None = None, foot: str | None = None
) -> list[list[Any]]:
    """Return a ledger of one meeting, with a column of counties where one is given."""
    header, row = ["序号", "会议时间", "会议类型", "会议议题"], [1, "2022-12-05", "政府常务会", "研究东西部协作工作"]
    if county is not None:
        header, row = [*header, "县区"], [*row, county]
    return [[title], [below], header, row, *([[foot]] if foot else [])]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (meeting(title=f"静宁县{TITLE}"), ("A1 单元格写的是“静宁县”", "会宁县（620422）的文件夹")),
        (meeting(title=TITLE, below="填报单位：静宁县委农办"), ("A2 单元格写的是“静宁县”",)),
        (meeting(below="填报单位：静宁县委农办"), ("A2 单元格写的是“静宁县”",)),
        (meeting(title=TITLE, foot="填报单位：靖远县委农办"), ("A5 单元格写的是“靖远县”",)),
        (meeting(title=f"白银市{TITLE}", county="靖远县"), ("E4 单元格写的是“靖远县”", "请只保留会宁县的行")),
    ],
)
def test_another_countys_ledger_is_refused_by_name(office: Any, rows: list[list[Any]], said: tuple[str, ...]) -> None:
    (batch,) = office.deliver("work/会议台账2022年12月.csv", rows)
    assert (batch["state"], batch["refusal_code"]) == ("refused", "OTHER_COUNTY")
    assert all(part in batch["refusal_zh"] for part in said), batch["refusal_zh"]
    assert office.ask("select count(*) from core.work_meeting") == [(0,)]


def test_a_file_named_after_another_county_is_refused(office: Any) -> None:
    (batch,) = office.deliver("work/静宁县会议台账2022年12月.csv", meeting(title=TITLE))
    assert "文件名“静宁县会议台账2022年12月.csv”写的是“静宁县”" in batch["refusal_zh"]


@pytest.mark.parametrize(
    "rows",
    [
        meeting(title=f"甘肃省白银市会宁县{TITLE}"),
        meeting(title=f"天津市和平区—会宁县{TITLE}", below="填报单位：天津市和平区合作交流办"),
        meeting(title=f"白银市{TITLE}", county="会宁"),
        meeting(title=f"会宁县人社局赴靖远县{TITLE}"),
    ],
)
def test_our_own_and_our_partners_are_taken_in(office: Any, rows: list[list[Any]]) -> None:
    (batch,) = office.deliver("work/会议台账2022年12月.csv", rows)
    assert (batch["state"], batch["rows_loaded"]) == ("loaded", 1)


def test_a_row_that_another_countys_station_reports_is_held_back(office: Any) -> None:
    """A placement ledger of ours with a row of a station of Jingning: the row waits, the others count."""
    header = ["姓名", "身份证号", "乡镇", "户类型", "务工省份", "务工企业", "开始时间", "填报单位"]
    people = [
        ["张三", identity_number(n, date(1990, 1, 2)), "会师镇", "脱贫户", "天津市", "晨屿电子", "2022-03-05", station]
        for n, station in enumerate(("会师镇劳务站", "静宁县城关镇劳务站", "天津市和平区人社局"), start=1)
    ]
    (batch,) = office.deliver("labour/台账2022年12月.csv", [["会宁县劳务输转台账"], header, *people])
    assert (batch["rows_loaded"], batch["rows_quarantined"]) == (2, 1)
    [(reason,)] = office.ask("select reason_zh from audit.quarantine where rule_id = 'OTHER_COUNTY'")
    assert reason.startswith("本行的填报单位是静宁县的，不计入会宁县")


def test_a_neighbour_of_the_same_installation_is_another_county(settings: Any, neighbours: Any) -> None:
    """Counties that no list has, whose townships are called as ours, are told apart by the installation's own list."""
    first, second = neighbours(settings, ["530998", "530999"])
    rows = meeting(title=f"第2县{TITLE}")
    first.drop("work/会议台账2022年12月.csv", rows)
    second.drop("work/会议台账2022年12月.csv", rows)
    done = {batch["county_code"]: batch["state"] for batch in first.take("work")}
    assert done == {"530998": "refused", "530999": "loaded"}
