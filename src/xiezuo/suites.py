"""Expectation suites: rules the office can read, kept as YAML in ``expectations/``.

``<dataset>.rows.yaml`` holds row rules (a row that breaks one goes to quarantine),
``<dataset>.gate.yaml`` gate rules over one row of facts about the whole delivery.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from xiezuo.errors import ConfigError


@dataclass(frozen=True)
class Rule:
    """One expectation: a stock Great Expectations type, its arguments, and what to say when it fails."""

    rule_id: str
    type: str
    kwargs: dict[str, Any]
    zh: str
    en: str
    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the rule reads."""
        single = (self.kwargs[k] for k in ("column", "column_A", "column_B") if k in self.kwargs)
        judged_when = self.kwargs.get("row_condition", {}).get("column", {}).values()  # by which rows a rule holds for
        return tuple(sorted({*single, *judged_when, *self.kwargs.get("column_list", ())}))


def load_rules(root: Path, dataset: str, kind: str) -> tuple[Rule, ...]:
    """Read ``expectations/<dataset>.<kind>.yaml``, kind being ``rows`` or ``gate``.

    Raises:
        ConfigError: the suite is missing, or a rule lacks its name, its zh or its en text.
    """
    return _load(root / "expectations" / f"{dataset}.{kind}.yaml")


@lru_cache(maxsize=128)
def _load(path: Path) -> tuple[Rule, ...]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"the suite {path.name} cannot be read", next_step="see CONTRIBUTING.md") from error
    rules = tuple(_rule(entry, path.name) for entry in document.get("expectations") or ())
    names = [rule.rule_id for rule in rules]
    if len(set(names)) != len(names):
        raise ConfigError(f"{path.name} names a rule twice")
    return rules


def _rule(entry: dict[str, Any], file: str) -> Rule:
    meta = entry.get("meta") or {}
    missing = [name for name in ("rule_id", "zh", "en") if not meta.get(name)]
    if missing or "type" not in entry:
        raise ConfigError(f"{file}: a rule of type {entry.get('type')} lacks {', '.join(missing) or 'its type'}")
    kwargs = dict(entry.get("kwargs") or {})
    column = meta.get("column") or kwargs.get("column") or kwargs.get("column_A") or ""
    return Rule(meta["rule_id"], entry["type"], kwargs, meta["zh"], meta["en"], column)
