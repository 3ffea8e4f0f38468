"""What may stand in place of a metric, of a label, and of its value: what there is beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol, TypeVar

from simulator.promql.labels import Labels
from simulator.promql.selectors import Selector

__all__ = ["Names", "Series"]

_ENDINGS: Final = ("_bucket", "_count", "_sum", "_total")
_T = TypeVar("_T")


class Series(Protocol):
    """What knows which series there are."""

    def labels(self, selector: Selector) -> Labels:
        """The labels of the series of a selector; None where nobody knows."""
        ...

    def values(self, label: str, selector: Selector) -> tuple[str, ...]:
        """The values of a label on the series of a selector."""
        ...


@dataclass(frozen=True)
class Names:
    """The metrics that dashboards and rules read, and the labels and values of their series."""

    metrics: frozenset[str]
    series: Series

    @cached_property
    def _by_ending(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in sorted(self.metrics):
            found.setdefault(_ending(one), []).append(one)
        return found

    def metrics_beside(self, metric: str) -> Sequence[str]:
        """The metrics of the same form that come next in the alphabet, which are like it."""
        return _beside(metric, self._by_ending.get(_ending(metric), ()))

    def labels_beside(self, label: str, metric: str) -> Sequence[str]:
        """The labels of a metric's series that come next to one."""
        return _beside(label, sorted(self.series.labels(Selector(metric)) or ()))

    def values_beside(self, label: str, value: str, metric: str) -> Sequence[str]:
        """The values of a label on a metric's series that come next to one."""
        return _beside(value, self.series.values(label, Selector(metric)))


def _ending(metric: str) -> str:
    return next((one for one in _ENDINGS if metric.endswith(one)), "")


def _beside(one: _T, every: Iterable[_T]) -> list[_T]:
    """Those before and after one, at the ends the only one; all ends where it is none of them."""
    known = list(every)
    if one not in known:
        return known[:1]
    at = known.index(one)
    return [*known[max(at - 1, 0) : at], *known[at + 1 : at + 2]]
