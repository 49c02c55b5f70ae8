"""Everything a period's documents say, as one immutable text: drafted, approved by a person, frozen in a release.

A :class:`Content` is written as canonical JSON (sorted keys, no spaces, values as decimal strings); its SHA-256 is the
digest that an approval names. It holds no person: annexes carry organisations, places, sums and numbers of people.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, PlainSerializer

from xiezuo.base.clock import SHANGHAI
from xiezuo.publish.documents.wording import Theme
from xiezuo.values.periods import Kind, Period

# Chinese punctuation for what ledgers hold: stored texts are normalised (NFKC), and so lose their full-width
# marks.
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_QUOTES = "”》】」』）"
_AFTER_HAN = re.compile(rf"(?<=[{_HAN}{_QUOTES}])([,;:!?])")
_BRACKETS = re.compile(rf"\(([^()]*[{_HAN}][^()]*)\)")
_FULL = str.maketrans(",;:!?", "，；：！？")


def chinese(text: str) -> str:
    """Return a text whose marks behind Chinese characters, and brackets around them, are full width again.

    Numbers, codes and Latin words keep theirs: ``1,234`` and ``(2022)`` stay, ``收入,增加(含补贴)`` does not.
    """
    marked = _AFTER_HAN.sub(lambda found: found[1].translate(_FULL), _BRACKETS.sub(r"（\1）", text))
    # A mark may follow a bracket that has only now become one.
    return _AFTER_HAN.sub(lambda found: found[1].translate(_FULL), marked)


Qualifier = Literal["exact", "at_least", "not_reported"]
_WRITTEN = PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json-unless-none")
Amount = Annotated[Decimal, _WRITTEN]
"""A number that is written with the decimals it has, never as a float."""

_LETTERS = re.compile(r"(?![A-Za-z])")
_LATER = ("measured_by", "outline", "themes", "lists")
"""What contents have had since some were already signed: where there is none it is not written either."""

FORM = 1
"""Version of the form; a content of another form is read by the code that knows it."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class County(_Part):
    """The county and whom it is paired with, as ``include/counties.yaml`` names them."""

    code: str
    name: str
    city: str
    province: str
    paired_county: str
    paired_province: str


class Value(_Part):
    """One value of one indicator: of the whole county (``breakdown`` empty) or of a 9-digit township.

    Money is in 元. ``value`` is None exactly when nothing was reported. ``last_year`` is the same period a year
    earlier; ``target`` the year's, of the whole county only; ``completion_pct`` the year so far in percent of it.
    """

    period_kind: Kind
    period: str
    indicator_id: str
    breakdown: str = ""
    name_zh: str
    value: Amount | None
    unit: str
    qualifier: Qualifier
    as_of: date
    last_year: Amount | None = None
    last_year_qualifier: Qualifier | None = None
    target: Amount | None = None
    completion_pct: Amount | None = None


class Column(_Part):
    """A column of an annex; ``unit`` of its numbers (``元`` is printed as 万元), empty for text.

    ``indicator_id`` says which indicator the cells are values of, where they are; the rows' keys are then townships.
    """

    key: str
    zh: str
    kind: Literal["text", "date", "count", "money", "percent"]
    unit: str = ""
    indicator_id: str = ""
    is_total: bool = False
    """Whether the column has a sum in the total row."""


class Row(_Part):
    """A line of an annex: its key (a township, a project's number, …) and one text a column, numbers as decimals."""

    key: str
    cells: tuple[str | None, ...]


class Table(_Part):
    """An annex (附表): ``total`` is its last line, as computed where the rows were read; None where there is none."""

    key: str
    zh: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: tuple[str | None, ...] | None = None
    is_wide: bool = False
    note_zh: str = ""


class Listed(Table):
    """Rows that the text names one by one; those too many for it stand in an annex, ``annex`` or one of its own."""

    annex: str = ""


class Passage(_Part):
    """A paragraph, or a single figure, that the office wrote for a section of the report."""

    section: str
    seq: int
    text: str | None = None
    figure_name: str | None = None
    value: Amount | None = None
    unit: str | None = None
    source_doc: str | None = None


class Check(_Part):
    """A line of the close list: what was looked at, how it stands, and whose it is."""

    kind: Literal["arrival", "quarantine", "refused", "reconciliation", "narrative", "adjustment", "warning"]
    state: Literal["passed", "open", "explained"]
    subject_zh: str
    detail_zh: str = ""
    count: int = 0


class Restated(_Part):
    """A value that an earlier release stated otherwise."""

    period_kind: Kind
    period: str
    indicator_id: str
    breakdown: str = ""
    name_zh: str
    unit: str
    old: Amount | None
    old_qualifier: Qualifier
    new: Amount | None
    new_qualifier: Qualifier
    reason_zh: str = ""
    batches: tuple[str, ...] = ()


class Heading(_Part):
    """A heading of the annual report: what stands under it, themes before passages, and the headings within it.

    ``themes`` and ``passages`` are the keys of ``include/reports``.
    """

    zh: str
    themes: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    sections: tuple[Heading, ...] = ()

    @property
    def all_themes(self) -> tuple[str, ...]:
        """Its themes, then those of the headings within it."""
        return (*self.themes, *(key for one in self.sections for key in one.all_themes))

    @property
    def all_passages(self) -> tuple[str, ...]:
        """Its passages, then those of the headings within it."""
        return (*self.passages, *(key for one in self.sections for key in one.all_passages))


class Content(_Part):
    """All that is printed of one county and period; ``values`` in the order of a summary.

    A month's values are those of the month and of the year to date, a year's those of the year.
    ``as_of`` is the latest day that any reported value speaks of. ``towns`` are (code, name), in order.
    ``chapters`` are the headings that indicators stand under, in order, by their identity (of contents of before there
    were indicator sets by the letters it begins with). ``measured_by`` names the indicator set, ``outline`` is the
    annual report's by it, ``themes`` what is said of each theme of it and ``lists`` the rows these name: all four are
    absent from older contents, whose text stays as it was.
    """

    form: int = FORM
    county: County
    period: str
    as_of: date
    values: tuple[Value, ...]
    towns: tuple[tuple[str, str], ...] = ()
    chapters: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    passages: tuple[Passage, ...] = ()
    checks: tuple[Check, ...] = ()
    restates: str | None = None
    restated: tuple[Restated, ...] = ()
    measured_by: str = ""
    outline: tuple[Heading, ...] = ()
    themes: tuple[Theme, ...] = ()
    lists: tuple[Listed, ...] = ()
    template_sha256: Mapping[str, str] = {}
    """Which template each Word file is made from, by its file name."""

    @property
    def span(self) -> Period:
        """The period as such."""
        return Period.read(self.period)

    @property
    def is_annual(self) -> bool:
        """Whether this is a year's self-assessment; else a month's bulletin."""
        return self.span.kind == "year"

    def of_kind(self, kind: Kind) -> list[Value]:
        """Return the values of the month, the year to date or the year, in order."""
        return [value for value in self.values if value.period_kind == kind]

    def table(self, key: str) -> Table | None:
        """Return the annex of that key."""
        return next((table for table in self.tables if table.key == key), None)

    def listed(self, key: str) -> Listed | None:
        """Return the list of that key."""
        return next((one for one in self.lists if one.key == key), None)

    @property
    def is_worded(self) -> bool:
        """Whether its sentences are those of themes; those of before are printed as they were."""
        return bool(self.themes)

    def heading(self, indicator_id: str) -> str:
        """Return the chapter an indicator stands under; empty where it has none."""
        chapters = dict(self.chapters)
        return chapters.get(indicator_id) or chapters.get(_LETTERS.split(indicator_id)[0], "")

    def to_json(self) -> str:
        """Write the content; equal contents give equal texts."""
        absent = {name for name in _LATER if not getattr(self, name)}
        document = self.model_dump(mode="json", exclude=absent)
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Content:
        """Read what :meth:`to_json` wrote.

        Raises:
            pydantic.ValidationError: the text is no content of this form.
        """
        return cls.model_validate_json(text)

    @property
    def digest(self) -> str:
        """SHA-256 of :meth:`to_json`, in hex: what an approval approves."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


class Signed(_Part):
    """One of the three who signed a release: ``act_zh`` is 送审, 审核 or 审定."""

    act_zh: str
    name: str
    role_zh: str
    signed_at: datetime

    @property
    def zh(self) -> str:
        """How documents say it, to the minute in +08:00."""
        return f"{self.role_zh} {self.name}，{self.signed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


class Stamp(_Part):
    """What a file says of where it comes from; not part of the content, since it is known after it.

    ``release_id`` is ``620422-2022-01-r1``, or ``620422-2022-01-d3`` for draft 3, which nobody has approved: then
    ``head`` (of the hash chain), ``approved_by``, ``approved_on`` and ``signatures`` are empty. Releases of
    before three people signed have no ``signatures``, and their documents keep the bytes they had.
    """

    release_id: str
    digest: str
    head: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    signatures: tuple[Signed, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether nobody has approved it."""
        return not self.head
