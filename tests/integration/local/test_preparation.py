"""What the launcher looks at before it starts Airflow, on a real inbox and warehouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from xiezuo_local.console import Console
from xiezuo_local.instance import Instance
from xiezuo_local.preparation import nothing_waits
from xiezuo_local.waiting import Patience


@pytest.fixture
def waits(office: Any) -> Callable[[], bool]:
    instance = Instance(office.settings.environ)
    return lambda: not nothing_waits(instance, Patience(Console(0), instance.logs))


def test_a_file_waits_until_its_content_is_loaded(office: Any, waits: Callable[[], bool]) -> None:
    assert not waits()
    rows = [["会议时间", "会议类型", "议题"], ["2022-03-20", "政府常务会", "东西部协作工作"]]
    office.drop("work/会议.csv", rows)
    assert waits()
    assert waits(), "looking is not loading"
    assert [batch["state"] for batch in office.take("work")] == ["loaded"]
    assert not waits()
    office.drop("work/会议.csv", [*rows, ["2022-05-20", "政府常务会", "消费帮扶"]])
    assert waits()
