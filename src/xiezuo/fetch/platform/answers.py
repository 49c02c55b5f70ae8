"""What a platform's answer says: a page of items, or a trouble with what to do about it.

Numbers keep their precision: integers stay exact, fractions become :class:`~decimal.Decimal`.
Of an error only its codes are repeated: messages may echo parameters, and so a token.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, NoReturn

from xiezuo.fetch.platform.exchange import Reply, Trouble
from xiezuo.fetch.platform.profile import Errors, Profile

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,59}")


@dataclass(frozen=True)
class Answer:
    """One page: items as they came, and what it says about more (``None``: nothing)."""

    body: bytes = field(repr=False)
    items: list[dict[str, Any]] = field(repr=False)
    has_next: bool | None
    total: int | None


def read_answer(profile: Profile, reply: Reply) -> Answer | Trouble:
    """Take an answer apart; anything that is not a whole page or a known error is a retry."""
    document = parse_json(reply.body)
    if not isinstance(document, dict):
        return _unusable(reply)
    trouble = _error(profile.errors, document, reply)
    if trouble:
        return trouble
    if reply.status >= 400:
        return _unusable(reply)
    items = _items(profile, document)
    if items is None:
        return Trouble("retry", "the answer lacks the part that holds the items")
    paths = profile.answer
    has_next = _flag(dig(document, paths.has_next)) if paths.has_next else None
    total = dig(document, paths.total) if paths.total else None
    return Answer(reply.body, items, has_next, total if isinstance(total, int) else None)


def parse_json(body: bytes) -> Any:
    """Parse exactly; ``None`` for what is not JSON (cut short, HTML, NaN, other encodings)."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, ArithmeticError):
        return None


def dig(document: Any, path: str) -> Any:
    """Follow a dotted path of keys; ``*`` matches part of a key's name; ``None`` where it ends."""
    for step in path.split("."):
        if not isinstance(document, dict):
            return None
        key = step
        if "*" in step:
            key = next((name for name in document if fnmatchcase(name, step)), step)
        document = document.get(key)
    return document


def _items(profile: Profile, document: dict[str, Any]) -> list[dict[str, Any]] | None:
    """An envelope without a list is an empty page (platforms leave it out); no envelope is broken."""
    if not isinstance(dig(document, profile.answer.envelope), dict):
        return None
    items = dig(document, profile.answer.items)
    if items is None:
        # A page that says more follows and holds nothing has lost its items on the way.
        return None if profile.answer.has_next and _flag(dig(document, profile.answer.has_next)) else []
    if isinstance(items, list) and all(isinstance(item, dict) for item in items):
        return items
    return None


def _error(errors: Errors, document: dict[str, Any], reply: Reply) -> Trouble | None:
    code = dig(document, errors.code)
    if code is None:
        missing = errors.success or errors.code.partition(".")[0] in document
        return _unusable(reply) if missing else None
    if str(code) in errors.success:
        return None
    names = [_code(code), _code(dig(document, errors.sub_code))]
    reason = "code " + " ".join(name for name in names if name)
    wait = errors.wait_pattern.search(str(dig(document, errors.message) or ""))
    for rule in errors.rules:
        if any(fnmatchcase(name, pattern) for name in names for pattern in rule.codes):
            seconds = float(wait[1]) if wait and rule.action == "wait" else None
            return Trouble(rule.action, reason, seconds, reply.server_time, rule.zh)
    return Trouble(errors.otherwise, reason)


def _unusable(reply: Reply) -> Trouble:
    if reply.status >= 400:
        return Trouble("stop", f"HTTP {reply.status}", zh="平台拒绝访问或地址不对")
    kind = "HTML" if reply.body.lstrip()[:1] == b"<" else "not a whole JSON document"
    return Trouble("retry", f"the answer is {kind}")


def _code(value: Any) -> str:
    found = _CODE.fullmatch(str(value)) if isinstance(value, str | int) else None
    return found[0] if found else ""


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
