"""Words: no list that decides a figure is kept unknown, and every shipped word stands for one value."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from xiezuo.declared.contracts import FieldSpec, load_contracts
from xiezuo.declared.counties import County, load_counties
from xiezuo.declared.deciding import deciding
from xiezuo.declared.suites import columns_of, load_rules
from xiezuo.declared.words import known_words, narrower, read_words
from xiezuo.values import bare, choice

ROOT = Path(__file__).parents[2]
CONTRACTS = load_contracts(ROOT)
DECIDING = deciding(ROOT)
FILES = sorted((ROOT / "include/words").glob("*.yaml"))
SEEN = yaml.safe_load((ROOT / "tests/data/words_seen.yaml").read_text(encoding="utf-8"))
HUINING = load_counties(ROOT / "include/counties.yaml")["620422"]
BANNER = County("150423", "巴林右旗", "赤峰市", "内蒙古自治区", "经开区", "北京市")
LISTS = [
    (f"{dataset}.{name}", spec)
    for dataset, contract in CONTRACTS.items()
    for name, spec in contract.fields.items()
    if spec.words
]


def test_the_walk_finds_what_decides() -> None:
    """Some that are known to, read through a relation, through its alias and through a split."""
    named = {".".join(field) for field in DECIDING}
    assert named >= {
        "labour_placement.household_type", "labour_training_roster.monitor_class", "work_meeting.body",
        "work_secondment.term", "fund_project.category", "fund_project.secondary_category", "sales_order.status",
    }  # fmt: skip
    assert len(FILES) >= 10


def test_contracts_declare_the_lists_that_decide() -> None:
    """Neither fewer than the indicators' SQL names, nor others than those and what row rules judge by."""
    declared = {(d, n) for d, c in CONTRACTS.items() for n, spec in c.fields.items() if spec.decides}
    judged = {
        (dataset, column) for dataset in CONTRACTS for column in columns_of(load_rules(ROOT, dataset, "rows"))
    }
    assert set(DECIDING) <= declared, "an indicator counts by it: say `decides: true`"
    assert declared <= set(DECIDING) | judged, "no indicator counts by it: leave `decides` out"


@pytest.mark.parametrize("field", sorted(DECIDING), ids=".".join)
def test_what_decides_is_never_kept_unknown(field: tuple[str, str]) -> None:
    dataset, name = field
    contract = CONTRACTS[dataset]
    for feed in contract.feeds:
        spec = contract.feed_fields(feed).get(name, contract.fields[name])
        assert spec.unknown == "refuse", feed
        assert not spec.advisory, feed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_words_is_of_a_list_that_decides(path: Path) -> None:
    fields = [field for field, (register, _) in read_words(path.parent).items() if register == path.stem]
    assert fields
    for field in fields:
        dataset, _, name = field.partition(".")
        assert CONTRACTS[dataset].fields[name].decides


@pytest.mark.parametrize("county", [HUINING, BANNER], ids=lambda county: county.name)
@pytest.mark.parametrize(("field", "spec"), LISTS, ids=[field for field, _ in LISTS])
def test_every_shipped_word_is_read_as_its_one_value(field: str, spec: FieldSpec, county: County) -> None:
    """Also where a placeholder stands for the county's name, and as people decorate it."""
    known = known_words(spec.values, spec.words, county, ())
    own = [entry for entry in spec.words if entry.holds_in(county)]
    closer = {bare(word): entry.closeness for entry in sorted(own, key=lambda one: one.closeness) for word in entry.words}
    for entry in own:
        for word in (one for one in entry.words if closer[bare(one)] == entry.closeness):
            written = word.replace("{county}", county.name).replace("{paired_county}", county.paired_county)
            for typed in (written, f" {written} ", written if written[0].isdigit() else f"①{written}"):
                found = choice(typed, known.meanings, narrower)
                assert found is not None, typed
                assert {meaning.value for meaning in found} == {entry.value}, typed


@pytest.mark.parametrize(("field", "spec"), LISTS, ids=[field for field, _ in LISTS])
def test_no_word_is_listed_twice(field: str, spec: FieldSpec) -> None:
    """In one place: a county's own category may have a word that is another one elsewhere."""
    words = [
        (bare(word), entry.county, entry.province, entry.of_municipality) for entry in spec.words for word in entry.words
    ]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [(field, value, word) for field, values in SEEN.items() for value, words in values.items() for word in words],
)
def test_what_counties_were_seen_to_write_is_known(field: str, value: str, word: str) -> None:
    dataset, _, name = field.partition(".")
    spec = CONTRACTS[dataset].fields[name]
    found = choice(word, known_words(spec.values, spec.words, HUINING, ()).meanings, narrower)
    assert found is not None
    assert {meaning.value for meaning in found} == {value}
