"""What the sample platforms' profiles and faults answer with, and the keys they all share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SIGNING_KEY = "sample-secret"
SESSION = "sample-session"
REFRESH_TOKEN = "sample-refresh"  # noqa: S105  (published on purpose, it protects nothing)
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer.

    ``fate`` says what to do with the body: send it, cut it short of its stated length, reset the
    connection instead, or go on sending it until the client hangs up.
    """

    status: int = 200
    body: bytes = b"{}"
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    fate: str = "send"
