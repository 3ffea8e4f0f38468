"""Causes as numbers of each tick: what signals that are not simulated can follow.

All are functions of a Trace, without a draw: 0, or 1 of the load, is an ordinary time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, get_args

import numpy as np

from simulator.measures.catalogue import MEASURES
from simulator.measures.measure import Histogram
from simulator.measures.seen import Seen
from simulator.scenario.kinds import KINDS
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import DEPENDENCIES
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.causes import intensity
from simulator.simulation.requests import STATUS_CLASSES

__all__ = ["CAUSES", "Cause", "CauseName"]

_KINDS: Final[tuple[str, ...]] = tuple(
    get_args(kind.model_fields["kind"].annotation)[0] for kind in KINDS
)
CauseName = Literal[
    "load",
    "in-progress",
    "error-share",
    "slowness",
    "lag",
    "used-space",
    "workers-lost",
    "episode",
]


@dataclass(frozen=True)
class Cause:
    """One of them: its value in each tick, shape (ticks,), of what it is `of`.

    `which` says what it can be of in a scenario; `needs_one` whether it has to be of one of these.
    """

    help: str
    values: Callable[[Seen, str | None], Floats] = field(repr=False)
    which: Callable[[Scenario], Sequence[str]] = field(default=lambda _: (), repr=False)
    needs_one: bool = False


def _load(seen: Seen, _: str | None) -> Floats:
    per_second = _requests(seen, ()).sum(axis=-1) / seen.trace.grid.step
    return np.asarray(per_second / seen.scenario.traffic.requests_per_second)


def _in_progress(seen: Seen, _: str | None) -> Floats:
    return seen.trace.requests.in_flight / seen.scenario.platform.api.workers


def _error_share(seen: Seen, _: str | None) -> Floats:
    by_class = _requests(seen, ("class",)).sum(axis=-1)
    return np.asarray(
        by_class[:, STATUS_CLASSES.index("5xx")] / np.maximum(by_class.sum(axis=1), 1)
    )


def _requests(seen: Seen, asked: tuple[str, ...]) -> Ints:
    found = MEASURES["http_requests"].of(seen, asked)
    return found.counts if isinstance(found, Histogram) else found


def _slowness(seen: Seen, of: str | None) -> Floats:
    times = {str(name): factor for name, factor in seen.trace.causes.slowness.items()}
    return times[of or ""] - 1.0


def _lag(seen: Seen, of: str | None) -> Floats:
    unread = dict.fromkeys(_groups(seen.scenario), np.zeros(seen.trace.grid.count))
    topics = ((one.scenario, one.topic) for one in seen.trace.further)
    for scenario, topic in ((seen.scenario, seen.trace.topic), *topics):
        of_groups = topic.lag.sum(axis=2).T
        for group, lag in zip(scenario.platform.kafka.consumer_groups, of_groups, strict=True):
            unread[group.name] = unread[group.name] + lag
    messages = (
        np.max([np.zeros(seen.trace.grid.count), *unread.values()], axis=0)
        if of is None
        else unread[of]
    )
    return np.asarray(messages / seen.scenario.traffic.requests_per_second)


def _used_space(seen: Seen, _: str | None) -> Floats:
    storage = seen.trace.storage
    total = np.maximum(storage.usable_total, 1.0)
    return np.asarray(1.0 - storage.usable_free / total)


def _workers_lost(seen: Seen, _: str | None) -> Floats:
    return np.asarray(1.0 - seen.trace.causes.workers / seen.scenario.platform.api.workers)


def _episode(seen: Seen, of: str | None) -> Floats:
    elapsed = seen.trace.grid.elapsed
    found = np.zeros(elapsed.shape)
    for episode in seen.scenario.episodes:
        if episode.kind == of:
            found = np.maximum(found, intensity(episode, elapsed))
    return found


def _groups(scenario: Scenario) -> list[str]:
    return [group.name for group in scenario.platform.kafka.groups()]


_BY_NAME: Final[dict[CauseName, Cause]] = {
    "load": Cause("requests per second, as a multiple of the scenario's mean", _load),
    "in-progress": Cause("requests in progress, for each worker of the API", _in_progress),
    "error-share": Cause("share of requests that are answered with 5xx", _error_share),
    "slowness": Cause(
        "how many times longer than in health a dependency takes, less 1",
        _slowness,
        lambda _: DEPENDENCIES,
        needs_one=True,
    ),
    "lag": Cause(
        "what a consumer group has not read, in seconds of mean traffic; that of the slowest "
        "group where none is named",
        _lag,
        _groups,
    ),
    "used-space": Cause("share of the object store that is used", _used_space),
    "workers-lost": Cause("share of the API's workers that are gone", _workers_lost),
    "episode": Cause(
        "intensity of the episodes of a kind, the strongest of those that are on",
        _episode,
        lambda _: _KINDS,
        needs_one=True,
    ),
}
CAUSES: Final[Mapping[str, Cause]] = MappingProxyType(
    {name: _BY_NAME[name] for name in get_args(CauseName)}
)
