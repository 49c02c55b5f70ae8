"""What a sheet of an .xlsx says outside its cells: in page headers and footers, text boxes and comments.

Offices write 单位：万元 there too. Only the texts are taken, each with the kind of place it stands in.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from xml.parsers import expat

PAGE, BOX, COMMENT = "page", "box", "comment"
KINDS = {"drawing": BOX, "comments": COMMENT}
"""Kinds of related parts that hold such texts."""

LONGEST = 2_000
"""Characters of one text that are looked at: a unit is said in few words."""

_PAGE_TEXTS = frozenset(("oddHeader", "evenHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter"))
_PAGE_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]+|[A-Za-z&])')


class Asides:
    """Takes the texts of one part: of page headers in a sheet's own, of paragraphs in a drawing or comments."""

    def __init__(self, kind: str, take: Callable[[str, str], None], then: Callable[[], None] | None = None) -> None:
        """``take`` gets each text with its kind; ``then`` is called where page headers end, whatever follows them."""
        self._kind, self._take, self._then = kind, take, then
        self._ends = _PAGE_TEXTS if kind == PAGE else frozenset(("p", "comment"))
        self._said = ""
        self._inside = False

    def attach(self, parser: expat.XMLParserType) -> None:
        """Listen to a parser of the part."""
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text

    def start(self, tag: str, _: dict[str, str]) -> None:
        """Begin to listen where a text begins."""
        local = tag.rpartition(":")[2]
        self._inside = self._inside or local == "t" or local in _PAGE_TEXTS

    def text(self, text: str) -> None:
        """Keep what is said, as far as it is looked at."""
        if self._inside and len(self._said) < LONGEST:
            self._said += text

    def end(self, tag: str) -> None:
        """Hand a text over where it ends."""
        local = tag.rpartition(":")[2]
        if local == "t" or local in _PAGE_TEXTS:
            self._inside = False
        if local in self._ends and self._said:
            self._take(self._kind, _PAGE_CODES.sub(" ", self._said) if self._kind == PAGE else self._said)
            self._said = ""
        if local == "headerFooter" and self._then is not None:
            self._then()


def relations_of(part: str) -> str:
    """Return the name of the part that lists what a part is related to."""
    return posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
