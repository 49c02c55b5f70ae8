"""Who gets in to the pages: every route is asked as nobody, with a forged session, as a viewer and as those who act."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.airflow.probe import environment

OPEN = {"GET /healthz"}


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, airflow_database: Path) -> dict[str, dict[str, int]]:
    home = tmp_path_factory.mktemp("pages")
    shutil.copyfile(airflow_database, home / "airflow.db")
    environ = environment(
        home,
        AIRFLOW__CORE__AUTH_MANAGER="xiezuo_airflow.accounts.PeopleAuthManager",
        AIRFLOW__API_AUTH__JWT_SECRET="of-this-test-only-" * 4,
        AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=str(home / "passwords.json"),
        PYTHONPATH=f"{Path(__file__).parents[3] / 'plugins'}",
    )
    command = [sys.executable, str(Path(__file__).with_name("pages_probe.py"))]
    done = subprocess.run(command, cwd=home, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    found: dict[str, dict[str, int]] = json.loads((home / "answer.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("who", ["nobody", "forged"])
def test_every_route_refuses_without_a_login(walked: dict[str, dict[str, int]], who: str) -> None:
    asked = walked[who]
    assert len(asked) >= 12
    assert {route for route, status in asked.items() if status not in {401, 403}} == OPEN


def test_a_viewer_sees_and_does_nothing(walked: dict[str, dict[str, int]]) -> None:
    posts = {route: status for route, status in walked["chakan"].items() if route.startswith("POST")}
    assert posts
    assert set(posts.values()) == {403}
    gets = {route: status for route, status in walked["chakan"].items() if route.startswith("GET")}
    assert set(gets.values()) & {401, 403} == set()


@pytest.mark.parametrize("who", ["banshi", "yunwei"])
def test_those_who_act_are_let_in_and_another_county_is_not_there(walked: dict[str, dict[str, int]], who: str) -> None:
    asked = walked[who]
    assert set(asked.values()) & {401, 403} == set()
    assert asked["POST /acts/{act}"] == 404
    of_counties = [status for route, status in asked.items() if "{county}" in route]
    assert of_counties
    assert set(of_counties) == {404}


def test_no_other_site_has_anything_done(walked: dict[str, dict[str, int]]) -> None:
    assert walked["cross-site"] == {"POST /acts/waive": 403}
