"""What rules said of the deliveries that came in, month by month, and examples of what they held back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import dict_row

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.suites import load_rules
from xiezuo.warehouse import access


def months(settings: Settings, counties: Sequence[str]) -> list[str]:
    """Return the months in which deliveries of some counties were taken in and judged, the newest first."""
    return [row["month"] for row in _rows(settings, "pages/months_judged", counties=list(counties))]


def by_month(
    settings: Settings, counties: Sequence[str], *, month: str = "", dataset: str = "", rule_id: str = ""
) -> list[dict[str, Any]]:
    """Return one row a dataset, rule, severity and month in which deliveries of some counties were taken in.

    ``dataset, rule_id, zh, en, severity, month`` (``2022-09``), ``batches`` judged, ``evaluated`` rows (of a gate
    rule: deliveries), ``failed`` of them, ``share`` from 0 to 1, None where nothing was evaluated. ``zh`` and ``en``
    are empty where no suite has the rule any more. Of one month, dataset or rule where they are named.
    """
    known = [
        (dataset, rule)
        for dataset in load_contracts(settings.root)
        for kind in ("gate", "rows")
        for rule in load_rules(settings.root, dataset, kind)
    ]
    return _rows(
        settings, "pages/rules", counties=list(counties), month=month, dataset=dataset, rule_id=rule_id,
        datasets=[dataset for dataset, _ in known], rule_ids=[rule.rule_id for _, rule in known],
        zh=[rule.zh for _, rule in known], en=[rule.en for _, rule in known],
    )  # fmt: skip


def examples(
    settings: Settings, dataset: str, rule_id: str, counties: Sequence[str], *, limit: int = 20
) -> list[dict[str, Any]]:
    """Return the latest rows that a rule held back: ``file, sheet, row_no, column_name, reason_zh, state`` of each.

    Nothing of what the row says is in them. ``rule_id`` may also be a reason of conforming, such as ``REQUIRED``. Of
    a warning, which holds nothing back, there are none.
    """
    facts = {"counties": list(counties), "dataset": dataset, "rule_id": rule_id, "limit": limit}
    return _rows(settings, "pages/rule_examples", **facts)


def _rows(settings: Settings, statement: str, **names: Any) -> list[dict[str, Any]]:
    with access.connect(settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(settings.root, statement), names).fetchall()
