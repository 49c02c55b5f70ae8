"""Every contract and every suite keeps what CONTRIBUTING.md asks of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from great_expectations import expectations

from xiezuo.declared.contracts import Contract, load_contracts
from xiezuo.declared.suites import Rule, load_rules

ROOT = Path(__file__).parents[2]
CONTRACTS = load_contracts(ROOT)
KINDS = ("rows", "gate")
SUITES = {(dataset, kind): load_rules(ROOT, dataset, kind) for dataset in CONTRACTS for kind in KINDS}
RULES = [(f"{dataset}.{kind}", rule) for (dataset, kind), rules in SUITES.items() for rule in rules]
CHINESE = re.compile(r"[\u4e00-\u9fff]")

# What gate rules may ask about: see gate_facts in src/xiezuo/validate/validate.py.
FACTS = {
    "control_total_gap_yuan", "control_total_tolerance_yuan", "control_total_excess_yuan",
    "declared_total_yuan", "readable_total_yuan", "key_coverage_pct",
}  # fmt: skip
FROM_IDENTITY = {"person_key", "birth_date", "birth_date_year", "sex"}

each_contract = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
each_rule = pytest.mark.parametrize(("suite", "rule"), RULES, ids=[f"{s}:{r.rule_id}" for s, r in RULES])


def test_the_walk_finds_contracts_and_rules() -> None:
    files = {path.stem.partition(".")[0] for path in (ROOT / "include/contracts").glob("*.yaml")}
    assert files == set(CONTRACTS)
    assert len(CONTRACTS) >= 5
    assert len(RULES) >= 10


def test_every_suite_belongs_to_a_contract() -> None:
    named = {path.name for path in (ROOT / "expectations").glob("*.yaml")}
    assert named == {f"{dataset}.{kind}.yaml" for dataset in CONTRACTS for kind in KINDS}


def test_a_warning_is_about_columns_that_no_figure_reads() -> None:
    """A row that is let go although something is wrong with it must count as if nothing were."""
    folders = ("indicators", "relations", "checks", "annexes", "core")
    counted = "\n".join(
        path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / "include/sql" / folder).glob("*.sql")
    )
    warnings = [(suite, rule) for suite, rule in RULES if rule.severity == "warning" and suite.endswith(".rows")]
    assert warnings
    read = [(rule.rule_id, name) for _, rule in warnings for name in rule.columns if re.search(rf"\b{name}\b", counted)]
    assert read == []


def test_rules_of_a_dataset_are_told_apart_by_name_alone() -> None:
    for dataset in CONTRACTS:
        names = [rule.rule_id for kind in KINDS for rule in SUITES[dataset, kind]]
        assert len(set(names)) == len(names), dataset


@each_contract
def test_a_dataset_is_named_for_its_source(contract: Contract) -> None:
    assert re.fullmatch(rf"{contract.source}_[a-z]+(_[a-z]+)*|sales_order", contract.dataset)


@each_contract
def test_everything_is_said_in_chinese_and_english(contract: Contract) -> None:
    assert CHINESE.search(contract.zh)
    assert contract.en.strip()
    assert contract.grain.strip()
    silent = [
        name for name, field in contract.fields.items()
        if not field.en.strip() or not any(map(CHINESE.search, field.zh))
    ] + [
        name for name, column in contract.computed.items()
        if not column.en.strip() or not CHINESE.search(column.zh)
    ]  # fmt: skip
    assert not silent


@each_contract
def test_no_header_could_mean_two_fields(contract: Contract) -> None:
    for feed in contract.feeds:
        names = [header for field in contract.feed_fields(feed).values() for header in field.zh]
        assert len(names) == len(set(names)), feed


@each_contract
def test_a_feed_has_only_fields_of_its_dataset_and_all_that_are_required(contract: Contract) -> None:
    assert contract.feeds
    required = {name for name, field in contract.fields.items() if field.required}
    for name, feed in contract.feeds.items():
        given = set(contract.feed_fields(name)) | set(feed.constants)
        assert given <= set(contract.fields), name
        assert required <= given, name


@each_contract
def test_money_is_in_yuan_and_says_so(contract: Contract) -> None:
    assert all(name.endswith("_yuan") == (field.type == "money") for name, field in contract.fields.items())


@each_contract
def test_direct_identifiers_are_not_columns(contract: Contract) -> None:
    personal = {"person_name", "identity_number", "phone"}
    assert {field.type for field in contract.fields.values() if field.pii == "direct"} <= personal
    assert all(field.pii == "direct" for field in contract.fields.values() if field.type in personal)


@each_contract
def test_a_dataset_is_in_the_sample_or_has_data_of_its_own(contract: Contract) -> None:
    data = list((ROOT / "tests/data").glob(f"{contract.dataset}*"))
    sample = [p for p in (ROOT / "src/xiezuo_sample").rglob("*.py") if contract.dataset in p.read_text(encoding="utf-8")]
    assert data or sample


@each_rule
def test_a_rule_can_be_read_by_the_office_and_by_developers(suite: str, rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", rule.rule_id)
    assert CHINESE.search(rule.zh), suite
    assert rule.en.strip()
    assert not CHINESE.search(rule.en)


@each_rule
def test_a_rule_is_one_that_great_expectations_knows(suite: str, rule: Rule) -> None:
    """An unknown type would be logged and left out."""
    name = "".join(part.capitalize() for part in rule.type.split("_"))
    known = getattr(expectations, name, None)
    assert known is not None, suite
    assert set(rule.kwargs) <= set(known.model_fields if hasattr(known, "model_fields") else known.__fields__)


@each_rule
def test_a_rule_reads_columns_that_exist(suite: str, rule: Rule) -> None:
    dataset, _, kind = suite.partition(".")
    contract = CONTRACTS[dataset]
    known = FACTS if kind == "gate" else {*contract.fields, *contract.computed, *FROM_IDENTITY}
    assert set(rule.columns) <= known
    if kind == "rows":
        assert rule.column in contract.fields, "a finding names the column that its owner typed"
    else:
        assert set(re.findall(r"{(\w+)}", rule.zh)) <= FACTS


def test_a_rule_id_means_the_same_everywhere() -> None:
    """A gate rule may serve several datasets, word for word; any other id is used once."""
    seen: dict[str, tuple[str, Rule]] = {}
    for suite, rule in RULES:
        first, same = seen.setdefault(rule.rule_id, (suite, rule))
        assert rule == same, f"{rule.rule_id} differs in {first} and {suite}"
        assert first == suite or {first.partition(".")[2], suite.partition(".")[2]} == {"gate"}


@pytest.mark.parametrize("suite", SUITES, ids=".".join)
def test_a_suite_says_its_own_name(suite: tuple[str, str]) -> None:
    document = yaml.safe_load((ROOT / "expectations" / f"{'.'.join(suite)}.yaml").read_text(encoding="utf-8"))
    assert document["name"] == ".".join(suite)
