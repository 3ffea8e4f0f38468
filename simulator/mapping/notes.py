"""What is not quite as a mapping asks, though it is no mistake."""

from collections.abc import Iterator

from simulator.mapping.compiling import bound_metrics
from simulator.mapping.model import Mapping
from simulator.scenario.model import Scenario

__all__ = ["notes"]


def notes(mapping: Mapping, scenario: Scenario) -> Iterator[tuple[str, str]]:
    """The path of each metric that there is something to say of, and what."""
    for one in bound_metrics(mapping, scenario):
        for note in one.notes:
            yield f"metrics.{one.family.name}", note
