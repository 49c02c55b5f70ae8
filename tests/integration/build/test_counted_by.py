"""From a row forward: the figures that count it are those whose traces show it, and releases are told beside them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.integration.publish.test_release import closed, fill
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.build.counted_by import counted_at, counted_by
from xiezuo.build.trace import trace
from xiezuo.cli import main
from xiezuo.warehouse import access

COUNTY = "620422"
PERIODS = (("2022-06", "month"), ("2022", "year"))

Figure = tuple[str, str, str]


@pytest.fixture(scope="module")
def traced(filled: Settings) -> dict[tuple[str, int], set[Figure]]:
    """Return every row that a figure of one of the periods counts, with those figures; of figures that are not 0."""
    found: dict[tuple[str, int], set[Figure]] = defaultdict(set)
    told = "select indicator_id, period_kind, period from mart.indicator_value where county_code = %s and breakdown = '' and value <> 0"
    with access.connect(filled, "analyst") as connection:
        figures = connection.execute(f"{told} and (period, period_kind) in (('2022-06', 'month'), ('2022', 'year'))", (COUNTY,)).fetchall()
    for indicator_id, kind, period in figures:
        for row in trace(filled, COUNTY, period, indicator_id, kind=kind, limit=1_000_000)["rows"]:
            found[row["batch_id"], row["row_no"]].add((indicator_id, kind, period))
    return found


def test_a_row_is_counted_by_the_figures_whose_traces_show_it(
    filled: Settings, traced: dict[tuple[str, int], set[Figure]]
) -> None:
    some: dict[frozenset[Figure], tuple[str, int]] = {}
    for row, figures in traced.items():
        some.setdefault(frozenset(figures), row)  # a row for each set of figures that some row is counted by
    assert len(some) > 20
    for figures, (batch_id, row_no) in some.items():
        row = counted_by(replace(filled, role="pages"), COUNTY, batch_id, row_no)
        of_periods = {
            (one.indicator_id, one.period_kind, one.period)
            for one in row.figures if one.value and (one.period, one.period_kind) in PERIODS
        }  # fmt: skip
        assert row.is_stored
        assert of_periods == figures


def test_a_row_that_is_held_back_is_counted_by_nothing_and_says_why(filled: Settings) -> None:
    with access.connect(filled, "loader") as connection:
        held = connection.execute("select batch_id, row_no from audit.quarantine where state = 'open' limit 1").fetchone()
    assert held is not None
    row = counted_by(filled, COUNTY, *held)
    assert not row.is_stored
    assert not row.figures
    assert row.held[0]["reason_zh"]


def test_a_row_of_a_platform_is_found_by_its_batch_and_by_the_place_of_its_batch(filled: Settings) -> None:
    with access.connect(filled, "loader") as connection:
        found = connection.execute(
            "select b.uri, f.batch_id, f.row_no from core.sales_order as f inner join audit.batch as b"
            " using (county_code, batch_id) where b.uri like 'platform:%' and f.status = 'paid' limit 1"
        ).fetchone()
    assert found is not None
    uri, batch_id, row_no = found
    row = counted_by(filled, COUNTY, batch_id, row_no)
    assert row.place["platform"]
    assert "CON1" in {one.indicator_id for one in row.figures}
    assert {one.indicator_id.partition(".")[0] for one in row.figures} == {"CON1"}
    assert row in counted_at(filled, COUNTY, uri, row_no)


def test_what_is_not_there_is_said(filled: Settings) -> None:
    with pytest.raises(ConfigError, match="no batch"):
        counted_by(filled, COUNTY, "nobatch", 1)
    with pytest.raises(ConfigError, match="came from"):
        counted_at(filled, COUNTY, "620422/labour/没有.xlsx", 1)


def test_the_command_tells_a_rows_figures_and_the_releases_that_counted_its_delivery(
    filled_once: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = filled_once(fill, tmp_path)
    release = closed(office)
    row = trace(office.settings, COUNTY, "2022-01", "LAB1", limit=1)["rows"][0]
    for name, value in office.settings.environ.items():
        monkeypatch.setenv(name, value)
    asked = ["trace", "--file", row["file"], "--row", str(row["row_no"]), "--sheet", row["sheet"], "--county", COUNTY]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["rows"]
    figures = {(one["indicator_id"], one["period_kind"], one["period"]): one for one in told[0]["figures"]}
    assert told[0]["batch_id"] == row["batch_id"]
    assert figures["LAB1", "month", "2022-01"]["releases"] == [release.release_id]
    assert figures["LAB1", "month", "2022-01"]["measure"] == "1"
    assert figures["LAB1", "year_to_date", "2022-02"]["releases"] == []
    assert main(asked) == 0
    assert release.release_id in capsys.readouterr().out
    assert main([*asked[:-4], "--sheet", "另一张", "--county", COUNTY]) == 2


@pytest.mark.parametrize("words", [[], ["--row", "3"], ["--file", "x"], ["CON1", "--file", "x", "--row", "3"]])
def test_half_a_question_is_not_answered(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "--county", COUNTY, *words]) == 2
    assert "--row" in capsys.readouterr().err
