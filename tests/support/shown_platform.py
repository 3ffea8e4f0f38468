"""A simulated platform, what it shows after each tick, and the samples of such a text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from prometheus_client.parser import text_string_to_metric_families

from simulator.metrics.catalog import CATALOG
from simulator.metrics.exposition import Exposition
from simulator.metrics.families import Layout
from simulator.metrics.latest import latest_values, text_families
from simulator.simulation.engine import Simulation
from tests.support.exposition_oracle import clients_metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client.core import Metric

    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

ORIGIN: Final = 1_772_355_600.0  # 2026-03-01 09:00 UTC
#: A sample's name, and its label pairs in the order of their names.
Series = tuple[str, tuple[tuple[str, str], ...]]


class Platform:
    """A simulation and the text that it shows after each tick."""

    def __init__(self, scenario: Scenario, *, step: float = 15.0) -> None:
        self._simulation = Simulation(scenario, origin=ORIGIN, step=step)
        self.layout = Layout(scenario, self._simulation.versions)

    def tick(self, count: int = 1) -> Trace:
        return self._simulation.advance(count)

    def metrics(self, trace: Trace) -> list[Metric]:
        """What the text is to say."""
        return clients_metrics(trace, self.layout)

    def text(self, trace: Trace, job: str | None = None) -> str:
        families = [f for f in CATALOG if job in {None, f.job}]
        text = Exposition(text_families(families, self.layout))
        return text.text(latest_values(families, trace)).decode()


def series_in(metrics: Iterable[Metric]) -> Iterator[tuple[Series, float]]:
    for metric in metrics:
        for sample in metric.samples:
            yield (sample.name, tuple(sorted(sample.labels.items()))), sample.value


def samples_of(text: str) -> dict[Series, float]:
    """All samples of an exposition text; a series that is there twice is an error."""
    found = list(series_in(text_string_to_metric_families(text)))
    repeated = [series for series, n in Counter(series for series, _ in found).items() if n > 1]
    assert repeated == []
    return dict(found)
