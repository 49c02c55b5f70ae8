"""A few disturbed runs in every run of the tests; `make crash-sweep` has thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest

from sweeps.crash.cases import RACE, WEIGHTS, Cases
from sweeps.crash.site import connected
from sweeps.crash.strikes import KINDS
from tests.conftest import TEMPLATE
from xiezuo.base.settings import Settings


@pytest.fixture(scope="module")
def cases(fresh: Callable[..., Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    settings = fresh(tmp_path_factory.mktemp("crash"))
    with connected(settings, TEMPLATE, is_smallest=True) as site:
        yield Cases(site, 1)


def test_every_kind_has_its_turn() -> None:
    assert {*WEIGHTS} == {*KINDS, RACE}


@pytest.mark.parametrize(("name", "share"), [("kill", 0.3), ("end_backends", 0.6), ("limit_server_files", 0.5), (RACE, 0.8)])
def test_the_run_after_a_disturbed_one_ends_in_the_same_warehouse(cases: Cases, name: str, share: float) -> None:
    result = cases.disturbed(name, int(cases.undisturbed.boundaries * share), Random(3))
    assert result.fault == ""
    assert name == RACE or result.ended != ("done",), "nothing was disturbed"


def test_a_loader_without_transactions_is_found_out(cases: Cases) -> None:
    """Killed while it loads; some boundaries lie where there is nothing to lose, but not all."""
    boundaries = (int(cases.undisturbed.boundaries * share) for share in (0.35, 0.45, 0.55, 0.65))
    assert any(cases.control(at).fault for at in boundaries)
