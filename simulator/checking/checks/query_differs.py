"""A panel that plots something near, and not equal to, what its alert compares."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.pairs import Pair
from simulator.checking.problems import Check, Problem, Weight
from simulator.promql.differences import Difference
from simulator.promql.shapes import essence, metrics_in
from simulator.quoting import shortened

__all__ = ["QUERY_DIFFERS"]

_MOST: Final = 3
_RATES: Final = frozenset({"rate", "irate", "increase"})


def _look(material: Material) -> Iterator[Problem]:
    for pair in material.pairs:
        if pair.differences is None:
            yield from _unlike(pair)
            continue
        told = [one for one in pair.differences if not _is_alike_above_zero(one, pair)]
        said = [
            f"{one.what} (panel {shortened(one.one)}, alert {shortened(one.other)})" for one in told
        ]
        if _reducer(pair):
            said.append(_reducer(pair))
        if said and len(told) <= _MOST:
            panel = pair.painted.panel.title or pair.painted.panel.path
            text = f"panel {panel} plots something else than it compares: {'; '.join(said)}"
            is_certain = pair.by == "link" or bool(told)
            weight = Weight.FINDING if is_certain else Weight.NOTE
            yield Problem(pair.alarm.subject, text, pair.alarm.place, weight)


def _is_alike_above_zero(one: Difference, pair: Pair) -> bool:
    """Whether it is no difference where an alert only asks if there is any: rates and sums."""
    if pair.limit.number != 0.0 or pair.limit.sign != ">":
        return False
    if one.what == "function":
        return {one.one, one.other} <= _RATES
    is_sum = {one.one.partition(" ")[0], one.other.partition(" ")[0]} == {"sum", "none"}
    return one.what == "grouping" or (one.what == "aggregation" and is_sum)


def _reducer(pair: Pair) -> str:
    """That one of the two looks at a time, and the other at its end."""
    shown, asked = pair.painted.reducer, pair.alarm.reducer
    if shown in {"mean", "median", "min", "max"} and not asked:
        return f"reduced (panel {shown} of its time range, alert the latest value)"
    return ""


def _unlike(pair: Pair) -> Iterator[Problem]:
    own = set(metrics_in(essence(pair.limit.compared)))
    asked = {
        metric
        for one in pair.painted.panel.targets
        for metric in own
        if metric and metric in one.expr
    }
    if not asked and own:
        panel = pair.painted.panel.title or pair.painted.panel.path
        said = f"links to panel {panel}, which asks for none of its metrics"
        yield Problem(pair.alarm.subject, said, pair.alarm.place, Weight.NOTE)


QUERY_DIFFERS: Final = Check(
    "query-differs", "a panel that plots something near what its alert compares", _look
)
