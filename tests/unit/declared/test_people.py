"""The file of people is read whole or refused with a sentence that names the entry and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.people import People, Person, load_people, people_file, read_people, same

ONE = {"account": "wangwei", "name": "王伟", "role": "clerk", "counties": ["620422"], "contact": "json://secret-word"}


def read(folder: Path, text: str) -> People:
    path = folder / "people.yaml"
    path.write_text(text, encoding="utf-8")
    return read_people(path)


def test_nobody_is_named_without_a_file(tmp_path: Path) -> None:
    settings = Settings.from_env({"XIEZUO_HOME": str(tmp_path)})
    assert people_file(settings) == tmp_path / "people" / "people.yaml"
    assert load_people(settings) == People()
    assert read(tmp_path, "# nobody yet\n") == read(tmp_path, "people:\n") == People()


def test_people_are_read_as_written(tmp_path: Path) -> None:
    found = read(tmp_path, yaml.safe_dump({"people": [ONE, {"account": "li.q", "name": "李 强", "role": "head"}]}))
    assert found.of("wangwei") == Person.model_validate(ONE)
    assert [one.account for one in found.having("head", "620422")] == ["li.q"]
    assert [one.account for one in found.having("clerk", "530999")] == []


REFUSED = {
    "a role nobody knows": ({"role": "boss"}, "第 2 人（role）：角色须为"),
    "an account with capitals": ({"account": "WangWei"}, "小写字母"),
    "the account of the installation": ({"account": "admin"}, "系统自用"),
    "the same account": ({"account": "wangwei"}, "账号“wangwei”登记了两次"),
    "the same name": ({"name": "王 伟"}, "“王伟”登记了两次"),
    "a name of digits": ({"name": "10086"}, "姓名“10086”"),
    "a county that is a number": ({"counties": [620422]}, "数字请加引号"),
    "a county that is none": ({"counties": ["62"]}, "六位数字"),
    "a word that nothing is called": ({"password": "x"}, "没有这一项"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_right_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    change, words = REFUSED[name]
    other = {"account": "liqiang", "name": "李强", "role": "head", "contact": "json://secret-word"} | change
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, yaml.safe_dump({"people": [ONE, other]}))
    assert words in refused.value.zh
    assert "secret-word" not in f"{refused.value}{refused.value.zh}{refused.value.__cause__}"


@pytest.mark.parametrize("text", ["[]", "people: 王伟", "a: [", "people: [王伟]", "persons: []"])
def test_another_kind_of_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="is not usable"):
        read(tmp_path, text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ONE, "people"]), inner, max_size=3)))  # fmt: skip
def test_whatever_is_written_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, found: object) -> None:
    folder = tmp_path_factory.mktemp("people")
    for document in (found, {"people": found}, {"people": [found]}):
        try:
            assert isinstance(read(folder, yaml.safe_dump(document, allow_unicode=True)), People)
        except ConfigError as error:
            assert error.zh.startswith("人员名单")


def test_a_contact_is_not_shown() -> None:
    assert "secret-word" not in repr(Person.model_validate(ONE))


def test_names_are_compared_without_blanks_and_widths() -> None:
    assert same("王　伟") == same(" 王 伟") == same("王·伟") == same("王-伟.") == same("王伟") != same("王玮")
    assert same("王伟") != same("王伟（农业局）")
