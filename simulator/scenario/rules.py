"""What the types of a scenario cannot say: one function a rule, all of them listed in RULES."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.errors import ScenarioError
from simulator.reading.sound_parts import Parts
from simulator.scenario.distributions.possible import drawn_problems
from simulator.scenario.episode import ApplicantEpisode, Problem
from simulator.scenario.kinds.traffic_surge import TrafficSurge
from simulator.scenario.model import Scenario
from simulator.scenario.naming import (
    features_are_left,
    names_are_told_apart,
    names_are_whole,
    routes_lead_to_one,
)
from simulator.scenario.overlaps import levels, moments
from simulator.scenario.score_shares import cut_offs_fit
from simulator.scenario.topics import further_topics_fit
from simulator.scenario.violation_rates import rates_have_parents
from simulator.timeline.durations import format_duration

__all__ = ["PARTS", "RULES", "problems", "problems_of_episodes", "require_whole_ticks"]

#: What of a scenario stands for itself where another part of it cannot be read.
PARTS: Final = Parts(
    [("episodes", "*"), ("drawn", "*")], instead={"name": "unnamed", "description": ""}
)

_MAX_VERSIONS = 12  # each has series of its own from the first tick to the last
_MAX_MIXTURES = 6  # at once: each doubles the number of populations to be computed
_MAX_REQUESTS_PER_SECOND = 1e12
_MOST_MAGNITUDE = 300.0  # beyond, a float holds no power of ten
_ROUNDING_SECONDS = 1e-6  # 1.1h and 2.2h are 3.3h


def episodes_end_in_time(scenario: Scenario) -> Iterator[Problem]:
    """An episode lies within the scenario, and neither is empty."""
    if scenario.duration <= 0.0:
        yield "duration", "the scenario lasts 0s"
    for i, e in enumerate(scenario.episodes):
        if e.duration <= 0.0:
            yield f"episodes.{i}.duration", f"{e.name!r} lasts {format_duration(e.duration)}"
        elif e.start + e.duration > scenario.duration + _ROUNDING_SECONDS:
            yield (
                f"episodes.{i}",
                f"{e.name!r} ends at {format_duration(e.start + e.duration)}, after the scenario's "
                f"duration of {format_duration(scenario.duration)}",
            )


def names_are_unique(scenario: Scenario) -> Iterator[Problem]:
    """Two episodes do not share a name, nor do two of those to be drawn."""
    for name, count in Counter(e.name for e in scenario.episodes).items():
        if count > 1:
            yield "episodes", f"{count} episodes are named {name!r}"
    for name, count in Counter(e.name for e in scenario.drawn).items():
        if count > 1:
            yield "drawn", f"{count} entries are named {name!r}"


def onsets_fit(scenario: Scenario) -> Iterator[Problem]:
    """An onset has the times its shape needs, and they fit into the episode."""
    for i, e in enumerate(scenario.episodes):
        at, onset = f"episodes.{i}.onset", e.onset
        if onset.shape == "recurring" and not 0.0 < onset.period <= e.duration:
            yield (
                at,
                f"a recurring onset needs a period within the duration of "
                f"{format_duration(e.duration)}, not {format_duration(onset.period)}",
            )
        if onset.shape in ("abrupt", "recurring") and (onset.rise or onset.fall):
            yield at, f"an onset of shape {onset.shape!r} has no rise or fall"
        if onset.shape in ("gradual", "incremental") and onset.rise <= 0.0:
            yield at, f"an onset of shape {onset.shape!r} needs a rise, such as 10m"
        if onset.rise + onset.fall > e.duration + _ROUNDING_SECONDS:
            yield (
                at,
                f"rise and fall take {format_duration(onset.rise + onset.fall)}, longer than "
                f"the episode's {format_duration(e.duration)}",
            )


def shares_can_be_shared(scenario: Scenario) -> Iterator[Problem]:
    """Weights leave something to draw from."""
    for field in ("channels", "endpoints"):
        if sum(getattr(scenario.traffic, field).values()) <= 0.0:
            yield f"traffic.{field}", "all weights are 0"
    if not scenario.traffic.batch_sizes:
        yield "traffic.batch_sizes", "is empty; give at least one size"


def kafka_holds_together(scenario: Scenario) -> Iterator[Problem]:
    """Replicas fit on the brokers, and the minimum of in-sync ones into the replicas."""
    kafka = scenario.platform.kafka
    if kafka.replication > kafka.brokers:
        yield (
            "platform.kafka.replication",
            f"{kafka.replication} replicas do not fit on {kafka.brokers} brokers",
        )
    if kafka.min_isr > kafka.replication:
        yield (
            "platform.kafka.min_isr",
            f"{kafka.min_isr} in-sync replicas of only {kafka.replication}",
        )


def groups_are_told_apart(scenario: Scenario) -> Iterator[Problem]:
    """Names of groups are unique, and one of them at most feeds MinIO."""
    groups = scenario.platform.kafka.consumer_groups
    names = [g.name for g in groups]
    if len(set(names)) < len(names):
        yield "platform.kafka.consumer_groups", f"names are not unique: {', '.join(names)}"
    archivers = [g.name for g in groups if g.archives]
    if len(archivers) > 1:
        yield (
            "platform.kafka.consumer_groups",
            f"{', '.join(archivers)} all archive; at most one group does",
        )


def minio_has_a_layout(scenario: Scenario) -> Iterator[Problem]:
    """Pools have as many servers each, and at most half of their drives hold parity."""
    minio = scenario.platform.minio
    if minio.nodes % len(minio.pools):
        yield (
            "platform.minio.pools",
            f"{len(minio.pools)} pools of {minio.nodes} nodes; each has as many of them",
        )
    elif 2 * minio.parity > minio.drives_of_pool:
        yield (
            "platform.minio.parity",
            f"{minio.parity} parity drives of only {minio.drives_of_pool}",
        )


def episodes_are_possible(scenario: Scenario) -> Iterator[Problem]:
    """Each episode fits the platform, and does something (see its kind)."""
    for i, e in enumerate(scenario.episodes):
        for field, said in e.problems(scenario):
            yield f"episodes.{i}.{field}" if field else f"episodes.{i}", said


def releases_are_ordered(scenario: Scenario) -> Iterator[Problem]:
    """Versions are new, few, and released one after the other."""
    releases, versions = scenario.releases, scenario.versions
    if len(set(versions)) < len(versions):
        yield "episodes", f"model versions are not unique: {', '.join(versions)}"
    if len(versions) > _MAX_VERSIONS:
        yield "episodes", f"{len(versions)} model versions; at most {_MAX_VERSIONS}"
    for one, other in pairwise(releases):
        if other.start < one.start + one.duration - _ROUNDING_SECONDS:
            yield "episodes", f"{other.name!r} starts before {one.name!r} has ended"


def mixtures_are_few(scenario: Scenario) -> Iterator[Problem]:
    """Not too many episodes split the applicants into parts at the same time."""
    mixing = [e for e in scenario.episodes if isinstance(e, ApplicantEpisode) and e.is_mixing]
    at = moments(mixing)
    count = np.zeros(len(at), dtype=np.int64)
    for e, (inside, level) in zip(mixing, levels(mixing, at), strict=True):
        count[inside] += _is_mixed(e, level)
    if count.max(initial=0) > _MAX_MIXTURES:
        worst = float(at[count.argmax()])
        names = [repr(e.name) for e in mixing if _is_mixed(e, e.span.intensity(worst - e.start))]
        yield (
            "episodes",
            f"{count.max()} episodes split the applicants at once ({', '.join(names)}); "
            f"at most {_MAX_MIXTURES} can",
        )


def _is_mixed(e: ApplicantEpisode, level: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whether some applicants are as ever and some are not, at these intensities."""
    share = level * e.most_affected
    return np.asarray((share > 0.0) & (share < 1.0))


def traffic_is_countable(scenario: Scenario) -> Iterator[Problem]:
    """Surges that are on together do not multiply traffic beyond what can be counted."""
    surges = scenario.of_kind(TrafficSurge)
    at = moments(surges)
    magnitude = np.zeros(len(at))  # in powers of ten: many factors may be more than a float holds
    for e, (inside, level) in zip(surges, levels(surges, at), strict=True):
        magnitude[inside] += np.log10(1.0 + (e.factor - 1.0) * level)
    most = math.log10(scenario.traffic.requests_per_second) + float(magnitude.max(initial=0.0))
    if most > math.log10(_MAX_REQUESTS_PER_SECOND):
        when = format_duration(float(at[magnitude.argmax()]))
        yield (
            "traffic.requests_per_second",
            f"with the surges on at {when} up to {10.0 ** min(most, _MOST_MAGNITUDE):g} a second; "
            f"at most {_MAX_REQUESTS_PER_SECOND:g}",
        )


def draws_are_possible(scenario: Scenario) -> Iterator[Problem]:
    """Whatever is drawn fits the platform, as written episodes do."""
    for i, entry in enumerate(scenario.drawn):
        if entry.duration.least > scenario.duration:
            yield (
                f"drawn.{i}.duration",
                f"{entry.name!r} lasts {format_duration(entry.duration.least)} or more, and the "
                f"scenario {format_duration(scenario.duration)}",
            )
        for path, said in drawn_problems(entry, scenario):
            yield f"drawn.{i}.{path}", said


#: Rules about episodes at the same time, which those that are drawn keep one by one.
_OF_EPISODES: Final[tuple[Callable[[Scenario], Iterator[Problem]], ...]] = (
    names_are_unique,
    releases_are_ordered,
    mixtures_are_few,
    traffic_is_countable,
)
RULES: Final[tuple[Callable[[Scenario], Iterator[Problem]], ...]] = (
    episodes_end_in_time,
    names_are_unique,
    onsets_fit,
    shares_can_be_shared,
    kafka_holds_together,
    groups_are_told_apart,
    further_topics_fit,
    minio_has_a_layout,
    names_are_told_apart,
    names_are_whole,
    features_are_left,
    routes_lead_to_one,
    cut_offs_fit,
    rates_have_parents,
    episodes_are_possible,
    releases_are_ordered,
    mixtures_are_few,
    traffic_is_countable,
    draws_are_possible,
)


def problems_of_episodes(scenario: Scenario) -> list[Problem]:
    """What is wrong with episodes beside each other, each of which can be."""
    return [problem for rule in _OF_EPISODES for problem in rule(scenario)]


def problems(scenario: Scenario) -> list[Problem]:
    """Everything that is wrong with a scenario of valid types."""
    return [problem for rule in RULES for problem in rule(scenario)]


def require_whole_ticks(scenario: Scenario, step: float) -> None:
    """Nothing, when every episode is there and lasts at least a tick of `step` seconds.

    Raises:
        ScenarioError: one does not, and would never be seen; or some are still to be drawn.
    """
    if scenario.drawn:
        raise ScenarioError(
            f"scenario {scenario.name!r} has episodes that are still to be drawn; draw them first"
        )
    for e in scenario.episodes:
        if e.duration < step - _ROUNDING_SECONDS:
            raise ScenarioError(
                f"episode {e.name!r} of scenario {scenario.name!r}: "
                f"{format_duration(e.duration)} is shorter than a tick of {format_duration(step)}; "
                "compress less, or push more often"
            )
