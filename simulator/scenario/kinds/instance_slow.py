"""A replica of the API is slow."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.impact import busy
from simulator.scenario.lever import Lever
from simulator.scenario.severity import model_slower, overloaded, waiting, worst
from simulator.scenario.vocabulary import Alarms
from simulator.scenario.waits import service_seconds, slowest_in_twenty, tail_factor

__all__ = ["InstanceSlow"]


class InstanceSlow(EpisodeBase):
    """Some of the API's replicas take `factor` times as long, for all but the bureau's answers.

    Requests go to them as to the others: their share of all requests is slower, and keeps the
    workers that all share for longer.
    """

    kind: Literal["instance-slow"]
    replicas: Annotated[int, Field(ge=1)] = 1
    factor: Annotated[float, Field(ge=1.0, le=1000.0)]

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """No more of them are slow than there are."""
        if self.replicas > base.platform.api.replicas:
            yield "replicas", f"{self.replicas} slow of only {base.platform.api.replicas}"

    def consequences(self, base: Baseline) -> Alarms:
        """Their applicants wait, and all do where workers get scarce."""
        share = self.replicas / base.platform.api.replicas
        parts = base.platform.api.service_times
        slow = service_seconds(parts, own=self.factor)
        mean = (1.0 - share) * service_seconds(parts) + share * slow
        return worst(
            {
                "response-time": waiting(slowest_in_twenty(parts, share, self.factor), base),
                "prediction-latency": model_slower(tail_factor(parts, share, self.factor)),
            },
            overloaded(busy(base, seconds=mean)),
        )

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """One of them, from a noisy neighbour to one that swaps."""
        yield Lever(
            "replica-slow",
            "instance-slow",
            lambda factor: {"factor": factor},
            (2.0, 4.0, 8.0, 16.0, 32.0, 100.0),
        )
