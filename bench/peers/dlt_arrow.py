"""dlt at its best: Arrow tables in, loaded as Parquet through ADBC (binary COPY), merged by primary key."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence

import dlt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from bench.peers.pages import KEY, MOMENTS, MONEY, lines, url
from bench.task import timed

PAGES_AT_ONCE = 1000


def tables() -> Iterator[pa.Table]:
    """Yield typed Arrow tables of a hundred thousand orders."""
    for block in lines(PAGES_AT_ONCE):
        pages = pyarrow.json.read_json(io.BytesIO(b"".join(block)))
        orders = pa.Table.from_struct_array(pages.column("rows").combine_chunks().flatten())
        for name in MONEY:
            orders = _cast(orders, name, pa.decimal128(18, 2))
        for name in MOMENTS:
            orders = _cast(orders, name, pa.timestamp("us"))
        yield orders


def _cast(orders: pa.Table, name: str, kind: pa.DataType) -> pa.Table:
    column = orders.column(name).cast(kind)
    if pa.types.is_timestamp(kind):
        column = pc.assume_timezone(column, "Asia/Shanghai")
    return orders.set_column(orders.column_names.index(name), name, column)


def load(tables: Callable[[], Iterator[pa.Table]], key: Sequence[str]) -> None:
    """Upsert the tables by ``key``, timed."""
    pipeline = dlt.pipeline("bench", destination=dlt.destinations.postgres(url()), dataset_name="peer")
    upsert = {"disposition": "merge", "strategy": "upsert"}
    orders = dlt.resource(tables, name="orders", write_disposition=upsert, primary_key=key)
    timed(lambda: pipeline.run(orders, loader_file_format="parquet").raise_on_failed_jobs())


if __name__ == "__main__":
    load(tables, KEY)
