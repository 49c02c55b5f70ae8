"""Blocks: what a placeholder that stands alone in its paragraph may grow into: tables, and paragraphs of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no stubs
from markupsafe import escape

from xiezuo.publish.documents import annual, bulletin
from xiezuo.publish.documents.book import Book, period_said
from xiezuo.publish.documents.content import Heading, Passage, Table
from xiezuo.publish.documents.numbers import Quantity, ordinal
from xiezuo.publish.documents.word import annexes, table_xml
from xiezuo.publish.documents.word.controls import Said, block
from xiezuo.publish.documents.word.lookalike import like, one_line
from xiezuo.publish.documents.word.prose import Prose
from xiezuo.publish.documents.word.table_xml import (
    CAPTION,
    LANDSCAPE_WIDTH,
    NOTE,
    PORTRAIT_WIDTH,
    TITLE,
    UNIT,
    Grid,
)

HEADINGS = ("一级标题", "二级标题", "三级标题")
UNWRITTEN = "【待撰写：{}】"


@dataclass(frozen=True)
class Piece:
    """Elements that belong together; ``is_wide`` puts them on a page across, ``starts_page`` on a new one."""

    elements: tuple[etree._Element, ...]
    is_wide: bool = False
    starts_page: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What a block is built in: the template's styles, name to id, and the paragraph it takes the place of."""

    styles: Mapping[str, str]
    like: etree._Element


Builder = Callable[[Surroundings], list[Piece]]


class Block:
    """A block as a template names it; in a condition it is true when there is anything in it."""

    def __init__(self, name: str, *, has_any: bool) -> None:
        self._name = name
        self._has_any = has_any

    def __bool__(self) -> bool:
        return self._has_any

    def __html__(self) -> str:
        return str(escape(block(self._name)))

    __str__ = __html__


class Blocks:
    """Every block of a document, by name."""

    def __init__(
        self, book: Book, written: Mapping[str, list[Passage]], sections: tuple[annual.Section, ...]
    ) -> None:
        self._book = book
        self._written = written
        self._sections = {section.key: section for section in sections}
        self._prose: Prose | None = None

    def word(self, names: Mapping[str, Any]) -> None:
        """Take the names that sentences of themes may use, which are known once the blocks themselves are."""
        self._prose = Prose(self._book, names)

    def themes(self) -> dict[str, Block]:
        """Return the block of every theme of the document, by its name."""
        return {one.zh: Block(f"主题.{one.zh}", has_any=True) for one in self._book.content.themes}

    def texts(self) -> dict[str, Block]:
        """Return the block of every section of the report, by its key."""
        return {
            key: Block(f"文字.{key}", has_any=key in self._written or section.required)
            for key, section in self._sections.items()
        }

    def named(self) -> dict[str, Block]:
        """Return the other blocks."""
        content = self._book.content
        return {
            "正文": Block("正文", has_any=self._book.content.is_worded),
            "附表": Block("附表", has_any=bool(content.is_annual or self._annexes())),
            "主要指标表": Block("主要指标表", has_any=bool(content.values)),
            "分乡镇表": Block("分乡镇表", has_any=bool(bulletin.told_by_town(self._book))),
            "资金进度表": Block("资金进度表", has_any=content.table(bulletin.FUND_TABLE) is not None),
            "更正说明表": Block("更正说明表", has_any=bool(content.restated)),
            "报送质量": Block("报送质量", has_any=bool(content.checks)),
            "其他材料": Block("其他材料", has_any="" in self._written),
        }

    def build(self, name: str, around: Surroundings) -> list[Piece]:
        """Return what takes the place of the paragraph of a block."""
        if name.startswith("文字."):
            return [Piece(tuple(self._section(name.partition(".")[2], around)))]
        if name.startswith("主题."):
            theme = next(one for one in self._book.content.themes if one.zh == name.partition(".")[2])
            return [_paragraphs(self._themed(theme.key), around)]
        builders: dict[str, Builder] = {
            "正文": self._body,
            "附表": self._annex_pieces,
            "主要指标表": lambda at: [self._inline(self._indicators(), at)],
            "分乡镇表": self._town_pieces,
            "资金进度表": self._fund,
            "更正说明表": lambda at: [self._inline(annexes.restated_grid(self._book), at)],
            "报送质量": lambda at: [_paragraphs(bulletin.check_sentences(self._book), at)],
            "其他材料": lambda at: [Piece(tuple(self._other(at)))],
        }
        return builders[name](around)

    def _indicators(self) -> Grid:
        annual_kind = self._book.content.is_annual
        return annexes.indicator_grid(self._book, ("year",) if annual_kind else ("month", "year_to_date"))

    def _indicator_note(self) -> str:
        content = self._book.content
        return annexes.indicator_note(self._book, "year") if content.is_worded and content.is_annual else ""

    def _annexes(self) -> list[Table | None]:
        """Return the annexes in order; None is the table of the indicators, which a bulletin has in its text.

        Of a worded content those without rows are left out: there is nothing to see in them.
        """
        content = self._book.content
        tables = [table for table in content.tables if table.rows or not content.is_worded]
        if content.is_annual:
            return [None, *tables, *(self._prose.overlong() if self._prose else ())]
        return [table for table in tables if table.key != bulletin.FUND_TABLE]

    def _themed(self, *keys: str) -> list[str]:
        """Return the paragraphs of themes; those of which nothing was reported are one sentence together."""
        silent: list[str] = []
        told = self._prose.themes(keys, silent) if self._prose else []
        return [*told, *_silence(silent)]

    def _body(self, around: Surroundings) -> list[Piece]:
        """Return the report by its outline; of a month one paragraph a theme, without headings."""
        outline = self._book.content.outline
        if not self._book.content.is_annual:
            keys = (key for heading in outline for key in heading.all_themes)
            return [_paragraphs(self._themed(*keys), around)]
        return [Piece(tuple(self._headed(outline, 0, around, [])))]

    def _headed(
        self, headings: Iterable[Heading], depth: int, around: Surroundings, silent: list[str]
    ) -> Iterator[etree._Element]:
        """Yield each heading with what stands under it, numbered by how deep it lies; an empty one is left out.

        Themes of which nothing was reported are named once, at the end of their chapter.
        """
        style = around.styles.get(HEADINGS[min(depth, len(HEADINGS) - 1)])
        number = 0
        for heading in headings:
            told = self._prose.themes(heading.themes, silent) if self._prose else []
            under = [like(around.like, line) for line in told]
            for key in heading.passages:
                if key in self._sections:
                    under += self._section(key, around)
            under += self._headed(heading.sections, depth + 1, around, silent)
            if depth == 0:
                under += [like(around.like, line) for line in _silence(silent)]
                silent.clear()
            if under:
                zh = _numbered(number, depth) + one_line(self._filled(heading.zh))
                yield table_xml.paragraph(zh, style, keep_next=True)
                yield from under
                number += 1

    def _filled(self, heading_zh: str) -> str:
        """Return a heading; the year after the one told of is named."""
        if "下一年度" not in heading_zh:
            return heading_zh
        year = self._book.content.span.year + 1
        said = Said(f"{year}", ("@next_year",), f"{year}", "下年度", self._book.content.span)
        return heading_zh.replace("下一年度", f"{self._book.controls.mark(said)}年")

    def _annex_pieces(self, around: Surroundings) -> list[Piece]:
        listed = self._annexes()
        return [
            self._annex(table, number, around, is_only=len(listed) == 1)
            for number, table in enumerate(listed, start=1)
        ]

    def _annex(self, table: Table | None, number: int, around: Surroundings, *, is_only: bool) -> Piece:
        styles = around.styles
        grid = self._indicators() if table is None else annexes.annex_grid(self._book, table)
        period = self._book.controls.mark(period_said(self._book.content.span))
        title = f"{period}主要指标完成情况" if table is None else table.zh
        is_wide = (table is not None and table.is_wide) or not table_xml.fits_upright(grid, self._book.controls.plain)
        head = [
            table_xml.paragraph("附表" if is_only else f"附表{number}", styles.get(CAPTION), keep_next=True),
            table_xml.paragraph(one_line(title), styles.get(TITLE), keep_next=True),
        ]
        if table is not None and annexes.has_money(table):
            head.append(table_xml.paragraph(annexes.MONEY_UNIT_ZH, styles.get(UNIT), keep_next=True))
        width = LANDSCAPE_WIDTH if is_wide else PORTRAIT_WIDTH
        note = table.note_zh.strip() if table is not None else self._indicator_note()
        foot = table_xml.paragraph(f"注：{note}", styles.get(NOTE)) if note else table_xml.gap()
        made = table_xml.table(grid, styles, self._book.controls.plain, width)
        return Piece((*head, made, foot), is_wide, starts_page=number == 1)

    def _inline(self, grid: Grid, around: Surroundings, *head: etree._Element) -> Piece:
        made = table_xml.table(grid, around.styles, self._book.controls.plain, PORTRAIT_WIDTH)
        return Piece((*head, made, table_xml.gap()))

    def _town_pieces(self, around: Surroundings) -> list[Piece]:
        styles = around.styles
        return [
            self._inline(
                bulletin.town_grid(self._book, one),
                around,
                table_xml.paragraph(self._book.human_name(one), styles.get(TITLE), keep_next=True),
                table_xml.paragraph(
                    f"单位：{bulletin.town_unit(self._book, one)}", styles.get(UNIT), keep_next=True
                ),
            )
            for one in bulletin.told_by_town(self._book)
        ]

    def _fund(self, around: Surroundings) -> list[Piece]:
        table = self._book.content.table(bulletin.FUND_TABLE)
        if table is None:
            return []
        unit = table_xml.paragraph(annexes.MONEY_UNIT_ZH, around.styles.get(UNIT), keep_next=True)
        return [self._inline(annexes.annex_grid(self._book, table), around, unit)]

    def _section(self, key: str, around: Surroundings) -> Iterator[etree._Element]:
        listed = self._written.get(key)
        section = self._sections[key]
        if listed:
            for passage in listed:
                yield from self._passage(passage, around)
            if self._book.content.is_worded and (figures := list(self._single_figures(listed))):
                yield like(around.like, f"{'，'.join(figures)}。")
        elif section.required:
            yield like(around.like, UNWRITTEN.format(section.zh), is_highlighted=True)

    def _other(self, around: Surroundings) -> Iterator[etree._Element]:
        said = ""
        for passage in self._written.get("", []):
            if passage.section != said:
                yield like(around.like, f"{one_line(passage.section)}：")
                said = passage.section
            yield from self._passage(passage, around)
        if self._book.content.is_worded and (figures := list(self._single_figures(self._written.get("", [])))):
            yield like(around.like, f"{'，'.join(figures)}。")

    def _single_figures(self, passages: Iterable[Passage]) -> Iterator[str]:
        """Yield what the office gave as a number with a name: 信息简报12期."""
        for passage in passages:
            if name := one_line(passage.figure_name or "").rstrip("：:"):
                yield f"{name}{self._figure(passage, name)}"

    def _passage(self, passage: Passage, around: Surroundings) -> Iterator[etree._Element]:
        for line in (passage.text or "").split("\n"):
            if line.strip():
                yield like(around.like, line.strip())
        name = one_line(passage.figure_name or "").rstrip("：:")
        if name and not self._book.content.is_worded:
            yield like(around.like, f"{name}为{self._figure(passage, name)}。")

    def _figure(self, passage: Passage, name: str) -> str:
        place = self._book.content.passages.index(passage)
        if passage.value is None:
            return UNWRITTEN.format(f"{name}的数值")
        amount = Quantity(passage.value, (passage.unit or "").strip())
        return self._book.controls.mark(
            Said(
                text=amount.text,
                ref=("@text", passage.section, str(passage.seq), str(place)),
                value=f"{passage.value:f}",
                name_zh=name,
                period=self._book.content.span,
            )
        )


def _silence(themes: list[str]) -> list[str]:
    return [f"以下方面未报送数据：{'、'.join(themes)}。"] if themes else []


def _numbered(place: int, depth: int) -> str:
    """Number a heading as official documents do: 一、（一）1.（1）."""
    chinese, plain = ordinal(place + 1), str(place + 1)
    return (f"{chinese}、", f"（{chinese}）", f"{plain}.", f"（{plain}）")[min(depth, 3)]


def _paragraphs(lines: list[str], around: Surroundings) -> Piece:
    return Piece(tuple(like(around.like, line) for line in lines))
