"""What operations agreed on: expected deliveries, when to raise an alert, how long things are kept.

Read from ``include/operations.yaml``; a county may have terms of its own there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
    model_validator,
)

from xiezuo.base.errors import ConfigError

NO_COUNTY = "000000"
"""Stands in ``audit`` for what is of no single county: every key holds a county."""

Who = Literal["units", "townships", "office", "streams"]
Every = Literal["day", "week", "month", "quarter", "year"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Due(_Strict):
    """How long after the end of a period a delivery is due; one of the two."""

    working_days: PositiveInt | None = None
    days: NonNegativeInt | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.working_days is None) == (self.days is None):
            raise ValueError("due is either working_days or days")
        return self


class Expectation(_Strict):
    """One expected delivery: of which dataset, by whom, how often and when.

    ``from_`` and ``to`` bound the days its periods may lie in; ``ended`` names reporting units that are
    no more, with their last day.
    """

    dataset: str
    who: Who
    every: Every
    due: Due
    early_days: NonNegativeInt = 0
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    expected: bool = True
    ended: dict[str, date] = Field(default_factory=dict)


class Growing(_Strict):
    """When quarantine counts as growing: rows of the last ``days`` days, and their share of what was read."""

    days: PositiveInt
    least_rows: PositiveInt
    share_pct: NonNegativeInt


class AlertTerms(_Strict):
    """When a lasting trouble is said again, for how long one may be muted, when a run counts as killed.

    ``remind_before_days``: so many days before a delivery is due it is reminded of; 0 is on the day itself.
    ``warned_days``: for so long warnings of a delivery are told of that no newer one has followed.
    """

    remind_after_days: PositiveInt
    remind_before_days: NonNegativeInt = 3
    mute_at_most_days: PositiveInt
    stale_run_hours: PositiveInt
    warned_days: PositiveInt = 31
    quarantine: Growing


class SigningTerms(_Strict):
    """When whoever has to sign is reminded, and when the next one up is told that a step waits."""

    remind_after_days: PositiveInt = 2
    escalate_after_days: PositiveInt = 5


class Retention(_Strict):
    """How long things are kept; ``None`` is for ever. docs/operations.md says what each covers."""

    landing_months: PositiveInt | None
    landing_even_traced_months: PositiveInt | None
    rejected_row_days: PositiveInt | None
    quarantine_days: PositiveInt | None
    person_years: PositiveInt | None
    run_days: PositiveInt | None
    alert_days: PositiveInt | None
    log_days: PositiveInt | None


class Backups(_Strict):
    """How many backups of nights are kept, whether landed bytes are in them, whether each is tried by a restore."""

    keep: PositiveInt = 7
    with_landing: bool = False
    tried: bool = True


class Receipts(_Strict):
    """For how many days after a file came its receipt is kept up to date, and its rows are given back."""

    days: PositiveInt


class Responsible(_Strict):
    """Which office has to act when a target is behind, by the source of its figures; ``own`` is what counties name."""

    labour: str
    sales: str
    fund: str
    work: str
    own: dict[str, dict[Literal["labour", "sales", "fund", "work"], str]] = Field(default_factory=dict)


class Operations(_Strict):
    """The whole file."""

    arrivals: tuple[Expectation, ...]
    counties: dict[str, dict[str, dict[str, Any]]]
    alerts: AlertTerms
    receipts: Receipts = Receipts(days=92)
    responsible: Responsible = Responsible(
        labour="人社部门", sales="商务部门", fund="资金项目主管部门", work="协作办公室"
    )
    signing: SigningTerms = SigningTerms()
    backups: Backups = Backups()
    retention: Retention

    @model_validator(mode="after")
    def _fits(self) -> Self:
        known = [one.dataset for one in self.arrivals]
        if len(set(known)) < len(known):
            raise ValueError("a dataset is expected twice")
        for county, changes in self.counties.items():
            if unknown := sorted(set(changes) - set(known)):
                raise ValueError(f"{county}: {', '.join(unknown)} is not among the arrivals")
            tuple(self.expected_of(county))
        return self

    def responsible_of(self, county_code: str) -> dict[str, str]:
        """Return which office of a county answers for each source."""
        general = self.responsible.model_dump(exclude={"own"})
        return general | dict(self.responsible.own.get(county_code, {}))

    def expected_of(self, county_code: str) -> Iterator[Expectation]:
        """Yield what is expected of a county, its own terms applied."""
        own = self.counties.get(county_code, {})
        for general in self.arrivals:
            change = own.get(general.dataset)
            whole = general.model_dump(by_alias=True) | (change or {})
            expectation = general if change is None else Expectation.model_validate(whole)
            if expectation.expected:
                yield expectation


def load_operations(root: Path) -> Operations:
    """Read ``include/operations.yaml`` of the project at ``root``.

    Raises:
        ConfigError: it is missing or not usable; the message names the place.
    """
    path = root / "include" / "operations.yaml"
    try:
        return Operations.model_validate(yaml.safe_load(path.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"{path.name}: {places}", next_step="see docs/operations.md") from error
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise ConfigError(f"{path.name} cannot be read", next_step="see docs/operations.md") from error
