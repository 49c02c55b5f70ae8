"""The clock: in +08:00 always, movable, and never silently wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from xiezuo.base import clock
from xiezuo.base.errors import ConfigError


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2022-12-31T23:00:00+08:00", "2022-12-31T23:00:00+08:00"),
        ("2022-12-31T23:00:00Z", "2023-01-01T07:00:00+08:00"),
        (" 2022-12-31T23:00:00-05:00 ", "2023-01-01T12:00:00+08:00"),
    ],
)
def test_a_fixed_time_is_the_time_in_shanghai(said: str, meant: str) -> None:
    assert clock.now({"XIEZUO_NOW": said}).isoformat() == meant


@pytest.mark.parametrize("said", ["2022-12-31T23:00:00", "2022-12-31", "yesterday", "1672498800"])
def test_a_time_without_an_offset_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(ConfigError, match="XIEZUO_NOW") as refused:
        clock.now({"XIEZUO_NOW": said})
    assert "+08:00" in refused.value.next_step


@pytest.mark.parametrize("environ", [{}, {"XIEZUO_NOW": " "}])
def test_without_it_the_machine_tells(environ: dict[str, str]) -> None:
    found = clock.now(environ)
    assert found.utcoffset() == timedelta(hours=8)
    assert abs(found - datetime.now(clock.SHANGHAI)) < timedelta(minutes=5)
