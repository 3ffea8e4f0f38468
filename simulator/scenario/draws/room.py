"""What of a scenario's distributions its platform has no room for."""

from simulator.scenario.distributions.possible import drawn_problems
from simulator.scenario.model import Scenario

__all__ = ["out_of_reach"]


def out_of_reach(scenario: Scenario) -> tuple[str, ...]:
    """By entry, what cannot be: such values are drawn again, or their episode is left out.

    Nothing of a scenario on its own platform; another one, such as a mapping's, may be smaller.

    >>> from simulator.scenario.loading import load_scenario
    >>> out_of_reach(load_scenario("on-call"))
    ()
    """
    return tuple(
        f"{entry.name}: only those of its values that this platform has room for: {found[0][1]}"
        for entry in scenario.drawn
        if (found := drawn_problems(entry, scenario))
    )
