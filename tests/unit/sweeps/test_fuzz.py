"""A few spoiled ledgers in every run of the tests, and that a reader with a fault would be found out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from sweeps.fuzz.account import judge
from sweeps.fuzz.books import FORMATS
from sweeps.fuzz.cases import Case, Cases
from sweeps.fuzz.cells import MUTATIONS, Material
from sweeps.fuzz.damage import DAMAGES
from sweeps.fuzz.reading import Reader, TookTooLong, at_most
from sweeps.fuzz.run import run, settings_in
from sweeps.fuzz.tally import FEWEST_SAMPLES, Tally
from xiezuo.base.errors import FileRefused
from xiezuo.conform.conform import Conformed
from xiezuo.conform.intake import Taken
from xiezuo.conform.readers import Sheet
from xiezuo.conform.rows.reader import Finding
from xiezuo.declared.contracts import load_contracts

SAMPLE = 40
SOMEBODY = "990000199003078883"
PAYMENTS = "资金支付明细_2022-12"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def cases(folder: Path) -> Cases:
    return Cases.of_sample(settings_in(folder), 1, folder / "sample")


@pytest.fixture(scope="module")
def untouched(cases: Cases, folder: Path) -> list[tuple[Taken, list[Sheet]]]:
    """Return what is read of the files of all ledgers as they were sent, those of labour stations but for one."""
    sent = [kind[-1] for kind in cases.kinds]
    return Reader(settings_in(folder)).read([Case(n, one.place, one.data, ()) for n, one in enumerate(sent)])


@pytest.fixture
def payments(untouched: list[tuple[Taken, list[Sheet]]]) -> tuple[Taken, list[Sheet]]:
    """Return what is read of a ledger with amounts and a total, to be spoiled."""
    (found,) = [one for one in untouched if PAYMENTS in one[0].landing["details"]["place"]]
    return copy.deepcopy(found)


def test_a_sample_of_spoiled_ledgers_is_accounted_for(cases: Cases, folder: Path) -> None:
    """As `make fuzz` does with thousands: nothing is at fault, and there was something to be at fault with."""
    tally = run(range(SAMPLE), cases, Reader(settings_in(folder)))
    assert tally.faults == {}
    assert tally.cases == SAMPLE
    assert tally.accepted > SAMPLE // 4
    assert tally.refused.total() > 2
    assert tally.rows > 100
    assert tally.held > 10


def test_a_seed_and_a_number_make_the_same_case(cases: Cases) -> None:
    """Whatever was made before; another seed makes another."""
    contracts = load_contracts(settings_in(Path()).root).values()
    again, other = (Cases(cases.kinds, contracts, seed) for seed in (1, 2))
    assert [again.case(number) for number in (40, 3)] == [cases.case(number) for number in (40, 3)]
    assert cases.case(3) != cases.case(4)
    assert [other.case(number) for number in range(5)] != [cases.case(number) for number in range(5)]


def test_ledgers_as_they_were_sent_are_accepted_and_accounted_for(untouched: list[tuple[Taken, list[Sheet]]]) -> None:
    """All datasets that come as files are among them."""
    found = {part.contract.dataset for taken, _ in untouched for part in taken.parts}
    contracts = load_contracts(settings_in(Path()).root)
    from_files = {name for name, one in contracts.items() if any(feed.kind == "file" for feed in one.feeds.values())}
    assert found == from_files - {"fund_allocation"}, "the sample has allocations in its finance ledger only"
    outcomes = [judge(taken, sheets, str) for taken, sheets in untouched]
    assert all(outcome.is_accepted and not outcome.refusals for outcome in outcomes)
    assert [outcome.faults for outcome in outcomes if outcome.faults] == []


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mutation_changes_a_book(name: str, cases: Cases) -> None:
    """At least now and then: one that never does would test nothing."""
    sheets = [grid for kind in cases.kinds for ledger in kind for grid in ledger.book]
    material, chance = Material(["开户行"], sheets), Random(4)
    changed = 0
    for sheet in sheets[:12]:
        book = [sheet.copy()]
        MUTATIONS[name](book, chance, material)
        changed += book != [sheet]
    assert changed >= 6


@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_a_damage_changes_a_file(name: str, cases: Cases) -> None:
    files = [kind[0].data for kind in cases.kinds]
    assert sum(DAMAGES[name](data, Random(4)) != data for data in files) > len(files) // 2


def test_what_is_written_is_read_again(cases: Cases, folder: Path) -> None:
    """A ledger is accepted in every format, with as many rows and as many yuan as it has in its own."""
    (ledger,) = [one for kind in cases.kinds for one in kind if PAYMENTS in one.place]
    written = [FORMATS[name](ledger.book, Random(8)) for name in FORMATS]
    sent = [Case(n, ledger.place, data, ()) for n, data in enumerate([ledger.data, *written])]
    read = Reader(settings_in(folder)).read(sent)
    assert [judge(taken, sheets, str).faults for taken, sheets in read] == [[] for _ in sent]
    tables = [taken.parts[0].tables[0] for taken, _ in read]
    assert len(tables[0].rows) > 10
    assert all((table.rows, table.amounts) == (tables[0].rows, tables[0].amounts) for table in tables)


def lose_row(taken: Taken, table: Conformed) -> None:
    del table.rows[0]


def repeat_row(taken: Taken, table: Conformed) -> None:
    table.rows.append(table.rows[0])


def lose_yuan(taken: Taken, table: Conformed) -> None:
    table.amounts.pop(table.rows[0]["row_no"])


def count_twice(taken: Taken, table: Conformed) -> None:
    table.rows[0]["amount_yuan"] *= 2


def take_other_unit(taken: Taken, table: Conformed) -> None:
    table.rows[0]["amount_yuan"] *= 10_000
    table.amounts[table.rows[0]["row_no"]] *= 10_000


def hold_back_unknown_row(taken: Taken, table: Conformed) -> None:
    taken.parts[0].findings[0].append(Finding(9_999, "x", "REQUIRED", "不能为空"))


def give_no_reason(taken: Taken, table: Conformed) -> None:
    taken.parts[0].findings[0].append(Finding(table.table.rows[0][0], "x", "REQUIRED", "error"))


def load_unreadable(taken: Taken, table: Conformed) -> None:
    table.unreadable_amounts.add(table.rows[0]["row_no"])


def forget_lines(taken: Taken, table: Conformed) -> None:
    table.table = replace(table.table, ignored_rows=1)


def keep_total_to_itself(taken: Taken, table: Conformed) -> None:
    table.warnings.clear()


def mix_lines(taken: Taken, table: Conformed) -> None:
    (_, first), (_, second) = table.table.rows[:2]
    for name, cell in second.items():
        first[name] = cell


def name_somebody(taken: Taken, table: Conformed) -> None:
    table.warnings.append(f"未使用的列：{SOMEBODY}")


def store_somebody(taken: Taken, table: Conformed) -> None:
    table.rows[0]["purpose"] = f"某人{SOMEBODY}"


def show_trace(taken: Taken, table: Conformed) -> None:
    table.warnings.append('File "reader.py", line 3')


def store_unstorable(taken: Taken, table: Conformed) -> None:
    table.rows[0]["purpose"] = "a\0b"


def raise_error(taken: Taken, table: Conformed) -> None:
    taken.parts[0].error = KeyError("x")


def refuse_without_sentence(taken: Taken, table: Conformed) -> None:
    taken.parts[0].error = FileRefused("NOT_FOUND", "not found")


def say_nothing(taken: Taken, table: Conformed) -> None:
    taken.parts.clear()


FAULTS: Sequence[Callable[[Taken, Conformed], None]] = (
    lose_row, repeat_row, lose_yuan, count_twice, take_other_unit, hold_back_unknown_row, give_no_reason, load_unreadable,
    forget_lines, keep_total_to_itself, mix_lines, name_somebody, store_somebody, show_trace, store_unstorable, raise_error,
    refuse_without_sentence, say_nothing,
)  # fmt: skip


@pytest.mark.parametrize("commit", FAULTS, ids=[fault.__name__ for fault in FAULTS])
def test_a_fault_of_the_reader_is_found_out(
    commit: Callable[[Taken, Conformed], None], payments: tuple[Taken, list[Sheet]]
) -> None:
    taken, sheets = payments
    assert judge(taken, sheets, str).faults == []
    commit(taken, taken.parts[0].tables[0])
    assert judge(taken, sheets, str).faults


def test_a_hang_is_ended_by_processor_time() -> None:
    """Waiting costs none of it, so that a busy machine ends nothing."""

    def hang() -> None:
        with at_most(0.05):
            while True:
                pass

    with pytest.raises(TookTooLong):
        hang()


@pytest.mark.parametrize(
    ("samples", "grows"),
    [
        ([200.0 + n / 10 for n in range(400)], True),
        ([200.0 + min(n, 100) for n in range(400)], False),
        ([200.0 + (90 if n % 20 == 0 else 0) for n in range(400)], False),
        ([200.0] * (FEWEST_SAMPLES - 1), False),
    ],
    ids=["each a little more", "full after a quarter", "single large files", "too few"],
)
def test_memory_that_grows_is_told_from_memory_that_fills_up(samples: list[float], grows: bool) -> None:
    tally = Tally(memory=[samples, [100.0] * 400])
    assert len(tally.growing) == grows
