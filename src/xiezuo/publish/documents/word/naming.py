"""The names a template may use beside indicators: county, dates, texts of the office, blocks, release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from xiezuo.base.errors import ConfigError
from xiezuo.publish.documents.book import Book, Phrase, day_zh, period_said
from xiezuo.publish.documents.content import Content, Stamp
from xiezuo.publish.documents.word.blocks import Block, Blocks
from xiezuo.publish.documents.word.controls import (
    BLOCK_CLOSE,
    BLOCK_OPEN,
    CLOSE,
    DIGEST,
    DRAFT,
    HEAD,
    OPEN,
    RELEASE,
    SIGNED,
    Said,
)
from xiezuo.publish.documents.word.template import Names
from xiezuo.values.division_names import city_stem, county_stem

DRAFT_ZH = "草稿"
UNAPPROVED_ZH = "草稿，未经审定"

_PROVINCE = re.compile("(?:壮族|回族|维吾尔)?(?:特别行政区|自治区)$|[省市]$")
_UNPRINTABLE = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff{OPEN}{CLOSE}{BLOCK_OPEN}{BLOCK_CLOSE}]"
)


def printable(content: Content) -> Content:
    """Return the content without what no document can hold: control characters and our own markers."""
    return Content.model_validate(_cleaned(content.model_dump()))


def _cleaned(said: Any) -> Any:
    if isinstance(said, str):
        return _UNPRINTABLE.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(said, dict):
        return {_cleaned(key): _cleaned(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return tuple(_cleaned(one) for one in said)
    return said


def named_values(book: Book, stamp: Stamp, blocks: Blocks) -> dict[str, Any]:
    """Return everything a template may name beside indicators."""
    content = book.content
    period = content.span
    texts: dict[str, Block] = blocks.texts()
    dated = {
        "year": (f"{period.year}", f"{period.year}", "年度"),
        "last_year": (f"{period.year - 1}", f"{period.year - 1}", "上年度"),
        "next_year": (f"{period.year + 1}", f"{period.year + 1}", "下年度"),
        "month": (f"{period.month or 12}", f"{period.month or 12}", "月份"),
        "as_of": (day_zh(content.as_of), content.as_of.isoformat(), "截至日期"),
    }
    phrases = {name: Phrase(book.controls, _dated(book, name, *said)) for name, said in dated.items()}
    return {
        "county": _county(content),
        "文字": texts,
        "主题": blocks.themes(),
        "period": Phrase(book.controls, period_said(period)),
        "is_draft": stamp.is_draft,
        "signed_on": _signed(book, stamp),
        **phrases,
        **blocks.named(),
    }


def _dated(book: Book, name: str, text: str, value: str, zh: str) -> Said:
    return Said(text=text, ref=(f"@{name}",), value=value, name_zh=zh, period=book.content.span)


def _signed(book: Book, stamp: Stamp) -> Phrase:
    if stamp.is_draft or stamp.approved_on is None:
        return Phrase(book.controls, DRAFT_ZH)
    day = stamp.approved_on
    return Phrase(book.controls, _dated(book, "signed_on", day_zh(day), day.isoformat(), "审定日期"))


def _county(content: Content) -> dict[str, str]:
    county = content.county
    names = {name: " ".join(text.split()) for name, text in county.model_dump().items()}
    return names | {
        "short": county_stem(names["name"]),
        "city_short": city_stem(names["city"]),
        "paired_short": county_stem(names["paired_county"]),
        "paired_province_short": _PROVINCE.sub("", names["paired_province"]) or names["paired_province"],
        "province_short": _PROVINCE.sub("", names["province"]) or names["province"],
    }


def known_names(book: Book, values: Mapping[str, Any]) -> Names:
    """Return what a template may name, for its check.

    Raises:
        ConfigError: an indicator has the name of something else.
    """
    others = {
        name: frozenset(map(str, value)) if isinstance(value, dict) else frozenset()
        for name, value in values.items()
    }
    taken = sorted({one.partition(".")[0] for one in book.names} & set(others))
    if taken:
        raise ConfigError(f"indicators have names that templates use otherwise: {', '.join(taken)}")
    return Names(book.names, others)


def release_lines(book: Book, stamp: Stamp) -> list[str]:
    """Return the small lines at the end of every document: which release it is, and what proves it."""
    mark = book.controls.mark
    period = book.content.span
    release = Said(stamp.release_id, (RELEASE,), stamp.release_id, "发布编号", period)
    digest = Said(stamp.digest, (DIGEST,), stamp.digest[:12], "内容摘要", period)
    first = f"发布编号：{mark(release)}"
    if stamp.is_draft:
        first += f"（{mark(Said(UNAPPROVED_ZH, (DRAFT,), 'draft', '草稿标记', period))}）"
    signed = [
        f"{one.act_zh}：{mark(Said(one.zh, (f'{SIGNED}{number}',), one.zh, f'{one.act_zh}人', period))}"
        for number, one in enumerate(stamp.signatures, 1)
    ]
    lines = [first, *signed, f"内容摘要：{mark(digest)}"]
    if stamp.head:
        head = Said(stamp.head, (HEAD,), stamp.head[:12], "链首", period)
        lines.append(f"链首：{mark(head)}")
    return lines
