"""Figures of a county as they stand: those of a period's latest release, else those of the warehouse now."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import psycopg

from xiezuo.base.settings import Settings
from xiezuo.build.figures import Figure, read_figures
from xiezuo.publish.documents.content import Value
from xiezuo.publish.documents.workbook import values as documents
from xiezuo.publish.release.records import latest_release, released_values
from xiezuo.values.periods import Period


class Standing:
    """Looks figures up, each period read once."""

    def __init__(self, connection: psycopg.Connection[Any], settings: Settings, county_code: str) -> None:
        self._connection, self._settings, self._county = connection, settings, county_code
        self._read: dict[tuple[str, str], dict[tuple[str, str], Figure]] = {}

    def figure(self, indicator_id: str, town: str, period: Period) -> Figure | None:
        """Return a figure of the county or a township; None when the period was never built.

        A township without a row has 0 where the indicator is told by township, and nothing where it is not.
        """
        figures = self._of(period)
        if (found := figures.get((indicator_id, town))) is not None:
            return found
        whole = figures.get((indicator_id, ""))
        if whole is None or not town:
            return None
        is_told = (
            whole.value is None or whole.value == 0 or any(one == indicator_id and t for one, t in figures)
        )
        return whole.nothing_in(town) if is_told else None

    def _of(self, period: Period) -> dict[tuple[str, str], Figure]:
        key = (period.kind, period.text)
        if key not in self._read:
            release = latest_release(self._connection, self._settings, self._county, period.text)
            if release is None:
                listed = read_figures(self._connection, self._settings.root, self._county, period)
            else:
                values = released_values(self._connection, self._settings, release).values()
                listed = [
                    Figure(**value.model_dump(exclude={"period_kind", "period"}))
                    for value in values
                    if value.period_kind == period.kind
                ]
            self._read[key] = {(figure.indicator_id, figure.breakdown): figure for figure in listed}
        return self._read[key]


def change_pct(figure: Figure, period: Period) -> Decimal | None:
    """Return the change against a year earlier as the documents have it; None where there is none."""
    return documents.change_pct(Value(period_kind=period.kind, period=period.text, **asdict(figure)))
