"""Notes on cells (批注) that stay blank, in sheets whose author has put none: they say why there is no figure.

ECMA-376 part 1, §18.7; the small drawing that shows a note is VML, as every spreadsheet program writes it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from xiezuo.publish.forms.grid import Place, address

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGED = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AUTHOR = "协作 Xiezuo"
_BEHIND = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""What may stand behind ``legacyDrawing`` in a sheet, in the order of the schema."""
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def can_take(sheet: bytes, relations: bytes | None) -> bool:
    """Whether a sheet has no notes yet: those of its author are left alone."""
    return b"legacyDrawing" not in sheet and b"/comments" not in (relations or b"")


def relations_of(part: str) -> str:
    """Return the part that holds the relations of a part."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def with_notes(
    sheet: bytes, part: str, relations: bytes | None, types: str, notes: Mapping[Place, str]
) -> tuple[dict[str, bytes], str]:
    """Return the parts that put notes on cells of a sheet, the sheet among them, and the list of content types."""
    stem = posixpath.splitext(posixpath.basename(part))[0]
    comments, drawing = f"xl/comments_xiezuo_{stem}.xml", f"xl/drawings/vml_xiezuo_{stem}.vml"
    made = {
        part: _drawn(sheet),
        relations_of(part): _related(relations, comments, drawing),
        comments: _comments(notes),
        drawing: _drawing(notes),
    }
    types = types.replace("</Types>", f'<Override PartName="/{comments}" ContentType="{_TYPE}"/></Types>', 1)
    if not re.search(r'Extension="vml"', types, re.IGNORECASE):
        types = re.sub(
            r"(<Types\b[^>]*>)", rf'\1<Default Extension="vml" ContentType="{_VML_TYPE}"/>', types, count=1
        )
    return made, types


def _drawn(sheet: bytes) -> bytes:
    """Let a sheet name its drawing, in the place that the schema has for it."""
    text = sheet.decode()
    closing = re.search(r"</((?:\w+:)?)worksheet>\s*$", text)
    prefix = closing[1] if closing else ""
    body = max(text.rfind(f"</{prefix}sheetData>"), text.rfind(f"<{prefix}sheetData/>"))
    later = [found for tag in _BEHIND if (found := text.find(f"<{prefix}{tag}", body)) >= 0]
    at = min(later, default=text.rfind(f"</{prefix}worksheet>"))
    element = f'<{prefix}legacyDrawing xmlns:xzr="{_RELATED}" xzr:id="rIdXiezuoNotes"/>'
    return f"{text[:at]}{element}{text[at:]}".encode()


def _related(relations: bytes | None, comments: str, drawing: str) -> bytes:
    text = (
        relations.decode()
        if relations
        else f'{_DECLARATION}<Relationships xmlns="{_PACKAGED}"></Relationships>'
    )
    text = re.sub(r"<Relationships\b([^>]*)/>\s*$", r"<Relationships\1></Relationships>", text)
    own = (
        f'<Relationship Id="rIdXiezuoNotes" Type="{_RELATED}/vmlDrawing" Target="/{drawing}"/>'
        f'<Relationship Id="rIdXiezuoComments" Type="{_RELATED}/comments" Target="/{comments}"/>'
    )
    return text.replace("</Relationships>", f"{own}</Relationships>", 1).encode()


def _comments(notes: Mapping[Place, str]) -> bytes:
    listed = "".join(
        f'<comment ref="{address(*place)}" authorId="0"><text><t>{escape(text)}</t></text></comment>'
        for place, text in sorted(notes.items())
    )
    authors = f"<authors><author>{_AUTHOR}</author></authors>"
    body = f'<comments xmlns="{_MAIN}">{authors}<commentList>{listed}</commentList></comments>'
    return f"{_DECLARATION}{body}".encode()


def _drawing(notes: Mapping[Place, str]) -> bytes:
    shapes = "".join(
        f'<v:shape id="_x0000_s{1025 + number}" type="#_x0000_t202" fillcolor="#ffffe1" o:insetmode="auto"'
        ' style="position:absolute;width:90pt;height:30pt;visibility:hidden"><v:fill color2="#ffffe1"/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column + 1},15,{row},4,{column + 3},15,{row + 2},4</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        for number, (row, column) in enumerate(sorted(notes))
    )
    kind = (
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
        '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
    )
    spaces = (
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
    )
    layout = '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    return f"<xml {spaces}>{layout}{kind}{shapes}</xml>".encode()
