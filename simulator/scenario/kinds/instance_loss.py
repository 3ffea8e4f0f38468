"""Replicas of the API are gone."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.impact import busy
from simulator.scenario.lever import Lever, counts
from simulator.scenario.severity import overloaded, turned_away, worst
from simulator.scenario.vocabulary import Alarms

__all__ = ["InstanceLoss"]

_LOOK_SECONDS: Final = 300.0  # within which somebody on call would look at it


class InstanceLoss(EpisodeBase):
    """Some of the API's replicas are gone, until the load balancer sends requests to them again.

    What they were working on is lost, and so is what is sent to them until the health check
    notices; then the rest has to carry the traffic.
    """

    kind: Literal["instance-loss"]
    replicas: Annotated[int, Field(ge=1)] = 1

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """Nobody loses more than there is."""
        if self.replicas > base.platform.api.replicas:
            yield "replicas", f"{self.replicas} lost of only {base.platform.api.replicas}"

    def consequences(self, base: Baseline) -> Alarms:
        """Applicants are turned away by nobody's answer, and afterwards if the rest is too few."""
        api = base.platform.api
        share = self.replicas / api.replicas
        if share >= 1.0:
            return {"success-rate": "red"}
        look = _LOOK_SECONDS / base.compression
        unnoticed = min(api.health_check, self.longest_seconds) / look
        found: Alarms = {"success-rate": turned_away(share * min(unnoticed, 1.0))}
        if self.longest_seconds > api.health_check:
            found = worst(found, overloaded(busy(base, lost=share)))
        return found

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """One, and one more."""
        yield Lever(
            "replicas-gone",
            "instance-loss",
            lambda replicas: {"replicas": round(replicas)},
            counts(base.platform.api.replicas),
            scale="count",
        )
