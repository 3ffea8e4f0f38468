"""When something was, or for how long it has been."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import numpy as np

from simulator.errors import ScenarioError
from simulator.mapping.component_sources import (
    COMPONENT_OF_MOMENT,
    OF_VERSIONS,
    Moment,
    TimeValue,
    jobs_of,
)
from simulator.mapping.filtering import filtered
from simulator.mapping.forms.context import Context
from simulator.mapping.holding import held
from simulator.mapping.node import Node, Row
from simulator.mapping.sources import Source
from simulator.measures.seen import Seen
from simulator.quoting import quoted
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import JOBS, Job
from simulator.simulation.arrays import Bools, Floats
from simulator.simulation.minio import APIS
from simulator.simulation.monitoring import back_tests

__all__ = ["time_value"]

_HELP: Final[dict[Moment, str]] = {
    "now": "The time",
    "process-start": "When the process started",
    "scored": "When an application was last scored",
    "archived": "When an object was last archived",
    "back-test": "When a version of the model was last back-tested",
    "trained": "The day of a version's training data",
    "deployed": "When a version of the model was deployed",
}


def time_value(source: Source, context: Context) -> Node:
    """Unix seconds, or how long ago that is; `nan` before it was, and of versions not there."""
    spec: TimeValue = source.said
    if spec.of == "trained":
        _trained_at(context.scenario)  # refused before anything runs
    given = (*jobs_of(spec.components), COMPONENT_OF_MOMENT[spec.of])
    component: Job = context.component or given[0]
    name = f"{context.metric} {spec.of}"

    def values(seen: Seen) -> Floats:
        at = seen.once(name, lambda _: _MOMENTS[spec.of](seen, name, component))
        if spec.seconds == "unix":
            return at
        return np.maximum(seen.trace.grid.ends[:, np.newaxis] - at, 0.0)

    is_of_versions = spec.of in OF_VERSIONS
    rows: tuple[Row, ...] = ((),)
    if is_of_versions:
        rows = tuple((version,) for version in context.scenario.versions)
    ago = "in unix seconds" if spec.seconds == "unix" else "as seconds since then"
    node = Node(
        kind="state",
        component=component,
        dimensions=("version",) if is_of_versions else (),
        rows=rows,
        values=values,
        help=f"{_HELP[spec.of]}, {ago}.",
        unit="seconds",
        folds=("production", "min", "max") if is_of_versions else ("max", "min"),
    )
    return filtered(node, source.where, context.scenario)


def _now(seen: Seen, _: str, __: Job) -> Floats:
    return seen.trace.grid.ends[:, np.newaxis]


def _process_start(seen: Seen, name: str, component: Job) -> Floats:
    """The first process is as old as the run; one that takes over starts with its tick."""
    grid = seen.trace.grid
    restarts = seen.trace.exposure.restarts[:, [JOBS.index(component)]]
    before = seen.remembered(name, np.array([grid.origin]))
    return _kept(seen, name, held(grid.starts[:, np.newaxis], restarts, before))


def _scored(seen: Seen, name: str, component: Job) -> Floats:
    return _latest(seen, name, component, seen.trace.requests.scored[:, np.newaxis] > 0)


def _archived(seen: Seen, name: str, component: Job) -> Floats:
    storage, put = seen.trace.storage, APIS.index("putobject")
    stored = storage.requests[:, [put]] - storage.errors[:, [put]]
    return _latest(seen, name, component, stored > 0)


def _back_test(seen: Seen, name: str, component: Job) -> Floats:
    """Of a version that has had applications enough."""
    is_due = back_tests(seen.trace.grid, seen.scenario.platform.monitoring.back_test_every)
    found = _latest(seen, name, component, is_due[:, np.newaxis] & seen.trace.model.seen)
    return _where_there(seen, found)


def _trained(seen: Seen, _: str, __: Job) -> Floats:
    return _where_there(seen, np.tile(_trained_at(seen.scenario), (seen.trace.grid.count, 1)))


def _deployed(seen: Seen, name: str, _: Job) -> Floats:
    """With its release; the version in production when the run began, with that."""
    origin, releases = seen.trace.grid.origin, seen.scenario.releases
    first = seen.memory[name] = seen.remembered(name, np.array([origin]))
    at = [*first.tolist(), *(origin + e.start for e in releases)]
    return _where_there(seen, np.tile(at, (seen.trace.grid.count, 1)))


_MOMENTS: Final[dict[Moment, Callable[[Seen, str, Job], Floats]]] = {
    "now": _now,
    "process-start": _process_start,
    "scored": _scored,
    "archived": _archived,
    "back-test": _back_test,
    "trained": _trained,
    "deployed": _deployed,
}


def _latest(seen: Seen, name: str, component: Job, happened: Bools) -> Floats:
    """The end of the latest tick with it, shape (ticks, rows); a new process knows of none."""
    restarts = seen.trace.exposure.restarts[:, [JOBS.index(component)]]
    ends = np.where(happened, seen.trace.grid.ends[:, np.newaxis], np.nan)
    before = seen.remembered(name, np.full(happened.shape[1], np.nan))
    return _kept(seen, name, held(ends, happened | restarts, before))


def _kept(seen: Seen, name: str, found: Floats) -> Floats:
    seen.memory[name] = found[-1]
    return found


def _where_there(seen: Seen, found: Floats) -> Floats:
    """`nan` of a version that is not deployed."""
    return np.where(seen.trace.causes.stages >= 0, found, np.nan)


def _trained_at(scenario: Scenario) -> list[float]:
    """Midnight UTC of each version's day, in unix seconds."""
    model = scenario.platform.model
    days = [
        (model.version, model.trained_on),
        *((e.version, e.trained_on) for e in scenario.releases),
    ]
    return [_unix_seconds(version, day) for version, day in days]


def _unix_seconds(version: str, day: str) -> float:
    """Seconds until midnight UTC of a day.

    Raises:
        ScenarioError: it is written in another way.

    >>> _unix_seconds("3.2.0", "1970-01-02")
    86400.0
    """
    try:
        moment = datetime.fromisoformat(day)
    except ValueError as error:
        raise ScenarioError(
            f"version {quoted(version)} was trained on {quoted(day)}, of which no time can be "
            "shown: write trained_on as a date, such as 2026-06-30"
        ) from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
