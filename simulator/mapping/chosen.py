"""A scenario on the platform of a mapping."""

from simulator.mapping.compiling import bound_metrics
from simulator.mapping.model import Mapping
from simulator.mapping.size import require_bounded
from simulator.scenario.loading import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.platform_part import with_platform

__all__ = ["chosen_scenario"]


def chosen_scenario(
    name_or_path: str, mapping: Mapping, *, seed: int | None = None, compress: float = 1.0
) -> Scenario:
    """The scenario of that name or file as a mapping's platform has it, chosen like others.

    >>> from simulator.mapping.loading import default_mapping
    >>> chosen_scenario("calm", default_mapping(), seed=7).seed
    7

    How many series they make together is known here, before anything runs.

    Raises:
        MappingError: more than the mapping is allowed to.
        ScenarioError: no such scenario, it cannot be on that platform, or not run that fast.
    """
    scenario = with_platform(load_scenario(name_or_path), mapping.platform, source=mapping.name)
    require_bounded(mapping, (one.family for one in bound_metrics(mapping, scenario)))
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": seed})
    return scenario if compress == 1.0 else scenario.compressed(compress)
