"""In what two mappings differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.mapping.model import Mapping, Metric
from simulator.quoting import shortened

__all__ = ["Differences", "differences"]


@dataclass(frozen=True)
class Differences:
    """Metrics that only the first has, only the second, and those of which they say another thing.

    `changed` has of each metric the keys that differ, with what the first says and the second.
    """

    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    changed: dict[str, dict[str, tuple[Any, Any]]]

    @property
    def are_same(self) -> bool:
        """Whether both say the same of every metric."""
        return not (self.only_first or self.only_second or self.changed)

    def lines(self) -> Iterator[str]:
        """What differs, as text."""
        for name in self.only_first:
            yield f"- {name}"
        for name in self.only_second:
            yield f"+ {name}"
        for name, keys in self.changed.items():
            for key, (before, after) in keys.items():
                yield f"~ {name}: {key}: {shortened(str(before))} -> {shortened(str(after))}"

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        changed = {
            name: {key: {"first": before, "second": after} for key, (before, after) in keys.items()}
            for name, keys in self.changed.items()
        }
        return {
            "only_first": list(self.only_first),
            "only_second": list(self.only_second),
            "changed": changed,
        }


def differences(first: Mapping, second: Mapping) -> Differences:
    """What the two say differently of metrics; their names and descriptions do not count.

    >>> from simulator.mapping.loading import default_mapping
    >>> differences(default_mapping(), default_mapping()).are_same
    True
    """
    both = [name for name in first.metrics if name in second.metrics]
    changes = {name: dict(_changes(first.metrics[name], second.metrics[name])) for name in both}
    return Differences(
        tuple(name for name in first.metrics if name not in second.metrics),
        tuple(name for name in second.metrics if name not in first.metrics),
        {name: keys for name, keys in changes.items() if keys},
    )


def _changes(first: Metric, second: Metric) -> Iterator[tuple[str, tuple[Any, Any]]]:
    before, after = (one.model_dump(mode="json", exclude_unset=True) for one in (first, second))
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield key, (before.get(key), after.get(key))
