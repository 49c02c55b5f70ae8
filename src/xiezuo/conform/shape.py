"""Looking a file over before its rows are judged: slipped columns, doubtful units, what is gone since last time.

What refuses follows from the file alone; what compares with earlier files only warns, since it depends on
what happened to arrive before (docs/decisions/0014-drift-and-magnitude.md).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import psycopg

from xiezuo.base.sql_files import read_sql
from xiezuo.conform.conform import Conformed
from xiezuo.conform.shape_drift import Shape, refuse_retyped, renamed, two_digit_years, warnings
from xiezuo.conform.shape_units import check_units
from xiezuo.values.privacy import Privacy


def examine(conformed: Conformed, privacy: Privacy) -> None:
    """Judge the columns of one conformed sheet as wholes, and warn of headers that look like missing ones.

    Raises:
        GateClosed: most of a column cannot be read.
        FileRefused: the typical amount of a column betrays another unit.
    """
    table = conformed.table
    fields = table.contract.feed_fields(table.feed)
    refuse_retyped(table, conformed.findings)
    check_units(table, fields, conformed.rows)
    conformed.warnings.extend(_off_count(conformed))
    said = [*renamed(fields, table), *two_digit_years(table, fields)]
    conformed.warnings.extend(map(privacy.mask, said))
    conformed.shape = Shape.of(table, fields, conformed.rows).as_json()


def _off_count(conformed: Conformed) -> list[str]:
    """Warn where a total of people or posts is not the sum of the rows: it may well leave repeats out."""
    declared, counts = conformed.table.declared_count, conformed.counts.values()
    summed = sum((count for count in counts if count is not None), Decimal(0))
    if declared is None or declared == summed:
        return []
    return [f"合计行写的是 {declared.normalize():f}，各行相加是 {summed:f}，请核对"]


def compare(connection: psycopg.Connection, root: Path, county_code: str, conformed: Conformed) -> None:
    """Warn of what the sheet lacks, or states in another unit, against its reporting unit's file before.

    What is no sheet of a file has no shape, and is compared with nothing.
    """
    if not conformed.shape:
        return
    table = conformed.table
    names = {
        "county_code": county_code, "dataset": table.contract.dataset, "feed": table.feed,
        "reporting_unit": table.reporting_unit, "version": conformed.version,
    }  # fmt: skip
    before = connection.execute(read_sql(root, "load/shape_before"), names).fetchone()
    if before is not None:
        now = Shape.from_json(conformed.shape)
        conformed.warnings.extend(warnings(now, Shape.from_json(before[0]), table.contract.feed_fields(table.feed)))
