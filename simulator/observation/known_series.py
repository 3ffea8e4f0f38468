"""Which series a Prometheus has over a span of time: metrics, their labels, and labels' values."""

from dataclasses import dataclass, field

from simulator.errors import PrometheusError
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.promql.labels import Labels
from simulator.promql.selectors import NAME, Selector

__all__ = ["KnownSeries"]


@dataclass(frozen=True, eq=False)
class KnownSeries:
    """What there is from `start` to `end`, in unix seconds; each question is asked once.

    Samples come every `scrape_seconds`.

    What a server does not tell, as one that only speaks part of Prometheus's API, is not known.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """

    prometheus: Prometheus
    start: float
    end: float
    scrape_seconds: float = 15.0
    _known: dict[tuple[str, str], tuple[str, ...] | None] = field(default_factory=dict)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of all metrics."""
        return self._asked(NAME, "") or ()

    def is_known(self, selector: Selector) -> bool:
        """Whether there is a metric of that name, or nobody knows."""
        metrics = self.metrics
        return not metrics or not selector.metric or selector.metric in metrics

    def labels(self, selector: Selector) -> Labels:
        """The labels of the series that a selector picks, else of its metric; None for neither."""
        bare = Selector(selector.metric)
        for one in (selector, bare) if selector.metric else (selector,):
            names = self._asked("", str(one))
            if names:
                return frozenset(names) - {NAME}
        return None

    def values(self, label: str, selector: Selector) -> tuple[str, ...]:
        """The values of a label on the series that a selector picks."""
        return self._asked(label, str(selector)) or ()

    def _asked(self, label: str, match: str) -> tuple[str, ...] | None:
        key = (label, match)
        if key not in self._known:
            self._known[key] = self._answer(label, match)
        return self._known[key]

    def _answer(self, label: str, match: str) -> tuple[str, ...] | None:
        try:
            if not label:
                return self.prometheus.label_names(match=match, start=self.start, end=self.end)
            return self.prometheus.label_values(label, match=match, start=self.start, end=self.end)
        except UnreachablePrometheusError:
            raise
        except PrometheusError:
            return None
