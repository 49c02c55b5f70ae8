"""People: keyed hashes instead of numbers, encryption for what must be kept, masks for what slips in."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.fernet import Fernet

from xiezuo.base.secrets import Secrets
from xiezuo.base.settings import Settings
from xiezuo.values import contains_identity_number, mask_identity_numbers

_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])")
_TO_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def letters(digest: bytes, size: int = 32) -> str:
    """Write a digest in the letters a–p, so that no key of ours can be taken for somebody's number."""
    return digest.hex().translate(_TO_LETTERS)[:size]


def content_id(*parts: str, size: int = 32) -> str:
    """Return an identifier that follows from ``parts`` alone (32 letters are 128 bits)."""
    return letters(hashlib.sha256(_joined(parts)).digest(), size)


def _joined(parts: Iterable[str]) -> bytes:
    return "\x1f".join(parts).encode(errors="surrogatepass")


class Privacy:
    """Holds the two keys of an installation; neither ever enters the database."""

    def __init__(self, hash_key: bytes, vault_key: str) -> None:
        self._hash_key = hash_key
        self._vault = Fernet(vault_key)

    @classmethod
    def of(cls, settings: Settings) -> Privacy:
        """Open the keys of ``settings``, made on first use."""
        secrets = Secrets(settings.secrets_dir, settings.environ)
        return cls(secrets.key("person_hash_key"), secrets.fernet("vault_key"))

    def keyed(self, *parts: str, size: int = 32) -> str:
        """Return the keyed hash (HMAC-SHA256, 128 bits in letters) of ``parts``."""
        return letters(hmac.new(self._hash_key, _joined(parts), hashlib.sha256).digest(), size)

    def person_key(self, number: str) -> str:
        """Return the key a person has everywhere outside the vault."""
        return self.keyed("person", number)

    def seal(self, payload: Mapping[str, Any]) -> bytes:
        """Encrypt what only the correction workbook may show again."""
        return self._vault.encrypt(json.dumps(payload, ensure_ascii=False, sort_keys=True, default=str).encode())

    def unseal(self, sealed: bytes) -> dict[str, Any]:
        """Decrypt; the caller logs the access."""
        opened: dict[str, Any] = json.loads(self._vault.decrypt(sealed))
        return opened

    def mask_free_text(self, text: str) -> str:
        """Replace identity numbers and mobile telephone numbers, as people type them into remarks."""
        return _MOBILE.sub("〔电话〕", self.mask(text))

    def mask(self, text: str) -> str:
        """Replace every identity number in free text; the same number gives the same token."""
        if not contains_identity_number(text):
            return text
        return mask_identity_numbers(text, lambda number: f"〔证件号{self.keyed('person', number, size=8)}〕")
