"""What is special to the year's self-assessment: the sections that the office writes, and its annexes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from xiezuo.base.errors import ConfigError
from xiezuo.publish.documents.content import Passage

_NUMBERING = re.compile(
    r"^(?:(?:19|20)[0-9]{2}年度?|第?[一二三四五六七八九十]+[、章节.]|\([一二三四五六七八九十0-9]+\)|[0-9]+[.、)]|[-—·*#]+)+"
)
_SPACE = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True)
class Section:
    """A place in the report where the office's own words stand.

    ``key`` is its name in templates, ``zh`` its heading; ``required`` says that nobody else can write it.
    """

    key: str
    zh: str
    aliases: tuple[str, ...]
    required: bool = False


@lru_cache(maxsize=8)
def load_sections(root: Path) -> tuple[Section, ...]:
    """Read ``include/reports/annual.yaml``.

    Raises:
        ConfigError: it cannot be read, or two sections have the same alias.
    """
    path = root / "include" / "reports" / "annual.yaml"
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        sections = tuple(
            Section(
                str(key),
                str(said["zh"]),
                tuple(map(str, said.get("aliases") or ())),
                bool(said.get("required")),
            )
            for key, said in document["sections"].items()
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"the report list {path.name} cannot be read") from error
    owners: dict[str, str] = {}
    for section in sections:
        for name in {bare_section(one) for one in (section.key, section.zh, *section.aliases)}:
            if owners.setdefault(name, section.key) != section.key:
                raise ConfigError(f"{path.name}: {name} is a name of {owners[name]} and of {section.key}")
    return sections


def bare_section(name: str) -> str:
    """Return a section's name as it is compared: NFKC, without numbering, spaces and colons at the end."""
    text = _SPACE.sub("", unicodedata.normalize("NFKC", name))
    return _NUMBERING.sub("", text).strip(":;。.、") or text


def _owners(root: Path) -> Mapping[str, str]:
    return {
        bare_section(name): section.key
        for section in load_sections(root)
        for name in (section.key, section.zh, *section.aliases)
    }


def placed(passages: Iterable[Passage], root: Path) -> dict[str, list[Passage]]:
    """Return the passages by the key of their section, each section's in order; under "" what fits none."""
    owners = _owners(root)
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        if _says_something(passage):
            found.setdefault(owners.get(bare_section(passage.section), ""), []).append(passage)
    order: dict[str, int] = {}
    for listed in found.values():
        for passage in listed:
            order.setdefault(passage.section, len(order))
        listed.sort(key=lambda passage: (order[passage.section], passage.seq))
    return found


def unplaced_sections(passages: Iterable[Passage], root: Path) -> list[str]:
    """Return the names of sections, as the office wrote them, that fit no place of the report, each once."""
    return list(dict.fromkeys(passage.section for passage in placed(passages, root).get("", [])))


def unwritten_sections(passages: Iterable[Passage], root: Path) -> list[str]:
    """Return the headings under which the report still says 待撰写."""
    written = placed(passages, root)
    return [one.zh for one in load_sections(root) if one.required and one.key not in written]


def _says_something(passage: Passage) -> bool:
    return bool((passage.text or "").strip() or (passage.figure_name or "").strip())
