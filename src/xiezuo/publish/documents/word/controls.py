"""Content controls: every printed number stands in one that says what it is, so that a changed digit is found.

While a template is rendered a number is a marker, two characters that no text holds around its place in the list;
afterwards each marker becomes a ``w:sdt`` in the formatting of the run it stood in.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from xiezuo.values.periods import Period

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Around the place of a control in the list. Unicode promises that these are never characters of a text."""
BLOCK_OPEN, BLOCK_CLOSE = "\ufdd2", "\ufdd3"
"""Around the name of a block, a table or the paragraphs of a section, that takes the place of its paragraph."""

MARKER = re.compile(f"{OPEN}([0-9]+){CLOSE}")
BLOCK = re.compile(f"{BLOCK_OPEN}([^{BLOCK_CLOSE}]+){BLOCK_CLOSE}")

VERSION = "xz1"
LONGEST = 64
"""Word keeps no longer tag and no longer title of a control."""

RELEASE, DIGEST, HEAD, DRAFT, SIGNED = "@release", "@digest", "@head", "@draft", "@signed"

_UNSAFE = re.compile(r"[|\x00-\x20]")


@dataclass(frozen=True)
class Said:
    """A number as it is printed, and what it is.

    ``ref`` tells it from every other of the document: indicator, township, period and role, or a table's cell.
    ``value`` is the number itself, as decimal text, ``~`` where nothing was reported.
    """

    text: str
    ref: tuple[str, ...]
    value: str
    name_zh: str
    period: Period | None = None
    indicator_id: str = ""
    breakdown: str = ""

    def tag(self, release_id: str) -> str:
        """Return ``xz1|ref…|release|value`` in at most 64 characters; what is too long stands as its hash."""
        unsafe = any(_UNSAFE.search(piece) for piece in self.ref)
        ref = hashed(_joined(self.ref)) if unsafe else "|".join(self.ref)
        release = release_id if len(release_id) <= _LONGEST_RELEASE else hashed(release_id)
        value = hashed(self.value) if _UNSAFE.search(self.value) else self.value
        tag = f"{VERSION}|{ref}|{release}|{value}"
        if len(tag) > LONGEST:
            tag = f"{VERSION}|{hashed(_joined(self.ref))}|{release}|{value}"
        return (
            tag
            if len(tag) <= LONGEST
            else "|".join((VERSION, hashed("\n".join(self.ref)), release, hashed(value)))
        )

    @property
    def period_text(self) -> str:
        """The period as a command takes it: 2022, 2022-09, 2022-09/ytd; empty for what is of none."""
        if self.period is None:
            return ""
        return self.period.text + ("/ytd" if self.period.kind == "year_to_date" else "")

    @property
    def full_name(self) -> str:
        """Name and period."""
        return f"{self.name_zh}（{self.period.zh}）" if self.period else self.name_zh

    @property
    def alias(self) -> str:
        """Return what Word shows above the control: name and period."""
        return f"{self.name_zh} {self.period.zh if self.period else ''}".strip()[:LONGEST]


_LONGEST_RELEASE = 32


def _joined(ref: tuple[str, ...]) -> str:
    return "\n".join(ref)


def hashed(text: str) -> str:
    """Return # and twelve hexadecimal digits of the SHA-256 of a text."""
    return "#" + hashlib.sha256(text.encode()).hexdigest()[:12]


def block(name: str) -> str:
    """Return the marker of a block."""
    return f"{BLOCK_OPEN}{name}{BLOCK_CLOSE}"


@dataclass
class Controls:
    """The controls of one document, in the order in which they were printed."""

    release_id: str
    said: list[Said] = field(default_factory=list)

    def mark(self, said: Said) -> str:
        """Note a number and return the marker that stands for it in text."""
        self.said.append(said)
        return f"{OPEN}{len(self.said) - 1}{CLOSE}"

    def by_tag(self) -> dict[str, Said]:
        """Return what each tag says; a tag has one text, wherever it stands."""
        return {one.tag(self.release_id): one for one in self.said}

    def plain(self, text: str) -> str:
        """Return a text with its markers as the numbers they stand for, for where no control can be."""
        return MARKER.sub(lambda found: self.said[int(found[1])].text, text)
