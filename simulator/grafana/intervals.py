"""Query steps and the interval macros, all in milliseconds as Grafana computes them.

Rules of pkg/promlib/models/query.go and packages/grafana-data/src/datetime/rangeutil.ts.
"""

import math
import re
from bisect import bisect_right
from dataclasses import dataclass

from simulator.errors import DashboardError
from simulator.grafana.model import Panel, Target
from simulator.quoting import quoted

__all__ = [
    "Intervals",
    "duration_milliseconds",
    "interval_text",
    "panel_intervals",
    "rounded_interval",
    "substitute_macros",
]

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000

_ROUNDED = (
    (10, 1), (15, 10), (35, 20), (75, 50), (150, 100), (350, 200), (750, 500), (1_500, 1_000),
    (3_500, 2_000), (7_500, 5_000), (12_500, 10_000), (17_500, 15_000), (25_000, 20_000),
    (45_000, 30_000), (90_000, _MINUTE), (210_000, 2 * _MINUTE), (450_000, 5 * _MINUTE),
    (750_000, 10 * _MINUTE), (1_050_000, 15 * _MINUTE), (1_500_000, 20 * _MINUTE),
    (2_700_000, 30 * _MINUTE), (5_400_000, _HOUR), (9_000_000, 2 * _HOUR),
    (16_200_000, 3 * _HOUR), (32_400_000, 6 * _HOUR), (_DAY, 12 * _HOUR), (7 * _DAY, _DAY),
    (21 * _DAY, 7 * _DAY), (42 * _DAY, 30 * _DAY), (math.inf, 365 * _DAY),
)  # fmt: skip
_LIMITS = [limit for limit, _ in _ROUNDED]

_UNIT_MILLISECONDS = {
    "ns": 1e-6, "us": 1e-3, "µs": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4, "h": 3.6e6, "d": 8.64e7,
    "w": 7 * 8.64e7, "M": 30.4375 * 8.64e7, "y": 365.25 * 8.64e7,
}  # fmt: skip
_PART = r"(\d+(?:\.\d+)?)(ns|us|µs|ms|[smhdwMy])"
_DURATION = re.compile(f"(?:{_PART})+")
_MACRO_INTERVAL = re.compile(r"\$\{?__(rate_)?interval(?:_ms)?\}?")
_MOST_POINTS = 11_000
"""What Prometheus answers at most per series."""
_LONGEST = 2**63 / 1e6
"""What Go's durations hold, which are 64 bits of nanoseconds: some 292 years."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """What a query's step is and what its macros stand for, in milliseconds."""

    step: int
    rate: int
    range: int


def rounded_interval(milliseconds: float) -> int:
    """The duration as one of Grafana's table.

    >>> [rounded_interval(ms) for ms in (21_600, 24_999, 25_000, 604_800)]
    [20000, 20000, 30000, 600000]
    """
    return _ROUNDED[bisect_right(_LIMITS, milliseconds)][1]


def duration_milliseconds(text: str) -> float:
    """The length of a duration such as `15s`, `1h30m`, `1d`; a bare number is in seconds.

    Raises:
        DashboardError: the text is no duration.

    >>> duration_milliseconds("1m30s"), duration_milliseconds(">45")
    (90000.0, 45000.0)
    """
    wanted = text.strip().lstrip("<>=").strip()
    if wanted.isdecimal():
        length = float(wanted) * _SECOND
    elif _DURATION.fullmatch(wanted):
        parts = re.findall(_PART, wanted)
        length = sum(float(number) * _UNIT_MILLISECONDS[unit] for number, unit in parts)
    else:
        raise DashboardError(f"{quoted(text)} is not a duration such as 15s, 1m or 1h30m")
    if length > _LONGEST:
        raise DashboardError(f"{quoted(text)} is longer than any duration of Prometheus")
    return length


def panel_intervals(
    panel: Panel, target: Target, *, span_ms: float, scrape_interval: str, max_data_points: int
) -> Intervals:
    """Step and macros of a target over a span; `max_data_points` for a panel without its own.

    `scrape_interval` is the data source's setting. Intervals have their variables replaced.

    Raises:
        DashboardError: an interval is no duration.

    >>> asked = panel_intervals(Panel("p", 1, "", "stat"), Target("A", "up"), span_ms=21_600_000,
    ...     scrape_interval="15s", max_data_points=1000)
    >>> asked
    Intervals(step=20000, rate=60000, range=21600000)
    """
    points = panel.max_data_points or max_data_points
    least = duration_milliseconds(panel.interval or scrape_interval)
    interval = max(rounded_interval(span_ms / points), least)
    scrape = duration_milliseconds(scrape_interval)
    macro = _MACRO_INTERVAL.fullmatch(target.interval)
    own = 0.0 if macro or not target.interval else duration_milliseconds(target.interval)
    minimum = own or interval
    calculated = span_ms / points
    step = max(
        minimum if calculated < minimum else rounded_interval(calculated),
        rounded_interval(span_ms / _MOST_POINTS),
    )
    if macro and macro[1]:
        step = rate = max(step + scrape, 4 * scrape)
    else:
        step *= target.interval_factor
        basis = step if macro else own or scrape
        rate = max(interval + basis, 4 * basis)
    return Intervals(step=max(int(step), 1), rate=int(rate), range=round(span_ms))


def substitute_macros(text: str, intervals: Intervals) -> str:
    """The text with $__interval, $__rate_interval, $__range and their kin, after variables.

    >>> substitute_macros("rate(a[$__rate_interval]) ${__range_s}", Intervals(15000, 60000, 6000))
    'rate(a[1m0s]) 6'
    """
    seconds = math.floor(intervals.range / _SECOND + 0.5)
    values = {
        "__interval_ms": str(intervals.step),
        "__interval": interval_text(intervals.step),
        "__range_ms": str(intervals.range),
        "__range_s": str(seconds),
        "__range": f"{seconds}s",
        "__rate_interval_ms": str(intervals.rate),
        "__rate_interval": _go_duration(intervals.rate),
    }
    for name, value in values.items():  # in this order: the longer of two names first
        text = text.replace(f"${name}", value).replace(f"${{{name}}}", value)
    return text


def interval_text(milliseconds: float) -> str:
    """The duration in its largest unit, rounded down: 90 s reads `1m`.

    >>> [interval_text(ms) for ms in (15_000, 90_000, 3_600_000, 0)]
    ['15s', '1m', '1h', '1ms']
    """
    units = (
        (365 * _DAY, "y"),
        (_DAY, "d"),
        (_HOUR, "h"),
        (_MINUTE, "m"),
        (_SECOND, "s"),
        (1, "ms"),
    )
    for size, unit in units:
        if milliseconds >= size:
            return f"{math.floor(milliseconds / size)}{unit}"
    return "1ms"


def _go_duration(milliseconds: int) -> str:
    """The duration as Go prints it: 1m0s, 10m15s, 1h0m0s, 1.5s, 500ms."""
    if milliseconds < _SECOND:
        return f"{milliseconds}ms"
    hours, rest = divmod(milliseconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds = f"{rest / _SECOND:g}s"
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds
