"""How a cell that held its row back is filled in right: a sentence for each kind of field, for whoever corrects it."""

from __future__ import annotations

from collections.abc import Mapping

from xiezuo.conform.ledgers.header_text import readings
from xiezuo.declared.contracts import Contract, FieldSpec
from xiezuo.declared.counties import County
from xiezuo.declared.spellings import expand
from xiezuo.values import bare

_REMEDIES = {
    "enum": "从下拉列表中选一项",
    "boolean": "填“是”或“否”",
    "money": "只填数字，单位与表头相同",
    "integer": "只填整数",
    "decimal": "只填数字",
    "percent": "填百分数，如 35%",
    "identity_number": "核对证件，按文本填写 18 位号码",
    "uscc": "核对证照，按文本填写 18 位统一社会信用代码",
    "phone": "填 11 位手机号或带区号的电话",
    "town": "填本县乡镇全称",
    "village": "填本县村（社区）全称",
    "month": "写成 2022-03",
    "document_number": "按文件写全文号",
} | dict.fromkeys(("day", "moment"), "写成 2022-03-05") | dict.fromkeys(
    ("day_or_month", "day_or_month_end", "moment_or_month"), "写成 2022-03-05 或 2022-03"
)  # fmt: skip
OTHERWISE = "按“问题”核对后改正"
_LISTED = 12


def remedy(spec: FieldSpec | None) -> str:
    """Return how a field is filled in; of what is no field, that the reason says it."""
    return OTHERWISE if spec is None else _REMEDIES.get(spec.type, OTHERWISE)


def spelt(contract: Contract, feed: str, county: County | None) -> dict[str, FieldSpec]:
    """Return the fields of a feed's ledgers by everything their header may say."""
    fields = contract.feed_fields(feed) if feed in contract.feeds else contract.fields
    found: dict[str, FieldSpec] = {}
    for name, spec in fields.items():
        for spelling in (*expand(spec.zh, county), name):
            found.setdefault(bare(spelling), spec)
    return found


def remedy_under(header: str, fields: Mapping[str, FieldSpec], county: County | None) -> str:
    """Return how a cell under a header, as its owner typed it, is filled in; words to choose from are listed."""
    spec = next((fields[one] for one in readings((header,)) if one in fields), None)
    if spec is None or spec.type != "enum":
        return remedy(spec)
    names = list(dict.fromkeys(spec.names_in(county).values()))
    return f"填下列之一：{'、'.join(names[:_LISTED])}{' 等' if len(names) > _LISTED else ''}"
