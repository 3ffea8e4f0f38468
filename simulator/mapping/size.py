"""How many series a mapping makes of a scenario."""

from simulator.mapping.compiling import bound_metrics
from simulator.mapping.model import Mapping
from simulator.scenario.model import Scenario

__all__ = ["series_count"]


def series_count(mapping: Mapping, scenario: Scenario) -> int:
    """All samples of a tick: a histogram's buckets, count and sum are one each.

    >>> from simulator.mapping.loading import default_mapping
    >>> from simulator.scenario.loading import load_scenario
    >>> series_count(default_mapping(), load_scenario("calm")) > 500
    True
    """
    families = (one.family for one in bound_metrics(mapping, scenario))
    return sum(len(family.series) * len(family.parts) for family in families)
