"""Findings of checks, and what people say to them: an answer is to a finding as it was, and stays."""

from __future__ import annotations

from typing import Any

from psycopg.rows import dict_row

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access


def listed(settings: Settings, county: str | None, *, unanswered: bool = False) -> list[dict[str, Any]]:
    """Return what checks found, with the answer to each; ``earlier`` are answers to what it was before."""
    with access.connect(settings) as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(read_sql(settings.root, "checked/listed"), {"county_code": county}).fetchall()
    return [row for row in rows if row["answer_zh"] is None or not unanswered]


def answer(settings: Settings, county: str, check_id: str, period: str, *, by: str, said: str) -> None:
    """Keep what a person says to a finding as it is now.

    Raises:
        ConfigError: the check found nothing there, or nobody says anything.
    """
    if not by.strip() or not said.strip():
        raise ConfigError("an answer takes a person and a text", zh="请写明答复人和答复内容")
    mask = Privacy.of(settings).mask_free_text
    facts = {
        "county_code": county, "check_id": check_id, "period": period, "answer_zh": mask(said.strip()),
        "answered_by": mask(by.strip()), "answered_at": settings.now(),
    }  # fmt: skip
    with access.connect(settings) as connection:
        if not connection.execute(read_sql(settings.root, "checked/answer"), facts).rowcount:
            raise ConfigError(
                f"{check_id} found nothing for {period or 'no period'}",
                zh=f"核对 {check_id} 在 {period or '全部期间'} 没有需要答复的内容",
                next_step="用 xiezuo check list 查看",
            )  # fmt: skip
