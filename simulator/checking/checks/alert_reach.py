"""Alerts that never hold, and those that hold for every value that there can be."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem
from simulator.checking.values import number
from simulator.promql.alarm_limits import AlarmLimit
from simulator.promql.bounds import Bounds, bounds
from simulator.promql.shapes import Shape

__all__ = ["ALERT_REACH"]

_PRESENCE: Final = frozenset(
    {"count", "count_over_time", "absent", "absent_over_time", "present_over_time", "group"}
)
_COMPARING: Final = frozenset({">", ">=", "<", "<=", "==", "!=", "and", "unless", "or"})


def _look(material: Material) -> Iterator[Problem]:
    for alarm in material.alarms:
        if alarm.reducer not in {"", "min", "max", "mean", "median"}:
            continue
        for limit in alarm.limits:
            found = bounds(limit.compared, material.facts.top_buckets.get)
            what = f"{limit.sign} {number(limit.number)}"
            if _never(limit, found):
                why = found.why if limit.number >= found.high and found.why else _least(found)
                yield Problem(alarm.subject, f"{what} never holds: {why}", alarm.place)
            elif not _asks_whether_there_is(limit.compared) and _always(limit, found):
                said = f"{what} holds for every value: {_range(found)}"
                yield Problem(alarm.subject, said, alarm.place)


def _never(limit: AlarmLimit, found: Bounds) -> bool:
    match limit.sign:
        case ">":
            return found.high <= limit.number
        case ">=":
            return found.high < limit.number
        case "<":
            return found.low >= limit.number
        case "<=":
            return found.low > limit.number
        case "==":
            return not found.low <= limit.number <= found.high
    return False


def _always(limit: AlarmLimit, found: Bounds) -> bool:
    match limit.sign:
        case ">":
            return found.low > limit.number
        case ">=":
            return found.low >= limit.number
        case "<":
            return found.high < limit.number
        case "<=":
            return found.high <= limit.number
    return False


def _asks_whether_there_is(compared: Shape) -> bool:
    """Whether the comparison is there for series that come and go, and not for their values."""
    return compared.name in _PRESENCE or compared.name in _COMPARING


def _least(found: Bounds) -> str:
    if found.low >= 1.0 and found.high == float("inf"):
        return "where nothing is counted there is no series, and no 0"
    return f"it is at least {number(found.low)}"


def _range(found: Bounds) -> str:
    if found.high == float("inf"):
        return f"it is at least {number(found.low)}"
    return f"it is from {number(found.low)} to {number(found.high)}"


ALERT_REACH: Final = Check("alert-reach", "alerts that never hold, or always do", _look)
