"""Paragraphs that look as the one in which the office wrote a placeholder."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.publish.documents.word.controls import BLOCK
from xiezuo.publish.documents.word.table_xml import P, R, W, w, within


def one_line(text: str) -> str:
    """Return a text without line breaks and with single spaces."""
    return " ".join(text.split())


def like(model: etree._Element, text: str, *, is_highlighted: bool = False) -> etree._Element:
    """Make a paragraph that looks as the one of the placeholder: its paragraph properties and its run's."""
    made = etree.Element(P, nsmap=model.nsmap)
    properties = model.find(f"{{{W}}}pPr")
    if properties is not None:
        copied = deepcopy(properties)
        for section in copied.findall(f"{{{W}}}sectPr"):
            copied.remove(section)
        made.append(copied)
    run = etree.SubElement(made, R)
    marked = next((one for one in model.iter(R) if BLOCK.search("".join(one.itertext()))), None)
    look = None if marked is None else marked.find(f"{{{W}}}rPr")
    if look is not None:
        run.append(deepcopy(look))
    if is_highlighted:
        _highlight(run)
    said = within(run, "t")
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


_AFTER_HIGHLIGHT = (
    "u",
    "effect",
    "bdr",
    "shd",
    "fitText",
    "vertAlign",
    "rtl",
    "cs",
    "em",
    "lang",
    "eastAsianLayout",
)


def _highlight(run: etree._Element) -> None:
    look = run.find(f"{{{W}}}rPr")
    if look is None:
        look = within(run, "rPr")
    for old in look.findall(f"{{{W}}}highlight"):
        look.remove(old)
    later = [place for place, one in enumerate(look) if etree.QName(one).localname in _AFTER_HIGHLIGHT]
    look.insert(later[0] if later else len(look), w("highlight", val="yellow"))
