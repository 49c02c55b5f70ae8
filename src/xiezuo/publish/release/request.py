"""What each of the three is asked before a period is closed: figures, close list, and the digest that is approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xiezuo.base.clock import SHANGHAI
from xiezuo.base.settings import Settings
from xiezuo.build.figures import value_text
from xiezuo.declared.people import ROLES, STEPS, People, Step
from xiezuo.publish.documents.content import Check, Content, Restated, Value
from xiezuo.publish.release.files import draft_folder
from xiezuo.publish.release.records import Draft
from xiezuo.publish.release.signing import Answer, missing, next_step, signed, who_may
from xiezuo.values.periods import Kind

STATES: Mapping[str, str] = {"passed": "通过", "open": "待处理", "explained": "已说明"}
KINDS: Mapping[str, str] = {
    "arrival": "报送", "quarantine": "隔离", "refused": "拒收", "reconciliation": "核对",
    "narrative": "文字材料", "adjustment": "补报", "warning": "提示",
}  # fmt: skip
NOBODY = People()
_ACTS = {
    1: "按“批准”即送审，数字有误的按“退回”并写明理由。",
    2: "按“批准”即审核通过，送分管领导；送审人不能审核。",
    3: "按“批准”即审定，按下面的摘要定稿；送审人、审核人不能审定。",
}
LONGEST = 40
"""Lines of the close list that are shown; the documents have all of them."""


def question(
    settings: Settings, draft: Draft, answers: Sequence[Answer] = (), people: People = NOBODY
) -> dict[str, Any]:
    """Return what the next step of a draft is asked.

    ``subject`` and ``body`` (Markdown, Chinese) are the request, ``step`` is what it asks for, ``again`` asks anew.
    """
    content = Content.from_json(draft.content)
    span, county = content.span, content.county
    step = next_step(answers) or STEPS[-1]
    kind = "自评报告" if content.is_annual else "工作通报"
    restates = f"（更正 {content.restates}）" if content.restates else ""
    return {
        "subject": f"{county.name}{span.zh}东西部协作{kind}{restates}：第{draft.draft_no}稿，{step.zh}",
        "body": "\n".join([*_steps(step, county.code, answers, people), *_body(settings, draft, content)]),
        "step": step.number,
        "again": {
            "period": content.period,
            "county": county.code,
            "reason": content.restated[0].reason_zh if content.restated else "",
        },
    }


def _steps(step: Step, county_code: str, answers: Sequence[Answer], people: People) -> Iterator[str]:
    """Say which step it is, who has signed, who may answer, and why the last answer did not count."""
    before = signed(answers)
    if answers and not answers[-1].counts:
        yield f"**上一次答复未予接受**：{_cell(answers[-1].refused_zh)}。现重新请办。"
        yield ""
    may = who_may(people, step, county_code, before)
    whom = "、".join(_cell(one.name) for one in may)
    yield f"**{step.zh}**：{f'请 {whom} 答复' if whom else '没有可以办理的人'}。{_ACTS[step.number]}"
    yield ""
    for one in before:
        at = f"{one.answered_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        step_taken = STEPS[one.step - 1]
        yield f"- {step_taken.act}：{ROLES[step_taken.role]} {_cell(one.name)}，{at}"
    lacking = missing(people, county_code)
    if lacking:
        yield f"- 本县尚未登记：{'、'.join(lacking)}。登记之前不能定稿，请运维用 `xiezuo people add` 登记。"
    yield ""


def _body(settings: Settings, draft: Draft, content: Content) -> Iterator[str]:
    yield f"内容摘要 digest：`{draft.digest}`"
    yield ""
    yield f"数据截至 {content.as_of.isoformat()}。三步都批准后按上述摘要定稿，此后只能以更正版改动。"
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
    yield from (
        "",
        "**结账清单**",
        "",
        "| 事项 | 单位或对象 | 状态 | 数量 | 说明 |",
        "|---|---|---|---:|---|",
    )
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
