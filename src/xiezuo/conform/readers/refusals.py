"""Why a file is refused, in one sentence each that tells the office what to do."""

from __future__ import annotations

from xiezuo.base.errors import FileRefused

_SENTENCES = {
    "FILE_EMPTY": "文件里没有内容，请确认导出无误后重新放入。",
    "FILE_ENCRYPTED": "文件有密码，请去掉密码后重新放入。",
    "FILE_CORRUPT": "文件已损坏或不完整，请用 Excel 或 WPS 打开核对，另存后重新放入。",
    "FILE_QUOTES": "第 {row} 条记录附近引号不成对，无法确定各列，请改正或另存为 .xlsx 后重新放入。",
    "FILE_TOO_LARGE": "文件超过一次可读取的大小，请按月份或单位拆分后重新放入。",
    "FILE_FIELD_TOO_LONG": "第 {row} 条记录有一个单元格过长，多半是引号不成对，请改正后重新放入。",
    "FILE_HOSTILE": (
        "文件结构异常（内部数据远超表格所需），为安全不予读取；请把数据复制到新建的工作簿后重新放入。"
    ),
    "FILE_SPARSE": (
        "第 {sheet} 张工作表在 {address} 一带有零散内容，使表格范围过大；请删除多余内容，"
        "或把数据复制到新建的工作簿后重新放入。"
    ),
    "FILE_TIMEOUT": "文件读取时间过长，已停止；请把数据复制到新建的工作簿，或拆分后重新放入。",
    "FILE_UNKNOWN_FORMAT": "不是可读取的表格文件，请另存为 .xlsx 或 .csv 后重新放入。",
    "FILE_NESTED_TABLE": "网页格式的表格在单元格旁又套有表格，无法确定行列，请用 Excel 或 WPS 打开并另存为 .xlsx。",
    "FILE_UNIT_IN_FORMAT": (
        "单元格 {address} 的单位（如万元）只写在数字格式里，无法确定金额，请把单位写进表头，另存为 .xlsx 后重新放入。"
    ),
    "FILE_DATES_1904": "这个 XML 表格使用 1904 日期系统，日期会差四年，请用 Excel 打开并另存为 .xlsx 后重新放入。",
    "FILE_ENCODING": "文字编码无法识别或已损坏，请另存为 .xlsx 或 UTF-8 编码的 .csv 后重新放入。",
}

_CODES = {
    "FILE_QUOTES": "FILE_CORRUPT",
    "FILE_FIELD_TOO_LONG": "FILE_TOO_LARGE",
    "FILE_SPARSE": "FILE_HOSTILE",
    "FILE_NESTED_TABLE": "FILE_UNKNOWN_FORMAT",
    "FILE_UNIT_IN_FORMAT": "FILE_UNKNOWN_FORMAT",
    "FILE_DATES_1904": "FILE_UNKNOWN_FORMAT",
}
"""Reasons with a sentence of their own that share the stable code of a broader one."""


def refusal(reason: str, **facts: int | str) -> FileRefused:
    """The refusal for ``reason``; ``facts`` are positions only, never what a cell holds."""
    return FileRefused(_CODES.get(reason, reason), _SENTENCES[reason].format(**facts))
