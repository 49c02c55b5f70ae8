"""Contracts: what each dataset promises, read from ``include/contracts``.

A dataset is ``<dataset>.yaml``; further feeds of it are ``<dataset>.<feed>.yaml``. Discovery is a
directory listing: a new dataset is a new file and no line of Python.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezuo.base.errors import ConfigError
from xiezuo.declared.categories import FIELD, load_categories
from xiezuo.declared.counties import County
from xiezuo.declared.words import Words, contradictions, read_words

FieldType = Literal[
    "text", "code", "person_name", "identity_number", "phone", "uscc", "integer", "decimal", "percent",
    "money", "boolean", "enum", "day", "day_or_month", "day_or_month_end", "month", "moment", "moment_or_month",
    "epoch", "town", "village", "document_number"
]  # fmt: skip
ComputedType = Literal[
    "month_start", "month_number", "normalised_name", "province", "coalesce", "local_day", "age", "present_when",
    "ordinal", "joined", "in_unit", "total", "person_of", "indicator", "stated_on", "public_name", "backed",
    "discrepancy", "entry", "entry_doubt", "gift_doubt"
]  # fmt: skip
"""What a computed column is; :mod:`xiezuo.conform.rows.computed` holds one function for each."""

SQL_TYPES: dict[str, str] = {
    "text": "text", "code": "text", "person_name": "text", "phone": "text", "uscc": "text", "enum": "text",
    "integer": "bigint", "decimal": "numeric(20,4)", "percent": "numeric(9,6)", "money": "numeric(18,2)",
    "boolean": "boolean", "day": "date", "day_or_month": "date", "day_or_month_end": "date", "month": "date",
    "moment": "timestamptz", "moment_or_month": "timestamptz", "epoch": "timestamptz",
    "document_number": "text", "town": "varchar(9)", "village": "varchar(12)", "identity_number": "text",
    "month_start": "date", "normalised_name": "text", "province": "char(6)", "coalesce": "text", "local_day": "date",
    "month_number": "integer", "age": "integer", "present_when": "boolean", "ordinal": "text", "joined": "text",
    "in_unit": "numeric(20,4)", "total": "numeric(18,2)", "person_of": "text", "indicator": "text", "stated_on": "date",
    "public_name": "text", "backed": "boolean", "discrepancy": "numeric(18,2)",
    "entry": "text", "entry_doubt": "text", "gift_doubt": "text",
}  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Strict):
    """Bounds in yuan."""

    least: Decimal
    most: Decimal


class Validity(_Strict):
    """The columns between which a row of a register holds, both days inclusive; an empty one is open."""

    from_: Annotated[str, Field(alias="from")]
    to: str


class FieldSpec(_Strict):
    """One field of a source: where it stands, what it is, whether it must be there.

    An ``advisory`` field that cannot be read is left empty and noted; it never holds its row back.
    A field that is not ``stored`` serves checks only. ``unit`` is the one that holds where neither
    header nor sheet states one; amounts all below ``unstated_unit_floor_yuan`` then refuse the file.
    The median amount of a delivery lies within ``typical_yuan``, or its unit is in doubt.
    A blank cell has the value of the field that it ``falls_back_to``. A negative amount ``takes_back`` another: one
    printed in red that is not negative is then in doubt.

    An enum that ``decides`` a figure is never kept unknown: what is neither among ``values`` nor among its ``words``
    (those of ``include/words``, of projects' categories of ``include/categories.yaml``, found under ``register``) holds
    its row back until the office decides once. What a value is ``called`` is said where no spelling says it. Where it
    ``decides_when`` another column has a value, it is left empty in rows in which that has another one. With
    ``own_values`` the office may make a word a value of its own.

    What ``names`` a firm or a project is read under the name that the office's register gives it.
    """

    type: FieldType
    zh: tuple[str, ...] = ()
    en: str = ""
    required: bool = False
    pii: Literal["direct"] | None = None
    unit: Literal["元", "万元", "分"] = "元"
    unstated_unit_floor_yuan: Decimal | None = None
    typical_yuan: Span | None = None
    falls_back_to: str | None = None
    takes_back: bool = False
    approximate: bool = False
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    unknown: Literal["refuse", "keep"] = "refuse"
    decides: bool = False
    decides_when: dict[str, str] = Field(default_factory=dict)
    own_values: bool = False
    names: Literal["firm", "project"] | None = None
    words: Annotated[tuple[Words, ...], Field(exclude=True)] = ()
    register_: Annotated[str, Field(alias="register", exclude=True)] = ""
    called: Annotated[dict[str, str], Field(exclude=True)] = Field(default_factory=dict)
    counters: tuple[str, ...] = ()
    advisory: bool = False
    stored: bool = True

    @model_validator(mode="after")
    def _words_are_one(self) -> Self:
        if self.names and self.type not in ("text", "code"):
            raise ValueError("a name of a firm or a project is a text or a code")
        if self.decides and (self.type != "enum" or self.unknown == "keep" or self.advisory):
            raise ValueError("what decides a figure is an enum, neither advisory nor `unknown: keep`")
        foreign = {entry.value for entry in self.words} - set(self.values)
        if foreign and not self.own_values:
            raise ValueError(f"words stand for {', '.join(sorted(foreign))}, which the contract does not list")
        if twice := "; ".join(contradictions(self.values, self.words)):
            raise ValueError(twice)
        return self

    def changed(self, change: dict[str, Any]) -> FieldSpec:
        """Return the field as a feed restates it; its words stay."""
        words = {"words": self.words, "register": self.register_, "called": self.called}
        return FieldSpec.model_validate(self.model_dump() | words | change)

    @property
    def value_names(self) -> dict[str, str]:
        """What each value is called in Chinese: its first spelling."""
        own = {entry.value: entry.value for entry in self.words if self.own_values}
        return own | self.called | {slug: spellings[0] for slug, spellings in self.values.items() if spellings}

    def names_in(self, county: County | None) -> dict[str, str]:
        """Return :attr:`value_names` of those that a county may have; what is offered to it and nothing else is."""
        foreign = self._foreign(county)
        return {slug: name for slug, name in self.value_names.items() if slug not in foreign}

    def takes(self, value: str, county: County) -> bool:
        """Whether a county's office may accept a word for the value: one it has, or, where that may be, a new one."""
        return value in self.values or (self.own_values and value not in self._foreign(county))

    def _foreign(self, county: County | None) -> set[str]:
        """Return the values that other counties have and this one has not: those all of whose words are theirs."""
        own = {entry.value for entry in self.words if entry.holds_in(county)}
        return {entry.value for entry in self.words} - own - set(self.values)


class ComputedSpec(_Strict):
    """A column made from others of the same row."""

    type: ComputedType
    from_: Annotated[tuple[str, ...], Field(alias="from")] = ()
    when: str | None = None
    stored: bool = True
    required: bool = False
    en: str = ""
    zh: str = ""
    reason_zh: str = ""


class LinesSpec(_Strict):
    """How rows that share an order number become its numbered lines.

    Where ``refund`` names a column, a row with a negative amount is a refund of a line of its order. ``parts`` are the
    amounts of which each row gives one where they are the parts of one receipt: rows of the last are told apart by
    ``named``, and all are the ``same`` in some columns. Such rows replace each other whichever feed they come by.
    """

    target: str
    within: tuple[str, ...]
    order: tuple[str, ...]
    refund: str = ""
    parts: tuple[str, ...] = ()
    named: str = ""
    same: tuple[str, ...] = ()


class FeedSpec(_Strict):
    """One way a dataset arrives: file, platform or database table."""

    kind: Literal["file", "platform", "database"]
    rank: int = 1
    profile: str | None = None
    table: str | None = None
    version: str | None = None
    fields: dict[str, dict[str, Any]] = Field(default_factory=dict)
    constants: dict[str, str | int] = Field(default_factory=dict)
    lines: LinesSpec | None = None


class Contract(_Strict):
    """A dataset: its columns, key, delivery, feeds and labels."""

    dataset: str
    source: Literal["labour", "sales", "fund", "work"]
    zh: str
    en: str
    grain: str
    key: tuple[str, ...]
    delivery: Literal["snapshot", "increment"]
    increment_titles: tuple[str, ...] = ()
    amount: str | None = None
    counted: str | None = None
    touches: str | None = None
    year_told_by: str | None = None
    valid: Validity | None = None
    restates: bool = False
    ends: str | None = None
    from_title: dict[str, str] = Field(default_factory=dict)
    reporting_unit: str | None = None
    unit_from_place: bool = False
    fields: dict[str, FieldSpec]
    computed: dict[str, ComputedSpec] = Field(default_factory=dict)
    feeds: dict[str, FeedSpec]

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        columns = {name for name, *_ in self.columns()} | {"reporting_unit"}
        valid = (self.valid.from_, self.valid.to) if self.valid else ()
        named = (self.touches, self.year_told_by, self.amount, self.counted, self.ends, *valid)
        for name in (*self.key, *filter(None, named)):
            if name not in columns:
                raise ValueError(f"{self.dataset}: {name} is no column of the contract")
        if self.touches and self.valid:
            raise ValueError(f"{self.dataset}: rows count on a day (touches) or through a span (valid), not both")
        others = [spec.falls_back_to for spec in self.fields.values() if spec.falls_back_to]
        for name in (*self.from_title, *others, *filter(None, (self.reporting_unit,))):
            if name not in self.fields and name not in self.computed:
                raise ValueError(f"{self.dataset}: {name} is no field of the contract")
        for feed_name, feed in self.feeds.items():
            for name in feed.fields:
                if name not in self.fields:
                    raise ValueError(f"{self.dataset}.{feed_name}: {name} is no field of the dataset")
        return self

    @property
    def ended_by(self) -> str | None:
        """The field that says on which day what a row is about came to its end."""
        return self.ends or (self.valid.to if self.valid else None)

    @property
    def amount_parts(self) -> tuple[str, ...]:
        """The fields that make up ``amount``: itself, or those it is the total of."""
        total = self.computed.get(self.amount or "")
        return total.from_ if total else (self.amount,) if self.amount else ()

    def columns(self) -> list[tuple[str, str, str, str]]:
        """Business columns in order: ``(name, SQL type, comment zh, comment en)``."""
        found: list[tuple[str, str, str, str]] = []
        for name, field in self.fields.items():
            label = field.zh[0] if field.zh else name
            if field.type == "identity_number":
                found += [
                    ("person_key", "text", "个人键", "keyed hash of the identity number"),
                    ("birth_date_year", "integer", "出生年", "birth year from the identity number"),
                    ("sex", "text", "性别", "sex from the identity number: male or female"),
                ]
            elif field.pii is None and field.stored:
                found.append((name, SQL_TYPES[field.type], label, field.en))
                if field.approximate:
                    found.append((f"{name}_at_least", "boolean", f"{label}为约数下限", f"{name} is a lower bound"))
        for name, computed in self.computed.items():
            if not computed.stored or name in {column for column, *_ in found}:
                continue
            found.append((name, SQL_TYPES[computed.type], computed.zh or name, computed.en))
        return found

    def feed_fields(self, feed: str) -> dict[str, FieldSpec]:
        """The dataset's fields as this feed has them: its own aliases, types and spellings win.

        A feed that lists fields has those only; one that lists none has all of them.
        """
        own = self.feeds[feed].fields
        if not own:
            return dict(self.fields)
        constants: dict[str, dict[str, Any]] = {name: {} for name in self.feeds[feed].constants if name not in own}
        return {name: self.fields[name].changed(change) for name, change in (own | constants).items()}

    def register_of(self, name: str) -> str:
        """Return what the register calls the words of a field: fields that share a file of words share them."""
        return self.fields[name].register_ or f"{self.dataset}.{name}"


def load_contracts(root: Path) -> dict[str, Contract]:
    """Read every contract under ``root/include/contracts``, by dataset name.

    Raises:
        ConfigError: a file is not a contract or no list of words; the message names file and place.
    """
    return dict(_load(root / "include" / "contracts"))


@lru_cache(maxsize=8)
def _load(folder: Path) -> tuple[tuple[str, Contract], ...]:
    documents: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.yaml"), key=lambda p: (p.stem.count("."), p.stem)):
        document = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        dataset, _, feed = path.stem.partition(".")
        if feed:
            if dataset not in documents:
                raise ConfigError(f"{path.name} has no {dataset}.yaml beside it")
            documents[dataset].setdefault("feeds", {})[feed] = document
        else:
            documents[dataset] = document
    for field, (register, words) in read_words(folder.parent / "words").items():
        dataset, _, name = field.partition(".")
        fields = documents.get(dataset, {}).get("fields", {})
        if name not in fields:
            raise ConfigError(f"words {register}.yaml: no contract has a field {field}")
        fields[name] = {**fields[name], "words": words, "register": register}
    dataset, _, name = FIELD.partition(".")
    fields = documents.get(dataset, {}).get("fields", {})
    if name in fields:
        listed = load_categories(folder.parent / "categories.yaml")
        fields[name] = {**fields[name], "words": listed.words, "register": FIELD, "called": listed.names()}
    return tuple((name, _contract(name, document)) for name, document in sorted(documents.items()))


def _contract(name: str, document: dict[str, Any]) -> Contract:
    try:
        contract = Contract.model_validate(document)
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"contract {name}: {places}", next_step="see CONTRIBUTING.md, “add a source”") from error
    if contract.dataset != name:
        raise ConfigError(f"contract {name}.yaml says it is {contract.dataset}")
    return contract
