"""What heads of other people's forms say of what is counted (``include/forms/words.yaml``), and which indicator.

A head is cut into the words it is made of, the longest first. What is no word of the list stays as it is, so that a
head with anything unknown in it is never read as an indicator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from xiezuo.base.errors import ConfigError
from xiezuo.declared.counties import County
from xiezuo.declared.indicators import Indicator, load_indicators
from xiezuo.declared.provinces import province_names
from xiezuo.declared.spellings import expand
from xiezuo.values import bare

NEW = "新增"
"""May stand before whatever is no stock: what is new of a stock is another figure."""
_PROVINCE = "{paired_province}"
_MOST = 6
_MOST_REMEMBERED = 20_000
_ALIKE = 0.34
_MARKS = re.compile(r"[\W_]+")
_LETTERS = re.compile("[A-Za-z]*")


@dataclass(frozen=True)
class Said:
    """What a text is made of: words (``@LAB`` a chapter, unknown ones as they stand), and the unit it counts in."""

    words: frozenset[str]
    unknown: frozenset[str] = frozenset()
    measure: str = ""

    @property
    def chapters(self) -> frozenset[str]:
        """The chapters it names."""
        return frozenset(word for word in self.words if word.startswith("@"))


@dataclass(frozen=True)
class Recipe:
    """One way an indicator can be called: words it needs, words that may be there."""

    needed: frozenset[str]
    optional: frozenset[str]


@dataclass(frozen=True)
class Known:
    """An indicator or a part of one, and what it can be called."""

    indicator_id: str
    name_zh: str
    definition_zh: str
    unit: str
    chapter: str
    is_stock: bool
    recipes: tuple[Recipe, ...]

    def is_meant_by(self, words: frozenset[str]) -> bool:
        """Whether the words are those of one of its names, no more and no less."""
        free = {f"@{self.chapter}"} | (set() if self.is_stock else {NEW})
        return any(one.needed <= words <= one.needed | one.optional | free for one in self.recipes)

    def likeness(self, words: frozenset[str]) -> float:
        """Return how much of the words and of its own it shares with them, from 0 to 1; chapters count for nothing."""
        said = {word for word in words if not word.startswith("@")}
        best = 0.0
        for one in self.recipes:
            own = {word for word in one.needed if not word.startswith("@")}
            shared = said & (own | one.optional)
            if shared & own:
                best = max(best, len(shared) / len(said | own))
        return (
            best
            if f"@{self.chapter}" in words or not any(word.startswith("@") for word in words)
            else best / 2
        )


class FormWords:
    """The words of a county's forms and the indicators made of them."""

    def __init__(self, document: Mapping[str, Any], indicators: Iterable[Indicator], county: County) -> None:
        self._entries: dict[str, Said] = {}
        self._said: dict[str, Said] = {}
        self._meant: dict[frozenset[str], list[Known]] = {}
        self._add(document, county)
        self._longest = max(map(len, self._entries))
        self.known = tuple(self._known(document["indicators"], indicators))
        self._by_id = {one.indicator_id: one for one in self.known}

    def _add(self, document: Mapping[str, Any], county: County) -> None:
        for concept, synonyms in document["words"].items():
            for word in (concept, *_spelt(synonyms, county)):
                self._put(word, Said(frozenset((concept,))))
        for word in {NEW, *_plain_words(document["indicators"].values())}:
            self._put(word, Said(frozenset((word,))))
        for word, concepts in document["together"].items():
            self._put(word, Said(frozenset(concepts.split())))
        for letters, headings in document["chapters"].items():
            for word in headings:
                self._put(word, Said(frozenset((f"@{letters}",))))
        for unit, names in document["measures"].items():
            for word in names:
                there = self._entries.get(bare(word), Said(frozenset()))
                self._entries[bare(word)] = Said(there.words, measure=unit)
        for word in document["says_nothing"]:
            self._put(word, Said(frozenset()))

    def _put(self, word: str, said: Said) -> None:
        if self._entries.setdefault(bare(word), said).words != said.words:
            raise ConfigError(f"include/forms/words.yaml: {word} stands for two things")

    def read(self, text: str) -> Said:
        """Return the words of a text; what stands between known words stays as it is."""
        if text not in self._said:
            if len(self._said) >= _MOST_REMEMBERED:
                self._said.clear()
            self._said[text] = self._cut(text)
        return self._said[text]

    def _cut(self, text: str) -> Said:
        plain, words, unknown, measure = bare(text), set[str](), set[str](), ""
        at, since = 0, 0
        while at < len(plain):
            ends = range(min(len(plain), at + self._longest), at, -1)
            found = next((plain[at:end] for end in ends if plain[at:end] in self._entries), None)
            if found is None:
                at += 1
                continue
            unknown |= {plain[since:at]} - {""}
            words |= self._entries[found].words
            measure = self._entries[found].measure or measure
            at = since = at + len(found)
        unknown |= {plain[since:]} - {""}
        unknown = {found for text in unknown if (found := _MARKS.sub("", text))}
        return Said(frozenset(words | unknown), frozenset(unknown), measure)

    def _known(self, made_of: Mapping[str, Any], indicators: Iterable[Indicator]) -> Iterator[Known]:
        for indicator in indicators:
            head = indicator.header
            for number, entry in enumerate(indicator.entries):
                names = [entry.zh, *(head.also if number == 0 else ())]
                if entry.zh.startswith("其中"):
                    names = [f"{head.zh}{entry.zh}"]
                recipes = [Recipe(self.read(name).words, frozenset()) for name in names]
                recipes += [
                    _recipe(text) for text in made_of.get(entry.indicator_id, "").split(" / ") if text
                ]
                yield Known(
                    entry.indicator_id, entry.zh, head.definition_zh, head.unit, _LETTERS.match(head.id)[0],  # type: ignore[index]  # an identity begins with letters
                    head.stock, tuple(recipes),
                )  # fmt: skip

    def named(self, indicator_id: str) -> Known | None:
        """Return an indicator by its identity."""
        return self._by_id.get(indicator_id)

    def meant_by(self, words: frozenset[str]) -> list[Known]:
        """Return the indicators that the words name exactly."""
        if words not in self._meant:
            if len(self._meant) >= _MOST_REMEMBERED:
                self._meant.clear()
            self._meant[words] = [one for one in self.known if one.is_meant_by(words)]
        return self._meant[words]

    def resembling(self, words: frozenset[str]) -> list[Known]:
        """Return the indicators that share most with the words, to be asked about."""
        ranked = sorted(
            ((one.likeness(words), -number, one) for number, one in enumerate(self.known)), reverse=True
        )
        return [one for likeness, _, one in ranked if likeness >= _ALIKE][:_MOST]


def _spelt(synonyms: Sequence[str], county: County) -> list[str]:
    """Return the synonyms with the county's, its partner's and the partner province's names in their places."""
    plain = [one for one in synonyms if one != _PROVINCE]
    if len(plain) == len(synonyms):
        return list(expand(plain, county))
    codes = province_names()
    own = codes.get(county.paired_province)
    return [
        *expand(plain, county),
        county.paired_province,
        *(name for name, code in codes.items() if code == own),
    ]


def _plain_words(recipes: Iterable[str]) -> set[str]:
    """Return the words that recipes are made of, without chapters."""
    words = {word.removesuffix("?") for text in recipes for word in text.split()}
    return {word for word in words if not word.startswith(("@", "/"))}


def _recipe(text: str) -> Recipe:
    words = text.split()
    return Recipe(
        frozenset(word for word in words if not word.endswith("?")),
        frozenset(word.removesuffix("?") for word in words if word.endswith("?")),
    )


def load_form_words(root: Path, county: County) -> FormWords:
    """Return the words of a county's forms.

    Raises:
        ConfigError: the file cannot be read, or a word stands for two things.
    """
    return _load(root, county)


@lru_cache(maxsize=8)
def _load(root: Path, county: County) -> FormWords:
    path = root / "include" / "forms" / "words.yaml"
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return FormWords(document, load_indicators(root), county)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"the words of forms in {path.name} cannot be read") from error
