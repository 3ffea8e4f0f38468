"""A simulated platform, what it shows after each tick, and the samples of such a text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from prometheus_client.parser import text_string_to_metric_families

from simulator.metrics.exposition import Exposition
from simulator.metrics.latest import latest_values, text_families
from simulator.simulation.engine import Simulation
from tests.support.exported import as_written, export_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prometheus_client.core import Metric

    from simulator.metrics.families import FamilySamples
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

ORIGIN: Final = 1_772_355_600.0  # 2026-03-01 09:00 UTC
#: A sample's name, and its label pairs in the order of their names.
Series = tuple[str, tuple[tuple[str, str], ...]]


class Platform:
    """A simulation and what it shows after each tick; `trace` are the latest ticks."""

    trace: Trace

    def __init__(self, scenario: Scenario, *, step: float = 15.0) -> None:
        self._simulation = Simulation(scenario, origin=ORIGIN, step=step)
        self._export = export_of(scenario)

    def tick(self, count: int = 1) -> tuple[FamilySamples, ...]:
        """The samples of the next ticks."""
        self.trace = self._simulation.advance(count)
        return self._export.samples(self.trace)


def text_of(samples: Sequence[FamilySamples], job: str | None = None) -> str:
    """The text of the last tick."""
    shown = [one for one in samples if job in {None, one.family.job}]
    exposition = Exposition(text_families([one.family for one in shown]))
    return exposition.text(latest_values([one.blocks for one in shown])).decode()


def series_in(metrics: Iterable[Metric]) -> Iterator[tuple[Series, float]]:
    for metric in metrics:
        for sample in metric.samples:
            yield (as_written(sample.name), tuple(sorted(sample.labels.items()))), sample.value


def samples_of(text: str) -> dict[Series, float]:
    """All samples of an exposition text; a series that is there twice is an error."""
    found = list(series_in(text_string_to_metric_families(text)))
    repeated = [series for series, n in Counter(series for series, _ in found).items() if n > 1]
    assert repeated == []
    return dict(found)
