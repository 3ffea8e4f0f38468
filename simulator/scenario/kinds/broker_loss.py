"""Kafka brokers are down."""

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.impact import copies_left
from simulator.scenario.lever import Lever, counts
from simulator.scenario.severity import turned_away, unrecorded, worst
from simulator.scenario.violation_rates import REFUSED_GAP_FACTOR
from simulator.scenario.vocabulary import Alarms

__all__ = ["BrokerLoss"]


class BrokerLoss(EpisodeBase):
    """Some of the Kafka brokers are down."""

    kind: Literal["broker-loss"]
    brokers: Annotated[int, Field(ge=1)]

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """Nobody loses more than there is."""
        if self.brokers > base.platform.kafka.brokers:
            yield "brokers", f"{self.brokers} lost of only {base.platform.kafka.brokers}"

    def consequences(self, base: Baseline) -> Alarms:
        """Copies are missing; with too few left, what needs to be safe is refused, unrecorded."""
        kafka = base.platform.kafka
        if self.longest_seconds <= kafka.replica_lag_time:
            return {}  # back before anybody counts it as gone
        copies = copies_left(base, self.brokers)
        refused = sum(c < kafka.min_isr for c in copies) / len(copies)
        per_decision = refused / (1.0 - refused) if refused < 1.0 else math.inf
        found = worst(
            {"success-rate": turned_away(refused)},
            unrecorded(REFUSED_GAP_FACTOR, base, per_decision=per_decision),
        )
        if min(copies) < kafka.replication:
            # with one copy left, the next failure loses decisions
            found["replication"] = "red" if min(copies) <= 1 else "orange"
        if refused > 0.0:
            found["min-isr"] = "red"  # what needs to be safe is not accepted any more
        return found

    def refusing_seconds(self, base: Baseline) -> float:
        """Until copies are back."""
        return base.platform.kafka.catch_up + base.platform.kafka.replica_lag_time

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """One, and one more."""
        kafka = base.platform.kafka
        yield Lever(
            "brokers-down",
            "broker-loss",
            lambda brokers: {"brokers": round(brokers)},
            counts(kafka.brokers),
            scale="count",
            seen_after=kafka.replica_lag_time,
            recovers=kafka.catch_up + kafka.replica_lag_time,
        )
