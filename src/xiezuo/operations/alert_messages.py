"""How alerts are worded: one message a county, cut where WeCom would cut it in the middle of a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

LONGEST = 600
"""Characters of a message: WeCom takes 2,048 bytes, and a Chinese character has three."""
MOST = 5
"""Messages of one county at a time; what is left over is counted, and listed by ``xiezuo alerts list``."""

_HEADINGS = {"new": "新发现", "changed": "有变化", "lasting": "仍未解决", "resolved": "已解除"}


@dataclass(frozen=True)
class Message:
    """One message, and the rows of ``audit.alert`` it is about."""

    title: str
    body: str
    severity: str
    about: tuple[dict[str, Any], ...]


def messages(due: Sequence[dict[str, Any]], counties: Mapping[str, str]) -> Iterator[Message]:
    """Yield the messages about alerts that are due (rows of ``alert_due.sql``, ordered by county)."""
    for code, rows in groupby(due, key=lambda row: row["county_code"]):
        yield from _of_county(counties.get(code, ""), list(rows))


def _of_county(county: str, rows: list[dict[str, Any]]) -> Iterator[Message]:
    order = list(_HEADINGS)
    parts = _cut(sorted(rows, key=lambda row: order.index(row["event"])))
    shown, rest = parts[:MOST], [row for part in parts[MOST:] for row in part]
    for number, part in enumerate(shown, 1):
        last = number == len(shown)
        about = [*part, *rest] if last else part
        count = f"（{number}/{len(shown)}）" if len(shown) > 1 else ""
        body = "\n".join(_lines(part))
        if last and rest:
            body += f"\n另有 {len(rest)} 项，请运行 xiezuo alerts list 查看"
        title = f"【协作数据】{county}{'：' if county else ''}{_summary(rows)}{count}"
        yield Message(title, body, _severity(rows), tuple(about))


def _summary(rows: list[dict[str, Any]]) -> str:
    gone = sum(row["event"] == "resolved" for row in rows)
    words = [f"{len(rows) - gone} 项告警"] if len(rows) > gone else []
    return "，".join([*words, *([f"{gone} 项已解除"] if gone else [])])


def _severity(rows: list[dict[str, Any]]) -> str:
    found = {row["severity"] for row in rows if row["event"] != "resolved"}
    return "error" if "error" in found else "warning" if found else "resolved"


def _cut(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    parts: list[list[dict[str, Any]]] = [[]]
    size = 0
    for row in rows:
        length = len(_line(row)) + 6
        if parts[-1] and size + length > LONGEST:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += length
    return parts


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for event, group in groupby(rows, key=lambda row: row["event"]):
        yield f"{_HEADINGS[event]}："
        yield from map(_line, group)


def _line(row: dict[str, Any]) -> str:
    if row["event"] == "resolved":
        return f"· {row['title_zh']}"
    since = f"（自 {row['first_seen']:%Y-%m-%d} 起）" if row["event"] == "lasting" else ""
    whole = f"· {row['title_zh']}{since}：{row['body_zh']}"
    return f"{whole[: LONGEST - 60]} 〔{row['alert_key']}〕"
