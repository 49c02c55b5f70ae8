"""Where a batch came from; its identifier follows from that alone."""

from __future__ import annotations

from dataclasses import dataclass

from xiezuo.values.privacy import content_id


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
