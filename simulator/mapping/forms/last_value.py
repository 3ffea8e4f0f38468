"""What the application that was scored last has, kept until the next one."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Final

import numpy as np

from simulator.mapping.component_sources import LAST_DIMENSIONS, LastValue
from simulator.mapping.filtering import filtered
from simulator.mapping.forms.context import Context
from simulator.mapping.holding import held
from simulator.mapping.node import Node
from simulator.mapping.properties import base_of
from simulator.mapping.sources import Source
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.last_applicant import LastApplicant
from simulator.measures.last_scored import (
    LatestApplications,
    default_probability,
    latest_applications,
)
from simulator.measures.seen import Seen
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import FEATURES, JOBS, Job
from simulator.simulation.arrays import Bools, Floats, Ints
from simulator.simulation.scorecard import LOWEST_POINTS

__all__ = ["last_value"]

_COMPONENT: Final[Job] = "scoring-api"


def last_value(source: Source, context: Context) -> Node:
    """A row for each value of the dimensions, with the last application that was of them.

    `nan` before the first one, and after a restart until the next. Of `application` itself the row
    that it is of has 1, and all others 0.
    """
    what: LastValue = source.said
    asked = _asked((*context.dimensions, *source.where))
    rows = tuple(product(*(DIMENSIONS[d].values(context.scenario) for d in asked)))
    value_of = _value(what, context.scenario)
    name = f"{context.metric} last {what}"

    def values(seen: Seen) -> Floats:
        return seen.once(name, lambda _: _shown(seen, name))

    def _shown(seen: Seen, name: str) -> Floats:
        latest = latest_applications(seen)
        at = _place(latest, asked, context.scenario)
        is_here = latest.is_any[:, np.newaxis] & (at[:, np.newaxis] == np.arange(len(rows)))
        if what == "application":
            renewed = np.broadcast_to(latest.is_any[:, np.newaxis], is_here.shape)
            return _kept(seen, name, is_here.astype(np.float64), renewed)
        shown = value_of(seen, latest)[:, np.newaxis]
        return _kept(seen, name, np.where(is_here, shown, np.nan), is_here)

    node = Node(
        kind="state",
        component=_COMPONENT,
        dimensions=asked,
        rows=rows,
        values=values,
        help=f"The {what} of the application that was scored last.",
        unit="seconds" if what == "prediction-seconds" else "",
        folds=("max", "min", "mean", "sum"),
    )
    return filtered(node, source.where, context.scenario)


def _kept(seen: Seen, name: str, values: Floats, renewed: Bools) -> Floats:
    """The values held; those of a tick in which the process restarts are the new one's."""
    restarts = seen.trace.exposure.restarts[:, [JOBS.index(_COMPONENT)]]
    shown = np.where(renewed, values, np.nan)
    before = seen.remembered(name, np.full(values.shape[1], np.nan))
    found = held(shown, renewed | restarts, before)
    seen.memory[name] = found[-1]
    return found


def _asked(named: Iterable[str]) -> tuple[str, ...]:
    bases = {base_of(dimension) for dimension in named}
    return tuple(dimension for dimension in LAST_DIMENSIONS if dimension in bases)


def _place(latest: LatestApplications, asked: tuple[str, ...], scenario: Scenario) -> Ints:
    """The row of each tick's application, shape (ticks,)."""
    place = np.zeros(len(latest.is_any), dtype=np.int64)
    for dimension in asked:
        place = place * len(DIMENSIONS[dimension].values(scenario)) + getattr(latest, dimension)
    return place


def _value(what: LastValue, scenario: Scenario) -> Callable[[Seen, LatestApplications], Floats]:
    """What is shown of the applications, shape (ticks,)."""
    if what in FEATURES:
        applicant, column = LastApplicant(scenario), FEATURES.index(what)
        return lambda seen, _: applicant.feature(seen, column)
    if what == "default-probability":
        return lambda _, latest: default_probability(latest.points)
    if what == "prediction-seconds":
        return lambda _, latest: latest.prediction_seconds
    scores = np.array(scenario.platform.policy.scale().scores, dtype=np.float64)
    return lambda _, latest: np.asarray(scores[latest.points - LOWEST_POINTS])
