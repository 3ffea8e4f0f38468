"""How settings and criteria are put into words, the same in every report."""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.drawing.quantities import duration_text
from simulator.grafana.units import formatted
from simulator.timeline.durations import format_duration
from simulator.tuning.judging.effective import Interval
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.monitors.monitor import Monitor

__all__ = [
    "CRITERION_MEANINGS",
    "CRITERION_NAMES",
    "UNDEFINED",
    "UNDEFINED_REASONS",
    "criterion_text",
    "gap_text",
    "hold_text",
    "interval_text",
    "setting_text",
    "value_text",
]

UNDEFINED: Final = "\N{EN DASH}"
"""What stands for nan."""

CRITERION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "precision": "precision",
        "recall": "recall",
        "f1": "F1",
        "detection_median": "detection time, median",
        "detection_p90": "detection time, p90",
        "reset_median": "reset time, median",
        "false_alarms_per_day": "false alarms per day",
        "flaps_per_episode": "flaps per incident",
    }
)
CRITERION_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "precision": "how much of an alarm's time was in an incident, in the mean over alarms",
        "recall": "share of incidents that had an alarm",
        "f1": "harmonic mean of precision and recall",
        "detection_median": "from an incident's start to its alarm, half of those found",
        "detection_p90": "the same, nine of ten of those found",
        "reset_median": "from an incident's end to its alarm's end, half of those found",
        "false_alarms_per_day": "alarms outside incidents, per day of recording",
        "flaps_per_episode": "alarms beyond the first in an incident that was found",
    }
)
_NOT_FOUND: Final = "no incident was found"
UNDEFINED_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "precision": "there was no alarm",
        "recall": "there was no incident",
        "f1": "precision or recall is undefined, or both are 0",
        "detection_median": _NOT_FOUND,
        "detection_p90": _NOT_FOUND,
        "reset_median": _NOT_FOUND,
        "false_alarms_per_day": "nothing was recorded",
        "flaps_per_episode": _NOT_FOUND,
    }
)
"""Why each criterion may have no value."""

_SHARES: Final = frozenset({"precision", "recall", "f1"})
_TIMES: Final = frozenset({"detection_median", "detection_p90", "reset_median"})
_LONG: Final = 9
_MOST_DECIMALS: Final = 4
_DECIMALS: Final = re.compile(r"\.(\d+)")
_NOT_ZERO: Final = re.compile(r"[1-9∞]")
_HALF: Final = 0.005
"""What is nearer to 0 or 1 than this is written as them with two decimals, but is not."""


def value_text(value: float, unit: str) -> str:
    """A value in its unit: as short as is exact, else with three digits.

    >>> value_text(0.25, "s"), value_text(0.9995, "percentunit"), value_text(0.073053123, "s")
    ('250 ms', '99.95%', '73.1 ms')
    >>> value_text(float("nan"), "s") == UNDEFINED
    True
    """
    if math.isnan(value):
        return UNDEFINED
    found = _DECIMALS.search(formatted(value, unit, _LONG))
    needed = len(found[1].rstrip("0")) if found else 0
    exact = formatted(value, unit, needed)
    is_lost = value != 0.0 and not _NOT_ZERO.search(exact)
    return formatted(value, unit) if needed > _MOST_DECIMALS or is_lost else exact


def hold_text(hold: float) -> str:
    """For how long a threshold has to be reached.

    >>> hold_text(300.0), hold_text(0.0)
    ('for 5m', 'at once')
    """
    return f"for {format_duration(hold)}" if hold else "at once"


def setting_text(setting: Setting, monitor: Monitor) -> str:
    """A threshold of a monitor and its hold, such as "≥ 300 ms for 5m" or "< 70% at once".

    An alert that nothing of moves is what it is, with its hold.
    """
    kept = setting.keep_firing
    if monitor.is_as_it_is:
        rule = next(iter(monitor.rules.values()))
        kept, words = rule.keep_firing, f"as it is {hold_text(rule.hold)}"
    else:
        threshold = value_text(setting.threshold, monitor.unit)
        words = f"{monitor.sign} {threshold} {hold_text(setting.hold)}"
    return f"{words}, kept {format_duration(kept)}" if kept else words


def criterion_text(name: str, value: float) -> str:
    """The value of a criterion; a dash where it is undefined.

    >>> [criterion_text("recall", v) for v in (1.0, 0.999, 0.9, 0.0)]
    ['1.00', '>0.99', '0.90', '0.00']
    >>> criterion_text("detection_median", 90.0), criterion_text("false_alarms_per_day", 12.345)
    ('1m30s', '12.3')
    """
    if math.isnan(value):
        return UNDEFINED
    if name in _TIMES:
        return duration_text(value)
    if name in _SHARES:
        return _share_text(value)
    return formatted(value, decimals=2 if 0.0 < abs(value) < 10.0 else None)  # noqa: PLR2004 - 9.99


def interval_text(name: str, interval: Interval) -> str:
    """The interval of a criterion, which too few days do not tell.

    >>> interval_text("recall", (0.5, 1.0)), interval_text("recall", (float("nan"),) * 2)
    ('0.50 … 1.00', 'unknown')
    """
    if any(map(math.isnan, interval)):
        return "unknown"
    low, high = (criterion_text(name, end) for end in interval)
    return f"{low} … {high}"


def gap_text(gap: float) -> str:
    """How much worse or better a score is on unseen recordings.

    >>> gap_text(0.0909), gap_text(-0.2), gap_text(0.0)
    ('0.09 worse', '0.20 better', 'none')
    """
    if not math.isfinite(gap):
        return UNDEFINED
    if abs(gap) < _HALF:
        return "none"
    return f"{abs(gap):.2f} {'worse' if gap > 0 else 'better'}"


def _share_text(value: float) -> str:
    if 1.0 - _HALF <= value < 1.0:
        return ">0.99"
    return "<0.01" if 0.0 < value < _HALF else f"{value:.2f}"
