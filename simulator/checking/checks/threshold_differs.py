"""An alert that compares with another number than its panel colours by, or on the other side."""

import math
from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.pairs import Pair
from simulator.checking.problems import Check, Problem, Weight
from simulator.checking.values import number
from simulator.grafana.alarm_steps import AlarmSteps, alarm_steps

__all__ = ["THRESHOLD_DIFFERS"]


def _look(material: Material) -> Iterator[Problem]:
    for pair in material.pairs:
        one = pair.painted
        is_comparable = one.is_seen and one.is_value and not one.thresholds.is_percentage
        if not is_comparable or pair.differences is None or pair.limit.sign in {"==", "!="}:
            continue
        if one.is_default or any(d.what in {"metric", "function"} for d in pair.differences):
            continue
        steps = alarm_steps(one.thresholds)
        if steps is not None:
            yield from _of(pair, steps)


def _of(pair: Pair, steps: AlarmSteps) -> Iterator[Problem]:
    alarm, limit = pair.alarm, pair.limit
    if limit.is_lower_worse != steps.is_lower_worse:
        side = "low" if steps.is_lower_worse else "high"
        said = f"holds {limit.sign} {number(limit.number)}, where {_name(pair)} finds {side} bad"
        yield Problem(alarm.subject, said, alarm.place)
        return
    wanted = limit.number * pair.factor
    same = [level for level, value in steps.values.items() if math.isclose(value, wanted)]
    own = steps.values.get(alarm.level)
    if own is None:
        yield from _without_color(pair, steps, same)
    elif alarm.level not in same:
        also = f", which is its {same[0]}" if same else ""
        at = number(own / pair.factor)
        said = f"{_name(pair)} {at}, alert {number(limit.number)} ({alarm.level}){also}"
        is_other_severity = bool(same) and pair.by == "limit"
        weight = Weight.NOTE if is_other_severity else Weight.FINDING
        yield Problem(alarm.subject, said, alarm.place, weight, f"{limit.sign} {at}")
    else:
        yield from _at_the_limit(pair)


def _without_color(pair: Pair, steps: AlarmSteps, same: list[str]) -> Iterator[Problem]:
    alarm = pair.alarm
    has = ", ".join(f"{level} {number(v / pair.factor)}" for level, v in steps.values.items())
    if not same and not alarm.level:
        said = f"{_name(pair)} {has}, alert {number(pair.limit.number)}"
        # one that is only there to inform has no colour to be held against
        weight = Weight.NOTE if alarm.severity else Weight.FINDING
        yield Problem(alarm.subject, said, alarm.place, weight)
    elif alarm.level:
        said = f"{alarm.severity} is {alarm.level}, which {_name(pair)} does not show: it has {has}"
        yield Problem(alarm.subject, said, alarm.place, Weight.NOTE)


def _at_the_limit(pair: Pair) -> Iterator[Problem]:
    """A count that is just the limit is red, and no alert."""
    limit = pair.limit
    if limit.sign in {">", "<="} and limit.number and float(limit.number).is_integer():
        at = number(limit.number)
        says = "is coloured" if limit.sign == ">" else "is not coloured"
        fires = "does not fire" if limit.sign == ">" else "fires"
        said = f"at just {at} {_name(pair)} {says} and the alert ({limit.sign} {at}) {fires}"
        yield Problem(pair.alarm.subject, said, pair.alarm.place, Weight.NOTE)


def _name(pair: Pair) -> str:
    return f"panel {pair.painted.panel.title or pair.painted.panel.path}"


THRESHOLD_DIFFERS: Final = Check(
    "threshold-differs", "an alert and its panel with different thresholds", _look
)
