"""The scenarios of the library on a mapping's platform, each read once."""

from functools import cache

from simulator.mapping.compiling import bound_metrics
from simulator.mapping.model import Mapping
from simulator.mapping.size import require_bounded
from simulator.scenario.loading import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.platform_part import with_platform

__all__ = ["on_platform"]


def on_platform(name: str, mapping: Mapping) -> Scenario:
    """The scenario as the mapping's platform has it, and whether the mapping's metrics fit it.

    Raises:
        MappingError: more series than the mapping is allowed to.
        ScenarioError: it cannot be on that platform.
    """
    scenario = with_platform(_read(name), mapping.platform, source=mapping.name)
    require_bounded(mapping, (one.family for one in bound_metrics(mapping, scenario)))
    return scenario


@cache
def _read(name: str) -> Scenario:
    return load_scenario(name)
