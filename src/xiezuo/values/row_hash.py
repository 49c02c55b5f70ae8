"""The digest of a row's business columns: what tells a row that changed from one stated again."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

ABSENT = "\x00"
"""What stands for an empty cell in the digest; no text of the warehouse can hold it."""


def row_hash(values: Iterable[Any]) -> str:
    """Return the digest of the business columns' values, in the contract's order.

    128 bits of SHA-256 in base64: sixty-four signs leave no run of digits that looks like somebody's number.
    """
    joined = "\x1f".join(map(canonical, values)).encode()
    return base64.b64encode(hashlib.sha256(joined).digest()[:16]).decode("ascii")


def canonical(value: Any) -> str:
    """Write a value so that equal values are equal text, whatever feed they came by."""
    if value is None:
        return ABSENT
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
