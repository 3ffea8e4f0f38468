"""Extra signals: what nothing simulates, with bounds from thresholds and units."""

from typing import Any, Final

from simulator.adopt.boards.choice import Choice
from simulator.adopt.boards.concepts import Resource
from simulator.adopt.boards.limits import bounds_of
from simulator.adopt.boards.scaling import scale_of

__all__ = ["signal_of"]

_AT_ALARM: Final = 0.85
"""Where of its full scale a signal has its alarm, if that tells the scale."""
_STEPS: Final = (0.2, 0.4, 1.0, 2.0, 4.0, 8.0, 20.0, 50.0)
"""Edges of a histogram, in medians."""


def signal_of(choice: Choice) -> tuple[dict[str, Any], str]:
    """The source of a signal or of its limit in the metric's own unit, and what made it so."""
    resource = choice.resource
    assert resource is not None  # noqa: S101 - a choice without one is no signal
    scale, why = scale_of(choice.family, resource.unit)
    full, told = _full(choice, resource, scale)
    said = "; ".join(filter(None, (why, told)))
    if choice.is_limit:
        return {"always": {"component": "scoring-api", "value": _short(full)}}, said
    if choice.family.kind in {"histogram", "summary"}:
        return {"signal": _histogram(resource, full)}, said
    kind: dict[str, Any] = {"kind": "counter"} if choice.family.kind == "counter" else {}
    whole: dict[str, Any] = {"whole": True} if resource.is_whole and not kind else {}
    if kind and resource.unit == "seconds":
        whole = {"whole": False}
    most: dict[str, Any] = {} if kind else {"max": _most(resource, full)}
    return {
        "signal": {
            **kind,
            **whole,
            "base": _short(resource.base * full),
            "noise": resource.noise,
            "causes": [{**one, "weight": _short(one["weight"] * full)} for one in resource.causes],
            **most,
        }
    }, said


def _full(choice: Choice, resource: Resource, scale: float) -> tuple[float, str]:
    """What its full scale is worth, and why."""
    if resource.unit == "share":
        return scale, ""
    of_counter = choice.family.kind == "counter"
    upper = [
        one
        for one in bounds_of(choice.family)
        if one.sign.startswith(">") and one.number > 0.0 and (one.form == "rate") is of_counter
    ]
    upper = [one for one in upper if one.form != "increase"]
    alarms = [one.number for one in upper if one.is_alert] or [one.number for one in upper]
    if not alarms:
        return resource.full * scale, "no threshold tells how large it is"
    return max(alarms) / _AT_ALARM, f"assumed: it is held against {max(alarms):g}"


def _most(resource: Resource, full: float) -> float:
    return _short(full if resource.unit == "share" else full * 1.2)


def _histogram(resource: Resource, full: float) -> dict[str, Any]:
    median = resource.base * full
    return {
        "kind": "histogram",
        "base": _short(median),
        "sigma": 0.5,
        "edges": [_short(median * step) for step in _STEPS],
        "counts": "predictions",
        "causes": [{**one, "weight": _short(one["weight"] * median)} for one in resource.causes],
    }


def _short(number: float) -> float:
    found = float(f"{number:.3g}")
    return int(found) if found.is_integer() else found
