"""The limits that panels colour, and how texts tell them."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.support.dashboard_files import BOTH, Json, panels

ALARM = ("orange", "red")

_NUMBER = r"(?<![\w.,/-])(?:\d{1,3}(?: \d{3})+|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\w-]|[.,]\d)"
_MEASURE = rf"(?P<number>{_NUMBER})(?: (?P<unit>%|s\b|ms\b|million\b))?"
_CLAIM = re.compile(
    rf"\b(?P<colour>green|orange|red)\b[,:]?\s*(?P<direction>from|below) {_MEASURE}", re.IGNORECASE
)


class Measure(NamedTuple):
    """A number with its unit, as a text writes it."""

    value: float
    unit: str = ""


class Limit(NamedTuple):
    """From where on, or below what, a value has a colour."""

    colour: str
    direction: str
    measure: Measure


@dataclass(frozen=True)
class Coloured:
    """A field with an alarm colour: all of a panel's (no name), or those of one override.

    `config` is its configuration: the panel's defaults, and the override upon them.
    """

    path: Path
    title: str
    name: str | None
    config: Json

    @property
    def panel(self) -> Json:
        return panels(self.path)[self.title]

    @property
    def limits(self) -> tuple[Limit, ...]:
        return limits(self.config)


@dataclass(frozen=True)
class Reported:
    """What a text says of limits, and the numbers it says besides."""

    claims: frozenset[Limit]
    others: frozenset[Measure]


def shown(value: float, unit: str) -> Measure:
    """A value as the panel writes it."""
    if unit == "percentunit":
        return Measure(round(value * 100, 6), "%")
    return Measure(value, "s" if unit == "s" else "")


def limits(config: Json) -> tuple[Limit, ...]:
    """Where the alarm colours begin.

    A step holds from its own value up to the next one. Where the lowest step is an alarm, lower is
    worse, and each alarm ends where the next step begins.
    """
    steps = config.get("thresholds", {}).get("steps", [])
    if not steps:
        return ()
    if steps[0]["color"] in ALARM:
        reported = [(low["color"], "below", high["value"]) for low, high in pairwise(steps)]
    else:
        reported = [(step["color"], "from", step["value"]) for step in steps[1:]]
    unit = config.get("unit", "none")
    return tuple(Limit(c, d, shown(v, unit)) for c, d, v in reported if c in ALARM)


def configurations(panel: Json) -> dict[str | None, Json]:
    """The configuration of each field that has thresholds of its own."""
    defaults = panel["fieldConfig"]["defaults"]
    found: dict[str | None, Json] = {None: defaults}
    for override in panel["fieldConfig"]["overrides"]:
        values = {p["id"]: p["value"] for p in override["properties"]}
        if "thresholds" in values:
            found[override["matcher"]["options"]] = defaults | values
    return found


COLOURED = [
    Coloured(path, title, name, config)
    for path in BOTH
    for title, panel in panels(path).items()
    for name, config in configurations(panel).items()
    if limits(config)
]


def written(limit: Limit) -> str:
    """A limit as the tables write it: "below 99 %", "from 10 000", "from 0.4 s"."""
    number = f"{limit.measure.value:,.6f}".rstrip("0").rstrip(".").replace(",", " ")
    return f"{limit.direction} {number} {limit.measure.unit}".rstrip()


def measures(text: str) -> frozenset[Measure]:
    """Every number of a text; one that is part of a name (p95, L561-5) is none."""
    return frozenset(_measure(found) for found in re.finditer(_MEASURE, text))


def reported(text: str) -> Reported:
    """What a text claims ("Orange, from 0.4 s"; "red below 10 %"), and its other numbers."""
    claims = frozenset(
        Limit(found["colour"].lower(), found["direction"].lower(), _measure(found))
        for found in _CLAIM.finditer(text)
    )
    return Reported(claims, measures(_CLAIM.sub("", text)))


def _measure(found: re.Match[str]) -> Measure:
    return Measure(float(re.sub(r"[ ,]", "", found["number"])), found["unit"] or "")
