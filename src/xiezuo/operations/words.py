"""The register of words at work: which rows wait for one, what an office decides, and the rows that follow from it.

Nothing is accepted by itself. A decision and all that follows from it are one transaction for each county: deliveries
that hold the word are read again from the bytes they came in, so that no new file is needed, and a kill leaves
everything as it was before; the same command then goes on where it was stopped.
"""

from __future__ import annotations

import dataclasses
import difflib
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import psycopg
from psycopg.rows import dict_row

from xiezuo.base.errors import ConfigError, Unreadable
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.conform.intake import Intake
from xiezuo.conform.rows.fields import Surroundings, parser_of
from xiezuo.declared.contracts import Contract, FieldSpec, load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.deciding import deciding
from xiezuo.declared.indicators import load_indicators
from xiezuo.declared.words import (
    ALIASES,
    NAMES,
    UNKNOWN_NAME,
    UNKNOWN_WORD,
    Decision,
    Known,
    Meaning,
    known_words,
    name_key,
    names_of,
    narrower,
)
from xiezuo.load.reread import lock_datasets, reread
from xiezuo.load.taker import landings_of
from xiezuo.operations import names
from xiezuo.values import bare, choice, contains_identity_number, normalise
from xiezuo.warehouse import access, vault_log, word_log

_SIMILAR = 3
_LIKE = 0.4
"""Known words at least this like an unknown one (difflib's ratio) are shown beside it, as evidence and no more."""
_PLACES = ("town", "village")

_log = logging.getLogger("xiezuo.words")


@dataclass(frozen=True)
class Subject:
    """A register: the fields whose words it holds, or the names of townships and villages, of firms or of projects."""

    name: str
    fields: tuple[tuple[str, str], ...]

    @property
    def is_names(self) -> bool:
        """Whether it holds names."""
        return self.name == NAMES

    @property
    def is_aliases(self) -> bool:
        """Whether it holds names of firms or projects, which rows are read by without it too."""
        return self.name in ALIASES

    def key(self, word: str) -> str:
        """Return how its words are compared."""
        return name_key(word) if self.is_aliases else bare(word)

    @property
    def datasets(self) -> list[str]:
        """The datasets whose rows it reads."""
        return sorted({dataset for dataset, _ in self.fields})

    @property
    def rules(self) -> list[str]:
        """The rules by which rows wait for it."""
        return list(UNKNOWN_NAME if self.is_names else UNKNOWN_WORD)


@dataclass
class Proposal:
    """A word that rows wait for, and what there is to decide by; ``similar`` are known words, the likest first."""

    county_code: str
    field: str
    word: str
    rows: int = 0
    deliveries: int = 0
    place: str = ""
    similar: list[dict[str, str]] = dataclasses.field(default_factory=list)
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    figures: list[str] = dataclasses.field(default_factory=list)
    rejected: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What a decision did in one county: deliveries read again, and the rows that waited before and wait after."""

    county_code: str
    is_new: bool
    deliveries: int = 0
    rows_waiting_before: int = 0
    rows_waiting_after: int = 0


def subject_of(settings: Settings, name: str) -> Subject:
    """Return the register of ``dataset.field``, or of names.

    Raises:
        ConfigError: there is no such field, or it is no list of values.
    """
    contracts = load_contracts(settings.root)
    every = [(d, n, s) for d, c in contracts.items() for n, s in c.fields.items()]
    places = tuple((d, n) for d, n, s in every if s.type in _PLACES)
    if name in ALIASES:
        return Subject(name, tuple((d, n) for d, n, s in every if s.names == name))
    dataset, _, own = name.partition(".")
    spec = contracts[dataset].fields.get(own) if dataset in contracts else None
    if name == NAMES or (spec is not None and spec.type in _PLACES):
        return Subject(NAMES, places)
    if spec is None or spec.type != "enum" or spec.advisory or spec.unknown == "keep":
        listed = ", ".join(sorted({NAMES, *ALIASES, *(register for register, *_ in _lists(contracts))}))
        said = f"{name} has no register of words; there are: {listed}"
        raise ConfigError(said, zh=f"没有“{name}”这一登记簿，可用：{listed}")
    register = contracts[dataset].register_of(own)
    return Subject(register, tuple((d, n) for r, d, n, _ in _lists(contracts) if r == register))


def listed(settings: Settings, county: str | None, register: str | None = None) -> list[dict[str, Any]]:
    """Return the words known in a county (in general use where None is given): shipped ones, then its decisions."""
    wanted = None if register is None else subject_of(settings, register).name
    specs = {name: spec for name, _, _, spec in reversed(_lists(load_contracts(settings.root)))}
    found = [line | {"field": name} for name, spec in sorted(specs.items()) for line in _shipped(spec)]
    found = [line for line in found if line["county_code"] in (None, county)]
    if county is not None:
        with access.connect(settings) as connection:
            found += [line | {"origin": "county"} for line in word_log.history(connection, settings, [county])]
    return [line for line in found if wanted in (None, line["field"])]


def proposed(
    settings: Settings, counties: Sequence[str] | None = None, *, with_names: bool = True
) -> list[Proposal]:
    """Return the words that rows wait for, with what there is to decide by; most rows first.

    Rows held back are read in the vault; which is noted. Of no waiting row, and told by reading every stored one, are
    names of firms and projects that may be one: ``with_names`` has them too.
    """
    with access.connect(settings, "corrector") as connection:
        intake = Intake(settings, word_log.decisions(connection, settings))
        facts = {
            "rules": sorted({*UNKNOWN_WORD, *UNKNOWN_NAME}), "counties": None if counties is None else list(counties),
        }  # fmt: skip
        with connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(read_sql(settings.root, "words/waiting_rows"), facts).fetchall()
        opened = ((row["county_code"], row["batch_id"]) for row in rows)
        vault_log.note(connection, settings, opened, purpose_zh="词语登记")
    found: dict[tuple[str, str, str], Proposal] = {}
    batches: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows:
        contract, around = intake.contracts[row["dataset"]], intake.around(row["county_code"])
        typed = intake.privacy.unseal(bytes(row["payload"]))
        for name, word, reason in _unknown(contract, row["feed"], around, typed):
            key = (row["county_code"], name, bare(word))
            place = f"{row['file']} {row['sheet']} 第 {row['row_no']} 行".replace("  ", " ")
            one = found.setdefault(key, Proposal(row["county_code"], name, word, place=place, rejected=reason))
            one.rows += 1
            batches[key].add(row["batch_id"])
    for key, one in found.items():
        one.deliveries = len(batches[key])
        _give_evidence(settings, intake, one)
    same = [one for register in (ALIASES if with_names else ()) for one in _alike(settings, intake, register, counties)]
    return sorted([*found.values(), *same], key=lambda one: (-one.rows, one.county_code, one.field, one.word))


def decide(settings: Settings, decision: Decision, counties: Sequence[str]) -> list[Outcome]:
    """Accept a word for a value, or reject it, in each of some counties; return what came of it.

    Where a county has decided the same already, nothing is done. The months of rows that change are touched; what
    builds comes after.

    Raises:
        ConfigError: the value is none of the register's, the word stands for another one, or a county is unknown.
    """
    subject, word = subject_of(settings, decision.field), normalise(decision.word)
    if not word or contains_identity_number(word) or not decision.decided_by.strip():
        said = "a word and who decides are needed, and no personal number"
        raise ConfigError(said, zh="请写明填法和决定人，且不得含个人证件号码")
    if decision.valid_from and decision.valid_to and decision.valid_to < decision.valid_from:
        raise ConfigError("the last day lies before the first", zh="止日早于起日")
    if unknown := sorted(set(counties) - set(load_counties(settings.counties_path))):
        raise ConfigError(f"county {', '.join(unknown)} is not in {settings.counties_path.name}")
    decision = replace(decision, field=subject.name, word=word)
    return [_decide(settings, subject, decision, county) for county in sorted(counties)]


def _decide(settings: Settings, subject: Subject, decision: Decision, county: str) -> Outcome:
    with access.connect(settings) as connection, connection.transaction():
        connection.prepare_threshold = None  # a plan made for one delivery need not serve the next
        intake = Intake(settings, word_log.decisions(connection, settings))
        lock_datasets(connection, intake, county)
        intake.learn(word_log.decisions(connection, settings))
        own = [one for one in intake.decisions.get(county, ()) if one.field == subject.name]
        same = [one for one in own if subject.key(one.word) == subject.key(decision.word)][-1:]
        if same and _as_said(same[0]) == _as_said(decision):
            return Outcome(county, is_new=False)
        if subject.is_aliases:
            was_known = _check_alias(own, decision)
        elif subject.is_names:
            was_known = _check_name(intake.around(county), decision)
        else:
            was_known = _check_word(settings, intake.around(county), subject, decision)
        facts = {"county_code": county, "datasets": subject.datasets, "rules": subject.rules, "all": was_known}
        before = _one(connection, settings, "words/rows_waiting", facts)
        word_log.decide(connection, settings, county, decision, rows_waiting=before)
        intake.learn(word_log.decisions(connection, settings))
        landings = landings_of(connection, settings, county, subject.datasets, None if was_known else subject.rules)
        reread(connection, settings, intake, county, landings)
        after = _one(connection, settings, "words/rows_waiting", facts)
        _log.info("%s %s: %d deliveries read again", county, subject.name, len(landings))
        return Outcome(county, True, len(landings), before, after)  # noqa: FBT003  (as its fields stand)


def _as_said(decision: Decision) -> Decision:
    return replace(decision, word=bare(decision.word), decided_at=None, decided_by="")


def _check_word(settings: Settings, around: Surroundings, subject: Subject, decision: Decision) -> bool:
    """Refuse what contradicts the register; return whether the word stood for something before."""
    spec = load_contracts(settings.root)[subject.fields[0][0]].fields[subject.fields[0][1]]
    known = _known(spec, around, subject.name)
    before = choice(decision.word, known.meanings, narrower)
    if decision.value is None:
        return before is not None
    if not spec.takes(decision.value, around.county):
        values = "、".join(f"{slug}（{name}）" for slug, name in spec.names_in(around.county).items())
        raise ConfigError(
            f"{decision.value} is no value of {subject.name}; there are: {values}",
            zh=f"{subject.name} 没有“{decision.value}”这个取值，可用：{values}",
        )
    said = Meaning(decision.value, decision.valid_from, decision.valid_to)
    others = sorted({meaning.value for meaning in before or () if meaning.value != said.value and meaning.meets(said)})
    if others:
        raise _stands_for(decision, "、".join(others))
    return before is not None


def _check_name(around: Surroundings, decision: Decision) -> bool:
    """Refuse a code that is no township or village of the county, and a name that another one goes by."""
    divisions, code = around.divisions, decision.value
    if code is None:
        names = (name for row in divisions.rows for name in row.names)
        return divisions.town(decision.word) is not None or bare(decision.word) in map(bare, names)
    row = divisions.by_code.get(code)
    if row is None or not (divisions.town(code) == code or divisions.village(code, code[:9]) == code):
        said = f"{around.county.name}区划表中没有代码为 {code} 的乡镇或村"
        raise ConfigError(f"{code} is no township or village", zh=said)
    if decision.valid_from or decision.valid_to:
        raise ConfigError("a name holds on every day", zh="地名不分时段，请去掉起止日期")
    if code == code[:9]:
        before = divisions.town(decision.word)
    else:
        before = divisions.village(decision.word, code[:9])
    if before is not None and before != code:
        raise _stands_for(decision, f"{divisions.by_code[before].name}（{before}）")
    return before is not None


def _check_alias(own: Sequence[Decision], decision: Decision) -> bool:
    """Refuse a name for a name that is another one's; return True: rows with it are there, under it."""
    if decision.valid_from or decision.valid_to:
        raise ConfigError("a name holds on every day", zh="名称不分时段，请去掉起止日期")
    known, _ = names_of(own)
    if decision.value is None:
        return True
    if not decision.value.strip() or contains_identity_number(decision.value):
        raise ConfigError("a name is needed, and no personal number", zh="请写明登记的名称，且不得含个人证件号码")
    if name_key(decision.value) == name_key(decision.word):
        return True  # it is itself again
    if (other := known.get(name_key(decision.value))) is not None:
        said = f"“{decision.value}”本身已登记为“{other}”的别名，请直接对应“{other}”"
        raise ConfigError(f"{decision.value} is itself a name of {other}", zh=said)
    if back := sorted(word for word, value in known.items() if name_key(value) == name_key(decision.word)):
        said = f"“{back[0]}”已登记为“{decision.word}”的别名，请先改登记它"
        raise ConfigError(f"{back[0]} is a name of {decision.word}", zh=said)
    return True


def _stands_for(decision: Decision, now: str) -> ConfigError:
    return ConfigError(
        f"{decision.word} stands for {now} already, not for {decision.value}",
        zh=f"“{decision.word}”已登记为 {now}，与 {decision.value} 冲突",
        next_step=f"如需改变，先执行 xiezuo words reject {decision.field} {decision.word}",
    )


def _known(spec: FieldSpec, around: Surroundings, register: str) -> Known:
    return known_words(spec.values, spec.words, around.county, around.decisions.get(register, ()))


def _unknown(
    contract: Contract, feed: str, around: Surroundings, typed: Mapping[str, Any]
) -> Iterator[tuple[str, str, str | None]]:
    """Yield register and word of each cell of a row that nobody knows, and why it was rejected if it was."""
    town: str | None = None
    for name, spec in contract.feed_fields(feed).items():
        raw = typed.get(name)
        if raw is None or not str(raw).strip():
            continue
        if spec.type == "village" and not spec.advisory and town and around.divisions.village(str(raw), town) is None:
            yield NAMES, normalise(str(raw)), around.rejected_names.get(bare(str(raw)))
        if spec.type in ("enum", "town"):
            try:
                read = parser_of(spec, None, around, contract.register_of(name))(raw)
            except Unreadable as unreadable:
                if unreadable.code in (*UNKNOWN_WORD, *UNKNOWN_NAME) and not spec.advisory:
                    reason = unreadable.zh if unreadable.code == "WORD_REJECTED" else None
                    yield NAMES if spec.type == "town" else contract.register_of(name), normalise(str(raw)), reason
            else:
                town = read if spec.type == "town" else town


def _give_evidence(settings: Settings, intake: Intake, one: Proposal) -> None:
    around, subject = intake.around(one.county_code), subject_of(settings, one.field)
    if subject.is_names:
        rows = [row for row in around.divisions.rows if len(row.code) > len(row.parent_code) >= len(one.county_code)]
        names = {bare(name): f"{row.code} {row.name}" for row in rows for name in row.names}
        one.figures = sorted(_figures_of(settings, subject.datasets))
    else:
        spec = intake.contracts[subject.fields[0][0]].fields[subject.fields[0][1]]
        one.values = spec.names_in(around.county)
        meanings = _known(spec, around, subject.name).meanings
        names = {word: said[0].value for word, said in meanings.items()}
        one.figures = sorted({figure for own in subject.fields for figure in deciding(settings.root).get(own, ())})
    alike = difflib.get_close_matches(bare(one.word), names, _SIMILAR, _LIKE)
    one.similar = [{"word": word, "value": names[word]} for word in alike]


def _alike(
    settings: Settings, intake: Intake, register: str, counties: Sequence[str] | None
) -> Iterator[Proposal]:
    """Yield names that may be another name of the same firm or project: rows are counted, under two names."""
    subject = subject_of(settings, register)
    figures = sorted(_figures_of(settings, subject.datasets))
    with access.connect(settings) as connection:
        found = names.stored(connection, settings, subject.fields, counties)
    for county, rows in sorted(found.items()):
        around = intake.around(county)
        decided = {subject.key(one.word) for one in around.decisions.get(register, ())}
        for word, other in names.alike(rows, around, is_code=register == "project"):
            if subject.key(word) not in decided:
                like = [{"word": other, "value": other}]
                yield Proposal(county, register, word, rows=rows[word], similar=like, figures=figures)


def _figures_of(settings: Settings, datasets: Sequence[str]) -> Iterator[str]:
    for indicator in load_indicators(settings.root):
        if not indicator.reads.isdisjoint(datasets):
            yield from (entry.indicator_id for entry in indicator.entries)


def _lists(contracts: Mapping[str, Contract]) -> list[tuple[str, str, str, FieldSpec]]:
    """Return register, dataset and field of every list of values that is never kept unknown."""
    return [
        (contract.register_of(name), dataset, name, spec)
        for dataset, contract in contracts.items()
        for name, spec in contract.fields.items()
        if spec.type == "enum" and not spec.advisory and spec.unknown == "refuse"
    ]


def _shipped(spec: FieldSpec) -> Iterator[dict[str, Any]]:
    for slug, spellings in spec.values.items():
        for word in spellings:
            yield _line(word, slug)
    for entry in spec.words:
        for word in entry.words:
            told = {"decided_by": entry.decided_by, "decided_at": entry.decided_on}
            days = {"valid_from": entry.from_, "valid_to": entry.to}
            yield _line(word, entry.value) | days | told | {"county_code": entry.county, "sets": entry.sets}


def _line(word: str, value: str) -> dict[str, Any]:
    blank = asdict(Decision("", word, "accepted", value, None, None, decided_by="contract"))
    return blank | {"county_code": None, "origin": "shipped"}


def _one(connection: psycopg.Connection, settings: Settings, statement: str, facts: Mapping[str, Any]) -> int:
    row = connection.execute(read_sql(settings.root, statement), facts).fetchone()
    return int(row[0]) if row else 0
