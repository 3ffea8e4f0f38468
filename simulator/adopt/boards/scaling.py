"""In which unit a metric's values are, by its name, its panels and its thresholds."""

import re
from collections.abc import Iterator
from typing import Final

from simulator.adopt.boards.families import Family
from simulator.adopt.boards.limits import bounds_of
from simulator.adopt.boards.name_words import UNITS, words_in

__all__ = ["is_of_one", "scale_of"]

#: How many of a unit make one of what is simulated.
_OF_SECONDS: Final = {
    "nanoseconds": 1e9,
    "microseconds": 1e6,
    "milliseconds": 1e3,
    "seconds": 1.0,
    "minutes": 1 / 60,
    "hours": 1 / 3600,
    "days": 1 / 86_400,
}
_OF_BYTES: Final = {"kilobytes": 1e-3, "megabytes": 1e-6, "gigabytes": 1e-9, "bytes": 1.0}
_PANEL_UNITS: Final = {"ms": 1e3, "µs": 1e6, "s": 1.0, "m": 1 / 60, "h": 1 / 3600, "d": 1 / 86_400}
_HUNDRED: Final = re.compile(r"(?<![\d.])100(?![\d.])")
_CONVERTED: Final = re.compile(r"[*/]\s*(?:1000|1e3|60|3600|86400|1024)\b")


def scale_of(family: Family, unit: str) -> tuple[float, str]:
    """What values of a source in `unit` are multiplied by, and why; 1 where nothing says so."""
    named = [UNITS[word] for word in words_in(family.name) if word in UNITS]
    if unit in {"seconds", "bytes"}:
        table = _OF_SECONDS if unit == "seconds" else _OF_BYTES
        found = next((one for one in reversed(named) if one in table), None)
        if found:
            return table[found], f"its name says {found}" if table[found] != 1.0 else ""
        return _by_panels(family) if unit == "seconds" else (1.0, "")
    if unit == "share" and "percent" in named:
        return 100.0, "its name says percent"
    if unit == "share":
        return _of_share(family)
    return 1.0, ""


def _by_panels(family: Family) -> tuple[float, str]:
    """By the unit that panels show it in, where queries do not convert it."""
    units = [one for one in family.need.units if one in _PANEL_UNITS]
    if units and not any(_CONVERTED.search(text) for text in family.need.texts):
        scale = _PANEL_UNITS[units[0]]
        return scale, f"its panel shows {units[0]}" if scale != 1.0 else ""
    return 1.0, ""


def _of_share(family: Family) -> tuple[float, str]:
    if any(_HUNDRED.search(text) for text in family.need.texts if "histogram_" not in text):
        return 1.0, ""
    large = [n for n in _numbers(family) if 1.0 < n <= 100.0]  # noqa: PLR2004 - a share is 1 at most
    if large:
        return 100.0, f"it is held against {large[0]:g}"
    if is_of_one(family):
        return 1.0, ""
    if "percent" in family.need.units:
        return 100.0, "its panel shows percent"
    return 1.0, ""


def _numbers(family: Family) -> Iterator[float]:
    for one in bounds_of(family):
        if one.form in {"value", "quantile", "mean"}:
            yield one.number


def is_of_one(family: Family) -> bool:
    """Whether its values are between 0 and 1, by its thresholds and panels."""
    numbers = [n for n in _numbers(family) if n != 0.0]
    is_divided = any("/" in text for text in family.need.texts)  # then a unit is of a quotient
    is_share = "percentunit" in family.need.units and not is_divided
    return (bool(numbers) and max(numbers) <= 1.0) or is_share
