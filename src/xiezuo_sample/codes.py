"""Check digits of Chinese registration numbers, and invented numbers that carry them.

GB 11643 (identity numbers) and GB 32100 with GB 11714 inside it (social credit codes). The region of
every number made here is 990xxx, which GB/T 2260 does not assign.
"""

from __future__ import annotations

from datetime import date
from random import Random

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def identity_check(first17: str) -> str:
    """Return the check character of an identity number (GB 11643, ISO 7064 MOD 11-2)."""
    return _ID_CHECKS[sum(int(d) * w for d, w in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def identity_number(serial: int, born_on: date) -> str:
    """Return the invented number of person ``serial``; up to a million people share no number.

    The 17th digit, whose parity is the sex, is the last digit of ``serial``.
    """
    region, order = divmod(serial, 1000)
    first17 = f"99{region % 10_000:04d}{born_on:%Y%m%d}{order:03d}"
    return first17 + identity_check(first17)


def telephone(serial: int) -> str:
    """Return a number of valid shape in blocks that read as unassigned (19x 0000 xxxx)."""
    block, last = divmod(serial % 100_000, 10_000)
    return f"19{block}0000{last:04d}"


def credit_code_check(first17: str) -> str:
    """Return the check character of a unified social credit code (GB 32100)."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def credit_code(rng: Random, prefix: str = "91") -> str:
    """Return an invented unified social credit code; ``prefix`` is authority and kind, e.g. ``N2``."""
    body = "".join(rng.choice("0123456789") for _ in range(8))
    check = 11 - sum(int(d) * w for d, w in zip(body, _ORGANISATION_WEIGHTS, strict=True)) % 11
    organisation = body + {10: "X", 11: "0"}.get(check, str(check))
    first17 = f"{prefix}990{rng.randrange(100, 1000)}{organisation}"
    return first17 + credit_code_check(first17)
