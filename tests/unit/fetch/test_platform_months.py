"""Where a platform is read on from: behind the watermark, further behind once a week, never before the beginning."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from xiezuo.base.settings import Settings
from xiezuo.fetch.connections import PlatformConnection
from xiezuo.fetch.platform.months import PlatformMonths

YEAR = "2022-01-01T00:00"
THURSDAY, FRIDAY, NEXT_MONDAY = "2022-06-09T01:00", "2022-06-10T01:00", "2022-06-13T01:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+08:00")


def start(folder: Path, until: str, mark: tuple[str, str] | None, since: str = YEAR, history_days: int | None = None) -> datetime:
    """Return where a reading planned at ``until`` begins, of a platform loaded as ``mark`` says."""
    shop = PlatformConnection(
        conn_id="sales_620422_shop", county_code="620422", name="shop", base_url="http://127.0.0.1:1", app_key="k",
        secret="s", profile="top", platform="taobao", history_days=history_days,
    )  # fmt: skip
    marks = {} if mark is None else {shop.conn_id: (at(mark[0]), at(mark[1]))}
    shelf: Any = None  # nothing is landed here
    months = PlatformMonths(Settings.from_env({"XIEZUO_HOME": str(folder)}), shelf, at(until), at(since), marks)
    return months._start(shop)


@pytest.mark.parametrize(
    ("until", "mark", "since", "history_days", "begins"),
    [
        pytest.param(FRIDAY, None, YEAR, None, YEAR, id="never-read"),
        pytest.param(FRIDAY, (YEAR, THURSDAY), YEAR, None, "2022-06-09T00:50", id="ten-minutes-back"),
        pytest.param(NEXT_MONDAY, (YEAR, FRIDAY), YEAR, None, "2022-06-03T01:00", id="a-week-back-in-a-new-week"),
        pytest.param(NEXT_MONDAY, ("2022-06-08T00:00", FRIDAY), "2022-06-08T00:00", None, "2022-06-08T00:00", id="not-before-what-was-read"),
        pytest.param(FRIDAY, ("2022-03-01T00:00", THURSDAY), YEAR, None, YEAR, id="earlier-days-asked-for"),
        pytest.param(THURSDAY, (YEAR, FRIDAY), YEAR, None, "2022-06-09T00:50", id="a-plan-older-than-the-watermark"),
        pytest.param(FRIDAY, None, YEAR, 30, "2022-05-11T01:00", id="as-far-back-as-it-serves"),
    ],
)  # fmt: skip
def test_reading_goes_on_behind_the_watermark(
    tmp_path: Path, until: str, mark: tuple[str, str] | None, since: str, history_days: int | None, begins: str
) -> None:
    assert start(tmp_path, until, mark, since, history_days) == at(begins)
