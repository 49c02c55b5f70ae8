"""Rows that were held back, as people decide about them."""

from __future__ import annotations

from collections.abc import Sequence

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access


def waive(settings: Settings, county: str, ids: Sequence[str], *, reason: str, by: str | None = None) -> int:
    """Note why rows need not wait for a correction; return of how many reasons that holds now.

    ``ids`` are quarantine_ids. The close list shows the rows as explained from then on.

    Raises:
        ConfigError: no county, no reason, or nobody decides.
    """
    if not county or not reason.strip():
        raise ConfigError("an explanation takes --county and --reason", zh="说明隔离数据须给出县代码和理由")
    if by is not None and not by.strip():
        raise ConfigError("a waiver takes --by", zh="请写明由谁决定（--by）")
    said = reason.strip() if by is None else f"{reason.strip()}（{by.strip()}）"
    names = {
        "county_code": county,
        "quarantine_ids": list(ids),
        "explanation_zh": Privacy.of(settings).mask(said),
    }
    with access.connect(settings) as connection:
        states = connection.execute(read_sql(settings.root, "publish/explain"), names).fetchall()
    count: int = sum(state == "explained" for (state,) in states)
    if not count:
        raise ConfigError(f"no row of {county} waits under {' '.join(ids)}", zh="没有这样等待更正的行")
    return count
