"""A row held back is one matter, by its content: open once however often its file is copied, closed when it is answered."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook

from tests.integration.load.test_load import ledger, spell
from xiezuo import cli

BAD = spell(1, 身份证号="990000")
OTHER_BAD = spell(2, 身份证号="990001")
MENDED = spell(1)
GOOD = spell(3)
JUNE, JULY, AUGUST = "2022年6月30日", "2022年7月31日", "2022年8月31日"


def states(office: Any) -> list[tuple[str, str]]:
    """Return every place a row was held back at, with how it stands there."""
    return [
        (file.rpartition("/")[2], state)
        for file, state in office.ask("select file, state from audit.quarantine order by file, row_no, rule_id")
    ]


def opened(office: Any) -> int:
    """Return how many lines are open."""
    [(count,)] = office.ask("select count(*) from audit.quarantine where state = 'open'")
    return int(count)


def deliver(office: Any, name: str, reported: str, *rows: Sequence[Any], unit: str = "甲站") -> None:
    office.deliver(f"labour/{name}", ledger(unit, reported, *rows))


def test_a_bad_row_is_open_once_however_often_its_file_is_copied(office: Any) -> None:
    for name in ("甲站.csv", "甲站_副本.csv", "旧/甲站(1).csv"):
        deliver(office, name, JUNE, BAD, GOOD)
    assert opened(office) == 1
    assert sorted(state for _, state in states(office)) == ["open", "repeated", "repeated"]


def test_a_row_that_moved_or_is_written_in_another_kind_of_file_is_the_same_row(office: Any) -> None:
    """Neither its line nor the rows beside it, nor how a sheet keeps a number, make it another."""
    deliver(office, "甲站.csv", JUNE, BAD, GOOD)
    deliver(office, "甲站_乱序.csv", JUNE, GOOD, spell(4), BAD)
    assert opened(office) == 1
    book = Workbook()
    for row in ledger("甲站", JUNE, [*BAD[:7], datetime(2022, 3, 5), None, 4000], GOOD):
        book.active.append(row)
    book.save(office.settings.inbox / office.county / "labour" / "甲站.xlsx")
    office.take("labour")
    assert opened(office) == 1
    deliver(office, "甲站_两行.csv", JUNE, GOOD, spell(4), BAD, OTHER_BAD)
    assert opened(office) == 2


def test_places_are_told(office: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(office, "甲站.csv", JUNE, BAD, GOOD)
    deliver(office, "甲站_副本.csv", JUNE, BAD, GOOD)
    for name, value in office.settings.environ.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["quarantine", "list", "--county", office.county, "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert [place["file"].rpartition("/")[2] for place in row["places"]] == ["甲站.csv", "甲站_副本.csv"]
    assert cli.main(["quarantine", "explain", row["quarantine_id"], "--county", office.county, "--reason", "已核实"]) == 0
    assert capsys.readouterr().out.startswith("1 条已说明")
    assert sorted(state for _, state in states(office)) == ["explained", "repeated"]


@pytest.mark.parametrize("name", ["甲站.csv", "甲站_7月.csv"])
def test_a_corrected_delivery_answers_it_whatever_it_is_called(office: Any, name: str) -> None:
    """The next snapshot of the unit, under the same name or another, closes it at every place it was seen at."""
    deliver(office, "甲站.csv", JUNE, BAD, GOOD)
    deliver(office, "甲站_副本.csv", JUNE, BAD, GOOD)
    deliver(office, name, JULY, MENDED, GOOD)
    assert {state for _, state in states(office)} == {"corrected"}
    deliver(office, "晚到的副本.csv", JUNE, BAD, GOOD)
    assert {state for _, state in states(office)} == {"corrected"}, "a copy that comes late does not open it again"


def test_it_opens_again_when_the_row_itself_is_current_again(office: Any) -> None:
    deliver(office, "甲站.csv", JUNE, BAD, GOOD)
    deliver(office, "甲站_7月.csv", JULY, MENDED, GOOD)
    assert opened(office) == 0
    deliver(office, "甲站_8月.csv", AUGUST, BAD, GOOD)
    assert states(office) == [("甲站.csv", "repeated"), ("甲站_8月.csv", "open")]


def test_another_units_snapshot_and_another_years_answer_nothing(office: Any) -> None:
    deliver(office, "甲站.csv", JUNE, BAD, GOOD)
    deliver(office, "乙站.csv", JULY, GOOD, unit="乙站")
    assert opened(office) == 1
    later = office.at("2023-07-01T00:00:00+08:00")
    deliver(later, "甲站_2023.csv", "2023年6月30日", spell(5, "2023-05-01"))
    assert opened(office) == 1, "the ledger of 2023 says nothing of 2022's rows"


def test_what_was_explained_stays_so_at_every_copy(office: Any) -> None:
    deliver(office, "甲站.csv", JUNE, BAD, GOOD)
    office.ask("update audit.quarantine set state = 'explained', explanation_zh = '本人已离县'")
    deliver(office, "甲站_副本.csv", JUNE, BAD, GOOD)
    deliver(office, "甲站_7月.csv", JULY, BAD, GOOD)
    assert opened(office) == 0
    assert office.ask("select explanation_zh from audit.quarantine where state = 'explained'") == [("本人已离县",)]


DELIVERIES = (
    ("甲站.csv", JUNE, BAD, GOOD), ("甲站_副本.csv", JUNE, BAD, GOOD), ("甲站_7月.csv", JULY, MENDED, OTHER_BAD),
    ("甲站_8月.csv", AUGUST, MENDED, BAD),
)  # fmt: skip


def test_any_order_of_arrival_ends_in_the_same_states(settings: Any, neighbours: Any) -> None:
    """Twenty-four counties, each with an order of its own."""
    orders = [*itertools.permutations(DELIVERIES)]
    offices = neighbours(settings, [f"53{n:04d}" for n in range(101, 101 + len(orders))])
    for step in range(len(DELIVERIES)):
        for one, order in zip(offices, orders, strict=True):
            name, reported, *rows = order[step]
            one.drop(f"labour/{name}", ledger("甲站", reported, *rows))
        offices[0].take("labour")
    found = {
        tuple(one.ask("select file, row_no, rule_id, state from audit.quarantine where county_code = %s order by 1, 2, 3", one.county))
        for one in offices
    }
    same = {tuple((file.partition("/")[2], *rest) for file, *rest in lines) for lines in found}
    assert len(same) == 1
    assert sorted(state for *_, state in same.pop()) == ["corrected", "open", "repeated", "repeated"]
