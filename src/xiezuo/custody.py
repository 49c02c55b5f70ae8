"""What must be kept of people and of rows held back: in the open without a person, in the vault encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import psycopg

from xiezuo.conform import Conformed
from xiezuo.delivery import Delivery
from xiezuo.privacy import Privacy, content_id
from xiezuo.rows import Finding
from xiezuo.sql_files import read_sql


class Custody:
    """Writes ``audit.quarantine`` and ``vault`` inside the loader's transaction."""

    def __init__(self, connection: psycopg.Connection, root: Path, privacy: Privacy) -> None:
        self._db, self._root, self._privacy = connection, root, privacy

    def quarantine(
        self, delivery: Delivery, batch_id: str, conformed: Conformed, findings: Sequence[Finding]
    ) -> None:
        """List every reason, and seal each row held back as it was typed."""
        county, mask = delivery.county_code, self._privacy.mask
        with self._db.cursor() as cursor:
            cursor.executemany(
                read_sql(self._root, "load/quarantine"),
                [
                    (
                        county, content_id(batch_id, str(f.row_no), f.column, f.rule_id), batch_id, f.row_no,
                        delivery.file, delivery.sheet, mask(f.column), f.rule_id, f.reason_zh,
                    )
                    for f in findings
                ],
            )  # fmt: skip
            cursor.executemany(
                read_sql(self._root, "load/rejected_row"),
                [
                    (county, batch_id, number, self._privacy.seal(conformed.typed[number]))
                    for number in sorted({f.row_no for f in findings})
                ],
            )

    def keep_persons(self, county_code: str, conformed: Conformed) -> None:
        """Seal names, numbers and telephones of the people whose rows were read."""
        seal, keyed = self._privacy.seal, self._privacy.keyed
        with self._db.cursor() as cursor:
            cursor.executemany(
                read_sql(self._root, "load/person"),
                [
                    (county_code, key, seal(person), keyed("payload", repr(sorted(person.items()))))
                    for key, person in sorted(conformed.persons.items())
                ],
            )
