"""Who reads what of the warehouse: ``include/access.yaml``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from xiezuo.base.errors import ConfigError

Rows = Literal["all", "county", "unit", "delivery", "none"]
"""Which rows of a relation a role is given.

``county`` its own counties', ``unit`` its own reporting unit's, ``delivery`` its own unit's and, where a row names
none, those of the unit's own deliveries.
"""


class Readers(BaseModel):
    """The rows of one relation that each role is given; the corrector reads what return workbooks need."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    office: Rows
    station: Rows
    auditor: Literal["all", "none"]
    corrector: Literal["all", "none"] = "none"


NOBODY = Readers(office="none", station="none", auditor="none")


class Access(BaseModel):
    """Who reads what: by relation, and for every dataset of a contract alike."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    facts: Readers
    relations: dict[str, Readers]

    def of(self, relation: str, datasets: Iterable[str]) -> Readers:
        """Return who reads a table or view, like ``mart.progress``; nobody, where nothing is decided."""
        schema, _, name = relation.partition(".")
        if schema in ("core", "mart") and name in datasets:
            return self.facts
        return self.relations.get(relation, NOBODY)


def load_access(root: Path) -> Access:
    """Read the file.

    Raises:
        ConfigError: it cannot be read or says what cannot be.
    """
    path = root / "include" / "access.yaml"
    try:
        return Access.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
