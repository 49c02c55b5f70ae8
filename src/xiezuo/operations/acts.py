"""What a person may have done from a page: one function an act, under his name; each is also a command."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from xiezuo.base.errors import ConfigError
from xiezuo.base.settings import Settings
from xiezuo.declared.counties import load_counties
from xiezuo.declared.words import Decision
from xiezuo.operations import deliveries, findings, quarantine, words
from xiezuo.values import contains_identity_number

Facts = Mapping[str, str]
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@dataclass(frozen=True)
class Act:
    """An act: what it is called, and what does it for a county; returns what was done, in Chinese."""

    zh: str
    do: Callable[[Settings, str, Facts, str], str]


def carry_out(settings: Settings, act: str, county: str, facts: Facts, by: str) -> str:
    """Do what a person asked for, and return what was done; touched months are built by what comes after.

    Raises:
        ConfigError: there is no such act, something it needs is missing, or it cannot be done.
    """
    if act not in ACTS:
        raise ConfigError(f"no act {act}", zh=f"没有“{act}”这一项办理")
    if county not in load_counties(settings.counties_path):
        raise ConfigError(f"no county {county}", zh=f"没有县级区划代码“{county}”")
    if tells_a_number(facts):
        raise ConfigError("a personal number was typed", zh="填写的内容含有证件号码或电话，请去掉后再提交")
    return ACTS[act].do(settings, county, facts, by)


def tells_a_number(facts: Facts) -> bool:
    """Whether somebody's identity number or mobile stands in what was typed: then it goes no further."""
    return any(contains_identity_number(text) or _MOBILE.search(text) for text in facts.values())


def _waive(settings: Settings, county: str, facts: Facts, by: str) -> str:
    ids = _told(facts, "row").split()
    return f"{quarantine.waive(settings, county, ids, reason=_told(facts, 'reason'), by=by)} 条已说明，不再等待更正"


def _word(settings: Settings, county: str, facts: Facts, by: str) -> str:
    value = facts.get("value") or None
    decision = Decision(
        _told(facts, "field"), _told(facts, "word"), "accepted" if value else "rejected", value, None, None,
        reason_zh=facts.get("reason", ""), decided_by=by,
    )  # fmt: skip
    [done] = words.decide(settings, decision, [county])
    if not done.is_new:
        return "此前已这样登记"
    waiting = f"等待的行由 {done.rows_waiting_before} 行变为 {done.rows_waiting_after} 行"
    return f"已登记，重读 {done.deliveries} 份报表；{waiting}"


def _delivery(settings: Settings, county: str, facts: Facts, by: str) -> str:
    known: dict[str, deliveries.Standing] = {one: one for one in get_args(deliveries.Standing)}
    standing = known.get(_told(facts, "standing"))
    if standing is None:
        raise ConfigError(f"no standing {facts['standing']}", zh="没有这种处理方式")
    done = deliveries.decide(
        settings, county, _told(facts, "delivery"), standing, by=by, reason=_told(facts, "reason")
    )
    return "；".join([f"已办理，重读 {done.files_read} 份，装载 {done.batches_loaded} 批", *done.reasons_zh])


def _finding(settings: Settings, county: str, facts: Facts, by: str) -> str:
    period = facts.get("period") or ""
    findings.answer(settings, county, _told(facts, "check"), period, by=by, said=_told(facts, "reason"))
    return "答复已记录"


def _told(facts: Facts, name: str) -> str:
    value = facts.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is missing", zh="内容不完整，请填写后再提交")
    return value


ACTS = {
    "waive": Act("说明隔离行，不再等待更正", _waive),
    "word": Act("登记词语", _word),
    "delivery": Act("处理报表", _delivery),
    "finding": Act("答复核对结果", _finding),
}
