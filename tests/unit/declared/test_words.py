"""The register of words: what files say, what contradicts, what a county decides; and which lists decide a figure."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from xiezuo.base.errors import ConfigError
from xiezuo.declared.contracts import FieldSpec, load_contracts
from xiezuo.declared.counties import County
from xiezuo.declared.deciding import columns_read, deciding
from xiezuo.declared.indicators import Header, Indicator
from xiezuo.declared.words import (
    Decision,
    Meaning,
    Words,
    aliases_of,
    contradictions,
    known_words,
    narrower,
    read_words,
)
from xiezuo.values import choice

HERE, THERE = County("620422", "会宁县", "白银市", "甘肃省", "和平区", "天津市"), County("530101", "云县", "云市", "云南省", "浦区", "上海市")
VALUES = {"lifted": ("脱贫户",), "monitored": ("监测户",), "ordinary": ("一般户",)}


def entry(value: str, *words: str, **more: Any) -> Words:
    return Words.model_validate({"value": value, "words": words, **more})


def decided(word: str, value: str | None, *days: date) -> Decision:
    first, last = (*days, None, None)[:2]
    return Decision("a.b", word, "rejected" if value is None else "accepted", value, first, last, "另有规定", "王主任")


def read(word: str, county: County = HERE, *, words: tuple[Words, ...] = (), decisions: tuple[Decision, ...] = ()) -> Any:
    known = known_words(VALUES, words, county, decisions)
    found = choice(word, known.meanings, narrower)
    return None if found is None else {meaning.value for meaning in found}


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"decided_by: 项目组\ndecided_on: 2022-01-01\n{text}", encoding="utf-8")
    return folder


def test_a_file_serves_its_field_and_those_it_names(tmp_path: Path) -> None:
    found = read_words(written(tmp_path, "a.b", "serves: [c.d]\nentries: [{value: x, words: [甲]}]"))
    assert {field: register for field, (register, _) in found.items()} == {"a.b": "a.b", "c.d": "a.b"}
    [words] = found["c.d"][1]
    assert (words.words, words.decided_by, words.decided_on) == (("甲",), "项目组", date(2022, 1, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("entries: [{value: x, words: []}]", "words"),
        ("entries: [{value: x, words: [甲], from: 2022-02-01, to: 2022-01-01}]", "to lies before from"),
        ("entries: [{value: x, words: [甲], until: 2022-01-01}]", "until"),
        ("entries: {", "a.b.yaml"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_words(written(tmp_path, "a.b", text))


def test_two_files_may_not_serve_one_field(tmp_path: Path) -> None:
    written(tmp_path, "a.b", "entries: [{value: x, words: [甲]}]")
    with pytest.raises(ConfigError, match=r"c\.d\.yaml and a\.b\.yaml both"):
        read_words(written(tmp_path, "c.d", "serves: [a.b]\nentries: [{value: x, words: [乙]}]"))


def test_words_of_a_field_that_no_contract_has_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "include/words", "a.b", "entries: [{value: x, words: [甲]}]")
    (tmp_path / "include/contracts").mkdir()
    with pytest.raises(ConfigError, match=r"no contract has a field a\.b"):
        load_contracts(tmp_path)


@pytest.mark.parametrize(
    ("entries", "names"),
    [
        ([entry("lifted", "甲户"), entry("ordinary", "甲 户")], ("lifted", "ordinary")),
        ([entry("ordinary", "脱贫户")], ("lifted", "ordinary")),
        ([entry("lifted", "甲户", to="2022-06-30"), entry("ordinary", "甲户", **{"from": "2022-06-30"})], ("lifted", "ordinary")),
        ([entry("lifted", "甲户", county="620422"), entry("ordinary", "甲户", county="620422")], ("lifted", "ordinary")),
    ],
)
def test_a_word_for_two_values_names_both(entries: list[Words], names: tuple[str, str]) -> None:
    [said] = contradictions(VALUES, entries)
    assert all(name in said for name in names)
    with pytest.raises(ValidationError, match="stands for both"):
        FieldSpec(type="enum", values=VALUES, words=tuple(entries))


@pytest.mark.parametrize(
    "entries",
    [
        [entry("lifted", "甲户", to="2022-06-30"), entry("ordinary", "甲户", **{"from": "2022-07-01"})],
        [entry("lifted", "甲户", county="620422"), entry("ordinary", "甲户", county="530101")],
        [entry("lifted", "甲户"), entry("lifted", "甲户", county="530101")],
        [entry("lifted", "甲户"), entry("ordinary", "甲户", county="530101")],
        [entry("lifted", "甲户", of_municipality=True), entry("ordinary", "甲户", of_municipality=False)],
    ],
)
def test_a_word_may_change_with_time_and_place(entries: list[Words]) -> None:
    assert list(contradictions(VALUES, entries)) == []


@pytest.mark.parametrize("wrong", [{"unknown": "keep"}, {"advisory": True}, {"type": "text"}])
def test_what_decides_cannot_be_kept_unknown(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="decides a figure"):
        FieldSpec.model_validate({"type": "enum", "decides": True, "values": VALUES, **wrong})


def test_words_of_a_value_the_contract_does_not_list_need_own_values() -> None:
    with pytest.raises(ValidationError, match="数字乡村"):
        FieldSpec(type="enum", values=VALUES, words=(entry("数字乡村", "数字乡村"),))
    assert FieldSpec(type="enum", values=VALUES, own_values=True, words=(entry("数字乡村", "数字"),)).value_names["数字乡村"]


def test_of_one_word_the_closest_meaning_holds() -> None:
    """A county's own goes before its province's, and that before everyone's; 市级 depends on who is the partner."""
    words = [
        entry("lifted", "甲户"), entry("ordinary", "甲户", province="云南省"), entry("lifted", "甲户", county="530101"),
        entry("lifted", "市级", of_municipality=True), entry("ordinary", "市级", of_municipality=False),
    ]  # fmt: skip
    places = {
        "530101": ("云南省", "上海市", "lifted", "lifted"), "530102": ("云南省", "江苏省", "ordinary", "ordinary"),
        "620422": ("甘肃省", "天津市", "lifted", "lifted"),
    }  # fmt: skip
    for code, (province, paired, own, level) in places.items():
        known = known_words({}, words, County(code, "甲县", "乙市", province, "丙区", paired), ()).meanings
        assert [[m.value for m in known[word]] for word in ("甲户", "市级")] == [[own], [level]], code
    assert "市级" not in known_words({}, words, None, ()).meanings


def test_a_county_s_words_are_its_own() -> None:
    local = (entry("lifted", "摘帽户", county="620422"),)
    assert read("摘帽户", words=local) == {"lifted"}
    assert read("摘帽户", THERE, words=local) is None


def test_a_decision_goes_before_what_is_shipped_and_can_be_taken_back() -> None:
    shipped = (entry("ordinary", "低保户"),)
    assert read("低保户", words=shipped, decisions=(decided("低保户", None),)) is None
    own = (decided("低保户", None), decided("低保户", "lifted"))
    assert read("低保户", words=shipped, decisions=own) == {"lifted"}
    assert read("低保户", words=shipped, decisions=(*own, decided("低保户", None))) is None
    assert known_words(VALUES, shipped, HERE, (decided("低保户", None),)).rejected == {"低保户": "另有规定"}


@pytest.mark.parametrize(
    ("typed", "says_class"),
    [("监测户", False), ("监测户（不稳定户）", True), ("不稳定户（监测户）", True), ("监测户-不稳定户", True), ("脱贫户（不稳定户）", None)],
)
def test_of_two_readings_side_by_side_the_one_that_says_more_holds(typed: str, says_class: bool | None) -> None:
    words = (entry("monitored", "不稳定户", sets={"monitor_class": ["unstable"]}),)
    found = choice(typed, known_words(VALUES, words, HERE, ()).meanings, narrower)
    assert (None if found is None else bool(found[0].sets)) is says_class


@given(st.dates(), st.dates(), st.dates(), st.dates())
def test_two_meanings_meet_when_there_is_a_day_on_which_both_hold(a: date, b: date, c: date, d: date) -> None:
    one, other = Meaning("x", min(a, b), max(a, b)), Meaning("y", min(c, d), max(c, d))
    shared = [day for day in (a, b, c, d) if one.holds_on(day) and other.holds_on(day)]
    assert one.meets(other) == other.meets(one) == bool(shared)


def test_a_name_is_one_place_s_but_for_villages_of_other_townships() -> None:
    names = [decided("新城", "620422101"), decided("新城", "620422102"), decided("小山", "620422101201"),
             decided("小山", "620422102201")]  # fmt: skip
    found = {code: words for code, words in aliases_of(names).items() if words}
    assert found == {"620422102": ["新城"], "620422101201": ["小山"], "620422102201": ["小山"]}
    assert not any(aliases_of([*names, decided("小山", None), decided("新城", None)]).values())


SELECT = """
-- t.mode is only spoken of here
select p.county_code, p.period, null as town_code, t.batch_id, t.row_no, {columns}
from period as p
inner join core.work_thing as t on p.county_code = t.county_code
{where}
"""


@pytest.mark.parametrize(
    ("columns", "where", "named"),
    [
        ("t.name", "where t.kind = 'a'", True),
        ("t.kind", "", True),
        ("t.name", "where t.name = 'kind'", False),
        ("t.name", "cross join lateral (values ('kind', t.name)) as g (kind, label)", False),
        ("t.kind_at_least", "where other.kind = 'a'", False),
        ("case when coalesce(t.kind, 'b') = 'b' then 1 end as flag", "", True),
    ],
)
def test_the_columns_an_indicator_names_are_found(columns: str, where: str, named: bool) -> None:
    head = Header(id="X", zh="甲", en="x", unit="个", source="work", datasets=("work_thing",), measure="count(*)",
                  definition_zh="甲", definition_en="x")  # fmt: skip
    found = columns_read(Indicator(head, SELECT.format(columns=columns, where=where), ()))
    assert (("work_thing", "kind") in found) is named


def test_a_computed_column_decides_by_what_it_is_made_of(tmp_path: Path) -> None:
    contracts, sql = tmp_path / "include/contracts", tmp_path / "include/sql/indicators"
    contracts.mkdir(parents=True)
    sql.mkdir(parents=True)
    (contracts / "work_thing.yaml").write_text(
        "{dataset: work_thing, source: work, zh: 甲, en: x, grain: one, key: [label], delivery: snapshot,"
        " fields: {kind: {type: enum, zh: [类], en: k, values: {a: [甲]}}, name: {type: text, zh: [名], en: n}},"
        " computed: {label: {type: joined, from: [name, kind], zh: 标, en: l}}, feeds: {workbook: {kind: file}}}",
        encoding="utf-8",
    )
    head = "\n".join(
        f"-- {line}" for line in (
            "id: X", "zh: 甲", "en: x", "unit: 个", "source: work", "datasets: [work_thing]", "measure: count(distinct label)",
            "definition_zh: 甲", "definition_en: x",
        )
    )  # fmt: skip
    (sql / "X.sql").write_text(head + "\n" + SELECT.format(columns="t.label", where=""), encoding="utf-8")
    assert dict(deciding(tmp_path)) == {("work_thing", "kind"): ("X",)}
