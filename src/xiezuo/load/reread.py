"""Deliveries read again from the bytes they came in: after a decision they are what they would have been.

What a delivery left behind is taken out, and it is loaded as if it came now. All of it happens in the caller's
transaction, so that nobody sees the warehouse between the two, and a kill leaves it as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from xiezuo.base.settings import Settings
from xiezuo.conform.intake import Intake, Landed
from xiezuo.load.load import Loader, lock_dataset
from xiezuo.load.taken_out import Batch, Before, TakenOut
from xiezuo.load.taker import Taker, read_again


def lock_datasets(connection: psycopg.Connection, intake: Intake, county_code: str) -> None:
    """Let nothing of the county be loaded until the transaction ends, in the order in which loads lock."""
    for dataset in sorted(intake.contracts):
        lock_dataset(connection, county_code, dataset)


def reread(
    connection: psycopg.Connection, settings: Settings, intake: Intake, county_code: str, landings: Sequence[Landed]
) -> list[Batch]:
    """Take out what these landings of a county left behind, then load each anew; return the batches as recorded.

    Those that were loaded come first and are asked nothing; of these, returns come after what they answer.
    """
    out = TakenOut(connection, settings, intake, county_code)
    before = [(landing, out.take_out(landing)) for landing in landings]
    taker = Taker(settings, intake)
    done: list[Batch] = []
    datasets: set[str] = set()
    for landing, was in sorted(before, key=_turn):
        batches = taker.load(connection, read_again(settings, intake, landing), asks=not was.was_loaded)
        out.put_back(batches, was)
        datasets |= {batch["dataset"] for batch in (*batches, *was.batches) if batch["dataset"]}
        done += batches
    loader = Loader(connection, settings, intake.privacy)
    for dataset in sorted(datasets):
        loader.settle_quarantine(county_code, dataset)
    return done


def _turn(one: tuple[Landed, Before]) -> tuple[bool, bool, str]:
    landing, was = one
    is_return = "answers" in landing["details"]
    return not was.was_loaded, is_return, landing["landed_at"] if is_return else ""
