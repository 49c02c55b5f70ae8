"""Receipts (回执): every file that came in is answered, in its unit's out-folder and, where it has one, in its group.

A receipt says what is so now: it is written again when a correction, a decision or a newer reading changes what became
of the file. Beside it lies the return workbook as long as rows of the file wait (docs/decisions/0049-receipts.md).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.declared.contracts import load_contracts
from xiezuo.declared.counties import load_counties
from xiezuo.declared.operations import load_operations
from xiezuo.operations.groups import load_groups
from xiezuo.publish.outfiles import NO_UNIT, receipt_files, replace_when_different, unit_folder
from xiezuo.publish.returns import return_workbooks
from xiezuo.publish.sheets.receipt import Receipt, Said, receipt_workbook
from xiezuo.warehouse import access

_log = logging.getLogger("xiezuo.publish.receipts")

_LOCK = 620427


@dataclass
class Written:
    """What one call wrote: receipts, return workbooks, and how many groups were told."""

    receipts: list[Path] = field(default_factory=list)
    returns: list[Path] = field(default_factory=list)
    told: int = 0


def write_receipts(settings: Settings, county: str | None = None, *, again: bool = False) -> Written:
    """Write what is due of the files of a county or of all: receipts, return workbooks, messages.

    With ``again`` also what was written before; nobody is told twice.

    Callers take turns. What a kill leaves undone is due the next time. A group that cannot be reached is logged and
    told the next time; the files lie there all the same.
    """
    written = Written()
    days = timedelta(days=load_operations(settings.root).receipts.days)
    names = {"county_code": county, "since": settings.now() - days, "again": again}
    with access.connect(settings, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        due = _rows(connection, settings, "receipts_due", names)
        desk = _Desk(connection, settings, written)
        for one in due:
            desk.answer(one)
        desk.tell()
    return written


class _Desk:
    """Answers files one by one; units are told once, of all their files."""

    def __init__(self, connection: psycopg.Connection[Any], settings: Settings, written: Written) -> None:
        self._db, self._settings, self._written = connection, settings, written
        self._counties = load_counties(settings.counties_path)
        self._names = {name: contract.zh for name, contract in load_contracts(settings.root).items()}
        self._groups = load_groups(settings)
        self._news: dict[tuple[str, str], list[tuple[dict[str, Any], dict[str, Any], str]]] = defaultdict(list)

    def answer(self, due: dict[str, Any]) -> None:
        """Write the receipt of one file, and its return workbook as long as it is of use."""
        facts = {"county_code": due["county_code"], "landing_id": due["landing_id"]}
        (landing,) = _rows(self._db, self._settings, "receipt_landing", facts)
        unit = landing["reporting_unit"] or ""
        shelf = unit_folder(self._settings, due["county_code"], unit).parent
        slip, book = receipt_files(self._settings, due["county_code"], unit, landing["place"])
        at = slip.relative_to(shelf).as_posix()
        if landing["receipt_at"] not in (None, at):  # whose it is was not known then
            for path in (shelf / landing["receipt_at"], (shelf / landing["receipt_at"]).with_name(book.name)):
                path.unlink(missing_ok=True)
        returned = self._returned(due, facts, book)
        noted = {"digest": due["digest"], "told": due["digest"], "returned": returned, "unit": unit, "at": at}
        if due["is_recent"]:
            receipt = self._receipt(due, facts, landing, (unit, book.name if returned else ""))
            replace_when_different(slip, receipt_workbook(receipt))
            self._written.receipts.append(slip)
            whose = self._groups.whose(due["county_code"], unit) if due["is_news"] else None
            if whose is not None:
                noted["told"] = ""
                self._news[due["county_code"], whose].append((facts, noted, _line(receipt)))
        self._note(facts, noted)

    def _returned(self, due: Mapping[str, Any], facts: Mapping[str, Any], path: Path) -> bool:
        """Put the return workbook of a file at ``path``, or take it away; return whether it lies there."""
        if not (due["rows_waiting"] and due["is_recent"]):
            path.unlink(missing_ok=True)
            return False
        if not due["is_changed"]:
            return bool(due["is_returned"])
        books = return_workbooks(self._settings, facts["county_code"], delivery=facts["landing_id"])
        _, content = next(books, (None, None))
        if content is None:
            path.unlink(missing_ok=True)
            return False
        replace_when_different(path, content, private=True)
        self._written.returns.append(path)
        return True

    def tell(self) -> None:
        """Tell each group what became of the files that concern it; note what was taken."""
        for (county, unit), news in self._news.items():
            said = f"{self._counties[county].name if county in self._counties else county} {unit or NO_UNIT}"
            lines = [line for _, _, line in news]
            if not self._groups.tell(county, unit, f"【报送回执】{said}：{len(lines)} 份", lines):
                continue
            self._written.told += 1
            for facts, noted, _ in news:
                self._note(facts, noted | {"told": noted["digest"]})

    def _receipt(
        self, due: Mapping[str, Any], facts: Mapping[str, Any], landing: Mapping[str, Any], whose: tuple[str, str]
    ) -> Receipt:
        """Return what a file's receipt says; ``whose`` are its unit and the return workbook beside it, '' for none."""
        unit, returned = whose
        batches = _rows(self._db, self._settings, "receipt_batches", facts)
        numbers = {"county_code": due["county_code"], "batches": [one["batch_id"] for one in batches]}
        waiting = [tuple(row.values()) for row in _rows(self._db, self._settings, "receipt_rows", numbers)]
        outcome, following = _outcome(landing, batches, due["rows_waiting"], returned)
        county = self._counties.get(due["county_code"])
        return Receipt(
            county_zh=county.name if county else due["county_code"], unit_zh=unit or NO_UNIT,
            place=landing["place"], number=due["landing_id"][:8],
            landed_at=landing["landed_at"].astimezone(SHANGHAI), outcome_zh=outcome, next_zh=following,
            tables=[Said(self._names.get(one["dataset"], one["dataset"]), one) for one in batches], waiting=waiting,
        )  # fmt: skip

    def _note(self, facts: Mapping[str, Any], noted: Mapping[str, Any]) -> None:
        statement = read_sql(self._settings.root, "publish/receipt_noted")
        self._db.execute(statement, {**facts, "receipt": Jsonb(dict(noted))})


def _outcome(
    landing: Mapping[str, Any], batches: Sequence[Mapping[str, Any]], waiting: int, returned: str
) -> tuple[str, list[str]]:
    """Return what became of a file in one line, and what its station does next."""
    states = {one["state"] for one in batches}
    decided = f"（{landing['decided_by']}：{landing['reason_zh']}）" if landing["decided_by"] else ""
    if landing["is_retracted"]:
        return f"已撤回，没有计入{decided}", ["如仍需报送，请与县办联系"]
    if "loaded" not in states:
        if "gated" in states:
            return "暂未采用，等待县办确认", ["请按下列原因核对；确认无误的，请告知县办"]
        if "refused" in states:
            return "未采用", ["请按下列原因改正后重新放入收件夹"]
        return "没有可计入的内容", ["如应有数据，请核对文件后重新放入收件夹"]
    next_zh = []
    if states != {"loaded"}:
        next_zh.append("有表未采用：请按下列原因改正后重新报送")
    if waiting:
        how = f"请打开同一文件夹中的“{returned}”改正后放回收件夹" if returned else "请在下一次台账中改正"
        next_zh.append(f"{waiting} 行待更正：{how}；其他行已经计入，不必再报")
    if any(one["warnings_zh"] for one in batches):
        next_zh.append("有提示：请核对，确有错误的请更正后重新报送")
    if states != {"loaded"} or waiting:
        return f"部分计入{decided}", next_zh
    return ("已计入，有提示" if next_zh else "已全部计入") + decided, next_zh or ["无"]


def _line(receipt: Receipt) -> str:
    """Return what the group is told of a file."""
    name = PurePosixPath(receipt.place).name
    return f"{name}：{receipt.outcome_zh}。{'；'.join(receipt.next_zh) if receipt.next_zh != ['无'] else ''}"


def _rows(
    connection: psycopg.Connection[Any], settings: Settings, statement: str, facts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(read_sql(settings.root, f"publish/{statement}"), facts).fetchall()
