"""What people changed in a Word document that was made from a release: every number, by name, and nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.publish.documents.content import Content, Stamp
from xiezuo.publish.documents.proof import reading
from xiezuo.publish.documents.proof.alignment import align
from xiezuo.publish.documents.proof.reading import Found, bare
from xiezuo.publish.documents.word import render
from xiezuo.publish.documents.word.controls import RELEASE, VERSION, Said
from xiezuo.publish.documents.word.table_xml import P

Kind = Literal["changed", "removed", "tampered", "copied", "release"]

_RELEASE_ID = re.compile(r"发布编号[:：]\s*([0-9]{6}-[0-9]{4}(?:-[0-9]{2})?-[rd][0-9]+)")
_CORE = "docProps/core.xml"
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"


@dataclass(frozen=True)
class Discrepancy:
    """One number that is not as released: what it is, what the document says and what it should say.

    ``paragraph`` counts the paragraphs of the document from 1, those in tables too; of a number that was removed,
    those of the document as released. ``zh`` says it all in one sentence.
    """

    kind: Kind
    indicator_id: str
    breakdown: str
    period: str
    stated: str
    expected: str
    paragraph: int
    zh: str


def verify(
    document: bytes,
    content: Content,
    stamp: Stamp,
    template: bytes,
    catalogue: Mapping[str, str],
    *,
    root: Path | None = None,
) -> list[Discrepancy]:
    """Compare a document with what the release prints, in the order of the document.

    Raises:
        FileRefused: the document is no Word file.
        ConfigError: the template cannot be used.
    """
    parts = reading.read_parts(document)
    found = reading.controls(parts)
    of = stamp_of(document)
    if of not in {None, stamp.release_id} and not any(
        _release_in(one.tag) == stamp.release_id for one in found
    ):
        zh = f"这份文件写明的发布编号是{of}，不是{stamp.release_id}，请用它自己的发布来核对"
        return [Discrepancy("release", "", "", content.period, of or "", stamp.release_id, 0, zh)]
    composed = render.compose(content, stamp, template, catalogue, root=root)
    expected = [one for one in reading.controls(reading.read_parts(composed.document)) if one.is_ours]
    return _Comparison(expected, found, composed.by_tag).discrepancies()


def stamp_of(document: bytes) -> str | None:
    """Return the release that a document says it is of; None when it says nothing.

    Raises:
        FileRefused: it is no Word file.
    """
    parts = reading.read_parts(document)
    for one in reading.controls(parts):
        if one.tag.startswith(f"{VERSION}|{RELEASE}|"):
            return one.tag.rpartition("|")[2]
    text = "\n".join(reading.accepted_text(paragraph) for paragraph in parts[0].iter(P))
    stated = _RELEASE_ID.search(text)
    return stated[1] if stated else _identifier(document)


def _release_in(tag: str) -> str:
    pieces = tag.split("|")
    return pieces[-2] if len(pieces) >= 4 else ""


def _identifier(document: bytes) -> str | None:
    """Return the identifier in the properties, which survives where the last page was cut off."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        if _CORE not in archive.namelist():
            return None
        try:
            core = reading.parsed(archive.read(_CORE))
        except etree.XMLSyntaxError:
            return None
    said = core.find(_IDENTIFIER)
    return said.text if said is not None and said.text else None


class _Comparison:
    """The controls of the document as released, and as they were found."""

    def __init__(self, expected: list[Found], found: list[Found], by_tag: Mapping[str, Said]) -> None:
        self._expected = expected
        self._found = found
        self._by_tag = by_tag
        self._told: list[tuple[int, Discrepancy]] = []

    def discrepancies(self) -> list[Discrepancy]:
        """Return all of them, in the order of the document."""
        known = {one.tag for one in self._expected}
        missing = self._missing()
        self._compare_tagged()
        foreign = [one for one in self._found if one.is_ours and one.tag not in known]
        missing = self._pair_tampered(foreign, missing)
        nameless = [one for one in self._found if not one.tag]
        for lost, instead in align(missing, nameless):
            self._tell_pair(lost, instead)
        return [told for _, told in sorted(self._told, key=lambda one: one[0])]

    def _missing(self) -> list[Found]:
        """Return the controls as released whose tags are found less often than they should be."""
        lacking = Counter(one.tag for one in self._expected) - Counter(one.tag for one in self._found)
        ids = {(one.tag, one.number) for one in self._found}
        listed = sorted(self._expected, key=lambda one: (one.tag, one.number) in ids)
        missing = []
        for one in listed:
            if lacking[one.tag] > 0:
                lacking[one.tag] -= 1
                missing.append(one)
        places = {id(one): place for place, one in enumerate(self._expected)}
        return sorted(missing, key=lambda one: places[id(one)])

    def _compare_tagged(self) -> None:
        """Tell of each tag the controls with another text; of more than there should be, as copies."""
        wanted: dict[str, list[Found]] = defaultdict(list)
        for one in self._expected:
            wanted[one.tag].append(one)
        found: dict[str, list[Found]] = defaultdict(list)
        for one in self._found:
            found[one.tag].append(one)
        for tag, listed in wanted.items():
            text = listed[0].text
            copies = len(found[tag]) - len(listed)
            wrong = [one for one in found[tag] if bare(one.text) != bare(text)]
            for number, one in enumerate(wrong):
                is_copy = len(wrong) - number <= copies
                self._tell(
                    "copied" if is_copy else "changed" if bare(one.text) else "removed", tag, one, text
                )

    def _pair_tampered(self, foreign: list[Found], missing: list[Found]) -> list[Found]:
        """Tell every tag that is not of this release; return what is missing without them."""
        left = list(missing)
        for one in foreign:
            twin = _twin(one, left)
            if twin is not None:
                left.remove(twin)
            self._tell("tampered", twin.tag if twin else "", one, twin.text if twin else "")
        return left

    def _tell_pair(self, lost: Found, instead: Found | None) -> None:
        if instead is None or not bare(instead.text):
            self._tell("removed", lost.tag, instead or lost, lost.text, stated="")
        elif bare(instead.text) != bare(lost.text):
            self._tell("changed", lost.tag, instead, lost.text)

    def _tell(self, kind: Kind, tag: str, at: Found, expected: str, *, stated: str | None = None) -> None:
        said = self._by_tag.get(tag)
        text = at.text if stated is None else stated
        words = f"{at.before.lstrip()}【{text}】{at.after.rstrip()}"
        where = f"表格中“{words}”一行" if at.is_cell else f"第{at.paragraph}段“…{words}…”"
        zh = f"{where}：" + _SENTENCES[kind].format(
            name=said.full_name if said else "这个数", stated=text, expected=expected
        )
        told = Discrepancy(
            kind=kind,
            indicator_id=said.indicator_id if said else "",
            breakdown=said.breakdown if said else "",
            period=said.period_text if said else "",
            stated=text,
            expected=expected,
            paragraph=at.paragraph,
            zh=zh,
        )
        self._told.append((at.paragraph, told))


_SENTENCES: dict[Kind, str] = {
    "changed": "{name}应为“{expected}”，被改为“{stated}”",
    "removed": "{name}应为“{expected}”，已被删除",
    "tampered": "{name}的标记被改动，与本次发布不符（应为“{expected}”，现为“{stated}”）",
    "copied": "{name}被复制后改为“{stated}”，应为“{expected}”",
    "release": "{name}",
}


def _twin(one: Found, missing: list[Found]) -> Found | None:
    """Return the control as released that a tampered one was: by its id, else by what its tag still says."""
    by_id = next((lost for lost in missing if one.number and lost.number == one.number), None)
    if by_id is not None:
        return by_id
    ref = one.tag.rpartition("|")[0]
    by_ref = next((lost for lost in missing if lost.tag.rpartition("|")[0] == ref), None)
    if by_ref is not None:
        return by_ref
    return next((lost for lost in missing if (lost.before, lost.after) == (one.before, one.after)), None)
