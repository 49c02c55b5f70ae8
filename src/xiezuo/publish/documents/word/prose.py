"""What a document says of its themes: sentences of :mod:`wording`, of which only what tells something is printed.

A figure tells something when it was reported and is not zero; a zero does where a target was set for it, or the year
before had more. What nobody reported is said once a theme, and so is how far its ledgers go where that is not how far
the whole document goes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from jinja2 import nodes

from xiezuo.publish.documents.book import Book, Phrase, day_zh, period_key, stated
from xiezuo.publish.documents.content import Column, Listed, Row, Value
from xiezuo.publish.documents.numbers import MONEY, ROUNDED_ZH, Quantity, is_apart_by_rounding, plain, printed
from xiezuo.publish.documents.word.controls import Said
from xiezuo.publish.documents.word.placeholders import ATTRIBUTES, Figure
from xiezuo.publish.documents.word.template import OPTIONAL, dotted, environment
from xiezuo.publish.documents.wording import Sentence, Theme
from xiezuo.values.periods import Kind

_MOST_NAMED = 8
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_BESIDE = frozenset(ATTRIBUTES) - {"so_far", "number"}
"""What stands beside a figure and tells nothing of its own: its trend, its target, its name."""


@lru_cache(maxsize=1024)
def printed_paths(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the placeholders of a piece that print something, as dotted names; those of conditions are none."""
    tree = environment().parse(text)
    return tuple(
        tuple(path)
        for output in tree.find_all(nodes.Output)
        for child in output.nodes
        if (path := dotted(child))
    )


@dataclass(frozen=True)
class _Cells:
    """A row as a sentence names it: ``row.<column>``."""

    book: Book
    table: Listed
    row: Row

    def cell(self, key: str) -> Any:
        """Return what a column of the row prints; nothing of an empty one."""
        for column, cell in zip(self.table.columns, self.row.cells, strict=True):
            if column.key == key:
                return None if cell is None or not cell.strip() else self._said(column, cell.strip())
        return None

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return self.cell(key)

    def _said(self, column: Column, cell: str) -> Any:
        if column.kind == "text":
            return " ".join(cell.split())
        return Phrase(
            self.book.controls,
            Said(
                text=cell_words(column, cell, self.book.content.span.year),
                ref=("@" + self.table.key, self.row.key, column.key, period_key(self.book.content.span), "t"),
                value=cell,
                name_zh=f"{self.table.zh}·{column.zh}·{self.row.key}",
                period=self.book.content.span,
            ),
        )


def cell_words(column: Column, cell: str, year: int) -> str:
    """Return a cell of a list for running text: a day of the report's year without the year, numbers with units."""
    if column.kind == "date":
        if month := _MONTH.fullmatch(cell):
            return f"{int(month[2])}月" if int(month[1]) == year else f"{month[1]}年{int(month[2])}月"
        try:
            day = date.fromisoformat(cell)
        except ValueError:
            return cell
        return f"{day.month}月{day.day}日" if day.year == year else day_zh(day)
    return amount_of(column, cell).text


def amount_of(column: Column, cell: str) -> Quantity:
    """Return a cell of a list as a quantity; one that ends in + is a lower bound."""
    unit = MONEY if column.kind == "money" else column.unit
    return Quantity(Decimal(cell.rstrip("+")), unit, cell.endswith("+"))


class Prose:
    """The sentences of one document; ``names`` is what its template may name beside indicators."""

    def __init__(self, book: Book, names: Mapping[str, Any]) -> None:
        self._book = book
        self._names = names
        figures = {one.partition(".")[0] for one in book.names} - set(names)
        self._named = {**{one: Figure(book, one, book.kind) for one in figures}, **names}
        self._themes = {theme.key: theme for theme in book.content.themes}
        self._environment = environment()
        self._roots = {one.partition(".")[0] for one in book.names}

    def overlong(self) -> list[Listed]:
        """Return the lists that the text cannot name in full and no annex says: they become annexes of their own."""
        found: dict[str, Listed] = {}
        for theme in self._themes.values():
            for sentence in self._sentences(theme):
                table = self._book.content.listed(sentence.rows) if sentence.rows else None
                if table is None or table.annex:
                    continue
                if any(len(rows) > sentence.most for _, rows in _groups(sentence, table)):
                    found[table.key] = table
        return [found[table.key] for table in self._book.content.lists if table.key in found]

    def themes(self, keys: Iterable[str], silent: list[str]) -> list[str]:
        """Return the paragraphs of some themes, with markers; none of a theme that the document does not know.

        Those of which nothing was reported have none either: their names are added to ``silent``.
        """
        paragraphs: list[str] = []
        for theme in (self._themes[key] for key in keys if key in self._themes):
            values = self._values(theme)
            if values and all(value.value is None for value in values):
                silent.append(theme.zh)
            elif self._sentences(theme):
                paragraphs += self._theme(theme, values)
        return paragraphs

    def _theme(self, theme: Theme, values: Sequence[Value]) -> list[str]:
        paragraphs = list(self._paragraphs(theme))
        is_nothing = bool(values) and not paragraphs and all(value.value is not None for value in values)
        if is_nothing and self._book.content.is_annual and theme.none_zh:
            paragraphs = [theme.none_zh]
        closing = "".join([*self._unreported(values), *self._as_of(values)])
        if not closing:
            return paragraphs
        return [*paragraphs[:-1], (paragraphs[-1] if paragraphs else "") + closing]

    def unreported(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each theme by name with the names of what nobody reported of it; none where that is all of it."""
        for theme in self._themes.values():
            values = self._values(theme)
            if names := self._lacking(values):
                yield theme.zh, ([] if all(value.value is None for value in values) else names)

    def _sentences(self, theme: Theme) -> tuple[Sentence, ...]:
        return theme.year if self._book.content.is_annual else theme.month

    def _paragraphs(self, theme: Theme) -> Iterator[str]:
        told = ""
        for sentence in self._sentences(theme):
            said = self._rows(sentence) if sentence.rows else self._said(sentence)
            if said and told and sentence.starts_paragraph:
                yield told
                told = ""
            told += said
        if told:
            yield told

    def _said(self, sentence: Sentence) -> str:
        head = self._clause(sentence.say, {}) if sentence.say else ""
        if head is None:
            return ""
        figures = [Figure(self._book, sentence.parts_of, self._book.kind)] if sentence.parts_of else []
        if sentence.parts_of:
            listed = [(sentence.parts[0], {"part": part}) for figure in figures for part in figure.parts]
        else:
            listed = [(part, {}) for part in sentence.parts]
        if sentence.say and any(self._is_nothing(*one) for one in self._figures(OPTIONAL.sub("", sentence.say), {})):
            listed = []
        parts = [said for text, names in listed if (said := self._clause(text, names))]
        if not parts and (not head or not any(self._figures(sentence.say, {}))):
            return ""
        tail = sentence.lead + "，".join(parts) if parts else ""
        return f"{head}{tail}{self._rounding(sentence)}。"

    def _rounding(self, sentence: Sentence) -> str:
        """Say that printed parts differ from a printed whole by rounding only, where they do."""
        if not sentence.adds_up:
            return ""
        root = sentence.parts_of or next(self._figures(sentence.say, {}))[0]
        whole = self._book.value(root, self._book.kind)
        values = [self._book.value(one, self._book.kind) for one in self._book.parts(root)]
        parts = [Quantity(v.value, v.unit) for v in values if v is not None and v.value]
        if whole is None or whole.value is None or whole.qualifier != "exact" or not parts:
            return ""
        total = Quantity(whole.value, whole.unit)
        apart = is_apart_by_rounding(
            (part.value for part in parts), total.value, map(printed, parts), printed(total)
        )
        return f"（{ROUNDED_ZH}）" if apart else ""

    def _clause(self, text: str, names: Mapping[str, Any]) -> str | None:
        """Return a piece without what tells nothing; None where that is the piece itself."""
        pieces = OPTIONAL.split(text)
        if not self._tells("".join(pieces[::2]), names):
            return None
        return "".join(
            self._rendered(piece, names)
            for place, piece in enumerate(pieces)
            if place % 2 == 0 or self._tells(piece, names)
        )

    def _rendered(self, piece: str, names: Mapping[str, Any]) -> str:
        if "{" not in piece:
            return piece
        return html.unescape(self._environment.from_string(piece).render({**self._named, **names}))

    def _tells(self, piece: str, names: Mapping[str, Any]) -> bool:
        for path in printed_paths(piece):
            row = names.get(path[0])
            if isinstance(row, _Cells) and row.cell(path[1]) is None:
                return False
        return all(
            self._is_news(self._book.value(one, kind), self._book.value(one, self._so_far(kind)))
            for one, kind in self._figures(piece, names)
        )

    def _is_nothing(self, indicator_id: str, kind: Kind) -> bool:
        value = self._book.value(indicator_id, kind)
        return value is not None and value.value == 0

    @staticmethod
    def _so_far(kind: Kind) -> Kind:
        return "year" if kind == "year" else "year_to_date"

    @staticmethod
    def _is_news(value: Value | None, so_far: Value | None) -> bool:
        if value is None or value.value is None or value.qualifier == "not_reported":
            return False
        if value.value:
            return True
        had_more = value.last_year is not None and value.last_year > 0 and value.last_year_qualifier == "exact"
        return had_more or (value is so_far and value.target is not None and value.target > 0)

    def _figures(self, piece: str, names: Mapping[str, Any]) -> Iterator[tuple[str, Kind]]:
        """Yield each figure that a piece prints, by identity and kind of period."""
        for path in printed_paths(piece):
            part = names.get(path[0])
            known = next((n for n in range(len(path), 1, -1) if ".".join(path[:n]) in self._book.names), 1)
            if not _BESIDE.isdisjoint(path[known:]):
                continue
            if isinstance(part, Figure):
                yield part.indicator_id, self._book.kind
            elif path[0] in self._roots and path[0] not in self._names:
                kind = self._so_far(self._book.kind) if "so_far" in path[known:] else self._book.kind
                yield ".".join(path[:known]), kind

    def _values(self, theme: Theme) -> list[Value]:
        """Return the values that the sentences of a theme print, whether told or not, those of the year so far."""
        identities: dict[str, None] = {}
        for sentence in self._sentences(theme):
            for text in (sentence.say, *(() if sentence.parts_of else sentence.parts)):
                for one, _ in self._figures(text.replace("[", "").replace("]", ""), {}):
                    identities[one] = None
            if sentence.parts_of:
                identities |= dict.fromkeys(self._book.parts(sentence.parts_of))
        kind = self._so_far(self._book.kind)
        found = (self._book.value(one, kind) for one in identities)
        return [value for value in found if value is not None]

    def _unreported(self, values: Sequence[Value]) -> Iterator[str]:
        names = self._lacking(values)
        if names:
            more = "等" if len(names) > _MOST_NAMED else ""
            yield f"以下数据未报送：{'、'.join(names[:_MOST_NAMED])}{more}。"

    def _lacking(self, values: Iterable[Value]) -> list[str]:
        lacking = [value.indicator_id for value in values if value.value is None and value.unit != "%"]
        return [
            self._book.human_name(one)
            for one in lacking
            if "." not in one or one.partition(".")[0] not in lacking
        ]

    def _as_of(self, values: Iterable[Value]) -> Iterator[str]:
        """Say how far the figures go, where that is not the day of the whole document."""
        by_day: dict[date, list[Value]] = {}
        for value in values:
            if value.value is not None:
                by_day.setdefault(value.as_of, []).append(value)
        earlier = {day: found for day, found in by_day.items() if day < self._book.content.as_of}
        for _, found in sorted(earlier.items()):
            said = Figure(self._book, found[0].indicator_id, found[0].period_kind).as_of
            if len(by_day) == 1:
                yield f"以上数据截至{said}。"
            else:
                named = list(dict.fromkeys(self._whole_name(one.indicator_id) for one in found))
                yield f"其中{'、'.join(named[:_MOST_NAMED])}{'等' if len(named) > _MOST_NAMED else ''}数据截至{said}。"

    def _whole_name(self, indicator_id: str) -> str:
        root = indicator_id.partition(".")[0]
        return self._book.human_name(root if root in self._book.names else indicator_id)

    def _rows(self, sentence: Sentence) -> str:
        table = self._book.content.listed(sentence.rows)
        if table is None or not table.rows:
            return ""
        groups = [self._group(sentence, table, name, rows) for name, rows in _groups(sentence, table)]
        told = [one for one in groups if one]
        return f"{sentence.lead if sentence.lead != '，其中' else ''}{'；'.join(told)}。" if told else ""

    def _group(self, sentence: Sentence, table: Listed, name: str, rows: Sequence[Row]) -> str:
        shown = [
            said
            for row in rows[: sentence.most]
            if (said := self._clause(sentence.each, {"row": _Cells(self._book, table, row)}))
        ]
        if not shown:
            return ""
        more = ""
        if len(rows) > sentence.most:
            where = next((one.zh for one in self._book.content.tables if one.key == table.annex), table.zh)
            more = f"等{self._counted(table, name, len(rows), sentence.counter)}，详见附表《{where}》"
        text = sentence.between.join(shown) + more
        if not sentence.group:
            return text
        counted = self._counted(table, name, len(rows), sentence.counter)
        group = {"name": name, "count": counted, "sum": self._sum(table, name, rows, is_whole=len(shown) == len(rows))}
        said = self._rendered(sentence.group_say, {"group": group})
        return f"{said}（{text}）" if "group.sum" in sentence.group_say else f"{said}：{text}"

    def _counted(self, table: Listed, name: str, number: int, counter: str) -> str:
        return self._book.controls.mark(
            Said(
                text=f"{number}{counter}",
                ref=("@" + table.key, "#", name, "count"),
                value=str(number),
                name_zh=f"{table.zh}{f'·{name}' if name else ''}（数量）",
                period=self._book.content.span,
            )
        )

    def _sum(self, table: Listed, name: str, rows: Iterable[Row], *, is_whole: bool) -> str:
        """Add up a group; ``is_whole`` says that all of it is named, so that a reader can add up what is printed."""
        place = next((n for n, column in enumerate(table.columns) if column.kind == "money" and column.is_total), None)
        if place is None:
            return ""
        cells = [cell for row in rows if (cell := row.cells[place])]
        amounts = [amount_of(table.columns[place], cell) for cell in cells]
        is_bound = any(one.is_at_least for one in amounts)
        total = Quantity(sum((one.value for one in amounts), Decimal(0)), MONEY, is_bound)
        mark = self._book.controls.mark(
            Said(
                text=total.text,
                ref=("@" + table.key, "#", name, "sum"),
                value=stated(total) if total.is_at_least else plain(total.value),
                name_zh=f"{table.zh}·{name}（合计）",
                period=self._book.content.span,
            )
        )
        apart = is_apart_by_rounding((one.value for one in amounts), total.value, map(printed, amounts), printed(total))
        return f"{mark}（{ROUNDED_ZH}）" if apart and is_whole else mark


def _groups(sentence: Sentence, table: Listed) -> list[tuple[str, list[Row]]]:
    """Return the rows of a list, those of a group together, in order."""
    place = next((n for n, column in enumerate(table.columns) if column.key == sentence.group), None)
    if place is None:
        return [("", list(table.rows))] if table.rows else []
    return [(name or "", list(rows)) for name, rows in groupby(table.rows, key=lambda row: row.cells[place])]
