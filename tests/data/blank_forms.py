"""Blank forms that nobody has sent: merged heads of two levels, formulas, notes, validations; made anew by each test."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

Row = tuple[str, str, str]
"""Number, name and unit of an indicator; a row without unit is a heading."""

ROWS: tuple[Row, ...] = (
    ("一", "劳务协作", ""),
    ("1", "农村劳动力转移就业人数", "人"),
    ("", "其中：脱贫人口", "人"),
    ("2", "赴东部结对省份就业", "人"),
    ("3", "省内就近就业", "人"),
    ("4", "高校毕业生见习", "人"),
    ("二", "消费帮扶", ""),
    ("5", "采购、销售农特产品金额", "万元"),
    ("6", "采购框架协议金额", "万元"),
    ("三", "资金投入", ""),
    ("7", "财政援助资金", "万元"),
    ("四", "社会帮扶", ""),
    ("8", "社会捐赠", "万元"),
)
"""What another county counts."""

_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def statement(rows: Sequence[Row] = ROWS, *, year: int = 2022, start: int = 5, note: str = "注：金额保留两位小数。") -> bytes:
    """Return a blank statement: 本月 and 本年累计 in two levels, target, completion, remarks, a sum of money, notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "统计表"
    sheet["A1"] = f"{year}年云岭县东西部协作工作统计表"
    sheet["A2"] = "填报单位：云岭县乡村振兴局"
    sheet["H2"] = "单位：万元、人"
    for address, text in {
        "A3": "序号", "B3": "指标名称", "C3": "计量单位", "D3": "本月", "E3": "本年累计", "H3": "年度目标", "I3": "备注",
        "E4": "完成数", "F4": "上年同期", "G4": "完成率（%）",
    }.items():  # fmt: skip
        sheet[address] = text
    for merged in ("A1:I1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:G3", "H3:H4", "I3:I4"):
        sheet.merge_cells(merged)
    money = []
    for number, row in enumerate(rows, start=start):
        for column, text in enumerate(row, start=1):
            sheet.cell(number, column, text or None)
        if row[2] == "万元":
            money.append(number)
    last = start + len(rows)
    sheet.cell(last, 2, "金额合计")
    sheet.cell(last, 3, "万元")
    sheet.cell(last, 5, "=" + "+".join(f"E{number}" for number in money))
    sheet.cell(last + 1, 1, note)
    sheet.cell(last + 2, 1, "填表人：")
    sheet.cell(last + 2, 5, "审核人：")
    _dress(sheet, start, last)
    book.defined_names["money"] = DefinedName("money", attr_text=f"统计表!$E${last}")
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _dress(sheet: openpyxl.worksheet.worksheet.Worksheet, start: int, last: int) -> None:
    for line in sheet.iter_rows(min_row=3, max_row=last, max_col=9):
        for cell in line:
            cell.border = _BOX
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.cell(last, 5).fill = PatternFill("solid", fgColor="FFEEAA")
    sheet["B3"].comment = Comment("按上级口径填报", "省局")
    sheet.column_dimensions["B"].width = 30
    whole = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
    whole.add(f"D{start}:F{last}")
    sheet.add_data_validation(whole)
    sheet.print_area = f"A1:I{last + 2}"


def by_town(towns: Sequence[str], *, heads: Sequence[str] = ("转移就业人数（人）", "其中：脱贫人口（人）")) -> bytes:
    """Return a blank by township: indicators side by side, a row of sums."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "分乡镇"
    sheet["A1"] = "各乡镇劳务协作本年累计情况表"
    for column, text in enumerate(("乡镇", *heads), start=1):
        sheet.cell(2, column, text)
    for number, town in enumerate(towns, start=3):
        sheet.cell(number, 1, town)
    last = 3 + len(towns)
    sheet.cell(last, 1, "合计")
    for column in range(2, 2 + len(heads)):
        letter = openpyxl.utils.get_column_letter(column)
        sheet.cell(last, column, f"=SUM({letter}3:{letter}{last - 1})")
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def locked() -> bytes:
    """Return a protected blank in which only one column may be filled."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (("指标", "单位", "本月", "本年累计"), ("转移就业人数", "人"), ("省内就近就业", "人")):
        sheet.append(line)
    for row in (2, 3):
        sheet.cell(row, 4).protection = Protection(locked=False)
    sheet.protection.enable()
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def document(*, year: int = 2022) -> bytes:
    """Return a blank as a Word table: groups merged down, heads in two levels, a remark column."""
    made = docx.Document()
    made.add_paragraph(f"云岭县东西部协作情况表（{year}年）")
    made.add_paragraph("单位：万元")
    table = made.add_table(rows=7, cols=5, style="Table Grid")
    for row, texts in enumerate((
        ("类别", "指标", "完成情况", "", "备注"), ("", "", "本月", "本年累计", ""), ("劳务协作", "转移就业（人）", "", "", ""),
        ("", "其中：脱贫人口（人）", "", "", ""), ("资金投入", "财政援助资金", "", "", ""), ("", "社会捐赠", "", "", ""),
        ("", "村集体收入", "", "", ""),
    )):  # fmt: skip
        for column, text in enumerate(texts):
            if text:
                table.cell(row, column).text = text
    for first, last in (((0, 2), (0, 3)), ((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 4), (1, 4)), ((2, 0), (3, 0)), ((4, 0), (6, 0))):
        table.cell(*first).merge(table.cell(*last))
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def plain_document() -> bytes:
    """Return a blank as a Word table of one indicator, whose column says no span of time."""
    made = docx.Document()
    table = made.add_table(rows=2, cols=3)
    for row, texts in enumerate((("指标名称", "单位", "完成数"), ("转移就业人数", "人", ""))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()
