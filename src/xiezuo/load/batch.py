"""What is known of a batch besides its rows."""


from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xiezuo.conform.rows.reader import Finding
from xiezuo.values.privacy import content_id


# Where a batch came from; its identifier follows from that alone.
@dataclass(frozen=True)
class Delivery:
    """Where a batch came from: a file's sheet, an API window or a database extract."""

    county_code: str
    source: str
    uri: str
    sha256: str
    file: str
    sheet: str
    version_tie: str | None  # None: each row's own digest orders rows of the same version

    def batch_id(self, dataset: str, feed: str) -> str:
        """Return the batch's identifier, which follows from what it is and never from when it came."""
        return content_id(self.county_code, dataset, feed, self.uri, self.sha256)


@dataclass
class Account:
    """What is known of a batch when all of it is staged.

    ``delivery`` is ``snapshot`` or ``increment``; ``yuan_read`` is the sum over the rows whose amount could be
    read. ``typed`` holds the rows held back as they were typed, by row number; more than these do no harm.
    ``repeated`` are the numbers of rows whose key may stand in the batch twice, at least all but one of those that
    share one; None where nobody has looked. Rows of ``outdated`` reporting units change nothing, since newer
    snapshots are current; one that ``asks`` must not contradict a row of the same date.
    """

    version: datetime
    covers_to: date
    delivery: str
    rows_read: int
    rows_ignored: int = 0
    yuan_read: Decimal = Decimal(0)
    rows_amount_unreadable: int = 0
    warnings: Sequence[str] = ()
    reporting_unit: str = ""
    shape: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    typed: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    persons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    repeated: Collection[int] | None = None
    outdated: Sequence[str] = ()
    asks: bool = False
