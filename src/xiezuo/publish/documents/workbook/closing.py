"""The last sheets: how deliveries and quality stand, what was stated otherwise before, and how to read it all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xiezuo.publish.documents.content import Content, Restated, Stamp
from xiezuo.publish.documents.workbook.grid import Grid, Head
from xiezuo.publish.documents.workbook.values import NOTES_ZH, SO_FAR, is_whole_year
from xiezuo.values.periods import Period

KINDS_ZH = {
    "arrival": "台账报送",
    "quarantine": "待更正记录",
    "refused": "退回文件",
    "reconciliation": "对账核实",
    "narrative": "文字材料",
    "adjustment": "补报待更正",
    "warning": "报表提示",
}
STATES_ZH = {"passed": "已通过", "open": "待处理", "explained": "已说明"}

CHECK_HEADS = [Head(text) for text in ("序号", "事项", "责任单位", "状态", "数量", "说明")]
RESTATED_HEADS = [
    *(Head(text) for text in ("序号", "指标", "范围", "期间", "单位", "原数", "现数", "增减")),
    *(Head(text) for text in ("原因", "指标编号", "批次")),
]
NOTE_HEADS = [Head("项目"), Head("内容")]
WIDE_TEXT = 84.0


def write_checks(grid: Grid, content: Content) -> None:
    """Write the close list."""
    for number, check in enumerate(content.checks, start=1):
        grid.ordinal(0, number)
        grid.text(1, KINDS_ZH[check.kind], "centred")
        grid.text(2, check.subject_zh)
        grid.text(3, STATES_ZH[check.state], "centred")
        grid.number(4, Decimal(check.count))
        grid.text(5, check.detail_zh)
        grid.end_row()
    if not content.checks:
        grid.note("本期没有需要说明的报送与质量事项。")
    grid.close(frozen_columns=2)


def write_restated(grid: Grid, content: Content) -> None:
    """Write each value that an earlier release stated otherwise."""
    towns = dict(content.towns)
    for number, entry in enumerate(content.restated, start=1):
        grid.ordinal(0, number)
        grid.text(1, entry.name_zh)
        grid.text(2, towns.get(entry.breakdown, entry.breakdown) or "全县")
        grid.text(3, Period.read(entry.period, entry.period_kind).zh)
        grid.text(4, entry.unit, "centred")
        grid.number(5, entry.old, entry.unit, entry.old_qualifier)
        grid.number(6, entry.new, entry.unit, entry.new_qualifier)
        _difference(grid, entry)
        grid.text(8, entry.reason_zh)
        grid.text(9, entry.indicator_id)
        grid.text(10, "\n".join(entry.batches))
        grid.end_row()
    if content.restates:
        grid.note(f"原数见发布编号 {content.restates}。")
    grid.close(frozen_columns=2)


def _difference(grid: Grid, entry: Restated) -> None:
    """Write how much more or less it is; of a bound nobody can say."""
    if entry.old is None or entry.new is None or {entry.old_qualifier, entry.new_qualifier} != {"exact"}:
        grid.nothing(7)
    else:
        grid.number(7, entry.new - entry.old, entry.unit)


def write_notes(grid: Grid, content: Content, stamp: Stamp) -> None:
    """Write which release the workbook is of, and how its numbers are read."""
    for name, text in notes(content, stamp):
        grid.text(0, name, "centred")
        grid.text(1, text)
        grid.end_row()
    grid.close(frozen_columns=1)


def status_zh(stamp: Stamp) -> str:
    """Say whether somebody has approved it, and who."""
    if stamp.is_draft:
        return "草稿，未经审定"
    approved = f"，审定人：{stamp.approved_by}" if stamp.approved_by else ""
    return "已审定" + approved + (f"，审定日期：{_day_zh(stamp.approved_on)}" if stamp.approved_on else "")


def notes(content: Content, stamp: Stamp) -> list[tuple[str, str]]:
    """Return the lines of 说明: name and text."""
    county = content.county
    known = [
        ("县（区）", f"{county.province}{county.city}{county.name}（{county.code}）"),
        ("结对县（区）", f"{county.paired_province}{county.paired_county}"),
        ("期间", content.span.zh),
        ("发布编号", stamp.release_id),
        ("状态", status_zh(stamp)),
        *((f"{one.act_zh}人", one.zh) for one in stamp.signatures),
        ("内容摘要", stamp.digest),
        ("链首", stamp.head or "—（草稿未入链）"),
        ("数据截至", _day_zh(content.as_of)),
    ]
    if content.restates:
        known.append(("更正", f"更正发布编号 {content.restates} 的数字，逐项见“更正”。"))
    return [*known, *_reading(content)]


def _reading(content: Content) -> list[tuple[str, str]]:
    own = (
        ("全年" if is_whole_year(content) else f"{SO_FAR}为1月1日至{_day_zh(content.as_of)}的累计数")
        if content.is_annual
        else "本月为当月数，本年累计为1月1日至月末的累计数；按人去重的指标，累计数不等于各月之和"
    )
    return [
        ("口径", f"{own}。"),
        ("金额", f"金额单位为元，单元格内为确切数值{_in_wan(content)}；图中金额以万元显示。"),
        ("以上", f"数字后标“以上”的为{NOTES_ZH['at_least']}（如“500余万元”），单元格内仍是数字，可以参与计算。"),
        ("—", f"没有数字：备注写“{NOTES_ZH['not_reported']}”的没有收到报送，不等于零；其余为没有任务数或上年同期数。"),
        ("同比", "本年累计（全年）比上年同期增减的百分数；任一方为约数或未报送，或上年同期为零，不计算。"),
        ("完成率", "本年累计（全年）÷年度任务。"),
        ("分乡镇", "未注明乡镇的记录只计入全县，分乡镇之和可以小于全县。"),
        ("核对", "内容摘要是全部数字与文字的 SHA-256 校验值，同一发布编号的文件应一致；链首是审定时发布链的校验值。"),
    ]  # fmt: skip


def _in_wan(content: Content) -> str:
    """Name the annexes whose rows say 万元 themselves; nothing where all money is in 元."""
    named = [table.zh for table in content.tables if any("万元" in row.cells for row in table.rows)]
    return f"，{'、'.join(f'《{zh}》' for zh in named)}中单位写明万元的除外" if named else ""


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
