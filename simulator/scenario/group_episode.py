"""What the episodes of one consumer group share, on all topics that it reads."""

from abc import abstractmethod
from collections.abc import Iterator

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.fields import Name
from simulator.scenario.readers import Reader, longest, readers
from simulator.scenario.severity import behind, unarchived, worst
from simulator.scenario.vocabulary import Alarms
from simulator.spelling import did_you_mean

__all__ = ["GroupEpisode", "unknown_group"]


class GroupEpisode(EpisodeBase):
    """An episode of one consumer group, of the scoring topic or of any other."""

    group: Name

    @abstractmethod
    def backlog_of(self, reader: Reader) -> Backlog:
        """What the group does not get to on one of its topics."""

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """The group is there."""
        yield from unknown_group(self.group, base)

    def consequences(self, base: Baseline) -> Alarms:
        """The group falls behind; the archiver even behind what the topic keeps."""
        found = behind(self.backlog(base), base)
        if self.group != base.platform.kafka.archiver:
            return found
        scoring, *_ = readers(base, self.group)
        return worst(found, unarchived(self.backlog_of(scoring), base))

    def backlog(self, base: Baseline) -> Backlog | None:
        """Of the topic on which it is furthest behind."""
        return longest(map(self.backlog_of, readers(base, self.group)))


def unknown_group(group: str | None, base: Baseline) -> Iterator[Problem]:
    """That no topic has a group of that name."""
    names = [one.name for one in base.platform.kafka.groups()]
    if group not in names:
        known = f"none of {', '.join(names)}" if names else "not there: no group reads a topic"
        yield "group", f"{group!r} is {known}{did_you_mean(group or '', names)}"
