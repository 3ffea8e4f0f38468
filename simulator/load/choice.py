"""What a test is asked to be: a scenario, seed and compression, pauses, and where to push."""

import os
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from simulator.errors import ScenarioError
from simulator.load.tags import chosen_endpoints
from simulator.load.waiting import USUAL, Waiting
from simulator.mapping.chosen import chosen_scenario
from simulator.mapping.loading import load_mappings
from simulator.pushing.instance import INSTANCE, checked_instance
from simulator.quoting import quoted
from simulator.runtime.clock import unix_seconds
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Endpoint

__all__ = ["Choice"]

_SEEDS: Final = 2**63


@dataclass(frozen=True)
class Choice:
    """A test as it was asked for; `scenario` has its seed and compression in it already."""

    scenario: Scenario
    name_or_path: str
    compress: float
    pushgateway: str
    push_interval: str
    keeps_groups: bool
    endpoints: frozenset[Endpoint]
    history: str = ""
    instance: str = INSTANCE
    takes_over: bool = False
    mappings: tuple[str, ...] = ()
    allow_series: int | None = None
    waiting: Waiting = USUAL

    @classmethod
    def of(cls, options: Namespace) -> Self:
        """The choice that Locust's options make.

        Raises:
            MappingError: no such mapping, or one that cannot be used.
            ScenarioError: no such scenario, or a seed, a compression or tags that cannot be used.
            PushgatewayError: an instance that cannot be used.
            SimulatorError: a kind of test or pauses that cannot be used.
        """
        compress = float(options.compress)
        mappings = _mappings(options.mapping)
        scenario = chosen_scenario(
            str(options.scenario),
            load_mappings(mappings, allow_series=options.allow_series),
            origin=unix_seconds(),
            seed=_seed(options.seed),
            compress=compress,
        )
        return cls(
            scenario=scenario,
            name_or_path=str(options.scenario),
            compress=compress,
            pushgateway=str(options.pushgateway),
            push_interval=str(options.push_interval),
            keeps_groups=bool(options.keep_groups),
            endpoints=chosen_endpoints(options, scenario),
            history=str(options.history or ""),
            instance=checked_instance(str(options.instance)),
            takes_over=bool(options.take_over),
            mappings=mappings,
            allow_series=options.allow_series,
            waiting=Waiting.of(options),
        )


def _mappings(given: Sequence[str] | None) -> tuple[str, ...]:
    """Names of mappings; an environment variable lists several in one."""
    return tuple(name for some in given or () for name in some.split(os.pathsep) if name)


def _seed(given: str | None) -> int | None:
    """The seed, or None where none is given, as by a form field that is left empty."""
    if given is None or not given.strip():
        return None
    try:
        seed = int(given)
    except ValueError:
        seed = -1
    if not 0 <= seed < _SEEDS:
        raise ScenarioError(
            f"--seed is {quoted(given)}: give a whole number from 0 to {_SEEDS - 1}"
        )
    return seed
