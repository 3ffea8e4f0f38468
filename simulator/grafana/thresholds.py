"""Which threshold step a value is on, as Grafana decides it.

The same in 8.5 to 13: packages/grafana-data/src/field/thresholds.ts, field/scale.ts and
panel/getPanelOptionsWithDefaults.ts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.grafana.json_objects import javascript_number

__all__ = [
    "DEFAULT_THRESHOLDS",
    "FALLBACK_COLOR",
    "Range",
    "Step",
    "Thresholds",
    "active_step",
    "percentage",
    "thresholds_from",
]

FALLBACK_COLOR = "#808080"
"""Drawn where there is no step at all."""


@dataclass(frozen=True, slots=True)
class Step:
    """A colour from `value` on; the first step of a list is always from -inf on.

    A `value` of nan is never reached, and like every step not reached it ends the scan.
    """

    value: float
    color: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Steps in the order of the JSON, which is not sorted."""

    steps: tuple[Step, ...]
    is_percentage: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """What 0 % and 100 % mean."""

    minimum: float
    maximum: float


DEFAULT_THRESHOLDS = Thresholds((Step(-math.inf, "green"), Step(80.0, "red")))
"""What a panel without thresholds has."""


def thresholds_from(value: Mapping[str, object], *, are_defaults: bool = True) -> Thresholds:
    """The thresholds of a JSON object; of an override with `are_defaults` false.

    Missing steps are the default ones in `fieldConfig.defaults` and none in an override; a
    missing mode is absolute; the first step starts at -inf whatever it says.

    >>> raw = {"steps": [{"color": "green", "value": 50}, {"color": "red", "value": "80"}]}
    >>> [step.value for step in thresholds_from(raw).steps]
    [-inf, 80.0]
    """
    entries = value.get("steps")
    is_percentage = value.get("mode") == "percentage"
    if not isinstance(entries, list):
        default = DEFAULT_THRESHOLDS.steps if are_defaults and "steps" not in value else ()
        return Thresholds(default, is_percentage)
    values = (javascript_number(one["value"]) if "value" in one else math.nan for one in entries)
    steps = (
        Step(value if index else -math.inf, str(entry.get("color", "")))
        for index, (entry, value) in enumerate(zip(entries, values, strict=True))
    )
    return Thresholds(tuple(steps), is_percentage)


def active_step(
    value: float | None, thresholds: Thresholds, limits: Range | None = None
) -> int | None:
    """The index of the step a value is on; None for null, nan, or where there are no steps.

    The scan goes in the order of the JSON and stops at the first step not reached.
    `limits` are needed for percentages only; without them everything is 0 %.

    >>> three = thresholds_from({"steps": [{}, {"value": 10}, {"value": 20}]})
    >>> [active_step(v, three) for v in (9.99, 10, 25, float("nan"), None)]
    [0, 1, 2, None, None]
    """
    if value is None or math.isnan(value) or not thresholds.steps:
        return None
    if thresholds.is_percentage:
        value = percentage(value, limits)
    active = 0
    for index, step in enumerate(thresholds.steps):
        if not value >= step.value:
            break
        active = index
    return active


def percentage(value: float, limits: Range | None) -> float:
    """((value - min) / (max - min)) x 100 in this float order, not clamped; 0 / 0 is 0.

    >>> percentage(0.29, Range(0, 1))
    28.999999999999996
    >>> percentage(6, Range(5, 5)), percentage(5, Range(5, 5))
    (inf, 0.0)
    """
    if limits is None or value == -math.inf:
        return 0.0
    above, span = value - limits.minimum, limits.maximum - limits.minimum
    if span == 0:
        return math.copysign(math.inf, above) if above else 0.0
    share = above / span
    return 0.0 if math.isnan(share) else share * 100
