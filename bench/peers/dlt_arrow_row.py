"""dlt at its best, given the floor's rows: what :mod:`bench.peers.dlt_arrow` does, into as many columns as ours."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.csv

from bench.peers import ready
from bench.peers.dlt_arrow import load

BLOCK = 50_000_000
ARROW = {
    "text": pa.string(), "character": pa.string(), "smallint": pa.int16(), "bigint": pa.int64(),
    "date": pa.date32(), "timestamp with time zone": pa.timestamp("us", tz="UTC"),
}  # fmt: skip
MONEY, QUANTITY = pa.decimal128(18, 2), pa.decimal128(20, 4)


def tables() -> Iterator[pa.Table]:
    """Yield Arrow tables of some hundred thousand rows."""
    kinds = {name: _arrow(name, kind) for name, kind in ready.columns().items()}
    with pyarrow.csv.open_csv(
        ready.path(),
        read_options=pyarrow.csv.ReadOptions(column_names=list(kinds), block_size=BLOCK),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=kinds, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    ) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def _arrow(name: str, kind: str) -> pa.DataType:
    if kind == "numeric":
        return MONEY if name.endswith("_yuan") else QUANTITY
    return ARROW[kind]


if __name__ == "__main__":
    load(tables, ready.key())
