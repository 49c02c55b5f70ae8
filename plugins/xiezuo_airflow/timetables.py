"""When months and years are closed: the calendar of ``include/close_calendar.yaml`` as Airflow timetables.

A run's data interval is the closed period itself (+08:00); it is due on the closing day of the period after.
The file is read when a next run is worked out, never while a Dag is parsed.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pendulum
from airflow.timetables.base import DagRunInfo, DataInterval, Timetable

from xiezuo.base.clock import SHANGHAI

if TYPE_CHECKING:
    from airflow.timetables.base import TimeRestriction

    from xiezuo.declared.close_calendar import Calendar


class _Closing(Timetable):
    """Shared walk over periods; a period is named by its first day."""

    def infer_manual_data_interval(self, *, run_after: pendulum.DateTime) -> DataInterval:
        """Give a manual run the period before the one it is started in."""
        return self._interval(self._before(self._start(run_after.astimezone(SHANGHAI).date())))

    def next_dagrun_info(
        self,
        *,
        last_automated_data_interval: DataInterval | None,
        restriction: TimeRestriction,
    ) -> DagRunInfo | None:
        """Give the next period to close.

        Without catch-up only the newest period already due is made up for; a Dag that never ran waits for its
        first closing day. Airflow's own clock decides, not ``XIEZUO_NOW``: a moved clock must not make it
        believe that years of closings were missed.
        """
        calendar = _calendar()
        now = datetime.now(SHANGHAI)
        if last_automated_data_interval is not None:
            period = self._after(self._start(last_automated_data_interval.start.astimezone(SHANGHAI).date()))
            if not restriction.catchup:
                period = max(period, self._newest_due(now, calendar))
        elif restriction.catchup and restriction.earliest is not None:
            period = self._before(self._start(restriction.earliest.astimezone(SHANGHAI).date()))
        else:
            period = self._after(self._newest_due(now, calendar))
        while restriction.earliest is not None and self._due(period, calendar) < restriction.earliest:
            period = self._after(period)
        due = self._due(period, calendar)
        if restriction.latest is not None and due > restriction.latest:
            return None
        return DagRunInfo(run_after=pendulum.instance(due), data_interval=self._interval(period))

    def _newest_due(self, now: datetime, calendar: Calendar) -> date:
        period = self._start(now.date())
        while self._due(period, calendar) > now:
            period = self._before(period)
        return period

    def _interval(self, period: date) -> DataInterval:
        return DataInterval(_midnight(period), _midnight(self._after(period)))

    def _start(self, day: date) -> date:
        raise NotImplementedError

    def _before(self, period: date) -> date:
        raise NotImplementedError

    def _after(self, period: date) -> date:
        raise NotImplementedError

    def _due(self, period: date, calendar: Calendar) -> datetime:
        raise NotImplementedError


class MonthClosing(_Closing):
    """The third working day of the next month, 08:00 (both from the calendar file)."""

    description = "每月第三个工作日 08:00 汇总上月 / third working day, for the month before"

    @property
    def summary(self) -> str:
        """Short text for the list of Dags."""
        return "第三个工作日 08:00"

    def _start(self, day: date) -> date:
        return day.replace(day=1)

    def _before(self, period: date) -> date:
        from xiezuo.declared.close_calendar import previous_month

        return previous_month(period)

    def _after(self, period: date) -> date:
        from xiezuo.declared.close_calendar import next_month

        return next_month(period)

    def _due(self, period: date, calendar: Calendar) -> datetime:
        from xiezuo.declared.close_calendar import month_closing

        return month_closing(period.year, period.month, calendar)


class YearClosing(_Closing):
    """10 January, 08:00 (from the calendar file), for the year before."""

    description = "每年 1 月 10 日 08:00 汇总上年 / 10 January, for the year before"

    @property
    def summary(self) -> str:
        """Short text for the list of Dags."""
        return "1 月 10 日 08:00"

    def _start(self, day: date) -> date:
        return date(day.year, 1, 1)

    def _before(self, period: date) -> date:
        return date(period.year - 1, 1, 1)

    def _after(self, period: date) -> date:
        return date(period.year + 1, 1, 1)

    def _due(self, period: date, calendar: Calendar) -> datetime:
        from xiezuo.declared.close_calendar import year_closing

        return year_closing(period.year, calendar)


def _calendar() -> Calendar:
    from xiezuo.base.settings import Settings
    from xiezuo.declared.close_calendar import load_calendar

    return load_calendar(Settings.from_env().root / "include/close_calendar.yaml")


def _midnight(day: date) -> pendulum.DateTime:
    return pendulum.instance(datetime.combine(day, time.min, SHANGHAI))
