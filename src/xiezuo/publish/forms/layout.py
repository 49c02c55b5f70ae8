"""Which blank cells of a form wait for a figure, and the texts of the row and column each stands in.

A table begins with a row of heads (one to four levels, merged or not) and ends at its notes. Without heads a label
stands left of each blank. Nothing is decided here about what the texts mean, but whether a row is a heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from xiezuo.publish.forms.grid import Grid, Place
from xiezuo.publish.forms.heads import Head, Unit, read_head, read_unit
from xiezuo.publish.forms.rows import Rows
from xiezuo.values import bare, normalise

_ORDINAL_HEAD = re.compile(r"序号?|编号|行次|栏次|代码|指标编号|指标代码|行号|项次|no\.?", re.IGNORECASE)
_UNIT_HEAD = re.compile(r"(?:计量|度量|统计)?单位")
_REMARK_HEAD = re.compile(r"备注.{0,6}|说明|情况说明|备注说明|未完成原因说明")
_OTHER_HEAD = re.compile(
    r"责任|牵头|主管|填报[人单部]|填表|联系|电话|来源|解释|口径|佐证|附件|印证|审核|签[字名]|盖章|负责人|日期|时[间限]|期限|地点|依据|措施"
    r"|问题|原因|名单|得分|分值|评分|权重|配合|指标类型|指标性质"
)
_HEADISH = re.compile(
    r"指标|项目|内容|名称|类别|类型|分类|月份|年份|时期|村名|乡镇|街道|镇乡|县区|县市|地区|区域|区划|单位|事项|任务|备注|合计|数量|金额|人数"
)
_NOTE = re.compile(
    r"(?:注|说明|备注|填表说明|填报说明|填报要求|指标解释|统计口径|填表人?|制表人?|审核人?|填报人|复核人?|经办人?|单位负责人|负责人|分管领导|主要领导"
    r"|联系人|联系电话|报送[^:：]{0,6}|填报单位|填报部门|编制单位|填报日期|填报时间|报表日期|日期|盖章|签[字章]|公章|表号|制定机关|批准[^:：]{0,4}|备案[^:：]{0,4}"
    r"|有效期[^:：]{0,2}|单位|金额单位|数据截[至止][^:：]{0,4}|综合机关名称)\s*(?:[(（][^)）]*[)）])?\s*(?:[:：]|[0-9]+[.、]|$)"
)
_RULER = re.compile(r"[甲乙丙丁]|[(（]?[0-9]{1,2}[)）]?(?:\.0)?")
_DEEPEST = 4
_EMPTY_ROWS = 5


@dataclass(frozen=True)
class Slot:
    """A blank cell that waits for a figure, with the heads it stands under.

    ``sections`` are headings above its row, ``row`` the labels left of it from left to right, those of the row it is a
    part of before its own; ``other`` another row it may be a part of as well. ``unit`` is that of its row.
    """

    sheet: str
    place: Place
    sections: tuple[Head, ...]
    row: tuple[Head, ...]
    column: tuple[Head, ...]
    unit: Unit | None = None
    other: tuple[Head, ...] = ()
    remark: Place | None = None
    number_format: str = ""


@dataclass(frozen=True)
class Layout:
    """A sheet or table: its slots, the texts around them, and the cells whose formulas compute of them."""

    sheet: str
    slots: tuple[Slot, ...]
    titles: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Block:
    """A table: the first row of its heads, the rows below them, and what each column is."""

    top: int
    rows: range
    heads: dict[int, tuple[Head, ...]]
    labels: tuple[int, ...]
    data: tuple[int, ...]
    unit: int | None
    remark: int | None


def read_layout(grid: Grid, is_heading: Callable[[Head], bool]) -> Layout:
    """Return the slots of a grid; ``is_heading`` tells whether a label names a chapter and nothing that is counted."""
    blocks = list(_blocks(grid))
    slots = [slot for block in blocks for slot in _slots(grid, block, is_heading)]
    if not blocks:
        slots = list(_pairs(grid, is_heading))
    inside = {row for block in blocks for row in range(block.top, block.rows.stop)}
    outside = [(row, text) for row in range(grid.height) if row not in inside for _, text in grid.texts(row)]
    first = min((block.top for block in blocks), default=0)
    titles = [text for row, text in outside if row < first]
    notes = [text for row, text in outside if row >= first] if blocks else [text for _, text in outside]
    return Layout(grid.name, tuple(slots), (grid.name, *grid.above, *titles), tuple(notes))


def _blocks(grid: Grid) -> Iterator[_Block]:
    row = 0
    while row < grid.height:
        if not _is_head(grid, row):
            row += 1
            continue
        last = _last_head_row(grid, row)
        end = _end(
            grid, last + 1, max(column for one in range(row, last + 1) for column, _ in grid.texts(one))
        )
        block = _block(grid, row, last, end)
        if block is not None:
            yield block
        row = max(end, last + 1)


def _is_head(grid: Grid, row: int) -> bool:
    """Whether a table begins with this row: texts side by side without a gap, at least one of them a word of heads."""
    texts = list(grid.texts(row))
    if len(texts) < 2 or _NOTE.match(normalise(texts[0][1])):
        return False
    if any(
        grid.at(row, column).kind in ("number", "formula") and not grid.text(row, column)
        for column in range(grid.width)
    ):
        return False
    first, last = texts[0][0], texts[-1][0]
    if any(not grid.text(row, column) and not grid.text(row + 1, column) for column in range(first, last)):
        return False
    said = [(bare(text), read_head(text)) for _, text in texts]
    is_worded = any(
        _ORDINAL_HEAD.fullmatch(plain) or (_HEADISH.search(plain) and len(plain) <= 8) or head.when.says
        for plain, head in said
    )
    has_units = sum(head.unit is not None and bool(head.words) for _, head in said) > 1
    return (is_worded or has_units) and not any(
        _NOTE.match(normalise(text)) and _is_note_pair(text) for _, text in texts
    )


def _is_note_pair(text: str) -> bool:
    return bool(re.search(r"[:：]", text)) and read_unit(text) is None


def _last_head_row(grid: Grid, row: int) -> int:
    last = row
    while last - row < _DEEPEST - 1:
        bottoms = [
            grid.spans(one, column)[2] for one in range(row, last + 1) for column, _ in grid.texts(one)
        ]
        texts = list(grid.texts(row))
        has_gap = last == row and any(
            not grid.text(row, column) for column in range(texts[0][0], texts[-1][0])
        )
        further = max([*bottoms, last + has_gap])
        if further <= last:
            break
        last = min(further, row + _DEEPEST - 1)
    return last


def _end(grid: Grid, start: int, width: int) -> int:
    """Return the row behind a table whose heads reach to ``width``: its first note, other heads, or what is empty."""
    empty = 0
    for row in range(start, grid.height):
        texts = list(grid.texts(row))
        if texts and (
            _NOTE.match(normalise(texts[0][1])) or (row > start and _is_next_head(grid, row, width))
        ):
            return row
        empty = 0 if any(grid.at(row, column).kind != "blank" for column in range(grid.width)) else empty + 1
        if empty > _EMPTY_ROWS:
            return row
    return grid.height


def _is_next_head(grid: Grid, row: int, width: int) -> bool:
    """Whether other heads begin with this row: it leaves no cell of the table above to be filled."""
    if not _is_head(grid, row) or any(grid.is_fillable(row, column) for column in range(1, width + 1)):
        return False
    said = [bare(text) for _, text in grid.texts(row)]
    return any(
        _ORDINAL_HEAD.fullmatch(text) or _UNIT_HEAD.fullmatch(text) or _REMARK_HEAD.fullmatch(text)
        or text in ("指标", "指标名称", "项目", "乡镇", "内容") for text in said
    )  # fmt: skip


def _block(grid: Grid, top: int, last: int, end: int) -> _Block | None:
    start = last + 1
    while start < end and _is_ruler(grid, start):
        start += 1
    rows = range(start, max(end, start + 1))
    columns = {
        column for row in range(top, last + 1) for column in range(grid.width) if grid.text(row, column)
    }
    columns |= {column for column in range(max(columns)) if any(grid.text(row, column) for row in rows)}
    heads = _with_parents({column: _column_heads(grid, top, last, column) for column in sorted(columns)})
    names = {column: bare(path[-1].text) if path else "" for column, path in heads.items()}
    plain = [column for column in heads if not _ORDINAL_HEAD.fullmatch(names[column])]
    remark = next((column for column in plain if _REMARK_HEAD.fullmatch(names[column])), None)
    unit = next((column for column in plain if _holds_units(grid, rows, column)), None)
    others = {
        column for column in plain if _OTHER_HEAD.search(names[column]) and not heads[column][-1].when.says
    }
    open_columns = [column for column in plain if column not in others and column not in (remark, unit)]
    labels = _label_columns(grid, rows, open_columns)
    data = tuple(
        column for column in open_columns if column not in labels and (not labels or column > labels[0])
    )
    return _Block(top, rows, heads, labels, data, unit, remark) if data else None


def _with_parents(heads: dict[int, tuple[Head, ...]]) -> dict[int, tuple[Head, ...]]:
    """Put before a column that is a part (其中) the column on its left that it is a part of."""
    found: dict[int, tuple[Head, ...]] = {}
    whole: tuple[Head, ...] = ()
    for column, path in heads.items():
        is_part = bool(path) and path[-1].is_part
        found[column] = (
            (*path[:-1], *(one for one in whole if one not in path), path[-1]) if is_part else path
        )
        whole = whole if is_part else path
    return found


def _is_ruler(grid: Grid, row: int) -> bool:
    said = [
        grid.at(row, column).text.strip()
        for column in range(grid.width)
        if grid.at(row, column).kind in ("text", "number")
    ]
    return len(said) >= 3 and all(_RULER.fullmatch(normalise(text)) for text in said)


def _column_heads(grid: Grid, top: int, last: int, column: int) -> tuple[Head, ...]:
    texts: list[str] = []
    for row in range(top, last + 1):
        text = grid.text(row, column)
        left = column
        while not text and row < last and left > 0 and grid.origin(row, column) == (row, column):
            left -= 1
            text = grid.text(row, left)
            if not grid.text(last, column):
                break
        if text and (not texts or texts[-1] != text):
            texts.append(text)
    return tuple(read_head(text) for text in texts)


def _holds_units(grid: Grid, rows: range, column: int) -> bool:
    texts = [text for row in rows if (text := grid.text(row, column))]
    return bool(texts) and sum(read_unit(text) is not None for text in texts) * 2 > len(texts)


def _label_columns(grid: Grid, rows: range, columns: list[int]) -> tuple[int, ...]:
    """Return the columns whose texts name the rows: those that mostly hold texts, and all left of them."""
    said = [row for row in rows if any(grid.text(row, column) for column in columns)]
    named = [
        column for column in columns if 2 * sum(bool(grid.text(row, column)) for row in said) > len(said)
    ]
    if not said or not named:
        return ()
    last = named[0]
    for column in columns[columns.index(last) + 1 :]:
        if column not in named:
            break
        last = column
    return tuple(column for column in columns if column <= last)


def _slots(grid: Grid, block: _Block, is_heading: Callable[[Head], bool]) -> Iterator[Slot]:
    state = Rows(is_heading)
    for row in block.rows:
        labels = _labels(grid, block, row)
        unit = read_unit(grid.text(row, block.unit)) if block.unit is not None else None
        nearest = block.labels[-1] if block.labels else None
        across = nearest is not None and bool(labels) and grid.spans(row, nearest)[3] >= block.data[0]
        if block.labels and not labels:
            continue
        if labels and state.takes_heading(labels, unit, across=across):
            continue
        path, other = state.path(labels)
        remark = None
        if (
            block.remark is not None
            and grid.is_fillable(row, block.remark)
            and not grid.at(row, block.remark).is_locked
        ):
            remark = (row, block.remark)
        for column in block.data:
            if grid.is_fillable(row, column) and not grid.at(row, column).is_locked:
                yield Slot(
                    grid.name, (row, column), state.sections, path, block.heads[column], unit, other, remark,
                    grid.at(row, column).number_format,
                )  # fmt: skip
        if not block.labels:
            break


def _labels(grid: Grid, block: _Block, row: int) -> list[Head]:
    """Return the labels of a row; one that stands empty left of another is that of the rows above."""
    texts: list[str] = []
    own = [grid.text(row, column) for column in block.labels]
    for place, column in enumerate(block.labels):
        text, above = own[place], row
        while (
            not text
            and any(own[place + 1 :])
            and above > block.rows.start
            and grid.at(above, column).kind == "blank"
        ):
            above -= 1
            text = grid.text(above, column)
        if text and (not texts or texts[-1] != text):
            texts.append(text)
    return [read_head(text) for text in texts]


def _pairs(grid: Grid, is_heading: Callable[[Head], bool]) -> Iterator[Slot]:
    """Yield blanks that have their label on their left, in tables without heads."""
    state = Rows(is_heading)
    for row in range(grid.height):
        for column in range(1, grid.width + 1):
            if (
                not grid.is_fillable(row, column)
                or not grid.text(row, column - 1)
                or grid.at(row, column).is_locked
            ):
                continue
            texts: list[str] = []
            left = column - 1
            while left >= 0 and (text := grid.text(row, left)):
                if not texts or texts[0] != text:
                    texts.insert(0, text)
                left -= 1
            if _NOTE.match(normalise(texts[-1])):
                continue
            labels = [read_head(text) for text in texts]
            unit = read_unit(texts[-1]) if len(texts) > 1 else None
            labels = labels[:-1] if unit is not None else labels
            path, other = state.path(labels)
            yield Slot(
                grid.name, (row, column), (), path, (), unit, other, None, grid.at(row, column).number_format
            )


def with_row_unit(slot: Slot) -> Slot:
    """Return a slot whose unit is that of its nearest head where its row says none."""
    found = next(
        (head.unit for head in (*reversed(slot.column), *reversed(slot.row)) if head.unit is not None), None
    )
    return slot if found is None else replace(slot, unit=found)
