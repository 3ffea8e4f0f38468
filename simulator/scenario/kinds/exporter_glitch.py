"""The exporter of Kafka says of a consumer group what is not so."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import Problem, ScrapeEpisode
from simulator.scenario.fields import Name
from simulator.scenario.group_episode import unknown_group
from simulator.scenario.lever import Lever, readable
from simulator.scenario.readers import readers

__all__ = ["ExporterGlitch"]


class ExporterGlitch(ScrapeEpisode):
    """What kafka_exporter is known for; Kafka and its consumers are as ever.

    no-commit: in some `partitions` it finds no offset that the group committed, and shows offset
    and lag as -1. negative: it reads committed offsets `apart_seconds` after log-end offsets, so
    that the lag of groups that keep up is below 0. vanish: the group has no series.
    """

    kind: Literal["exporter-glitch"]
    form: Literal["no-commit", "negative", "vanish"]
    group: Name | None = None
    partitions: Annotated[int, Field(ge=0)] = 0
    apart_seconds: Annotated[float, Field(ge=0.0, le=600.0)] = 0.0

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """The group is there, and a form has its own parameters and no others."""
        yield from super().problems(base)
        if self.form == "negative" and self.group is not None:
            yield "group", "the form negative is of all groups"
        elif self.form != "negative" and self.group is None:
            names = ", ".join(group.name for group in base.platform.kafka.groups())
            yield "form", f"{self.form} is of one group: give {names}"
        elif self.form != "negative":
            yield from unknown_group(self.group, base)
        n = _fewest(base, self.group)
        if self.form == "no-commit" and not 0 < self.partitions < n:
            # of a group without any committed offset the exporter shows none at all
            yield (
                "partitions",
                f"{self.partitions} of {n} partitions without a commit; "
                "one or more, and not all: that is the form vanish",
            )
        if self.form == "negative" and not self.apart_seconds:
            yield "apart_seconds", "say how long after the first offsets it reads others, such as 5"
        for form, field in (("no-commit", "partitions"), ("negative", "apart_seconds")):
            if self.form != form and getattr(self, field):
                yield field, f"is of the form {form}, not of {self.form}"

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Lag below 0, and each group without commits or out of sight."""
        yield Lever(
            "negative-lag",
            "exporter-glitch",
            lambda seconds: {"form": "negative", "apart_seconds": readable(seconds)},
            (2.0, 15.0),
            is_unnoticed=True,
        )
        for group in base.platform.kafka.groups():
            yield from _of_group(group.name, _fewest(base, group.name) - 1)


def _fewest(base: Baseline, group: str | None) -> int:
    """Partitions of the smallest of the topics that a group reads."""
    found = (one.partitions for one in readers(base, group))
    return min(found, default=base.platform.kafka.partitions)


def _of_group(group: str, most: int) -> Iterator[Lever]:
    if most:
        yield Lever(
            f"{group}-uncommitted",
            "exporter-glitch",
            lambda count: {"form": "no-commit", "group": group, "partitions": round(count)},
            (float(most),),
            scale="count",
            is_unnoticed=True,
        )
    yield Lever(
        f"{group}-vanishes",
        "exporter-glitch",
        lambda _: {"form": "vanish", "group": group},
        (1.0,),
        is_unnoticed=True,
    )
