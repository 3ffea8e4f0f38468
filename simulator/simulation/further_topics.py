"""Topics beside the scoring topic, on the same brokers: what feeds each, and who reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from simulator.scenario.kinds.hot_partition import HotPartition
from simulator.scenario.model import Scenario
from simulator.scenario.platform.kafka import Feed, FurtherTopic
from simulator.seeding import Draws, Streams
from simulator.simulation.arrays import Ints
from simulator.simulation.causes import causes
from simulator.simulation.exposure import Glitches, glitches
from simulator.simulation.handover import Handover, Offsets
from simulator.simulation.kafka import Cluster, Kafka, Topic, cluster, unwritable_share
from simulator.simulation.requests import Requests
from simulator.timeline.grid import Grid

__all__ = ["FurtherTopics", "TopicTicks"]

_FEEDS: Final[Mapping[Feed, Callable[[Requests], Ints]]] = {
    "requests": lambda r: r.http.sum(axis=(1, 2, 3)),
    "applications": lambda r: r.applications.sum(axis=(1, 2)),
    "decisions": lambda r: r.scored,
    "errors": lambda r: r.applications[:, :, 1:].sum(axis=(1, 2)),
}


@dataclass(frozen=True)
class TopicTicks:
    """A further topic during some ticks; its `scenario` is one whose scoring topic it is."""

    scenario: Scenario
    cluster: Cluster
    topic: Topic
    glitches: Glitches


class FurtherTopics:
    """Carries the offsets of all of them from tick to tick."""

    def __init__(self, scenario: Scenario, step: float, streams: Streams) -> None:
        self._topics = [
            _Further(scenario, one, step, streams) for one in scenario.platform.kafka.further_topics
        ]

    def start_from(self, before: Handover) -> None:
        """Goes on with the offsets of the run before; a topic that it did not have is empty.

        Raises:
            ScenarioError: one of them had another number of partitions.
        """
        for one in self._topics:
            if one.name in before.further:
                one.kafka.start_from(before.further[one.name])

    def offsets(self) -> dict[str, Offsets]:
        """The offsets by topic, now."""
        return {one.name: one.kafka.left() for one in self._topics}

    def ticks(self, requests: Requests, grid: Grid, draws: Draws) -> tuple[TopicTicks, ...]:
        """What the requests of these ticks have brought."""
        return tuple(one.ticks(requests, grid, draws) for one in self._topics)


class _Further:
    """One of them."""

    def __init__(
        self, scenario: Scenario, said: FurtherTopic, step: float, streams: Streams
    ) -> None:
        self.name = said.name
        self._fed_by, self._each = _FEEDS[said.fed_by], said.messages_each
        self._scenario = _as_scoring_topic(scenario, said)
        self.kafka = Kafka(self._scenario, step, streams, suffix=f".{said.name}")

    def ticks(self, requests: Requests, grid: Grid, draws: Draws) -> TopicTicks:
        """What they bring: what cannot be written is dropped, and no request fails for it."""
        now, nodes = causes(self._scenario, (), grid), cluster(self._scenario, grid)
        messages = self._messages(self._fed_by(requests), draws)
        blocked = unwritable_share(now.partition_weights, nodes)
        if blocked.any():
            name = f"kafka.dropped.{self.name}"
            messages = messages - draws(name, Generator.binomial, messages, blocked)
        nowhere = np.zeros(grid.count, dtype=np.bool_)
        topic = self.kafka.topic(messages, nodes, now, nowhere, grid, draws)
        return TopicTicks(self._scenario, nodes, topic, glitches(self._scenario, grid))

    def _messages(self, events: Ints, draws: Draws) -> Ints:
        """Messages of each tick: a whole number for each event, and one more for a share of them.

        Where each brings a whole number, nothing is drawn.
        """
        whole, share = divmod(self._each, 1.0)
        messages = events * int(whole)
        if share == 0.0:
            return messages
        name = f"kafka.messages.{self.name}"
        more = draws(name, Generator.binomial, events, np.full(len(events), share))
        return np.asarray(messages + more)


def _as_scoring_topic(scenario: Scenario, said: FurtherTopic) -> Scenario:
    """The scenario as a topic meets it: with its partitions, its groups, and what happens to them.

    Keys are not those of decisions, so that a hot one of theirs is none here.
    """
    platform = scenario.platform
    groups = tuple(g.model_copy(update={"archives": False}) for g in said.consumer_groups)
    replication = said.replication or platform.kafka.replication
    kafka = platform.kafka.model_copy(
        update={
            "topic": said.name,
            "partitions": said.partitions,
            "replication": replication,
            "min_isr": min(platform.kafka.min_isr, replication),
            "consumer_groups": groups,
            "retention_messages": said.retention_messages,
            "further_topics": (),
        }
    )
    names = {group.name for group in groups}
    episodes = tuple(
        e
        for e in scenario.episodes
        if not isinstance(e, HotPartition) and getattr(e, "group", None) in {None, *names}
    )
    return scenario.model_copy(
        update={
            "platform": platform.model_copy(update={"kafka": kafka}),
            "episodes": episodes,
        }
    )
