"""Extra signals of known names, and what there is of something at most, fitted to thresholds."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from simulator.adopt.boards.limits import bounds_of
from simulator.adopt.boards.written_metric import Written
from simulator.promql.shapes import Shape, essence, metrics_in, scaled

__all__ = ["fit_signals"]

_AT_ALARM: Final = 0.85
"""Where of the most that a signal comes to its alarm lies."""
_OF_LOAD: Final = 1.9
"""How large the load is at the busiest hour, and other causes where nothing bounds them."""


def fit_signals(metrics: Mapping[str, Written]) -> None:
    """Brings signals of known names, and limits that others are divided by, to thresholds."""
    for one in metrics.values():
        if one.choice.library and "signal" in one.content:
            _fit(one)
    for used, limit, number in _pairs(metrics):
        most = _comes_to(metrics[used].content["signal"])
        value = _short(_AT_ALARM * most / number)
        content = metrics[limit].content
        form, key = ("always", "value") if "always" in content else ("signal", "base")
        content[form] = {**content[form], key: value}
        content["assumed"] = True
        metrics[limit].notes.append(f"assumed: {used} is held against {number:g} of it")


def _fit(one: Written) -> None:
    signal: dict[str, Any] = one.content["signal"]
    form = "rate" if signal.get("kind") == "counter" else "value"
    alarms = [
        b.number
        for b in bounds_of(one.choice.family)
        if b.is_alert and b.sign[0] == ">" and b.form == form and b.number > 0.0
    ]
    most = _comes_to(signal)
    if not alarms or most <= 0.0:
        return
    factor = max(alarms) / (_AT_ALARM * most)
    causes = [{**c, "weight": _short(c["weight"] * factor)} for c in signal.get("causes", ())]
    fitted = {"base": _short(signal["base"] * factor), "causes": causes}
    highest = {"max": _short(signal["max"] * factor)} if "max" in signal else {}
    one.content["signal"] = {**signal, **fitted, **highest}
    one.content["assumed"] = True
    one.notes.append(f"assumed: it is held against {max(alarms):g}")


def _comes_to(signal: Mapping[str, Any]) -> float:
    """About the most that it is in incidents."""
    added = 0.0
    for one in signal.get("causes", ()):
        added += max(one["weight"], 0.0) * min(one.get("most", _OF_LOAD), _OF_LOAD)
    return min(signal["base"] + added, signal.get("max", float("inf")))


def _pairs(metrics: Mapping[str, Written]) -> Iterator[tuple[str, str, float]]:
    """Signals that are divided by what there is at most, and the largest share that is held."""
    found: dict[tuple[str, str], float] = {}
    for name, one in metrics.items():
        for threshold in one.choice.family.need.thresholds:
            factor, shape = scaled(essence(threshold.compared))
            names = list(dict.fromkeys(metrics_in(shape)))
            if not _is_plain(shape) or len(names) != 2 or names[0] != name:  # noqa: PLR2004 - both sides
                continue
            limit = metrics.get(names[1], one)
            is_pair = not one.choice.is_limit and "signal" in one.content
            is_pair = is_pair and (limit.choice.is_limit or "always" in limit.content)
            if is_pair and threshold.is_alert and threshold.sign[0] == ">":
                pair = (names[0], names[1])
                found[pair] = max(found.get(pair, 0.0), threshold.number / factor)
    yield from ((used, limit, number) for (used, limit), number in found.items() if number > 0.0)


def _is_plain(shape: Shape) -> bool:
    """Whether it is one divided by another, and nothing else is done but adding up."""
    return shape.name == "/" and all(part.kind in {"metric", "aggregation"} for part in shape.parts)


def _short(number: float) -> float:
    return float(f"{number:.4g}")
