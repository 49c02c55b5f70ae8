"""Placeholders as staff typed them and Word stored them, made whole and plain.

A placeholder that Word has cut into several runs becomes whole again in the run it begins in, full-width signs in
it become the plain ones, and a statement of its own, like ``{% if … %}``, takes its paragraph or table row with it.
"""

from __future__ import annotations

import re
import unicodedata

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.publish.documents.word.table_xml import P, T, W

_CELL = f"{{{W}}}tc"
_PLACEHOLDER = re.compile(
    r"[{\uff5b]\s?[{\uff5b].*?[}\uff5d]\s?[}\uff5d]|[{\uff5b][%\uff05].*?[%\uff05][}\uff5d]|[{\uff5b][#\uff03].*?[#\uff03][}\uff5d]",
    re.DOTALL,
)
"""A placeholder, statement or remark, its signs plain or full-width."""
_STATEMENT = re.compile(r"\{%-?\s*(?!p\s|tr\s|tc\s|r\s)(.*?)%\}", re.DOTALL)


def tidy(root: etree._Element) -> None:
    """Make every placeholder of a part whole and plain; see the module."""
    for paragraph in root.iter(P):
        _tidy_paragraph(paragraph)


def paragraph_text(paragraph: etree._Element) -> str:
    """Return the text of a paragraph's runs."""
    return "".join(node.text or "" for node in _texts(paragraph))


def _texts(paragraph: etree._Element) -> list[etree._Element]:
    """Return the texts of a paragraph, not those of paragraphs in a text box within it."""
    return [node for node in paragraph.iter(T) if next(node.iterancestors(P), None) is paragraph]


def _tidy_paragraph(paragraph: etree._Element) -> None:
    texts = _texts(paragraph)
    whole = "".join(node.text or "" for node in texts)
    spans = [found.span() for found in _PLACEHOLDER.finditer(whole)]
    if not spans:
        return
    is_alone = len(spans) == 1 and not (whole[: spans[0][0]] + whole[spans[0][1] :]).strip()
    takes = _taken_with(paragraph) if is_alone else ""
    starts = dict(spans)
    inside = {place for first, last in spans for place in range(first, last)}
    place = 0
    for node in texts:
        written = []
        for char in node.text or "":
            if place in starts:
                written.append(_plain(whole[place : starts[place]], takes))
            elif place not in inside:
                written.append(char)
            place += 1
        node.text = "".join(written)
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _taken_with(paragraph: etree._Element) -> str:
    """Return what a statement that is alone in its paragraph takes with it: the paragraph, or its row of a table."""
    cell = paragraph.getparent()
    if cell.tag != _CELL:
        return "p"
    row = cell.getparent()
    if sum(1 for one in row.iter(P) if paragraph_text(one).strip()) == 1:
        return "tr"
    return "p" if len(cell.findall(P)) > 1 else ""


def _plain(placeholder: str, takes: str) -> str:
    """Return a placeholder in plain signs; a statement with what it takes with it, as docxtpl marks that."""
    text = unicodedata.normalize("NFKC", placeholder)
    for odd in "“”‘’":
        text = text.replace(odd, '"')
    text = re.sub(r"^\{\s\{", "{{", re.sub(r"\}\s\}$", "}}", text))
    text = re.sub(r"^\{\{(?:p|r|tr|tc)\s", "{{ ", text)
    statement = _STATEMENT.fullmatch(text)
    return f"{{%{takes} {statement[1]}%}}" if takes and statement else text
