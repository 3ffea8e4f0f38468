"""A scenario on the platform of a mapping."""

from simulator.mapping.compiling import bound_metrics
from simulator.mapping.model import Mapping
from simulator.mapping.size import require_bounded
from simulator.scenario.draws.drawing import Draw, drawn_on_clock
from simulator.scenario.loading import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.platform_part import with_platform

__all__ = ["chosen_draw", "chosen_plan"]


def chosen_draw(  # noqa: PLR0913 - what a run is asked to be
    name_or_path: str,
    mapping: Mapping,
    *,
    origin: float,
    seconds: float | None = None,
    seed: int | None = None,
    compress: float = 1.0,
) -> Draw:
    """The scenario of that name or file as a mapping's platform has it, with all its episodes.

    Those that are drawn are drawn for a run that begins at Unix seconds `origin` and lasts
    `seconds`, or as long as the scenario.

    Raises:
        MappingError: more series than the mapping is allowed to.
        ScenarioError: no such scenario, it cannot be on that platform, or not run that fast.

    >>> from simulator.mapping.loading import default_mapping
    >>> chosen_draw("calm", default_mapping(), origin=0.0, seed=7).scenario.seed
    7
    """
    plan = chosen_plan(name_or_path, mapping, seed=seed, compress=compress)
    drawn = drawn_on_clock(plan, origin, seconds=seconds or 0.0)
    if plan.drawn:  # with the versions of releases that were drawn
        _require_bounded(mapping, drawn.scenario)
    return drawn


def chosen_plan(
    name_or_path: str, mapping: Mapping, *, seed: int | None = None, compress: float = 1.0
) -> Scenario:
    """The scenario as it is written: episodes that are drawn are still to be drawn.

    How many series they make together is known here, before anything runs.

    Raises:
        MappingError: more than the mapping is allowed to.
        ScenarioError: no such scenario, it cannot be on that platform, or not run that fast.
    """
    scenario = with_platform(load_scenario(name_or_path), mapping.platform, source=mapping.name)
    _require_bounded(mapping, scenario)
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": seed})
    return scenario if compress == 1.0 else scenario.compressed(compress)


def _require_bounded(mapping: Mapping, scenario: Scenario) -> None:
    require_bounded(mapping, (one.family for one in bound_metrics(mapping, scenario)))
