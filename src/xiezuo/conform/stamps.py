"""Stamps: what we note in a hidden sheet of a workbook we hand out, signed, to know it by when it comes back.

A stamp is signed with the installation's key, so that nothing in it has to be believed. It holds identifiers and keyed
digests, never what a cell says.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xiezuo.conform.readers import Sheet
from xiezuo.values.privacy import Privacy

_CHUNK = 20_000
"""Characters of a stamp in a cell; a sheet takes 32,767."""


@dataclass(frozen=True)
class Stamp:
    """One kind of stamp: ``mark`` stands in its first cell, ``purpose`` is what its key is for."""

    mark: str
    purpose: str

    def seal(self, privacy: Privacy, facts: Mapping[str, Any]) -> list[str]:
        """Return the lines of a stamp: what it is, its signature, and ``facts`` in as many cells as it takes."""
        said = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
        text = base64.b64encode(zlib.compress(said)).decode("ascii")
        cells = (text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK))
        return [self.mark, privacy.keyed(self.purpose, text), *cells]

    def find(self, sheets: Sequence[Sheet]) -> Sheet | None:
        """Return the sheet that holds a stamp of this kind."""
        return next((sheet for sheet in sheets if lines_of(sheet)[:1] == [self.mark]), None)

    def open(self, sheet: Sheet, privacy: Privacy) -> dict[str, Any] | None:
        """Return what a stamp says; None where it is not ours, or was changed."""
        lines = lines_of(sheet)
        text = "".join(lines[2:])
        if lines[1:2] != [privacy.keyed(self.purpose, text)]:
            return None
        facts: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(text)))
        return facts


def lines_of(sheet: Sheet) -> list[str]:
    """Return the texts in the first column of a sheet."""
    return [row[0] for row in sheet.rows if row and isinstance(row[0], str)]
