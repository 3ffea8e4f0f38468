"""Gauges under no law in the ranges that somebody's thresholds are for: a straight line over them.

Somebody's rule says accuracy below 0.85 where it is 0.76 here in health: with names alone it would
be on at all times. The line leaves a calm day on the good side of all thresholds, and takes the
worst of the tour beyond them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from simulator.adopt.boards.days import Day, days_of
from simulator.adopt.boards.limits import bounds_of
from simulator.adopt.boards.written_metric import Written

__all__ = ["Line", "line_between", "set_ranges"]

#: Of what no other metric has to agree with it.
_LAWLESS: Final = frozenset(
    {"accuracy", "balanced_accuracy", "precision", "recall", "f1", "auc", "gini", "ks"}
    | {"psi", "drift_ks", "drift_js", "default_ratio"}
)
_MARGIN: Final = 0.15
_LEAST_GAP: Final = 0.1
_MOST: Final = 0.995


class Line(NamedTuple):
    """What values are multiplied by, and what is added then."""

    scale: float
    shift: float


def set_ranges(metrics: Mapping[str, Written], platform: Mapping[str, Any]) -> None:
    """Gives gauges that are held against thresholds the range of these, marked as assumed."""
    found = {name: one for name, one in metrics.items() if _is_lawless(one)}
    limits = {name: _limits(one) for name, one in found.items()}
    wanted = {name: one for name, one in found.items() if limits[name]}
    if not wanted:
        return
    calm, tour = days_of(platform, {name: one.content for name, one in wanted.items()})
    for name, one in wanted.items():
        if name not in calm or name not in tour:
            continue
        before = one.content.get("scale", 1.0)
        line = _line(limits[name], calm[name], tour[name], most=_MOST * _whole(one, before))
        if line is not None:
            scale, shift = _short(before * line.scale), _short(line.shift)
            one.content.pop("scale", None)
            one.content |= {"scale": scale} if scale != 1.0 else {}
            one.content |= {"shift": shift} if shift else {}
            one.content["assumed"] = True
            numbers = ", ".join(f"{number:g}" for _, number in limits[name])
            one.notes.append(f"assumed: its range is one for thresholds at {numbers}")


def _is_lawless(one: Written) -> bool:
    source = one.content
    of_labels = source.get("ratio", {}).get("of", {}).get("measure") == "labels"
    return source.get("measure") in _LAWLESS or of_labels


def _whole(one: Written, scale: float) -> float:
    """The highest that there is of a share; of an index there is none."""
    return float("inf") if one.content.get("measure") == "psi" else scale


def _limits(one: Written) -> list[tuple[str, float]]:
    """What it is held against: by alerts, else by colours; all on the side of the first."""
    bounds = [b for b in bounds_of(one.choice.family) if b.form == "value" and b.sign[0] in "<>"]
    told = [b for b in bounds if b.is_alert] or bounds
    side = "<" if any(b.sign[0] == "<" for b in told) else ">"
    return sorted({(side, b.number) for b in told if b.sign[0] == side and b.number > 0.0})


def _line(limits: Sequence[tuple[str, float]], calm: Day, tour: Day, *, most: float) -> Line | None:
    numbers = [number for _, number in limits]
    if limits[0][0] == "<":
        return line_between(min(numbers), max(numbers), calm.low, tour.low, calm.high, most=most)
    scale = _scale_between(min(numbers), max(numbers), calm.high, tour.high)
    if scale is not None:
        return None if scale == 1.0 else Line(scale, 0.0)
    turned = line_between(
        most - max(numbers), most - min(numbers), most - calm.high, most - tour.high,
        most - calm.low, most=most,
    ) if most != float("inf") else None  # fmt: skip
    return None if turned is None else Line(turned.scale, most - turned.shift - turned.scale * most)


def _scale_between(lowest: float, highest: float, calm: float, tour: float) -> float | None:
    """A factor by which what is calm is below all limits, and the tour's worst above them."""
    if calm < lowest and tour > highest:
        return 1.0
    if calm <= 0.0:
        return highest * (1 + _MARGIN) / tour if tour > 0.0 else None
    least, largest = highest / tour if tour > 0.0 else float("inf"), lowest / calm
    return (least * largest) ** 0.5 if least < largest else None


def line_between(  # noqa: PLR0913 - numbers on one scale
    lowest: float, highest: float, calm: float, worst: float, best: float, *, most: float
) -> Line | None:
    """The line that takes `calm` above the highest limit and `worst` below the lowest.

    It is as steep as what is simulated, if that fits: `best` stays below `most`. None where both
    are there already, or nothing moves.

    >>> line = line_between(0.85, 0.85, 0.75, 0.61, 0.77, most=0.995)
    >>> [round(line.scale * x + line.shift, 3) for x in (0.75, 0.61)]
    [0.92, 0.78]
    >>> line_between(0.7, 0.7, 0.75, 0.61, 0.77, most=0.995) is None
    True
    """
    if (calm > highest and worst < lowest) or calm - worst <= 0.0:
        return None
    middle, target = (calm + worst) / 2, (lowest + highest) / 2
    margin = _MARGIN * max(highest - lowest, _LEAST_GAP)
    least = (highest - lowest + 2 * margin) / (calm - worst)
    largest = (most - target) / (best - middle)
    if largest <= 0.0:
        return None
    scale = min(max(1.0, least), largest)
    return Line(scale, target - scale * middle)


def _short(number: float) -> float:
    return float(f"{number:.4g}")
