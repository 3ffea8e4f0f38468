"""Prometheus gets no samples, or gets them late."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import Problem, ScrapeEpisode
from simulator.scenario.fields import Jobs
from simulator.scenario.lever import Lever
from simulator.scenario.vocabulary import JOBS

__all__ = ["ScrapeGap"]


class ScrapeGap(ScrapeEpisode):
    """Jobs do not answer Prometheus, or so slowly that their samples are late and fewer.

    missing: their series end, and come back afterwards. late: each scrape is up to `late_seconds`
    late, another time by another part of it; one that is not done when the next is due is left
    out. Counters run on meanwhile.
    """

    kind: Literal["scrape-gap"]
    jobs: Jobs
    mode: Literal["missing", "late"] = "missing"
    late_seconds: Annotated[float, Field(ge=0.0, le=600.0)] = 0.0

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """How late is said where something is late, and nowhere else."""
        yield from super().problems(base)
        if self.mode == "late" and not self.late_seconds:
            yield "late_seconds", "say how late samples are at most, such as 20"
        if self.mode == "missing" and self.late_seconds:
            yield "late_seconds", "nothing is late where all is missing; mode late has it"

    def live_notes(self) -> Iterator[str]:
        """A gateway is scraped in time, whatever is in it."""
        if self.mode == "late":
            yield (
                f"{self.name!r} is late in histories and at /metrics only: "
                "a Pushgateway answers in time"
            )

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Nothing from anywhere."""
        yield Lever(
            "no-samples",
            "scrape-gap",
            lambda _: {"jobs": list(JOBS), "mode": "missing"},
            (1.0,),
            unsaid=frozenset({"jobs"}),
            is_unnoticed=True,
        )
