"""Passwords are set by their owners, by links that work once; nothing that is kept lets anybody in."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiezuo import cli
from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.cli import people as command
from xiezuo.declared.people import ROLES, Person, load_people, people_file
from xiezuo.operations import accounts

PASSWORD = "山海-xie-zuo-2022"
WANG = Person(account="wangwei", name="王伟", role="clerk")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"XIEZUO_HOME": str(tmp_path / "home"), "XIEZUO_NOW": "2022-12-31T23:00:00+08:00"})


def kept(settings: Settings) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in people_file(settings).parent.iterdir())


def test_a_link_lets_its_owner_set_a_password_once(settings: Settings) -> None:
    code = accounts.add(settings, WANG)
    assert accounts.logged_in(settings, "wangwei", "") is None
    assert accounts.set_password(settings, code, PASSWORD) == "wangwei"
    person, mark = accounts.logged_in(settings, "wangwei", PASSWORD) or (None, "")
    assert (person, mark) == (WANG, accounts.session_mark(settings, "wangwei"))
    assert accounts.logged_in(settings, "wangwei", PASSWORD + "x") is None
    assert accounts.logged_in(settings, "liqiang", PASSWORD) is None
    with pytest.raises(ConfigError, match="used"):
        accounts.set_password(settings, code, "another-password")


def test_neither_code_nor_password_is_kept_and_files_are_their_owners(settings: Settings) -> None:
    code = accounts.add(settings, WANG)
    assert code not in kept(settings)
    accounts.set_password(settings, code, PASSWORD)
    assert PASSWORD not in kept(settings)
    folder = people_file(settings).parent
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir() if path.suffix in {".yaml", ".json"})


def test_a_new_link_ends_password_sessions_and_the_link_before(settings: Settings) -> None:
    first = accounts.add(settings, WANG)
    second = accounts.invite(settings, "wangwei")
    with pytest.raises(ConfigError):
        accounts.set_password(settings, first, PASSWORD)
    accounts.set_password(settings, second, PASSWORD)
    mark = accounts.session_mark(settings, "wangwei")
    accounts.invite(settings, "wangwei")
    assert accounts.logged_in(settings, "wangwei", PASSWORD) is None
    assert accounts.session_mark(settings, "wangwei") != mark


def test_a_link_is_too_old_after_a_week(settings: Settings) -> None:
    code = accounts.add(settings, WANG)
    later = Settings.from_env({**settings.environ, "XIEZUO_NOW": "2023-01-08T00:00:00+08:00"})
    with pytest.raises(ConfigError, match="too old"):
        accounts.set_password(later, code, PASSWORD)
    assert accounts.set_password(settings, code, PASSWORD) == "wangwei"


@pytest.mark.parametrize("easy", ["short-1", "aaaaaaaaaaaaa", "wangwei-2022!"])
def test_an_easy_password_is_refused_and_the_link_still_works(settings: Settings, easy: str) -> None:
    code = accounts.add(settings, WANG)
    with pytest.raises(ConfigError, match="too easy"):
        accounts.set_password(settings, code, easy)
    assert accounts.set_password(settings, code, PASSWORD) == "wangwei"


def test_who_is_removed_is_out_and_the_next_of_that_account_begins_anew(settings: Settings) -> None:
    accounts.set_password(settings, accounts.add(settings, WANG), PASSWORD)
    accounts.remove(settings, "wangwei")
    assert (accounts.logged_in(settings, "wangwei", PASSWORD), load_people(settings).people) == (None, ())
    accounts.add(settings, WANG)
    assert accounts.logged_in(settings, "wangwei", PASSWORD) is None
    with pytest.raises(ConfigError, match="no account"):
        accounts.remove(settings, "liqiang")


@pytest.mark.parametrize("other", [{"account": "wangwei"}, {"name": "王 伟"}])
def test_nobody_is_named_twice_and_a_refusal_changes_nothing(settings: Settings, other: dict[str, str]) -> None:
    accounts.add(settings, WANG)
    before = kept(settings)
    with pytest.raises(ConfigError, match="not usable"):
        accounts.add(settings, Person.model_validate({"account": "liqiang", "name": "李强", "role": "head"} | other))
    assert kept(settings) == before


def test_the_command_line_knows_every_role() -> None:
    assert tuple(ROLES) == command.ROLES


def test_the_command_line_names_lists_and_shows_a_link_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.home.mkdir()
    for name, text in {**settings.environ, "XIEZUO_BASE_URL": "https://xz.example/"}.items():
        monkeypatch.setenv(name, text)
    words = ["people", "add", "wangwei", "--name", "王伟", "--role", "clerk", "--contact", "json://secret-word"]
    assert cli.main(words) == 0
    link = capsys.readouterr().out.splitlines()[-1]
    assert link.startswith("https://xz.example/auth/first#")
    assert cli.main(["people", "list"]) == cli.main(["people", "list", "--json"]) == 0
    said = capsys.readouterr().out
    assert "王伟  经办人" in said
    assert "620422 尚未登记：办公室负责人、分管领导" in said
    assert "secret-word" not in said
    assert link.partition("#")[2] not in said
    assert cli.main(["people", "add", "li", "--name", "王伟", "--role", "head"]) == 2
    assert cli.main(["people", "invite", "wangwei"]) == cli.main(["people", "remove", "wangwei"]) == 0
    assert load_people(settings).people == ()
