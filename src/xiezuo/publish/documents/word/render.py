"""Word documents of a period: the office's template, filled from a content, every number in a content control.

The same content, template and stamp give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.part import Part, XmlPart
from docxtpl import DocxTemplate  # type: ignore[import-untyped, unused-ignore]  # it ships no type marker
from jinja2.exceptions import SecurityError, TemplateError
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs

from xiezuo.base.settings import Settings
from xiezuo.declared.indicators import beside_splits
from xiezuo.publish.documents.annual import load_sections, placed
from xiezuo.publish.documents.book import Book
from xiezuo.publish.documents.content import Content, Passage, Stamp
from xiezuo.publish.documents.word import package, table_xml
from xiezuo.publish.documents.word.blocks import Blocks
from xiezuo.publish.documents.word.controls import Controls, Said
from xiezuo.publish.documents.word.naming import known_names, named_values, printable, release_lines
from xiezuo.publish.documents.word.placeholders import Figure
from xiezuo.publish.documents.word.placing import (
    FIRST_ID,
    control_ids,
    keep_signature,
    place_blocks,
    place_controls,
)
from xiezuo.publish.documents.word.prose import Prose
from xiezuo.publish.documents.word.table_xml import P, W
from xiezuo.publish.documents.word.template import Names, check, check_wording, environment, refusal
from xiezuo.publish.documents.word.typed import paragraph_text, tidy

RELEASE_STYLE, SIGNATURE = "发布信息", "落款"
_SECTION = re.compile(r"文字\.(\w+)")
_BODY = re.compile(r"\{\{\s*正文\s*\}\}")
_OTHER = re.compile(r"\{\{\s*其他材料\s*\}\}")
_STYLES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"


@dataclass(frozen=True)
class Composed:
    """A rendered document, and what each tag in it says."""

    document: bytes
    by_tag: Mapping[str, Said]


def template_name(content: Content) -> str:
    """Return the file of ``include/reports`` that a content is printed with."""
    return "annual.docx" if content.is_annual else "bulletin.docx"


def render(
    content: Content, stamp: Stamp, template: bytes, catalogue: Mapping[str, str], *, root: Path | None = None
) -> bytes:
    """Return the Word file of a content.

    ``catalogue`` is identity and Chinese name of every indicator there can be; one that the content lacks is
    printed as not reported. ``root`` holds ``include/reports/annual.yaml``; the project's own by default.

    Raises:
        ConfigError: the template cannot be used; ``zh`` says why and where.
    """
    return compose(content, stamp, template, catalogue, root=root).document


def compose(
    content: Content, stamp: Stamp, template: bytes, catalogue: Mapping[str, str], *, root: Path | None = None
) -> Composed:
    """Render as :func:`render` does, and tell what was printed.

    Raises:
        ConfigError: the template cannot be used.
    """
    folder = root or Settings.from_env().root
    content = printable(content)
    controls = Controls(stamp.release_id)
    book = Book(content, controls, catalogue, beside_splits(folder))
    opened = _opened(template)
    blocks = Blocks(book, _written(content, folder, opened), load_sections(folder))
    values = named_values(book, stamp, blocks)
    blocks.word(values)
    names = known_names(book, values)
    columns = {table.key: frozenset(column.key for column in table.columns) for table in content.lists}
    for theme in content.themes:
        check_wording(theme, names, columns)
    tpl = _Template(_checked(opened, names))
    _fill(tpl, values | {name: Figure(book, name, book.kind) for name in names.roots - set(values)})
    document: WordDocument = tpl.docx
    _finish(document, book, stamp, blocks)
    day = datetime.combine(content.as_of, time(), UTC).replace(tzinfo=None)
    title = (
        f"{content.county.name}{content.span.zh}东西部协作{'自评报告' if content.is_annual else '工作通报'}"
    )
    written = package.saved(document, title=title, identifier=stamp.release_id, day=day)
    return Composed(written, controls.by_tag())


def unreported_themes(content: Content, catalogue: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return each theme of a content of which figures were not reported, with their names; none where all were not."""
    return list(Prose(Book(content, Controls(""), catalogue), {"county": {}}).unreported())


class _Template(DocxTemplate):  # type: ignore[misc, unused-ignore]  # it ships no type marker
    """A template that is refused, instead of mended by guess, where rendering leaves broken XML behind."""

    def fix_tables(self, xml: str) -> Any:
        try:
            etree.fromstring(xml)
        except etree.XMLSyntaxError as error:
            raise refusal("中的 if、for 没有成对地放在同一层（例如一个在表格里、一个在表格外）") from error
        return super().fix_tables(xml)


def _opened(template: bytes) -> WordDocument:
    """Return the template with its placeholders made whole."""
    try:
        document = package.opened(template)
    except package.BROKEN as error:
        raise refusal("不是可以打开的 Word 文件（.docx）") from error
    for root in _roots(document):
        tidy(root)
    return document


def _checked(document: WordDocument, names: Names) -> io.BytesIO:
    """Return a template, every part of it checked, as the file that docxtpl reads."""
    for root in _roots(document):
        check(root, names)
    _forget_properties(document)
    buffer = io.BytesIO()
    document.save(buffer)
    buffer.seek(0)
    return buffer


def _written(content: Content, folder: Path, document: WordDocument) -> dict[str, list[Passage]]:
    """Return the office's texts by section; those of a section that the template has no place for are other material.

    Raises:
        ConfigError: there is other material, and no place for it either.
    """
    texts = [paragraph_text(paragraph) for root in _roots(document) for paragraph in root.iter(P)]
    asked = {key for text in texts for key in _SECTION.findall(text)}
    if any(_BODY.search(text) for text in texts):
        asked |= {key for heading in content.outline for key in heading.all_passages}
    written = placed(content.passages, folder)
    for key in [key for key in written if key and key not in asked]:
        written.setdefault("", []).extend(written.pop(key))
    if content.is_annual and "" in written and not any(_OTHER.search(text) for text in texts):
        sections = "、".join(dict.fromkeys(passage.section for passage in written[""]))
        raise refusal(f"没有地方印办公室写的“{sections}”，请加上单独一段 {{{{ 其他材料 }}}}")
    return written


def _forget_properties(document: WordDocument) -> None:
    """Empty the properties: docxtpl would render what is written there, unchecked; ours are set at the end."""
    said = document.core_properties
    said.author = said.comments = said.identifier = said.subject = said.title = ""
    said.language = "zh-CN"


def _parts(document: WordDocument) -> Iterator[Part]:
    """Yield the document, then its headers, footers and notes in order of their names."""
    yield document.part
    for part in sorted(document.part.package.iter_parts(), key=lambda one: str(one.partname)):
        kind = part.content_type.rpartition(".")[2]
        if kind in {"header+xml", "footer+xml", "footnotes+xml", "endnotes+xml"}:
            yield part


def _roots(document: WordDocument) -> Iterator[etree._Element]:
    """Yield the XML of each of :func:`_parts`; of a part kept as bytes, parsed and kept as XML from then on."""
    for part in _parts(document):
        if isinstance(part, XmlPart):
            yield part.element
        else:
            root = etree.fromstring(part.blob)
            yield root
            part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def _fill(tpl: _Template, values: dict[str, Any]) -> None:
    try:
        tpl.render(values, environment(), autoescape=True)
    except SecurityError as error:
        raise refusal("用了不允许的写法") from error
    except TemplateError as error:
        raise refusal(f"不能使用（{error.message}）") from error


def _finish(document: WordDocument, book: Book, stamp: Stamp, blocks: Blocks) -> None:
    body = document.element.body
    styles = _style_ids(document)
    place_blocks(body, blocks, styles)
    keep_signature(body, styles.get(SIGNATURE))
    at = len(body) if body.find(f"{{{W}}}sectPr") is None else len(body) - 1
    for offset, line in enumerate(release_lines(book, stamp)):
        body.insert(at + offset, table_xml.paragraph(line, styles.get(RELEASE_STYLE)))
    roots = list(_roots(document))
    taken = {number for root in roots for number in control_ids(root)}
    ids = (number for number in count(FIRST_ID) if str(number) not in taken)
    for root in _roots(document):
        place_controls(root, book.controls, ids)


def _style_ids(document: WordDocument) -> dict[str, str]:
    """Map the names of the template's paragraph styles to their ids, which differ after another program saved it."""
    root = document.part.part_related_by(_STYLES).element  # type: ignore[attr-defined, unused-ignore]
    found = {}
    for style in root.iter(f"{{{W}}}style"):
        name = style.find(f"{{{W}}}name")
        if style.get(f"{{{W}}}type") == "paragraph" and name is not None:
            found[name.get(f"{{{W}}}val", "")] = style.get(f"{{{W}}}styleId", "")
    return found
