"""One consumer of a group dies."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import Problem
from simulator.scenario.fields import Duration
from simulator.scenario.group_episode import GroupEpisode
from simulator.scenario.lever import Lever
from simulator.scenario.readers import Reader, readers
from simulator.timeline.durations import format_duration

__all__ = ["ConsumerCrash"]

_SHAPES: Final = ("abrupt", "recurring")
_REBALANCE: Final = "5s"


class ConsumerCrash(GroupEpisode):
    """One member of a consumer group dies, and is back at the end.

    Until the session timeout nobody notices: its partitions are not read. Then the group
    rebalances, and the others read them, too, each with the capacity that it has. When the member
    is back, the group rebalances again. For `rebalance_time` an `eager` group stops altogether, as
    with Kafka's RangeAssignor; a `cooperative` one only on partitions that change hands.
    """

    kind: Literal["consumer-crash"]
    member: Annotated[int, Field(ge=0, lt=100)] = 0
    assignment: Literal["cooperative", "eager"] = "cooperative"
    session_timeout: Duration = 45.0  # Kafka's default since 3.0
    rebalance_time: Duration = 5.0

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """The group is there and has that member, which is either dead or not."""
        yield from super().problems(base)
        members = next((r.members for r in readers(base, self.group)), None)
        if members is not None and self.member >= members:
            yield "member", f"{self.member} of members 0 to {members - 1}"
        if self.onset.shape not in _SHAPES:
            yield "onset", f"{self.name!r} is a crash, which is {' or '.join(_SHAPES)}"

    def backlog_of(self, reader: Reader) -> Backlog:
        """What nobody reads until the others do, and what these do not get to."""
        rate, capacity, seconds = reader.arriving, reader.capacity, self.longest_seconds
        taken = capacity * (reader.members - 1) / reader.members
        waiting = min(self.session_timeout + self.rebalance_time, seconds)
        return Backlog(rate, taken, rate, capacity, seconds, waiting)

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each group, from when it notices soon to the longest that Kafka's brokers allow."""
        return (_of_group(group.name) for group in base.platform.kafka.groups())


def _of_group(group: str) -> Lever:
    return Lever(
        f"{group}-member-dies",
        "consumer-crash",
        lambda timeout: {
            "group": group,
            "session_timeout": format_duration(round(timeout)),
            "rebalance_time": _REBALANCE,
        },
        (10.0, 45.0, 180.0, 600.0, 1800.0),
        recovers=300.0,
        part=group,
        unsaid=frozenset({"rebalance_time"}),
    )
