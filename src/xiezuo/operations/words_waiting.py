"""The words that rows wait for, kept where pages find them: telling them opens the vault, which pages cannot."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import asdict
from typing import Any

from psycopg.types.json import Jsonb

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql
from xiezuo.operations.words import proposed
from xiezuo.values.privacy import Privacy
from xiezuo.warehouse import access

_NUMBER = re.compile(r"\d[\d -]{5,}[\dXx]")


def look(settings: Settings, county: str | None = None) -> list[str]:
    """Keep what rows wait for where pages find it, of counties in which something has changed; return which.

    Cells may hold what is no word: personal numbers among them are masked.
    """
    with access.connect(settings) as connection:
        stale = connection.execute(read_sql(settings.root, "words/stale"), {"county_code": county}).fetchall()
    seen: dict[str, int] = dict(stale)
    if not seen:
        return []
    moment, found, mask = settings.now(), defaultdict[str, list[Any]](list), Privacy.of(settings).mask_free_text
    for one in proposed(settings, list(seen), with_names=False):
        # No word has so many digits: it is a number in the wrong column, right or mistyped.
        found[one.county_code].append(asdict(one) | {"word": _NUMBER.sub("●●●", mask(one.word))})
    with access.connect(settings) as connection:
        for code, records in seen.items():
            facts = {"county_code": code, "looked_at": moment, "seen": records, "proposals": Jsonb(found[code])}
            connection.execute(read_sql(settings.root, "words/put_waiting"), facts)
    return list(seen)
