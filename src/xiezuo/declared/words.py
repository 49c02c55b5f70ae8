"""Words: what offices write for the values that figures are counted by.

A value of a list (``lifted``) goes by many words (脱贫户, 稳定脱贫户, 脱贫人口 …). Those in general use are shipped in
``include/words/<dataset>.<field>.yaml``; what a county decides for itself is in its register (``audit.word``) and goes
before them. Nothing here guesses: a word that is in neither is unknown, and its row waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.base.errors import ConfigError
from xiezuo.declared.counties import County
from xiezuo.declared.spellings import expand
from xiezuo.values import bare, normalise

_NEXT = "see docs/words.md"
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_TOWN = 9
"""Digits of a township's code, with which those of its villages begin."""
NAMES = "division"
"""What the register calls the names of townships and villages: they serve every dataset."""

ALIASES = ("firm", "project")
"""Registers of names that are one firm's or one project's; nothing has to be in them to be read."""

UNKNOWN_WORD = ("ENUM_UNKNOWN", "WORD_REJECTED")
UNKNOWN_NAME = ("TOWN_UNKNOWN", "VILLAGE_UNKNOWN", "WORD_REJECTED")
"""Rules by which rows wait for a word, or for the name of a township or village, to be decided on."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """Some words of one value: everywhere, or of one ``county`` or home ``province``; always, or in some days.

    ``from`` and ``to`` are both included. Of the same word a county's own meaning goes before its province's, and that
    before everyone's. With ``of_municipality`` it holds where the county is paired with a district of a municipality
    (true: 市级 is what a province is elsewhere) or with another (false).

    ``sets`` is what such a word says of other columns: the first of the values listed is theirs where they are blank,
    and any that is not listed contradicts the word.
    """

    value: str
    words: tuple[str, ...] = Field(min_length=1)
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    county: str | None = None
    province: str | None = None
    of_municipality: bool | None = None
    sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    decided_by: str = ""
    decided_on: date | None = None

    @property
    def closeness(self) -> int:
        """Of several meanings of a word the closest counts: 2 the county's own, 1 its province's, 0."""
        return 2 if self.county else int(self.province is not None)

    def holds_in(self, county: County | None) -> bool:
        """Whether the words are of a county; those that are some counties' own are of none that is not known."""
        if county is None:
            return self.closeness == 0 and self.of_municipality is None
        return (
            self.county in (None, county.code)
            and self.province in (None, county.province)
            and self.of_municipality in (None, county.paired_province in MUNICIPALITIES)
        )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError(f"{self.value}: to lies before from")
        return self


class _File(_Strict):
    """One file of ``include/words``: the words of a field, and of the fields it ``serves`` beside it."""

    decided_by: str
    decided_on: date
    serves: tuple[str, ...] = ()
    entries: tuple[Words, ...]


@dataclass(frozen=True)
class Meaning:
    """What a word stands for, when, and what it says of other columns."""

    value: str
    first: date | None = None
    last: date | None = None
    sets: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it holds on any day and says nothing of other columns."""
        return not (self.first or self.last or self.sets)

    def holds_on(self, day: date | None) -> bool:
        """Whether the word stands for this on a day; where no day is known, whether it always does."""
        if day is None:
            return self.first is None and self.last is None
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def meets(self, other: Meaning) -> bool:
        """Whether there is a day on which both hold."""
        before = self.last and other.first and self.last < other.first
        after = other.last and self.first and other.last < self.first
        return not (before or after)


Meanings = tuple[Meaning, ...]


@dataclass(frozen=True)
class Decision:
    """What an office decided about one word: the value it stands for, or that it is not to be used (``reason_zh``)."""

    field: str
    word: str
    state: Literal["accepted", "rejected"]
    value: str | None
    valid_from: date | None
    valid_to: date | None
    reason_zh: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Known:
    """The words of one field as one county reads them, compared as :func:`xiezuo.values.bare` has them."""

    meanings: Mapping[str, Meanings]
    rejected: Mapping[str, str]


def narrower(one: Meanings, other: Meanings) -> Meanings | None:
    """Return the one that says more, where two readings of a cell stand for the same value; else None.

    监测户（脱贫不稳定户） says what 监测户 says, and the class.
    """
    if {m.value for m in one} != {m.value for m in other}:
        return None
    if one == other or all(m.is_plain for m in other):
        return one
    return other if all(m.is_plain for m in one) else None


def known_words(
    values: Mapping[str, Sequence[str]], words: Iterable[Words], county: County | None, decisions: Iterable[Decision]
) -> Known:
    """Put together what contract, shipped words and the county's decisions (oldest first) say of one field."""
    found: dict[str, Meanings] = {}
    for slug, spellings in values.items():
        for spelling in expand((slug, *spellings), county):
            found[bare(spelling)] = (Meaning(slug),)
    close: dict[str, int] = {}
    for entry in sorted((one for one in words if one.holds_in(county)), key=lambda one: one.closeness):
        meaning = Meaning(entry.value, entry.from_, entry.to, tuple(entry.sets.items()))
        for word in expand(entry.words, county):
            key = bare(word)
            wider = entry.closeness > close.get(key, 0)  # a county's own word is its own, whatever it means elsewhere
            close[key] = entry.closeness
            found[key] = (*(m for m in found.get(key, ()) if m != meaning and not wider), meaning)
    rejected: dict[str, str] = {}
    own: dict[str, Meanings] = {}
    for decision in decisions:
        key = bare(decision.word)
        if decision.state == "rejected":
            own.pop(key, None)
            rejected[key] = decision.reason_zh
        elif decision.value is not None:
            rejected.pop(key, None)
            meaning = Meaning(decision.value, decision.valid_from, decision.valid_to)
            own[key] = (*(m for m in own.get(key, ()) if m != meaning), meaning)
    meanings = {key: said for key, said in found.items() if key not in rejected} | own
    return Known(meanings, rejected)


def contradictions(values: Mapping[str, Sequence[str]], words: Sequence[Words]) -> Iterator[str]:
    """Yield a sentence for each word that stands for two values at one time in one place."""
    by_word: dict[str, list[tuple[str, Words]]] = {}
    for slug, spellings in values.items():
        for spelling in spellings:
            by_word.setdefault(bare(spelling), []).append((spelling, Words(value=slug, words=(spelling,))))
    for entry in words:
        for word in entry.words:
            by_word.setdefault(bare(word), []).append((word, entry))
    for same in by_word.values():
        for number, (word, one) in enumerate(same):
            for _, other in same[:number]:
                if one.value != other.value and _meet(one, other):
                    yield f"“{word}” stands for both {other.value} and {one.value}"


def _meet(one: Words, other: Words) -> bool:
    if one.closeness != other.closeness:
        return False
    for mine, others in ((one.county, other.county), (one.province, other.province)):
        if mine and others and mine != others:
            return False
    if one.of_municipality is not None and other.of_municipality is (not one.of_municipality):
        return False
    return Meaning("", one.from_, one.to).meets(Meaning("", other.from_, other.to))


def aliases_of(decisions: Iterable[Decision]) -> dict[str, list[str]]:
    """Return the names of townships and villages that decisions (oldest first) add, by division code."""
    found: dict[str, list[str]] = {}
    for decision in decisions:
        for code, words in found.items():
            is_elsewhere = decision.value is not None and _around(decision.value) != _around(code)
            found[code] = [word for word in words if is_elsewhere or bare(word) != bare(decision.word)]
        if decision.value is not None:
            found.setdefault(decision.value, []).append(decision.word)
    return found


def names_of(decisions: Iterable[Decision]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what names of firms or projects stand for, and those not to be used with the reason, by decisions.

    Both by :func:`name_key`: P-12 and P1-2 are two projects.
    """
    names: dict[str, str] = {}
    rejected: dict[str, str] = {}
    for decision in decisions:
        key = name_key(decision.word)
        names.pop(key, None)
        rejected.pop(key, None)
        if decision.value is None:
            rejected[key] = decision.reason_zh
        elif name_key(decision.value) != key:
            names[key] = decision.value
    return names, rejected


def name_key(name: str) -> str:
    """Return how names of firms and projects are compared: without width and spaces, and letter by letter."""
    return "".join(normalise(name).split())


def _around(code: str) -> str:
    """Return within what a name is one place's: a village's within its township."""
    return code[:_TOWN] if len(code) > _TOWN else ""


def read_words(folder: Path) -> dict[str, tuple[str, tuple[Words, ...]]]:
    """Read ``include/words``: field (``dataset.field``) to the name of its register and its words.

    Raises:
        ConfigError: a file is no list of words, or two files serve one field.
    """
    found: dict[str, tuple[str, tuple[Words, ...]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        said = _read(path)
        entries = tuple(_decided(entry, said) for entry in said.entries)
        for field in (path.stem, *said.serves):
            if field in found:
                raise ConfigError(f"{path.name} and {found[field][0]}.yaml both list the words of {field}")
            found[field] = (path.stem, entries)
    return found


def _decided(entry: Words, said: _File) -> Words:
    """Return words with who decided on them and when: themselves, else those of the whole file."""
    by, on = entry.decided_by or said.decided_by, entry.decided_on or said.decided_on
    return entry.model_copy(update={"decided_by": by, "decided_on": on})


def _read(path: Path) -> _File:
    try:
        document: Any = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        return _File.model_validate(document)
    except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"words {path.name}: {error}", next_step=_NEXT) from error
