"""A pipeline as Airflow's tutorial builds one, with Great Expectations in the task as its documentation has it.

``get_data`` reads the pages into one frame, validates it by a checkpoint and appends what passed to a
staging table; ``merge_data`` upserts. Both run as plain functions in our own environment: what Airflow
adds around them is not what is compared. The suite is the bench's own twenty rules, and that what is
required is there; check digits of credit codes have no stock expectation and are not looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
import sqlalchemy as sa
import yaml

from bench.peers.frames import columns, engine, make, tables, upsert
from bench.peers.pages import items
from bench.task import timed

SUITE = Path(__file__).parents[1] / "sales_order.rows.yaml"
COMPLETE = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_no"]}
REQUIRED = ("shop_uscc", "payment_yuan", "modified_at")
STATUSES = {
    "WAIT_BUYER_PAY": "unpaid", "WAIT_SELLER_SEND_GOODS": "paid", "WAIT_BUYER_CONFIRM_GOODS": "paid",
    "TRADE_FINISHED": "paid", "TRADE_CLOSED": "closed",
}  # fmt: skip
COLUMNS = {
    "sku": "sku_id", "quantity": "num", "payment_yuan": "payment", "refund_yuan": "refund_fee",
    "created_at": "created", "paid_at": "pay_time", "modified_at": "modified", "finished_at": "end_time",
}  # fmt: skip
TABLES = tables(columns())


def read() -> pd.DataFrame:
    """Return all orders as one frame with the suite's column names; what cannot be read is missing."""
    frame = pd.DataFrame([item for page in items(1) for item in page])
    frame = frame.rename(columns={raw: name for name, raw in COLUMNS.items()})
    for name in ("payment_yuan", "refund_yuan", "quantity"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    for name in ("created_at", "paid_at", "modified_at", "finished_at"):
        moments = pd.to_datetime(frame[name], format="%Y-%m-%d %H:%M:%S", errors="coerce")
        frame[name] = moments.dt.tz_localize("Asia/Shanghai")
    frame["platform"] = "taobao"
    frame["status"] = frame["status"].map(STATUSES)
    frame["is_payment_dated"] = (frame["status"] != "paid") | frame["paid_at"].notna()
    frame["row_no"] = range(1, len(frame) + 1)
    return frame


def validate(frame: pd.DataFrame) -> set[int]:
    """Return the numbers of the rows that break a rule."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # a plain dict is documented
    asset = context.data_sources.add_pandas("pages").add_dataframe_asset("orders")
    batch = asset.add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite(name="orders", expectations=expectations()))
    definition = gx.ValidationDefinition(name="orders", data=batch, suite=suite)
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name="orders",
            validation_definitions=[context.validation_definitions.add(definition)],
            result_format=COMPLETE,
        )
    )
    outcome = checkpoint.run(batch_parameters={"dataframe": frame})
    results = [one for run in outcome.run_results.values() for one in run.results]
    return {place["row_no"] for one in results for place in one.result.get("unexpected_index_list") or ()}


def expectations() -> list[dict[str, Any]]:
    """Return the bench's suite and what is required."""
    own = yaml.safe_load(SUITE.read_text(encoding="utf-8"))["expectations"]
    present = [{"type": "expect_column_values_to_not_be_null", "kwargs": {"column": name}} for name in REQUIRED]
    statuses = sorted(set(STATUSES.values()))
    known = {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "status", "value_set": statuses}}
    listed = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "status"}}
    return [{"type": one["type"], "kwargs": one["kwargs"]} for one in own] + [*present, known, listed]


def get_data(connection: sa.Connection) -> None:
    """Read, validate, append what passed to the staging table."""
    frame = read()
    passed = frame[~frame["row_no"].isin(validate(frame))].drop(columns=["platform", "is_payment_dated", "row_no"])
    staged = passed.rename(columns=COLUMNS)
    staged.to_sql("staged", connection, schema="peer", if_exists="append", index=False, chunksize=10_000)


def merge_data(connection: sa.Connection) -> None:
    """Upsert the staged orders."""
    upsert(connection, *TABLES)


def pipeline() -> None:
    """Make the tables and run the two tasks."""
    database = engine()
    with database.begin() as connection:
        make(connection, TABLES[0])
    for step in (get_data, merge_data):
        with database.begin() as connection:
            step(connection)


if __name__ == "__main__":
    timed(pipeline)
