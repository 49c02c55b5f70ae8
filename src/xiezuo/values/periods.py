"""Periods as people write them: ``2022`` a year, ``2022-09`` a month, ``2022-09/ytd`` the year up to it.

Several years are ``2021-2025``, or ``2021-2025-06`` up to a month's end; they are read only where they are asked for.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from xiezuo.base.errors import ConfigError

Kind = Literal["month", "year_to_date", "year", "cumulative"]

_WRITTEN = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<month>0[1-9]|1[0-2])(?P<to_date>/ytd)?)?")
_SPAN = re.compile(r"(?P<since>(?:19|20)[0-9]{2})-(?P<year>(?:19|20)[0-9]{2})(?:-(?P<month>0[1-9]|1[0-2]))?")


@dataclass(frozen=True)
class Period:
    """A month, the year up to a month's end, a year, or several; ``text`` is its key in the warehouse.

    Several years (``cumulative``) begin with ``since`` and end with ``year``, or with a month of it.
    """

    kind: Kind
    year: int
    month: int | None
    since: int | None = None

    @classmethod
    def read(cls, text: str, kind: str | None = None) -> Period:
        """Read a period; ``kind`` tells a year to date from its month where the text does not.

        Raises:
            ConfigError: the text is no period, or not one of that kind.
        """
        if kind == "cumulative":
            return cls._of_years(text)
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ConfigError(
                f"{text!r} is no period", zh=f"“{text}”不是期间", next_step="写成 2022 或 2022-09"
            )
        month = found["month"]
        written: Kind = "year" if month is None else "year_to_date" if found["to_date"] else "month"
        if kind == "year_to_date" and written == "month":
            written = "year_to_date"
        if kind is not None and kind != written:
            raise ConfigError(f"{text} is a {written}, not a {kind}", zh=f"期间“{text}”与所选的种类不一致")
        return cls(written, int(found["year"]), None if month is None else int(month))

    @classmethod
    def _of_years(cls, text: str) -> Period:
        found = _SPAN.fullmatch(text)
        if found is None:
            raise ConfigError(f"{text!r} is no span of years", zh=f"“{text}”不是多年期间", next_step="写成 2021-2025")
        month = found["month"]
        until = cls.read(found["year"] if month is None else f"{found['year']}-{month}")
        return until.back_to(int(found["since"]))

    def back_to(self, since: int) -> Period:
        """Return the years from the first day of ``since`` to this period's last day.

        Raises:
            ConfigError: it begins no earlier than this period's own year.
        """
        if since >= self.year:
            raise ConfigError(
                f"several years begin before {self.year}, not in {since}", zh=f"多年期间应从{self.year}年以前开始"
            )
        return Period("cumulative", self.year, self.month, since)

    @property
    def text(self) -> str:
        """The period's key: ``2022-09`` for month and year to date, ``2022`` for a year, ``2021-2025`` for years."""
        own = f"{self.year:04d}" if self.month is None else f"{self.year:04d}-{self.month:02d}"
        return own if self.since is None else f"{self.since:04d}-{own}"

    @property
    def zh(self) -> str:
        """The period as a title names it: 2022年9月, 2022年1—9月, 2022年度, 2021—2025年."""
        if self.since is not None:
            end = f"{self.year}年" if self.month is None else f"{self.year}年{self.month}月"
            return f"{self.since}—{end}" if self.month is None else f"{self.since}年1月—{end}"
        if self.month is None:
            return f"{self.year}年度"
        return (
            f"{self.year}年1—{self.month}月"
            if self.kind == "year_to_date" and self.month > 1
            else f"{self.year}年{self.month}月"
        )

    @property
    def first_day(self) -> date:
        """First day counted."""
        if self.since is not None:
            return date(self.since, 1, 1)
        return date(self.year, self.month if self.kind == "month" and self.month else 1, 1)

    @property
    def last_day(self) -> date:
        """Last day counted."""
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    def of_kind(self, kind: Kind) -> Period:
        """Return the period of another kind that ends on the same day; a year has no month to be."""
        return Period(kind, self.year, None if kind == "year" else self.month or 12)

    def a_year_earlier(self) -> Period:
        """Return the same period of the year before."""
        return Period(self.kind, self.year - 1, self.month, self.since)
