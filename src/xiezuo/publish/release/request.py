"""What a person is asked before a period is closed: its figures, the close list, and the digest that is approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xiezuo.base.settings import Settings
from xiezuo.build.figures import value_text
from xiezuo.publish.documents.content import Check, Content, Restated, Value
from xiezuo.publish.release.files import draft_folder
from xiezuo.publish.release.records import Draft
from xiezuo.values.periods import Kind

STATES: Mapping[str, str] = {"passed": "通过", "open": "待处理", "explained": "已说明"}
KINDS: Mapping[str, str] = {
    "arrival": "报送", "quarantine": "隔离", "refused": "拒收", "reconciliation": "核对",
    "narrative": "文字材料", "adjustment": "补报", "warning": "提示",
}  # fmt: skip
LONGEST = 40
"""Lines of the close list that are shown; the documents have all of them."""


def question(settings: Settings, draft: Draft) -> dict[str, Any]:
    """Return ``subject`` and ``body`` (Markdown, Chinese) of the request, and ``again``: what asks once more."""
    content = Content.from_json(draft.content)
    span, county = content.span, content.county
    kind = "自评报告" if content.is_annual else "工作通报"
    restates = f"（更正 {content.restates}）" if content.restates else ""
    return {
        "subject": f"{county.name}{span.zh}东西部协作{kind}{restates}：请审定第{draft.draft_no}稿",
        "body": "\n".join(_body(settings, draft, content)),
        "again": {
            "period": content.period,
            "county": county.code,
            "reason": content.restated[0].reason_zh if content.restated else "",
        },
    }


def _body(settings: Settings, draft: Draft, content: Content) -> Iterator[str]:
    yield f"内容摘要 digest：`{draft.digest}`"
    yield ""
    yield f"数据截至 {content.as_of.isoformat()}。批准即按上述摘要定稿，此后只能以更正版改动。"
    yield f"文档在输出目录 `{draft_folder(settings, draft).relative_to(settings.out).as_posix()}`。"
    if content.restated:
        yield from _restated(content.restated)
    yield from _list(content.checks)
    yield from _figures(content)


def _figures(content: Content) -> Iterator[str]:
    of_month: list[tuple[str, Kind]] = [("本月", "month"), ("本年累计", "year_to_date")]
    kinds: list[tuple[str, Kind]] = [("全年", "year")] if content.is_annual else of_month
    columns = [{v.indicator_id: v for v in content.of_kind(kind) if not v.breakdown} for _, kind in kinds]
    names = {key: value for column in reversed(columns) for key, value in column.items()}
    yield from ("", "**主要指标**", "", "| 指标 | " + " | ".join(zh for zh, _ in kinds) + " | 单位 |")
    yield "|---|" + "---:|" * len(kinds) + "---|"
    for key, value in names.items():
        shown = " | ".join(_shown(column.get(key)) for column in columns)
        yield f"| {key} {_cell(value.name_zh)} | {shown} | {value.unit} |"


def _list(checks: Iterable[Check]) -> Iterator[str]:
    lines = sorted(checks, key=lambda check: check.state == "passed")
    yield from ("", "**结账清单**", "", "| 事项 | 单位或对象 | 状态 | 数量 | 说明 |", "|---|---|---|---:|---|")
    for line in lines[:LONGEST]:
        detail = _cell(line.detail_zh)
        yield f"| {KINDS[line.kind]} | {_cell(line.subject_zh)} | {STATES[line.state]} | {line.count} | {detail} |"
    if len(lines) > LONGEST:
        yield f"| … | 另有 {len(lines) - LONGEST} 项，见文档 | | | |"


def _restated(restated: Iterable[Restated]) -> Iterator[str]:
    lines = list(restated)
    yield from ("", f"**更正**（{_cell(lines[0].reason_zh)}）", "", "| 指标 | 乡镇 | 原数 | 现数 | 单位 |")
    yield "|---|---|---:|---:|---|"
    for one in lines[:LONGEST]:
        old, new = (value_text(value, one.unit, grouped=True) or "未报送" for value in (one.old, one.new))
        yield f"| {one.indicator_id} {_cell(one.name_zh)} | {one.breakdown} | {old} | {new} | {one.unit} |"
    if len(lines) > LONGEST:
        yield f"| … 另有 {len(lines) - LONGEST} 项，见文档 | | | | |"


def _shown(value: Value | None) -> str:
    if value is None:
        return "—"
    text = value_text(value.value, value.unit, grouped=True)
    return "未报送" if text is None else f"{text} 以上" if value.qualifier == "at_least" else text


def _cell(text: str) -> str:
    """Write a text so that it stays in its cell and is no markup of the page it is shown on."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")
    return " ".join(escaped.split())
