"""Which files of an inbox count, and what they are called outside it."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.fetch.inbox import file_at, inbox_files, place_of, seconds_to_settle
from xiezuo.fetch.plan import plan
from xiezuo.values.privacy import Privacy
from xiezuo_sample.codes import identity_number

PRIVACY = Privacy(b"k" * 32, Fernet.generate_key().decode())


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings.from_env({"XIEZUO_HOME": str(tmp_path), "XIEZUO_INBOX_SETTLE": "0"})


def drop(settings: Settings, *places: str, age: float = 5.0) -> None:
    for place in places:
        path = settings.inbox / "620422" / "labour" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(place, encoding="utf-8")
        os.utime(path, (time.time() - age, time.time() - age))


def names(settings: Settings) -> list[str]:
    return [path.name for path in inbox_files(settings, "labour", "620422")]


def test_files_count_in_any_folder_and_in_a_stable_order(home: Settings) -> None:
    drop(home, "b.xlsx", "2022/09/a.csv", "c.et", "没有后缀")
    assert names(home) == ["a.csv", "b.xlsx", "c.et", "没有后缀"]


def test_partial_lock_and_hidden_files_do_not_count(home: Settings) -> None:
    drop(home, "a.xlsx", "b.xlsx.part", "~$a.xlsx", ".DS_Store")
    (home.inbox / "620422" / "labour" / "folder.xlsx").mkdir()
    (home.inbox / "620422" / "labour" / "link.xlsx").symlink_to("/etc/hostname")
    assert names(home) == ["a.xlsx"]


def test_a_file_that_just_changed_waits(home: Settings) -> None:
    patient = replace(home, inbox_settle=60.0)
    drop(home, "old.xlsx", age=120)
    drop(home, "new.xlsx", age=5)
    assert names(patient) == ["old.xlsx"]
    assert names(home) == ["new.xlsx", "old.xlsx"]


def test_a_run_by_hand_knows_how_long_to_wait(home: Settings) -> None:
    patient = replace(home, inbox_settle=60.0)
    assert seconds_to_settle(patient) == 0
    drop(home, "old.xlsx", age=120)
    assert seconds_to_settle(patient) == 0
    drop(home, "new.xlsx", age=20)
    assert 0 < seconds_to_settle(patient) <= 40
    drop(home, "clock-is-off.xlsx", age=-3600)
    assert seconds_to_settle(patient) == 60
    assert seconds_to_settle(home) == 0


def test_an_inbox_that_is_not_there_is_empty(home: Settings) -> None:
    assert names(home) == []


def test_a_place_shows_no_number_and_leads_back_to_its_file(home: Settings) -> None:
    number = identity_number(3, date(1990, 1, 4))
    drop(home, f"张三{number}.xlsx", "b.xlsx")
    [path] = [path for path in inbox_files(home, "labour", "620422") if number in path.name]
    place = place_of(home, PRIVACY, path)
    assert number not in place
    assert place.startswith("620422/labour/张三〔证件号")
    assert file_at(home, PRIVACY, "labour", "620422", place) == path
    assert file_at(home, PRIVACY, "labour", "620422", "620422/labour/b.xlsx") == path.with_name("b.xlsx")
    assert file_at(home, PRIVACY, "labour", "620422", "620422/labour/gone.xlsx") is None


def test_an_unknown_source_or_county_is_refused(home: Settings) -> None:
    with pytest.raises(ConfigError, match="no source"):
        plan(home, "weather")
    with pytest.raises(ConfigError, match="999999"):
        plan(home, "labour", county="999999")
