"""Who opened what in the vault: noted before it is opened, by the one account that may read there."""

from __future__ import annotations

import getpass
import logging
import uuid
from collections import Counter
from collections.abc import Iterable

import psycopg

from xiezuo.base.settings import Settings
from xiezuo.base.sql_files import read_sql

_log = logging.getLogger("xiezuo.warehouse.vault")


def note(
    connection: psycopg.Connection, settings: Settings, rows: Iterable[tuple[str, str]], *, purpose_zh: str
) -> None:
    """Note that rows held back are decrypted, each told by its county and batch; ``connection`` is the corrector's."""
    reading, reader = uuid.uuid4().hex, getpass.getuser()
    for (county, batch_id), count in sorted(Counter(rows).items()):
        facts = {
            "county_code": county, "read_id": f"{reading}/{batch_id}", "batch_id": batch_id, "row_count": count,
            "purpose_zh": purpose_zh, "read_by": reader, "read_at": settings.now(),
        }  # fmt: skip
        connection.execute(read_sql(settings.root, "operations/note_vault_read"), facts)
        _log.info("%s: %d rows of batch %s are decrypted (%s)", county, count, batch_id, purpose_zh)
