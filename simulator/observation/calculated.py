"""The results of expressions over time, from those of the queries that they read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.grafana.expressions import POINTWISE, SINGLE_NUMBERS, Value, evaluated
from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Expression, Target
from simulator.observation.replay import Replayed

__all__ = ["calculated"]

_Inputs = Mapping[str, Sequence[Replayed]]


@dataclass(frozen=True, slots=True, eq=False)
class _Calculated(Replayed):
    """What an expression gives at each moment, from what its inputs are at that moment."""

    expression: Expression = field(default_factory=lambda: Expression("", "", {}))
    inputs: _Inputs = field(default_factory=dict)
    span: float = 0.0

    def until(self, moment: float) -> Iterator[Series]:
        values = {
            letter: [value for one in every for value in _values(one, one.until(moment))]
            for letter, every in self.inputs.items()
        }
        yield from _series(self.expression, values, moment - self.span, moment)


def calculated(
    target: Target, expression: Expression, inputs: _Inputs, *, end: float, span: float
) -> Replayed:
    """The answer of a target that is an expression, over a time range as the panel is opened.

    Where all that goes in are numbers, and at each time by itself, it is known at once for all of
    them, as an instant query's is.

    Raises:
        DashboardError: it is no expression.
    """
    answers = [one for every in inputs.values() for one in every]
    has_times = expression.kind not in SINGLE_NUMBERS and not all(map(_is_number, answers))
    is_at_once = expression.kind in POINTWISE and all(one.window == 0.0 for one in answers)
    values = {
        letter: [
            value
            for one in every
            for value in _values(one, one.answer.series, keeps_times=is_at_once)
        ]
        for letter, every in inputs.items()
    }
    series = tuple(_series(expression, values, end - span, end))
    spacing = max((one.spacing for one in answers), default=0.0)
    answer = Answer(target, series, has_times)
    if is_at_once:
        return Replayed(answer, spacing, 0.0)
    return _Calculated(answer, spacing, span, expression=expression, inputs=inputs, span=span)


def _is_number(one: Replayed) -> bool:
    """Whether it goes in as numbers: an instant query, or what is numbers itself."""
    is_instant = one.answer.target.kinds == ("instant",)
    return not one.answer.has_times or (one.answer.target.expression is None and is_instant)


def _values(
    one: Replayed, series: Iterable[Series], *, keeps_times: bool = False
) -> Iterator[Value]:
    as_numbers = _is_number(one) and not keeps_times
    for each in series:
        yield Value(each.labels, each.values, None if as_numbers else each.times)


def _series(
    expression: Expression, inputs: Mapping[str, Sequence[Value]], start: float, end: float
) -> Iterator[Series]:
    for one in evaluated(expression, inputs, start=start, end=end):
        times = np.full(len(one.numbers), end) if one.times is None else one.times
        yield Series(one.labels, times, one.numbers)
