"""Content controls as somebody sends a document back: whatever Word, WPS or LibreOffice made of their runs.

Text is read as it would be with every tracked change accepted. LibreOffice keeps controls but drops their tags, so
a control without any is read too.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.base.errors import FileRefused
from xiezuo.publish.documents.word import package
from xiezuo.publish.documents.word.controls import VERSION
from xiezuo.publish.documents.word.table_xml import P, T, W

_GONE = {
    f"{{{W}}}del",
    f"{{{W}}}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_BLANK = {f"{{{W}}}{name}" for name in ("tab", "br", "cr")}
_HYPHENS = {f"{{{W}}}noBreakHyphen": "-", f"{{{W}}}softHyphen": ""}
_SDT, _ROW, _CELL = f"{{{W}}}sdt", f"{{{W}}}tr", f"{{{W}}}tc"
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
_AROUND = 12
_SIDE_PARTS = re.compile(r"word/(?:header|footer|footnotes|endnotes)[0-9]*\.xml")


@dataclass(frozen=True)
class Found:
    """A control in a document: what it says now, its tag and id if it still has them, and where it stands.

    ``paragraph`` counts all paragraphs of the document from 1, those in tables too; ``before`` and ``after`` are
    some words around, of a table its row.
    """

    text: str
    tag: str
    number: str
    paragraph: int
    before: str
    after: str
    is_cell: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether its tag is one of ours, whatever it says."""
        return self.tag.startswith(f"{VERSION}|")


def read_parts(document: bytes) -> list[etree._Element]:
    """Return the XML of the document, then of its headers, footers and notes, by name.

    Raises:
        FileRefused: it is no Word file.
    """
    try:
        package.refuse_bomb(document)
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            names = sorted(name for name in archive.namelist() if _SIDE_PARTS.fullmatch(name))
            return [parsed(archive.read(name)) for name in ("word/document.xml", *names)]
    except package.BROKEN as error:
        raise FileRefused("NOT_A_DOCX", "不是可以打开的 Word 文件（.docx）") from error


def parsed(data: bytes) -> etree._Element:
    """Parse XML from outside: no entity is resolved, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def controls(parts: list[etree._Element]) -> list[Found]:
    """Return every control that is ours or has no tag, in the order of the document."""
    return [found for root in parts for found in _controls(root)]


def _controls(root: etree._Element) -> Iterator[Found]:
    numbers = {paragraph: place for place, paragraph in enumerate(root.iter(P), start=1)}
    for control in root.iter(_SDT):
        if any(parent.tag in _GONE for parent in control.iterancestors()):
            continue
        tag = _property(control, "tag")
        if tag and not tag.startswith(f"{VERSION}|"):
            continue
        home = next((p for p in control.iterancestors(P)), None)
        first = home if home is not None else next(control.iter(P), None)
        before, after = _around(control, home if home is not None else control)
        yield Found(
            text="" if _is_emptied(control) else accepted_text(control, own=True),
            tag=tag,
            number=_property(control, "id"),
            paragraph=numbers.get(first, 0),
            before=before,
            after=after,
            is_cell=any(True for _ in control.iterancestors(_ROW)),
        )


def _property(control: etree._Element, name: str) -> str:
    found = control.find(f"{{{W}}}sdtPr/{{{W}}}{name}")
    return "" if found is None else str(found.get(f"{{{W}}}val", ""))


def _is_emptied(control: etree._Element) -> bool:
    """Whether Word shows its own invitation to type, since somebody took everything out."""
    return control.find(f"{{{W}}}sdtPr/{{{W}}}showingPlcHdr") is not None


def accepted_text(element: etree._Element, *, own: bool = False) -> str:
    """Return the text under an element with every tracked change accepted.

    ``own`` leaves out other controls of ours within it: their text is theirs.
    """
    return "".join(text for _, text in _pieces(element, own=own))


def _pieces(element: etree._Element, *, own: bool = False) -> Iterator[tuple[etree._Element, str]]:
    for child in element:
        if child.tag in _GONE or not isinstance(child.tag, str):
            continue
        if own and child.tag == _SDT and _property(child, "tag").startswith(f"{VERSION}|"):
            continue
        if child.tag == T:
            yield child, child.text or ""
        elif child.tag in _BLANK:
            yield child, " "
        elif child.tag in _HYPHENS:
            yield child, _HYPHENS[child.tag]
        else:
            yield from _pieces(child, own=own)


def _around(control: etree._Element, home: etree._Element) -> tuple[str, str]:
    """Return the words before and after a control in its paragraph, or in its row of a table."""
    row = next(control.iterancestors(_ROW), None)
    within = set(control.iter())
    before: list[str] = []
    after: list[str] = []
    side = before
    for node, text in _spaced(row if row is not None else home):
        if node in within:
            side = after
        else:
            side.append(text)
    return "".join(before)[-_AROUND:], "".join(after)[:_AROUND]


def _spaced(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield the pieces of a paragraph; of a row with a space between cells."""
    cells = list(element.iter(_CELL)) if element.tag == _ROW else [element]
    for cell in cells:
        yield from _pieces(cell)
        if element.tag == _ROW:
            yield cell, " "


def bare(text: str) -> str:
    """Return a text as two are compared: NFKC, without what nobody sees at its ends or between digit and unit."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip()
    return re.sub(r"(?<=\d)\s+(?=[^\d\s])|(?<=[^\d\s])\s+(?=\d)", "", plain)
