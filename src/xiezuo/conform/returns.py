"""Return workbooks (退回修改): what we stamp into one, and what a stamped one says when it comes back.

A stamp names the delivery that was given back and each of its rows; it is signed with the installation's key, so that
nothing in it has to be believed. Which row a line is follows from its number in the first column, wherever the line
was moved to; which column it is, from its header (docs/decisions/0044-returns.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xiezuo.base.errors import FileRefused
from xiezuo.conform.ledgers.tables import RawTable, without_lost_digits
from xiezuo.conform.readers import Cell, Sheet
from xiezuo.conform.stamps import Stamp
from xiezuo.values import normalise
from xiezuo.values.privacy import Privacy
from xiezuo.values.typed_row import as_typed

STAMP_SHEET = "退回凭据"
GUIDE_SHEET = "说明"
HEADINGS = ("编号", "原文件", "行号", "问题", "怎样改")
"""Our columns, before those of the ledger; what is typed into them is not read."""
STAMP = Stamp("xiezuo-return-1", "return")
_AGAIN = "请重新导出退回表（xiezuo quarantine export）后再改"
_HEADER = "请恢复原表头，或重新导出后再改"


@dataclass(frozen=True)
class Answer:
    """One row of a delivery as somebody corrected it: ``cells`` by field, for the row ``row_no`` of the delivery.

    ``answered_batch_id`` is the batch in which it was held back, ``answer_id`` what the row says, keyed.
    """

    row_no: int
    answered_batch_id: str
    answer_id: str
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Returned:
    """What a return workbook answers: the delivery by county, source, place and content, and its rows by batch.

    ``place`` is that of the file in the inbox; ``answers`` go by dataset and table as the stamp names them,
    ``batches`` are the batches of these tables.
    """

    source: str
    place: str
    sha256: str
    answers: Mapping[tuple[str, str], Sequence[Answer]]
    batches: Mapping[tuple[str, str], str]

    def of(self, table: RawTable, privacy: Privacy) -> Sequence[Answer]:
        """Return the answers to rows of a table of the delivery."""
        return self.answers.get((table.contract.dataset, privacy.mask(table.sheet)), ())

    def put_into(self, tables: Sequence[RawTable], privacy: Privacy) -> list[RawTable]:
        """Return the delivery's tables with the answered rows as they are now; only of datasets that are answered.

        Raises:
            FileRefused: a row that is answered is no row of the delivery as it is read today.
        """
        datasets = {dataset for dataset, _ in self.answers}
        whole = [table for table in tables if table.contract.dataset in datasets]
        found = 0
        for table in whole:
            answers = {one.row_no: one for one in self.of(table, privacy)}
            fields = table.contract.feed_fields(table.feed)
            for place, (number, cells) in enumerate(table.rows):
                if number in answers:
                    found += 1
                    table.rows[place] = (number, cells | without_lost_digits(fields, dict(answers[number].cells)))
        if found != sum(map(len, self.answers.values())):
            raise FileRefused("RETURN_OUTDATED", f"所退回的报表现在的读法与导出时不同，{_AGAIN}")
        return whole


def row_stamp(privacy: Privacy, batch_id: str, row_no: int) -> str:
    """Return the number by which a line of a return workbook is known."""
    return privacy.keyed("returned row", batch_id, str(row_no), size=12)


def answer_id(privacy: Privacy, cells: Mapping[str, Any]) -> str:
    """Return what tells a row as typed from one that was changed."""
    return privacy.keyed("returned cells", *as_typed(cells))


def read_return(sheets: Sequence[Sheet], privacy: Privacy, county_code: str, source: str) -> Returned | None:
    """Return what a file answers; None where it is no return workbook.

    Raises:
        FileRefused: it is one, and cannot be taken: its stamp is missing or not ours, it belongs elsewhere, its
            lines or columns are not those we gave out, or nothing in it was changed.
    """
    stamp = STAMP.find(sheets)
    if stamp is None:
        if any(_header_row(sheet) is not None for sheet in sheets):
            raise FileRefused("RETURN_TAMPERED", f"这是退回修改表，但其中的“{STAMP_SHEET}”工作表不见了，{_AGAIN}")
        return None
    facts = STAMP.open(stamp, privacy)
    if facts is None:
        said = f"退回修改表的“{STAMP_SHEET}”被改动过，或不是本系统导出的，不能采用；{_AGAIN}"
        raise FileRefused("RETURN_TAMPERED", said)
    if facts["county"] != county_code or facts["source"] != source:
        said = f"这份退回修改表应放入收件夹的 {facts['county']}/{facts['source']} 文件夹"
        raise FileRefused("RETURN_ELSEWHERE", said)
    answers: dict[tuple[str, str], list[Answer]] = {}
    by_name = {sheet.name: sheet for sheet in sheets}
    for one in facts["sheets"]:
        if one["sheet"] not in by_name:
            raise FileRefused("RETURN_CHANGED", f"退回修改表里缺少工作表“{one['sheet']}”，{_AGAIN}")
        if own := [*_answers(by_name[one["sheet"]], one, privacy)]:
            answers[one["dataset"], one["table"]] = own
    if not answers:
        raise FileRefused("RETURN_UNCHANGED", "退回修改表里没有改动过的行，未作处理；请改正后再放入")
    batches = {(one["dataset"], one["table"]): one["batch"] for one in facts["sheets"]}
    return Returned(facts["source"], facts["place"], facts["sha256"], answers, batches)


def _text(cell: Cell) -> str:
    return normalise(cell) if isinstance(cell, str) else ""


def _header_row(sheet: Sheet) -> int | None:
    """Return the line that has all of our headings."""
    wanted = set(HEADINGS)
    return next((at for at, row in enumerate(sheet.rows) if wanted <= {c for c in row if isinstance(c, str)}), None)


def _answers(sheet: Sheet, stamped: Mapping[str, Any], privacy: Privacy) -> Iterator[Answer]:
    """Yield the rows of a sheet that were changed."""
    header = _header_row(sheet)
    if header is None:
        raise FileRefused("RETURN_CHANGED", f"工作表“{sheet.name}”的表头被改动过，{_HEADER}")
    head = [_text(cell) for cell in sheet.rows[header]]
    for label in (HEADINGS[0], *stamped["columns"]):
        if head.count(normalise(label)) != 1:
            raise FileRefused("RETURN_CHANGED", f"工作表“{sheet.name}”的表头“{label}”缺失或重复，{_HEADER}")
    at = head.index(HEADINGS[0])
    columns = {field: head.index(normalise(label)) for label, field in stamped["columns"].items()}
    seen: set[str] = set()
    for line in range(header + 1, len(sheet.rows)):
        row = sheet.rows[line]
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row):
            continue
        known = _text(row[at])
        where = f"工作表“{sheet.name}”第 {line + 1} 行"
        if known not in stamped["rows"]:
            said = f"{where}没有本表的编号；退回修改表只改正列出的行，新增的行请写进台账，编号列请勿改动"
            raise FileRefused("RETURN_CHANGED", said)
        if known in seen:
            raise FileRefused("RETURN_CHANGED", f"{where}的编号与上面的行重复，请只保留一行")
        seen.add(known)
        if any((line, column) in sheet.formats for column in columns.values()) or sheet.is_1904:
            said = f"{where}的数字格式改变了单位或日期，请把格式改为“常规”，按表头的单位填写"
            raise FileRefused("RETURN_CHANGED", said)
        given, cells = stamped["rows"][known], {field: row[column] for field, column in columns.items()}
        now = answer_id(privacy, cells)
        if now != given["cells"]:
            yield Answer(given["row"], given["batch"], now, cells)
