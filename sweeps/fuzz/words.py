"""What clerks and programs put into cells that should hold something else."""

from __future__ import annotations

from datetime import date, datetime, time
from random import Random

from xiezuo.conform.readers import Cell

UNITS = (
    "单位：元", "单位：万元", "（万元）", "单位（万元）", "单位 万元", "(单位:万元)", "货币单位：人民币 万元", "单位：万 元", "万元",
    "单位：元、万元", "单位：千元", "单位：亿元", "计量单位：万元、人", "金额单位为万元", "单位：人、户", "单位：百万", "元/人",
)  # fmt: skip
"""Notes of a unit; some say one that is none of ours, or two at once."""

FORMATS = ('0.00"万元"', '0!.0,"万"', "#,##0.00_ ", '0.00,"千元"', "0%", '"约"0', "@", 'yyyy"年"m"月"', "0.00E+00", "[Red]-0")

DATES: tuple[Cell, ...] = (
    "2022.1", "2022.10", "2022年8月", "2022-13-01", "2022年2月30日", "22.9.2", "2022/9", "二〇二二年九月三日", "0000-00-00",
    "2022-09-01 00:00:00", "2022-9-3至2022-10-3", "9月3日", "2022", "44805", 44805, 44805.5, 1, -5, 0, 2958466, "近期", "长期",
    "2099-01-01", "1899-12-31", "2022年九月", "２０２２．９．３", "20220903", 20220903, "2022-09-31", date(1900, 2, 28),
    date(9999, 12, 31), date(1904, 1, 1), datetime(2022, 9, 3, 23, 59, 59), time(8, 30), "2022—09—03", "2022Q3", "昨天",
)  # fmt: skip

AMOUNTS: tuple[Cell, ...] = (
    "1,234.50", "（1,234.50）", "(300)", "1.2万", "1.2万元", "-5", "1e5", "约300", "￥300元", "五百元", "壹仟元整", "12 345", "１２３．４",
    "300元左右", "0.005", "300.999", "1.2.3", "--", "…", "3000余元", "不少于500", "NaN", "inf", "1亿", "5千", "0x1F", "+30", "30%",
    "1,23,4", "1，234", "３，０００", 0, -1, 0.1 + 0.2, 1e300, -1e300, 1e-9, 10**20, 123456789012345678, True, 2.675, 99999999.99,
    "９９９９９９９９９９９９９９９９９９", "¼", "²", "٣٤", "〇", "1_000", "1'000", "12:30",
)  # fmt: skip

TOTALS = (
    "合计", "总计", "小计", "累计", "合 计", "共计3笔", "Total", "合计（大写）：壹万元整", "累计支付", "其中：", "本页小计", "合计：1,234.50元",
    "以上合计", "汇总", "共计", "合计 大写", "总 计（万元）", "应付合计", "期末余额",
)  # fmt: skip

TEXTS: tuple[Cell, ...] = (
    "#N/A", "#REF!", "#DIV/0!", "=1+1", "=HYPERLINK(1)", "@SUM(A1)", "-", "—", "/", "无", "NULL", "None", "nan", "不详", "同上", "″", "〃",
    " ", "\u3000", "\u200b", "\ufeff", "\u202e倒", "a\nb", "a\tb", "a\rb", 'a"b', "'", '"', "a,b;c", "<b>x</b>", "&amp;", "]]>",
    "\x01", "\x00", "\x1f", "\x7f", "\ufffe", "😀", "𠀀屲", "e\u0301", "ǅ", "ß" * 40, "长" * 300, "长" * 6000, "0" * 400, "x" * 33000,
    "{county_code}", "%s", "%(row_no)s", "\\N", "\\.", "$$;drop table core.person;--", "../../x", "990000199003078883",
    "证件990000199003078883号", "13800138000", "990000900307888", "真", "是", "√", "1", "01", "×", True, False,
)  # fmt: skip

NAMES = ("说明", "汇总", "示例", "模板", "Sheet2", "草稿", "（第 3 行起）", "a'b", "2022年", " ", "台账" * 12, "990000199003078883")


FILES = ("台账", "1", "2032-13", "新建 Microsoft Excel 工作表", "本月新增_2022-09", "990000199003078883", "云岭县_2022-09", "（万元）")

TITLES = (
    "云岭县劳务输转台账", "2021年度台账", "填报单位：某某县乡村振兴局", "填报日期：2032年1月1日", "填报日期：2022年2月30日", "填报日期：", None,
    "本月新增", "990000199003078883", "长" * 250, "2022年9月", "单位：万元  填报日期：2022.9.30", "填报单位：990000199003078883",
)  # fmt: skip

NOTES = ("填报人：某某", "注：金额含税", "审核：", "说明：1.数据截至9月；2.共计300元", "填报日期：2022年12月1日", "备注 3人")


def any_cell(chance: Random) -> Cell:
    """Return a cell of any kind."""
    return chance.choice(chance.choice((DATES, AMOUNTS, TOTALS, TEXTS, UNITS)))


def wide(text: str) -> str:
    """Return a text with letters, digits and signs in full width."""
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


def retyped(cell: Cell, chance: Random) -> Cell:
    """Return a cell that says the same, or nearly, in another way of typing it."""
    text = f"{cell:%Y-%m-%d}" if isinstance(cell, date) else "" if cell is None else str(cell)
    spread = " ".join(text)
    forms: tuple[Cell, ...] = (
        text, wide(text), spread, f" {text} ", f"{text}\n", f"'{text}", f"{text}（注）", text[:-1], text + text[-1:], text * 2, text[::-1],
        text.upper(), text.replace("0", "O"), f"约{text}", f"{text}.0", text.replace("-", "."), text.replace("-", "/"),
    )  # fmt: skip
    if isinstance(cell, date):
        forms += (f"{cell:%Y.%m}", f"{cell.year}年{cell.month}月", f"{cell:%y.%m.%d}", cell.toordinal() - 693_594)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        forms += (f"{cell:,}", f"{cell}元", f"{cell}万元", -cell, cell * 10_000, cell / 10_000, f"({cell})", float(cell))
    elif text.isascii() and text.isdigit() and len(text) < 300:
        forms += (int(text), float(text))
    return chance.choice(forms)
