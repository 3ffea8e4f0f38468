"""A viewer's calendar: days, weeks, months and fiscal years as moment-timezone reckons them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Final, Self
from zoneinfo import ZoneInfo, available_timezones

from simulator.errors import DashboardError

__all__ = ["Calendar"]

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OF_THE_BROWSER: Final = frozenset({"", "browser"})
_LAST_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The time zone that a dashboard is read in, and where its weeks and fiscal years begin.

    `week_start` counts from Monday, 0; `fiscal_start` is a month from January, 0; `viewer` is the
    zone of the browser, in which dates are read whatever the dashboard's own.
    """

    zone: tzinfo = UTC
    week_start: int = 6
    fiscal_start: int = 0
    viewer: tzinfo = UTC

    @classmethod
    def of(
        cls, timezone: str, *, week_start: str = "", fiscal_start: int = 0, viewer: tzinfo = UTC
    ) -> Self:
        """A dashboard's settings; where it leaves the zone to the browser, it is the `viewer`'s.

        Without a week start it is Sunday, as in the language that Grafana speaks by default. A zone
        that there is not, such as the "default" of many dashboards, is UTC, as it is there.

        >>> Calendar.of("Europe/Paris", week_start="monday").week_start
        0
        >>> Calendar.of("default").zone
        datetime.timezone.utc
        """
        first = _DAYS.index(week_start.lower()) if week_start.lower() in _DAYS else 6
        return cls(_zone(timezone, viewer), first, fiscal_start % 12, viewer)

    @staticmethod
    def knows(timezone: str) -> bool:
        """Whether there is such a zone, or it is left to the browser.

        >>> [Calendar.knows(name) for name in ("", "browser", "utc", "europe/paris", "Paris")]
        [True, True, True, True, False]
        """
        return timezone in _OF_THE_BROWSER or timezone.lower() in _zones()

    def on_the_wall(self, seconds: float, *, months: int = 0, days: int = 0) -> float:
        """Unix seconds moved by whole months, then days, at the same time of day.

        >>> 3600 * 25 == Calendar.of("Europe/Paris").on_the_wall(1792882800.0, days=1) - 1792882800
        True
        """
        return self._set(seconds, lambda wall: _months_on(wall, months) + timedelta(days=days))

    def utc_offset(self, seconds: float) -> float:
        """How many seconds ahead of UTC its clocks are at a moment."""
        return _offset(datetime.fromtimestamp(seconds, self.zone)).total_seconds()

    def start_of(self, seconds: float, unit: str) -> float:
        """The first moment of the unit: s, m, h, d, w, M, Q, y, fQ or fy."""
        return self._set(seconds, lambda wall: self._floor(wall, unit))

    def end_of(self, seconds: float, unit: str) -> float:
        """The last millisecond of the unit."""
        return self._set(seconds, lambda wall: self._next(wall, unit) - _LAST_MILLISECOND)

    def _set(self, seconds: float, change: Callable[[datetime], datetime]) -> float:
        """The moment at which a wall shows what `change` makes of what it shows at `seconds`.

        Where clocks change, the offset is the one at the new time under the old offset.
        """
        try:
            here = datetime.fromtimestamp(seconds, self.zone)
            then = change(here.replace(tzinfo=None))
            probe = (then - _offset(here)).replace(tzinfo=UTC).astimezone(self.zone)
            return (then - _offset(probe)).replace(tzinfo=UTC).timestamp()
        except (OverflowError, ValueError):
            raise DashboardError("a time range goes beyond the years 1 to 9999") from None

    def _floor(self, wall: datetime, unit: str) -> datetime:
        if unit in {"s", "m", "h"}:
            zeros = {"microsecond": 0, "second": 0, "minute": 0}
            kept = {"s": 1, "m": 2, "h": 3}[unit]
            return wall.replace(**dict(list(zeros.items())[:kept]))  # type: ignore[arg-type]
        day = wall.replace(hour=0, minute=0, second=0, microsecond=0)
        if unit == "w":
            return day - timedelta(days=(day.weekday() - self.week_start) % 7)
        since = self._months_since(day, unit)
        return day if since is None else _months_on(day.replace(day=1), -since)

    def _months_since(self, day: datetime, unit: str) -> int | None:
        """Months since the unit began; None for a day."""
        month = day.month - 1
        fiscal = (month - self.fiscal_start) % 12
        lengths = {"M": 0, "Q": month % 3, "y": month, "fQ": fiscal % 3, "fy": fiscal}
        return lengths.get(unit)

    def _next(self, wall: datetime, unit: str) -> datetime:
        start = self._floor(wall, unit)
        months = {"M": 1, "Q": 3, "y": 12, "fQ": 3, "fy": 12}.get(unit)
        if months:
            return _months_on(start, months)
        names = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
        return start + timedelta(**{names[unit]: 1})


def _zone(timezone: str, viewer: tzinfo) -> tzinfo:
    if timezone in _OF_THE_BROWSER:
        return viewer
    name = _zones().get(timezone.lower(), "UTC")  # names are in any case, as for moment-timezone
    return UTC if name == "UTC" else ZoneInfo(name)


@cache
def _zones() -> Mapping[str, str]:
    """The names of the time zones by the same in small letters."""
    return {name.lower(): name for name in available_timezones()}


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _months_on(wall: datetime, months: int) -> datetime:
    """The same day so many months on, or the last day of that month."""
    years, month = divmod(wall.month - 1 + months, 12)
    first = wall.replace(year=wall.year + years, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(wall.day, (following - timedelta(days=1)).day))
