"""Settings: the environment of the interface, with its defaults and its refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings


def test_defaults_follow_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing set: state lies in ./.xiezuo, inbox and out in it, the server is the embedded one."""
    monkeypatch.chdir(tmp_path)
    found = Settings.from_env({})
    assert (found.home, found.inbox, found.out) == tuple(
        tmp_path / ".xiezuo" / part for part in ("", "inbox", "out")
    )
    assert (found.warehouse_url, found.inbox_settle) == (None, 60.0)
    assert found.counties_path == found.root / "include" / "counties.yaml"
    assert found.counties_path.is_file()
    assert found.divisions_dir.is_dir()
    assert found.landing_dir.parent == found.secrets_dir.parent == found.home


def test_every_variable_is_read(tmp_path: Path) -> None:
    names = ("HOME", "INBOX", "OUT", "COUNTIES", "DIVISIONS")
    environ = {f"XIEZUO_{name}": str(tmp_path / name) for name in names}
    found = Settings.from_env(
        environ
        | {
            "XIEZUO_WAREHOUSE_URL": "postgresql://x",
            "XIEZUO_INBOX_SETTLE": "0",
            "XIEZUO_NOW": "2022-12-31T00:00:00Z",
        }
    )
    assert [found.home, found.inbox, found.out, found.counties_path, found.divisions_dir] == [
        tmp_path / n for n in names
    ]
    assert (found.warehouse_url, found.inbox_settle, found.now().hour) == ("postgresql://x", 0.0, 8)


def test_the_embedded_server_may_be_asked_for_outright() -> None:
    assert Settings.from_env({"XIEZUO_WAREHOUSE_URL": "embedded"}).warehouse_url is None


def test_an_empty_variable_is_an_unset_one(tmp_path: Path) -> None:
    """As compose files and .env write what is not given."""
    found = Settings.from_env(
        {
            "XIEZUO_HOME": str(tmp_path),
            "XIEZUO_INBOX": "",
            "XIEZUO_WAREHOUSE_URL": "",
            "XIEZUO_INBOX_SETTLE": "",
        }
    )
    assert (found.inbox, found.warehouse_url, found.inbox_settle) == (tmp_path / "inbox", None, 60.0)


@pytest.mark.parametrize("said", ["soon", "-1", "1m"])
def test_a_settle_time_that_is_no_number_is_refused(said: str) -> None:
    with pytest.raises(ConfigError, match="XIEZUO_INBOX_SETTLE"):
        Settings.from_env({"XIEZUO_INBOX_SETTLE": said})


def test_a_root_without_include_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="include"):
        Settings.from_env({"XIEZUO_ROOT": str(tmp_path)})


def test_settings_show_no_secret() -> None:
    """What ends up in a log or a traceback holds neither the environment nor the warehouse's password."""
    found = Settings.from_env(
        {"AIRFLOW_CONN_SALES_620422_X": "hush-hush", "XIEZUO_WAREHOUSE_URL": "postgresql://u:hush-hush@h/d"}
    )
    assert "hush-hush" not in repr(found)
