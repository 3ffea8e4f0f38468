"""Time ranges as Grafana reads them: `now-6h`, `now/d`, `now-1d/d`, `now/fy`, dates.

Rules of packages/grafana-data/src/datetime/datemath.ts and rangeutil.ts, and of moment-timezone, on
which they stand: days, weeks and months are added to the time on the viewer's wall, so that they
have 23 or 25 hours where clocks change.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeAlias

from simulator.errors import DashboardError
from simulator.grafana.calendars import Calendar
from simulator.quoting import quoted

__all__ = ["Span", "TimeRange", "ViewedRange"]

_TERM: Final = re.compile(r"([/+-])(\d{0,5})(f?)([yMwdhmsQ])")
_OVERRIDE: Final = re.compile(r"now[-+]\d+(f[Qy]|[yMwdhmsQ])")
_SO_FAR: Final = frozenset({f"now/{unit}" for unit in ("d", "w", "M", "y", "fQ", "fy")})
_SUBTRACTED: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_ON_THE_WALL: Final = {"d": (0, 1), "w": (0, 7), "M": (1, 0), "Q": (3, 0), "y": (12, 0)}

Span: TypeAlias = tuple[float, float]
"""Start and end in unix seconds."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """What a dashboard's time picker says.

    `delay` is how far behind now a range ends that ends now, such as `1m`; `last` is a number of
    seconds up to now in place of all that.
    """

    start: str = "now-6h"
    end: str = "now"
    delay: str = ""
    last: float | None = None

    def at(self, now: float, calendar: Calendar) -> Span:
        """What is seen at unix seconds `now`.

        Raises:
            DashboardError: Grafana could not read it either.

        >>> start, end = TimeRange("now/d", "now").at(1.7673e9, Calendar.of("Europe/Paris"))
        >>> end - start, TimeRange("now-6h", "now").at(1.7673e9, Calendar.of("utc"))
        (78000.0, (1767278400.0, 1767300000.0))
        """
        if self.last is not None:
            return now - self.last, now
        end = f"now-{self.delay}" if self.delay and self.end == "now" else self.end
        return (
            _moment(self.start, now, calendar, is_end=False),
            _moment(end, now, calendar, is_end=True),
        )

    @property
    def _is_relative(self) -> bool:
        return self.last is not None or "now" in self.start or "now" in self.end

    def overridden(self, time_from: str, time_shift: str, now: float, calendar: Calendar) -> Span:
        """What a panel with its own "Relative time" and "Time shift" shows.

        As in Grafana: where one of them cannot be read, the panel says so and what follows it has
        no effect; a range of two dates is not replaced.

        >>> paris, day = Calendar.of("Europe/Paris"), TimeRange("now-24h")
        >>> day.overridden("1h", "1d", 1.7673e9, paris) == (1.7673e9 - 90_000, 1.7673e9 - 86_400)
        True
        """
        start, end = self.at(now, calendar)
        if time_from:
            found = _override(time_from)
            if found is None:
                return start, end
            if self._is_relative:
                plain = replace(calendar, fiscal_start=0)  # a panel knows no other
                start, end = (_moment(text, now, plain, is_end=False) for text in found)
        if not time_shift or _override(time_shift) is None:
            return start, end
        try:
            return (
                _moved(f"-{time_shift}", start, calendar, is_end=False),
                _moved(f"-{time_shift}", end, calendar, is_end=True),
            )
        except DashboardError:
            return start, end


@dataclass(frozen=True, slots=True)
class ViewedRange:
    """The time range of one panel: its dashboard's, in its dashboard's calendar, or its own."""

    time_range: TimeRange = field(default_factory=TimeRange)
    calendar: Calendar = field(default_factory=Calendar)
    time_from: str = ""
    time_shift: str = ""

    def at(self, now: float) -> Span:
        """What the panel shows at unix seconds `now`.

        Raises:
            DashboardError: Grafana could not read it either.
        """
        return self.time_range.overridden(self.time_from, self.time_shift, now, self.calendar)

    def sliding(self, moments: Sequence[float]) -> Span | None:
        """The range in seconds behind now, where it is the same at all these moments; else None.

        >>> ViewedRange(time_shift="1h").sliding([1.7673e9, 1.7674e9])
        (25200.0, 3600.0)
        >>> ViewedRange(TimeRange("now/d")).sliding([1.7673e9, 1.7674e9])
        """
        behind = {tuple(round(now - t, 3) for t in self.at(now)) for now in moments}
        if len(behind) != 1:
            return None
        start, end = behind.pop()
        return start, end


def _override(text: str) -> tuple[str, str] | None:
    """The range that a panel's relative time stands for; None where Grafana calls it invalid."""
    is_last = not text.startswith("+")
    expression = text if "now" in text else f"now-{text}" if is_last else f"now{text}"
    if expression in _SO_FAR or _OVERRIDE.match(expression):
        return (expression, "now") if is_last else ("now", expression)
    return None


def _moment(text: str, now: float, calendar: Calendar, *, is_end: bool) -> float:
    """Unix seconds of one end of a range; rounding goes up at its end."""
    if text.startswith("now"):
        return _moved(text.removeprefix("now"), now, calendar, is_end=is_end)
    date, _, terms = text.partition("||")
    try:
        found = datetime.fromisoformat(date.strip())
    except ValueError:
        raise DashboardError(f"time range {quoted(text)}: neither now nor a date") from None
    own = replace(calendar, zone=calendar.viewer)
    known = found if found.tzinfo else found.replace(tzinfo=own.zone)
    return _moved(terms, known.timestamp(), own, is_end=is_end)


def _moved(terms: str, seconds: float, calendar: Calendar, *, is_end: bool) -> float:
    """The moment once all terms such as `-1d` and `/d` have been applied to it, in order."""
    bare, position = re.sub(r"\s", "", terms), 0
    while position < len(bare):
        found = _TERM.match(bare, position)
        if found is None or (found[1] == "/" and found[2] not in {"", "1"}):
            raise DashboardError(f"time range {quoted(terms)} is no date math such as -1d/d")
        sign, digits, fiscal, unit = found.groups()
        position = found.end()
        if sign == "/":
            seconds = _rounded(seconds, fiscal + unit, calendar, is_end=is_end)
        else:
            amount = int(digits or 1) * (1 if sign == "+" else -1)
            seconds = _added(seconds, amount, unit, calendar)
    return seconds


def _added(seconds: float, amount: int, unit: str, calendar: Calendar) -> float:
    if unit in _SUBTRACTED:
        return seconds + amount * _SUBTRACTED[unit]
    months, days = _ON_THE_WALL[unit]
    return calendar.on_the_wall(seconds, months=amount * months, days=amount * days)


def _rounded(seconds: float, unit: str, calendar: Calendar, *, is_end: bool) -> float:
    if unit.startswith("f") and unit not in {"fQ", "fy"}:
        return seconds  # no other fiscal units are rounded to, and none is refused
    return calendar.end_of(seconds, unit) if is_end else calendar.start_of(seconds, unit)
