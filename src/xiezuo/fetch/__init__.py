"""Stage one: bytes as they came, from inbox, sales platforms and finance ledger, kept under their SHA-256.

In: a source's groups (``plan``). Out: landings, noted in ``audit.landing``. Nothing is interpreted here.
"""

from __future__ import annotations
