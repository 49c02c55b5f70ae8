"""Station workbooks (收表模板): a ledger that we hand out prefilled, and what it says when it comes back.

Its rows go the road of every ledger; here is what is ours in it: the choice made for each row that was prefilled, the
tick that says nothing is new, and the columns and sheets that are no ledger. What was chosen and what was typed must
agree: where they do not, the whole workbook waits and says what is to be made clear (0045-station-workbooks.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from xiezuo.base.errors import FileRefused, GateClosed
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.ledgers.titles import read_title
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.conform.stamps import Stamp
from xiezuo.values import normalise
from xiezuo.values.privacy import Privacy
from xiezuo.values.typed_row import as_typed

STAMP_SHEET, GUIDE_SHEET, LISTS_SHEET, BEFORE_SHEET = "表单凭据", "填写说明", "选项", "原值"
NUMBER, CHECK = "编号", "检查"
CHOICES = {"month": "本月情况", "quarter": "本期情况", "year": "本期情况"}
"""What the column of choices is called, by how often the ledger is due."""
NIL = {"month": "本月无新增", "quarter": "本期无新增", "year": "本期无新增"}
UNCHANGED, ENDED, CORRECTED, STRUCK, NEW = "无变化", "已结束", "更正", "登记有误", "新增"
TICK = "√"
STAMP = Stamp("xiezuo-form-1", "form")
LATEST = timedelta(days=31)
"""A form may be dated so long after its period's end: whoever corrects one says a later date."""
_TICKS = frozenset((TICK, "✓", "✔", "☑", "是", "1", "True", "v", "V", "y", "Y"))
_NO_TICKS = frozenset(("", "否", "□", "☐", "False", "0"))
_MOST = 12
_AGAIN = "请用重新生成的表（xiezuo forms make）填报"
_PASSED_OVER = frozenset((STAMP_SHEET, GUIDE_SHEET, LISTS_SHEET, BEFORE_SHEET))


@dataclass(frozen=True)
class Form:
    """One form that came back. ``sheets`` are those of a plain ledger; numbers are those of lines in its sheet.

    ``given`` are the keyed digests of the stored rows it was made from, ``unchanged`` the prefilled rows that are said
    to be as they were, ``choices`` what stands in the column of choices beside other rows.
    """

    dataset: str
    unit: str
    period: str
    last: date
    sheet: str
    sheets: Sequence[Sheet]
    is_nil: bool
    nil_label: str
    prefilled: frozenset[int]
    unchanged: frozenset[int]
    given: frozenset[str]
    choices: Mapping[int, str]

    def check(self, tables: Sequence[RawTable]) -> None:
        """Ask about rows that were not prefilled, once it is known which lines are rows.

        Raises:
            GateClosed: ``FORM_NIL_CONTRADICTS``, nothing is said to be new and rows are; ``FORM_EMPTY``, there are
                neither rows nor the tick; ``FORM_QUESTIONS``, a new row is said to be an old one, or rows stand in
                another sheet.
        """
        own = [table for table in tables if table.sheet == self.sheet or table.sheet.startswith(f"{self.sheet}（")]
        elsewhere = [table.sheet for table in tables if table not in own and table.rows]
        if elsewhere:
            said = f"工作表“{'、'.join(dict.fromkeys(elsewhere))}”里另有数据：请填到工作表“{self.sheet}”的空行里"
            _ask([f"{said}，或作为另一份台账单独报送"])
        new = [number for table in own for number, _ in table.rows if number not in self.prefilled]
        if self.is_nil and new:
            said = f"勾选了“{self.nil_label}”，但第 {_numbers(new)} 行是新填的：有新增的请去掉勾选，没有的请清空这些行"
            raise GateClosed("FORM_NIL_CONTRADICTS", said)
        if not any(table.rows for table in tables) and not self.is_nil:
            said = f"表中没有填写任何一行，也没有勾选“{self.nil_label}”；确无新增的请勾选后重新放入"
            raise GateClosed("FORM_EMPTY", said)
        odd = [number for number in new if self.choices.get(number, "") not in ("", NEW)]
        if odd:
            said = f"第 {_numbers(odd)} 行不是预填的行，选的却是预填行的情况：新增的行请留空或选“{NEW}”"
            _ask([f"{said}，如是预填的行，请恢复它的编号"])


def row_digest(privacy: Privacy, row_hash: str) -> str:
    """Return what a form calls a stored row."""
    return privacy.keyed("form row", row_hash, size=12)


def cell_digest(privacy: Privacy, number: str, field: str, cell: Cell) -> str:
    """Return what tells a cell of a form as we wrote it from one that was changed."""
    return privacy.keyed("form cell", number, *as_typed({field: cell}), size=6)


def read_form(sheets: Sequence[Sheet], privacy: Privacy, county_code: str, source: str) -> Form | None:
    """Return what a form says; None where the file is none.

    Raises:
        FileRefused: it is one and cannot be taken: its stamp is missing or not ours (``FORM_TAMPERED``), it belongs
            elsewhere (``FORM_ELSEWHERE``), or its sheet, header or date is not that given out (``FORM_CHANGED``).
        GateClosed: ``FORM_QUESTIONS``, what was chosen and what was typed do not agree.
    """
    stamp = STAMP.find(sheets)
    if stamp is None:
        if any(_header_row(sheet) is not None for sheet in sheets):
            said = f"这是收表模板，但其中的“{STAMP_SHEET}”工作表不见了，{_AGAIN}，并存为 xlsx"
            raise FileRefused("FORM_TAMPERED", said)
        return None
    facts = STAMP.open(stamp, privacy)
    if facts is None:
        raise FileRefused("FORM_TAMPERED", f"收表模板的“{STAMP_SHEET}”被改动过，或不是本系统生成的；{_AGAIN}")
    if facts["county"] != county_code or facts["source"] != source:
        said = f"这份收表模板应放入收件夹的 {facts['county']}/{facts['source']} 文件夹"
        raise FileRefused("FORM_ELSEWHERE", said)
    own = [sheet for sheet in sheets if not sheet.hidden.sheet and _header_row(sheet) is not None]
    if len(own) != 1:
        raise FileRefused("FORM_CHANGED", f"收表模板里应有且只有一张填报的工作表，现在有 {len(own)} 张；{_AGAIN}")
    others = [one for one in sheets if one not in (own[0], stamp) and one.name not in _PASSED_OVER]
    return _Reader(own[0], facts, privacy).read(others)


class _Reader:
    """Reads the sheet of a form against its stamp."""

    def __init__(self, sheet: Sheet, facts: Mapping[str, Any], privacy: Privacy) -> None:
        header = _header_row(sheet)
        assert header is not None  # noqa: S101  (asked by the caller)
        self._sheet, self._facts, self._privacy, self._header = sheet, facts, privacy, header
        self._first, self._last = date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"])
        self._nil_label = NIL[facts["every"]]
        head = [_text(cell) for cell in sheet.rows[header]]
        wanted = (NUMBER, CHOICES[facts["every"]], *facts["columns"])
        for label in wanted:
            if head.count(normalise(label)) != 1:
                said = f"工作表“{sheet.name}”的表头“{label}”缺失或重复，请恢复原表头，或重新生成后再填"
                raise FileRefused("FORM_CHANGED", said)
        self._number, self._choice = (head.index(label) for label in wanted[:2])
        self._ours = {at for at, label in enumerate(head) if label in {*map(normalise, wanted[:2]), CHECK}}
        self._columns = {field: head.index(normalise(label)) for label, field in facts["columns"].items()}
        self._labels = {field: label for label, field in facts["columns"].items()}

    def read(self, others: Sequence[Sheet]) -> Form:
        self._check_title()
        tick_row, is_nil = self._tick()
        lines = {at: _text(row[self._number]) for at, row in self._below() if _text(row[self._number])}
        known = {at: number for at, number in lines.items() if number in self._facts["rows"]}
        choices = {at: _text(row[self._choice]) for at, row in self._below()}
        _ask([*self._misplaced(known), *(said for at, n in known.items() for said in self._asked(at, n, choices[at]))])
        struck = {at for at in known if choices[at] == STRUCK}
        rows: list[list[Cell]] = [
            [None for _ in row] if at in struck or at == tick_row else self._plain(at, row)
            for at, row in enumerate(self._sheet.rows)
        ]
        unchanged = {at + 1 for at in known if choices[at] == UNCHANGED}
        facts = self._facts
        return Form(
            facts["dataset"], facts["unit"], facts["period"], self._last, self._sheet.name,
            [replace(self._sheet, rows=rows), *others], is_nil, self._nil_label,
            frozenset(at + 1 for at in known), frozenset(unchanged),
            frozenset(row["was"] for row in facts["rows"].values()),
            {at + 1: said for at, said in choices.items() if at not in known},
        )  # fmt: skip

    def _below(self) -> Iterator[tuple[int, list[Cell]]]:
        yield from ((at, row) for at, row in enumerate(self._sheet.rows) if at > self._header)

    def _plain(self, at: int, row: list[Cell]) -> list[Cell]:
        """Return a line as a ledger has it: without our columns."""
        return [None if at >= self._header and column in self._ours else cell for column, cell in enumerate(row)]

    def _check_title(self) -> None:
        title = read_title(cell for row in self._sheet.rows[: self._header] for cell in row)
        unit = self._facts["unit"]
        if _plain_name(title.reporting_unit or "") != _plain_name(unit):
            said = f"表上方的填报单位与生成时（{unit or '不写'}）不同，请恢复，或为该单位重新生成"
            raise FileRefused("FORM_CHANGED", said)
        if title.reported_on is None or not self._first <= title.reported_on <= self._last + LATEST:
            said = f"这是 {self._facts['period']} 的收表模板，表上方的填报日期不在这一期，请恢复；报别的月份{_AGAIN}"
            raise FileRefused("FORM_CHANGED", said)

    def _tick(self) -> tuple[int, bool]:
        """Return the line of the tick, and whether it is set."""
        for at, row in enumerate(self._sheet.rows[: self._header]):
            label = next((c for c, cell in enumerate(row) if _text(cell).startswith(self._nil_label)), None)
            if label is None:
                continue
            said = [_text(cell) for column, cell in enumerate(row) if column != label and _text(cell)]
            marks = [word for word in said if word not in _NO_TICKS and not word.startswith("←")]
            if any(word not in _TICKS for word in marks):
                raise GateClosed("FORM_QUESTIONS", f"“{self._nil_label}”旁边请选“{TICK}”或留空，现在无法判断")
            return at, bool(marks)
        return -1, False

    def _misplaced(self, known: Mapping[int, str]) -> Iterator[str]:
        """Yield what is to be asked about rows that are there twice, or no more."""
        numbers = [*known.values()]
        for number in dict.fromkeys(n for n in numbers if numbers.count(n) > 1):
            where = _numbers([at + 1 for at, one in known.items() if one == number])
            yield f"第 {where} 行的编号都是 {number}：复制来的新行请清空编号"
        gone = [number for number in self._facts["rows"] if number not in numbers]
        if gone:
            listed = "、".join(gone[:_MOST]) + ("等" if len(gone) > _MOST else "")
            yield f"预填的 {len(gone)} 行不见了（编号 {listed}）：请恢复；{self._ways_out()}"

    def _ways_out(self) -> str:
        choices = self._facts["choices"]
        ways = [f"已结束的在原行选“{ENDED}”"] if ENDED in choices else []
        ways += [f"不该计入的在原行选“{STRUCK}”"] if STRUCK in choices else []
        return "，".join(ways) or f"没有变化的在原行选“{UNCHANGED}”"

    def _asked(self, at: int, number: str, choice: str) -> Iterator[str]:
        """Yield what is to be asked about a prefilled row."""
        row, given = self._sheet.rows[at], self._facts["rows"][number]["cells"]
        changed = [
            field for field, column in self._columns.items()
            if cell_digest(self._privacy, number, field, row[column]) != given[field]
        ]  # fmt: skip
        labels = "、".join(f"“{self._labels[field]}”" for field in changed)
        # What was left blank may be filled in, identifying or not.
        blank = {field: cell_digest(self._privacy, number, field, None) for field in self._facts["locked"]}
        locked = [field for field in changed if field in blank and given[field] != blank[field]]
        head, allowed = CHOICES[self._facts["every"]], self._facts["choices"]
        if choice not in allowed:
            yield f"第 {at + 1} 行的“{head}”{'填的不在列表中' if choice else '没有选'}，请选{'、'.join(allowed)}之一"
        elif locked and choice != STRUCK:
            said = "、".join(f"“{self._labels[field]}”" for field in locked)
            more = f"；登记错了的请恢复后选“{STRUCK}”，另在空行填写正确的" if STRUCK in allowed else ""
            yield f"第 {at + 1} 行的{said}是认这一行用的，改动过，请恢复{more}"
        elif choice == UNCHANGED and changed:
            other = f"“{CORRECTED}”" + (f"或“{ENDED}”" if ENDED in allowed else "")
            yield f"第 {at + 1} 行选了“{UNCHANGED}”，但{labels}改动过：确有改动的请改选{other}，否则请恢复原内容"
        elif choice == CORRECTED and not changed:
            yield f"第 {at + 1} 行选了“{CORRECTED}”，但内容没有改动：请改正内容，或改选“{UNCHANGED}”"
        elif choice == ENDED and not _text(row[self._columns[self._facts["ends"]]]):
            yield f"第 {at + 1} 行选了“{ENDED}”，请填写“{self._labels[self._facts['ends']]}”"


def _ask(questions: Sequence[str]) -> None:
    if questions:
        more = f"；另有 {len(questions) - _MOST} 处" if len(questions) > _MOST else ""
        said = f"收表模板有 {len(questions)} 处需要说明，暂未采用：{'；'.join(questions[:_MOST])}{more}"
        raise GateClosed("FORM_QUESTIONS", said)


def _header_row(sheet: Sheet) -> int | None:
    """Return the line that has all of our headings."""
    for at, row in enumerate(sheet.rows):
        said = {_text(cell) for cell in row if isinstance(cell, str)}
        if {NUMBER, CHECK} <= said and said & set(CHOICES.values()):
            return at
    return None


def _text(cell: Cell) -> str:
    return next(iter([*as_typed({"": cell})][1:]), "")


def _plain_name(name: str) -> str:
    return "".join(normalise(name).split())


def _numbers(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:_MOST])) + ("等" if len(numbers) > _MOST else "")
