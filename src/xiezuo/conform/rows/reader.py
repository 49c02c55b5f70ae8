"""Reading rows: each cell by its column's parser, each failure a finding that names its row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.errors import FileRefused, Unreadable
from xiezuo.conform.ledgers.tables import RawTable
from xiezuo.conform.rows.computed import Deriver, Row
from xiezuo.conform.rows.fields import Parser, Surroundings, parser_of
from xiezuo.conform.rows.lines import number_lines, number_parts, settle_refunds
from xiezuo.declared.contracts import ComputedSpec, FieldSpec
from xiezuo.declared.words import UNKNOWN_WORD, Meaning
from xiezuo.values import Identity, Money, bare

FURTHEST_AHEAD = timedelta(days=31)
"""Ledgers may list departures of the coming weeks, no more."""
LAST_DAY_OF_SPEAKING = (6, 30)
"""A year is closed in the first half of the next: a ledger dated later speaks of that next year, or of none."""
LONGEST_CELL = 5000
"""More characters are no content of a ledger's cell: most likely a whole document was pasted into it."""
_REMEMBERED = 4096
"""Distinct cells of a column of which the parsed values are remembered."""


@dataclass(frozen=True)
class Finding:
    """One reason why a row was held back. Holds nothing personal; it may be logged and shown."""

    row_no: int
    column: str
    rule_id: str
    reason_zh: str


class RowReader:
    """Reads the cells of a table's rows; remembers what each distinct cell of a column gave."""

    def __init__(self, table: RawTable, around: Surroundings) -> None:
        self.table, self.around, self.contract = table, around, table.contract
        self.fields = self.contract.feed_fields(table.feed)
        self._parsers = {
            n: _remembering(parser_of(s, table.units.get(n), around, self.contract.register_of(n)))
            for n, s in self.fields.items()
        }
        self._enums = [n for n, s in self.fields.items() if s.type == "enum"]
        self.findings: list[Finding] = []
        self.amounts: dict[int, Decimal] = {}
        self.unreadable_amounts: set[int] = set()
        self.counts: dict[int, Decimal | None] = {}
        self.days: dict[int, date] = {}
        self.persons: dict[str, dict[str, str]] = {}
        self._noted: dict[str, int] = {}
        self._deriver = Deriver(around, table.reported_on, table.labels)

    def read(self, number: int, cells: Mapping[str, Any]) -> Row | None:
        """Return the typed row, or None after noting every reason why there is none."""
        before = len(self.findings)
        row: Row = {"row_no": number}
        if number in self.table.doubts:
            label, reason = self.table.doubts[number]
            self.findings.append(Finding(number, label, "TOTAL_DOUBTFUL", reason))
        secret: dict[str, str] = {}
        for name, spec in self.fields.items():
            raw = cells.get(name)
            if spec.falls_back_to and (raw is None or not str(raw).strip()):
                raw = cells.get(spec.falls_back_to)
            self._put(row, secret, name, spec, self._cell(number, name, spec, raw))
        for name in self.contract.fields:
            if name not in self.fields:
                self._put(row, secret, name, self.contract.fields[name], None)
        self._choose(number, row)
        self._localise(number, row)
        self._check_future(number, row)
        self._compute(number, row, secret)
        self._note_amount(number, row, is_held=len(self.findings) > before)
        if isinstance(day := row.get(self.contract.touches or ""), date):
            self.days[number] = day
        row["reporting_unit"] = self._unit_of(number, row)
        if len(self.findings) > before:
            return None
        if secret and "person_key" in row:
            self.persons[row["person_key"]] = secret
        return row

    def forget(self) -> None:
        """Forget what was noted of single rows, once somebody has taken it: memory does not hold a million."""
        for noted in (self.findings, self.amounts, self.unreadable_amounts, self.counts, self.days):
            noted.clear()

    def parse(self, name: str, raw: Any) -> Any:
        """Return what one cell of a field says.

        Raises:
            Unreadable: it cannot be read for sure.
        """
        return self._parsers[name](raw)

    def finish(self, rows: list[Row]) -> list[Row]:
        """Add the columns that need the whole table; rows that still lack one are held back."""
        for name, spec in self.contract.computed.items():
            if spec.type == "stated_on":
                rows = self._date_statements(name, spec, rows)
        return self._number(rows)

    def _number(self, rows: list[Row]) -> list[Row]:
        """Number rows that share a number; those of which no reading is certain are held back."""
        feed, amount = self.contract.feeds[self.table.feed], self.contract.amount or ""
        if (lines := feed.lines) is None:
            return rows
        doubts = settle_refunds(rows, lines, amount, lines.refund) if lines.refund else {}
        rows = [row for row in rows if row["row_no"] not in doubts]
        if lines.parts:
            doubts |= number_parts(rows, lines, feed.version)
        else:
            number_lines(rows, lines)
        label = self._label(lines.within[-1] if lines.parts else amount)
        self.findings += [Finding(number, label, doubt.code, doubt.zh) for number, doubt in sorted(doubts.items())]
        return [row for row in rows if row["row_no"] not in doubts]

    def check_reported(self, rows: list[Row]) -> list[Row]:
        """Hold back rows of days that were yet to come when their ledger was reported (0033).

        A date that most rows contradict, or that is far behind all of them, is itself the mistake: it would make
        the ledger outdate others, or be outdated.

        Raises:
            FileRefused: ``REPORTED_BEFORE_ROWS``, most rows are of later days; ``REPORTED_LONG_AFTER``, none is of
                the year reported in, and the year of the newest is closed.
        """
        name, reported = self.contract.touches, self.table.reported_on
        days = {row["row_no"]: row[name] for row in rows if row.get(name)} if name and reported else {}
        if not name or not reported or not days or reported > self.around.today + FURTHEST_AHEAD:
            return rows  # a date still to come is refused for that (conform)
        said = f"（{reported:%Y-%m-%d}）"
        late = {number: day for number, day in days.items() if day > reported + FURTHEST_AHEAD}
        if 2 * len(late) > len(days):
            raise FileRefused(
                "REPORTED_BEFORE_ROWS",
                f"工作表“{self.table.sheet}”的填报日期或所属月份{said}早于表中大部分行，如第 {min(late)} 行"
                f"（{late[min(late)]:%Y-%m-%d}），请核对填报日期、文件名中的月份和各行日期",
            )
        newest = max(day for number, day in days.items() if number not in late)
        if reported > date(newest.year + 1, *LAST_DAY_OF_SPEAKING):
            raise FileRefused(
                "REPORTED_LONG_AFTER",
                f"工作表“{self.table.sheet}”的填报日期或所属月份{said}比表中最新的一行（{newest:%Y-%m-%d}）晚得太多，"
                f"请核对年份；如是补报以前年度，请写所属月份，如 {newest.year}年12月",
            )
        why = f"日期比填报日期或所属月份{said}晚一个月以上，请核对两个日期"
        self.findings += [Finding(number, self._label(name), "DATE_AFTER_REPORT", why) for number in sorted(late)]
        kept = [row for row in rows if row["row_no"] not in late]
        known = {row.get("person_key") for row in kept}
        self.persons = {key: secret for key, secret in self.persons.items() if key in known}
        return kept

    def check_magnitude(self) -> None:
        """Refuse amounts without a unit whose size cannot tell 元 from 万元."""
        for name, spec in self.fields.items():
            floor = spec.unstated_unit_floor_yuan
            if floor is None or name in self.table.units or spec.unit != "元" or name != self.contract.amount:
                continue
            sizes = [abs(amount) for amount in self.amounts.values() if amount]
            if sizes and max(sizes) < floor:
                label = self.table.labels.get(name, name)
                where = f"工作表“{self.table.sheet}”"
                raise FileRefused("UNIT_MISSING", f"{where}没有写明“{label}”的单位（元或万元），请在表头注明")

    def warnings(self) -> list[str]:
        """Say what was left empty or not understood without holding a row back."""
        noted = list(self.table.notes)
        noted += [f"列“{label}”有 {count} 行无法识别，已留空" for label, count in sorted(self._noted.items())]
        if self.table.unmapped:
            noted.append(f"未使用的列：{'、'.join(self.around.privacy.mask(t) for t in self.table.unmapped[:20])}")
        return noted

    def _cell(self, number: int, name: str, spec: FieldSpec, raw: Any) -> Any:
        try:
            if isinstance(raw, str) and len(raw) > LONGEST_CELL:
                raise Unreadable("TEXT_TOO_LONG", f"内容超过 {LONGEST_CELL} 字，请只填本列的内容")  # noqa: TRY301
            value = self.parse(name, raw)
        except Unreadable as unreadable:
            label = self._label(name)
            if spec.advisory:
                self._noted[label] = self._noted.get(label, 0) + 1
                return None
            self.findings.append(Finding(number, label, unreadable.code, unreadable.zh))
            return None
        if value is None and spec.required and name not in self.table.contract.feeds[self.table.feed].constants:
            label = self._label(name)
            self.findings.append(Finding(number, label, "REQUIRED", f"“{label}”不能为空"))
        return value

    def _put(self, row: Row, secret: dict[str, str], name: str, spec: FieldSpec, value: Any) -> None:
        if isinstance(value, Identity):
            row["person_key"] = self.around.privacy.person_key(value.number)
            row["birth_date_year"], row["sex"] = value.birth_date.year, value.sex
            row["birth_date"] = value.birth_date  # for age rules; no column of the warehouse has it
            secret[name] = value.number
        elif spec.pii == "direct":
            if value is not None:
                secret[name] = str(value)
        elif isinstance(value, Money):
            row[name] = value.yuan
            if spec.approximate:
                row[f"{name}_at_least"] = value.at_least
        else:
            row[name] = value
            if spec.approximate:
                row[f"{name}_at_least"] = False

    def _check_future(self, number: int, row: Row) -> None:
        """Hold back a row that counts in a month far ahead: a year was mistyped."""
        name = self.contract.touches
        day = row.get(name) if name else None
        if name and isinstance(day, date) and day > self.around.today + FURTHEST_AHEAD:
            label = self.table.labels.get(name, name)
            self.findings.append(Finding(number, label, "DATE_IN_FUTURE", "日期晚于今天一个月以上，请核对年份"))

    def _unit_of(self, number: int, row: Row) -> str:
        """Return the row's own reporting unit where its ledger has such a column, else the sheet's."""
        name = self.contract.reporting_unit
        own = row.get(name) if name else None
        is_typed = name in self.fields and isinstance(own, str)
        if name and is_typed and (other := self.around.county_names.other(str(own), is_unit=True)):
            ours = self.around.county.name
            said = f"本行的填报单位是{other}的，不计入{ours}；如是{ours}的，请改正“{self._label(name)}”"
            self.findings.append(Finding(number, self._label(name), "OTHER_COUNTY", said))
        return self.table.reporting_unit if own is None else "".join(str(own).split())

    def _note_amount(self, number: int, row: Row, *, is_held: bool) -> None:
        """Note what a row adds to the file's total; a row that states no amount, where it need not, adds nothing."""
        if self.contract.counted is not None:
            count = row.get(self.contract.counted)
            self.counts[number] = None if count is None else Decimal(count)
        if self.contract.amount is None:
            return
        amount = row.get(self.contract.amount)
        if amount is not None:
            self.amounts[number] = amount
        elif is_held:
            self.unreadable_amounts.add(number)

    def _choose(self, number: int, row: Row) -> None:
        """Settle words that hold on the row's own day only, and what they say of other columns."""
        for name in self._enums:
            self._excuse(number, row, name)
            if isinstance(meanings := row[name], tuple):
                row[name] = None
                day = self._day_of(row)
                held = sorted((m for m in meanings if m.holds_on(day)), key=lambda m: len(m.sets))
                if len({m.value for m in held}) == 1:
                    self._mean(number, row, name, held[-1])
                else:
                    said = "在本行日期不适用，请核对日期或改用现行的填法" if day else "只在一段时间内适用，请填写日期"
                    self.findings.append(Finding(number, self._label(name), "ENUM_UNKNOWN", f"这一填法{said}"))

    def _excuse(self, number: int, row: Row, name: str) -> None:
        """Leave a column empty that cannot be read, in a row whose figures do not hang on it."""
        needed = self.fields[name].decides_when
        if needed and all(isinstance(row.get(n), str) and row[n] != value for n, value in needed.items()):
            own = {f for f in self._of_row(number) if f.column == self._label(name) and f.rule_id in UNKNOWN_WORD}
            if own:
                self.findings[:] = [f for f in self.findings if f not in own]

    def _of_row(self, number: int) -> Iterable[Finding]:
        return takewhile(lambda finding: finding.row_no == number, reversed(self.findings))

    def _mean(self, number: int, row: Row, name: str, meaning: Meaning) -> None:
        row[name] = meaning.value
        for other, allowed in meaning.sets:
            stated = row.get(other)
            stated = stated[0].value if isinstance(stated, tuple) else stated
            if stated is None and not self._is_held(number, other):
                row[other] = allowed[0]
            elif stated is not None and stated not in allowed:
                said = f"“{self._label(name)}”与“{self._label(other)}”互相矛盾，请核对"
                self.findings.append(Finding(number, self._label(name), "CHOICES_CONTRADICT", said))

    def _is_held(self, number: int, name: str) -> bool:
        return self._label(name) in {finding.column for finding in self._of_row(number)}

    def _day_of(self, row: Row) -> date | None:
        """Return the day a word of the row is read on: the row's own, else the one its sheet states."""
        valid = self.contract.valid
        name = self.contract.touches or (valid.from_ if valid else None)
        day = row.get(name) if name else None
        if isinstance(day, datetime):
            day = day.astimezone(SHANGHAI).date()
        return day if isinstance(day, date) else self.table.reported_on

    def _localise(self, number: int, row: Row) -> None:
        """Resolve villages inside their township; a village of another township is not taken."""
        for name, spec in self.contract.fields.items():
            if spec.type != "village" or row.get(name) is None:
                continue
            if (reason := self.around.rejected_names.get(bare(row[name]))) is not None and not spec.advisory:
                said = f"县里已决定不采用这一名称（{reason}），请填写规范的村名"
                self.findings.append(Finding(number, self._label(name), "WORD_REJECTED", said))
                continue
            row[name] = self.around.divisions.village(row[name], row.get("town"))
            if row[name] is None and not spec.advisory:
                label = self._label(name)
                self.findings.append(Finding(number, label, "VILLAGE_UNKNOWN", "该乡镇没有这个村，请核对村名和乡镇"))

    def _label(self, name: str) -> str:
        spec = self.contract.fields.get(name)
        return self.table.labels.get(name) or (spec.zh[0] if spec and spec.zh else name)

    def _compute(self, number: int, row: Row, secret: Mapping[str, str]) -> None:
        for name, spec in self.contract.computed.items():
            try:
                row[name] = self._deriver.derive(spec, row, secret)
            except Unreadable as unreadable:
                label = next((self.table.labels[n] for n in reversed(spec.from_) if n in self.table.labels), spec.zh)
                self.findings.append(Finding(number, label, unreadable.code, unreadable.zh))

    def _date_statements(self, name: str, spec: ComputedSpec, rows: list[Row]) -> list[Row]:
        """Give statements without a date of their own, on a sheet without one, the last day in their rows.

        What is made from that day (the key of a list of one day and township, say) is made with it.
        """
        dated = [n for n, f in self.contract.fields.items() if f.type in ("day", "day_or_month", "month")]
        last = max((day for row in rows for n in dated if (day := row.get(n))), default=None)
        made = {other: one for other, one in self.contract.computed.items() if name in one.from_}
        for row in rows:
            row[name] = row[name] or last
            if row[name] is None:
                self.findings.append(Finding(row["row_no"], spec.zh, "NO_DATE", "表中没有填报日期，请在表头注明"))
                continue
            for other, one in made.items():
                row[other] = self._deriver.derive(one, row, {})
            if self.contract.reporting_unit in (name, *made):
                row["reporting_unit"] = f"{row[self.contract.reporting_unit]}"
        return [row for row in rows if row[name] is not None]


def _remembering(parse: Parser) -> Callable[[Any], Any]:
    """Parse each distinct cell once; a ledger repeats towns, dates and wages thousands of times.

    Of many that do not repeat no more are kept than serve.
    """
    known: dict[tuple[type, Any], Any] = {}

    def read(raw: Any) -> Any:
        if raw is None:
            return parse(None)
        key = (type(raw), raw)
        try:
            if key not in known:
                if len(known) >= _REMEMBERED:
                    known.clear()
                known[key] = parse(raw)
        except TypeError:
            return parse(raw)  # a cell that cannot be hashed, such as a signalling NaN
        return known[key]

    return read
