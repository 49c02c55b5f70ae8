"""Which counts of townships are too small to give out, and which give others away: ``include/disclosure.yaml``."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiezuo.base.errors import ConfigError


class Disclosure(BaseModel):
    """The smallest count that is shown, the units that count people, and how indicators follow from each other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    smallest_shown: int = Field(ge=2)
    units: tuple[str, ...]
    sums: dict[str, tuple[str, ...]]
    parts: dict[str, str]
    together: dict[str, str]

    def atoms(self, indicator_id: str) -> frozenset[str]:
        """Return the smallest groups of people that an indicator counts; ``~`` and a name is what is left of it."""
        if indicator_id in self.sums:
            return frozenset().union(*map(self.atoms, self.sums[indicator_id]))
        if indicator_id in self.parts:
            return self.atoms(self.parts[indicator_id]) | {f"~{indicator_id}"}
        return frozenset((indicator_id,))

    def rests(self) -> dict[str, frozenset[str]]:
        """Return what is printed nowhere and follows from a whole and its part, as the groups it counts."""
        return {f"~{whole}": self.atoms(whole) - self.atoms(part) for whole, part in self.parts.items()}


def load_disclosure(root: Path) -> Disclosure:
    """Read the file.

    Raises:
        ConfigError: it cannot be read or says what cannot be.
    """
    path = root / "include" / "disclosure.yaml"
    try:
        return Disclosure.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
