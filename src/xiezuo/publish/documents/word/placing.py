"""After a template is rendered: markers become content controls, and blocks the tables and texts they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.publish.documents.word.blocks import Blocks, Piece, Surroundings
from xiezuo.publish.documents.word.controls import BLOCK, MARKER, Controls, Said
from xiezuo.publish.documents.word.table_xml import P, R, T, W, w, within

FIRST_ID = 10_000_000
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TURNED = {"top": "1588", "right": "2098", "bottom": "1474", "left": "1985"}
"""Margins of a page across: the head of a table lies at the binding edge of an odd page, so 28 mm become the top."""


def place_blocks(body: etree._Element, blocks: Blocks, styles: dict[str, str]) -> None:
    """Put every block where its marker stands, with page breaks and pages across as its pieces ask."""
    for paragraph in list(body.iter(P)):
        found = BLOCK.search("".join(node.text or "" for node in paragraph.iter(T)))
        if found is None:
            continue
        pieces = blocks.build(found[1], Surroundings(styles, paragraph))
        _put(body, paragraph, pieces)


def _put(body: etree._Element, paragraph: etree._Element, pieces: list[Piece]) -> None:
    parent = paragraph.getparent()
    at = parent.index(paragraph)
    is_direct = parent is body
    elements: list[etree._Element] = []
    across = False
    for piece in pieces:
        if is_direct and piece.is_wide != across:
            elements.append(_section_end(body, is_across=across))
        elif piece.starts_page:
            _break_before(piece.elements[0])
        across = piece.is_wide if is_direct else across
        elements += piece.elements
    if across:
        _turn_rest(body)
    parent.remove(paragraph)
    for offset, element in enumerate(elements):
        parent.insert(at + offset, element)
    if parent.tag == f"{{{W}}}tc" and parent[-1].tag != P:
        within(parent, "p")  # a cell ends with a paragraph


def _last_section(body: etree._Element) -> etree._Element:
    found = body.find(f"{{{W}}}sectPr")
    return within(body, "sectPr") if found is None else found


def _section_end(body: etree._Element, *, is_across: bool) -> etree._Element:
    """Return the tiny paragraph that ends a section set up as the document's last one, or that one turned."""
    section = deepcopy(_last_section(body))
    for kind in section.findall(f"{{{W}}}type"):
        section.remove(kind)
    if is_across:
        _turn(section)
    made = w("p")
    properties = within(made, "pPr")
    within(properties, "spacing", before="0", after="0", line="20", lineRule="exact")
    within(within(properties, "rPr"), "sz", val="2")
    properties.append(section)
    return made


def _turn_rest(body: etree._Element) -> None:
    _turn(_last_section(body))


def _turn(section: etree._Element) -> None:
    size = section.find(f"{{{W}}}pgSz")
    if size is not None:
        width, height = size.get(f"{{{W}}}w"), size.get(f"{{{W}}}h")
        size.set(f"{{{W}}}w", height)
        size.set(f"{{{W}}}h", width)
        size.set(f"{{{W}}}orient", "landscape")
    margins = section.find(f"{{{W}}}pgMar")
    if margins is not None:
        for side, width in _TURNED.items():
            margins.set(f"{{{W}}}{side}", width)


def _break_before(element: etree._Element) -> None:
    properties = element.find(f"{{{W}}}pPr")
    if properties is None:
        properties = w("pPr")
        element.insert(0, properties)
    follows = [one for one in properties if etree.QName(one).localname in {"pStyle", "keepNext", "keepLines"}]
    properties.insert(len(follows), w("pageBreakBefore"))


def keep_signature(body: etree._Element, style_id: str | None) -> None:
    """Keep who signs on the page of what stands before: the last text, or the last row of a table."""
    place = next((n for n, one in enumerate(body) if style_id and _style_of(one) == style_id), 0)
    for before in reversed(body[:place]):
        last = [before] if before.tag == P else list(before.iter(f"{{{W}}}tr"))[-1:]
        for paragraph in (one for element in last for one in element.iter(P)):
            _keep_next(paragraph)
        if "".join(before.itertext()).strip():
            return


def _style_of(element: etree._Element) -> str:
    found = element.find(f"{{{W}}}pPr/{{{W}}}pStyle")
    return "" if found is None else str(found.get(f"{{{W}}}val"))


def _keep_next(paragraph: etree._Element) -> None:
    properties = paragraph.find(f"{{{W}}}pPr")
    if properties is None:
        properties = w("pPr")
        paragraph.insert(0, properties)
    if properties.find(f"{{{W}}}keepNext") is None:
        properties.insert(int(properties.find(f"{{{W}}}pStyle") is not None), w("keepNext"))


def control_ids(root: etree._Element) -> Iterator[str]:
    """Yield the ids of the controls that the template itself has."""
    for number in root.iterfind(f".//{{{W}}}sdtPr/{{{W}}}id"):
        yield str(number.get(f"{{{W}}}val", ""))


def place_controls(root: etree._Element, controls: Controls, ids: Iterator[int]) -> None:
    """Replace the markers in the runs of a part by content controls in the same formatting."""
    marked = [text.getparent() for text in root.iter(T) if MARKER.search(text.text or "")]
    for run in dict.fromkeys(parent for parent in marked if parent.tag == R):
        _split(run, controls, ids)
    for node in root.iter(etree.Element):
        if not len(node) and node.text and MARKER.search(node.text):
            node.text = controls.plain(node.text)


def _split(run: etree._Element, controls: Controls, ids: Iterator[int]) -> None:
    look = run.find(f"{{{W}}}rPr")
    made: list[etree._Element] = []
    current: etree._Element | None = None
    for child in run:
        if child is look:
            continue
        for piece in _pieces(child, controls):
            if isinstance(piece, Said):
                made.append(_control(piece, look, controls.release_id, next(ids)))
                current = None
                continue
            if current is None:
                current = _run(look)
                made.append(current)
            current.append(piece)
    parent = run.getparent()
    at = parent.index(run)
    tail = run.tail
    parent.remove(run)
    for offset, element in enumerate(made):
        parent.insert(at + offset, element)
    if made and tail:
        made[-1].tail = tail


def _pieces(child: etree._Element, controls: Controls) -> Iterator[etree._Element | Said]:
    """Yield a child of a run, a text cut at its markers."""
    if child.tag != T or not MARKER.search(child.text or ""):
        yield deepcopy(child)
        return
    for place, text in enumerate(MARKER.split(child.text)):
        if place % 2:
            yield controls.said[int(text)]
        elif text:
            yield _text(text)


def _text(text: str) -> etree._Element:
    made = w("t")
    made.text = text
    made.set(_SPACE, "preserve")
    return made


def _run(look: etree._Element | None) -> etree._Element:
    made = w("r")
    if look is not None:
        made.append(deepcopy(look))
    return made


def _control(said: Said, look: etree._Element | None, release_id: str, number: int) -> etree._Element:
    made = w("sdt")
    properties = within(made, "sdtPr")
    if look is not None:
        properties.append(deepcopy(look))
    within(properties, "alias", val=said.alias)
    within(properties, "tag", val=said.tag(release_id))
    within(properties, "id", val=str(number))
    within(properties, "lock", val="sdtLocked")
    run = _run(look)
    run.append(_text(said.text))
    within(made, "sdtContent").append(run)
    return made
