"""Topics beside the scoring topic: what the brokers hold, and who reads several of them."""

from collections import Counter
from collections.abc import Iterator

from simulator.reading.records import Problem
from simulator.scenario.baseline import Baseline

__all__ = ["further_topics_fit"]

_MOST_PARTITIONS = 1000  # of all further topics: each has series of its own


def further_topics_fit(base: Baseline) -> Iterator[Problem]:
    """Topics have names of their own and fit on the brokers; their groups are the same in all."""
    kafka, at = base.platform.kafka, "platform.kafka.further_topics"
    for name, count in Counter(kafka.topics()).items():
        if count > 1:
            yield at, f"{count} topics are called {name!r}"
    if (n := sum(topic.partitions for topic in kafka.further_topics)) > _MOST_PARTITIONS:
        yield at, f"{n} partitions of further topics; at most {_MOST_PARTITIONS}"
    known = {group.name: group for group in kafka.groups()}
    for i, topic in enumerate(kafka.further_topics):
        if topic.replication is not None and topic.replication > kafka.brokers:
            yield (
                f"{at}.{i}.replication",
                f"{topic.replication} replicas do not fit on {kafka.brokers} brokers",
            )
        names = [group.name for group in topic.consumer_groups]
        if len(set(names)) < len(names):
            yield f"{at}.{i}.consumer_groups", f"names are not unique: {', '.join(names)}"
        for j, group in enumerate(topic.consumer_groups):
            place, first = f"{at}.{i}.consumer_groups.{j}", known[group.name]
            if group.archives:
                yield (
                    f"{place}.archives",
                    f"{group.name!r} reads {topic.name!r}; only the scoring topic is archived",
                )
            if (group.members, group.label) != (first.members, first.label):
                yield (
                    place,
                    f"{group.name!r} has {group.members} members and label {group.label!r} here, "
                    f"and {first.members} and {first.label!r} where it is named first",
                )
