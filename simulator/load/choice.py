"""What a test is asked to be: a scenario, seed and compression, pauses, and where to push."""

import logging
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from simulator.errors import ScenarioError
from simulator.load.calls import Call
from simulator.load.login import Login
from simulator.load.mapping_names import mapping_names
from simulator.load.mix import missing_tasks, mix_of, wanted_mix
from simulator.load.platform_calls import calls_of
from simulator.load.tags import chosen_tasks
from simulator.load.waiting import USUAL, Waiting
from simulator.mapping.api_part import ApiPart
from simulator.mapping.chosen import chosen_draw
from simulator.mapping.load_part import Task
from simulator.mapping.loading import load_mappings
from simulator.pushing.instance import INSTANCE, checked_instance
from simulator.quoting import quoted
from simulator.runtime.clock import unix_seconds
from simulator.scenario.model import Scenario

__all__ = ["Choice"]

_LOG = logging.getLogger(__name__)
_SEEDS: Final = 2**63


@dataclass(frozen=True)
class Choice:
    """A test as it was asked for; `scenario` has its seed and compression in it already.

    `mix` has the weights of what users do, and `missing` what is left out, by the reason.
    """

    scenario: Scenario
    name_or_path: str
    compress: float
    pushgateway: str
    push_interval: str
    keeps_groups: bool
    mix: Mapping[Task, float]
    history: str = ""
    instance: str = INSTANCE
    takes_over: bool = False
    mappings: tuple[str, ...] = ()
    allow_series: int | None = None
    waiting: Waiting = USUAL
    api: ApiPart = field(default_factory=ApiPart)
    missing: Mapping[str, Sequence[Task]] = field(default_factory=dict)

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
        mappings = mapping_names(options.mapping)
        mapping = load_mappings(mappings, allow_series=options.allow_series)
        drawn = chosen_draw(
            str(options.scenario),
            mapping,
            origin=unix_seconds(),
            seed=_seed(options.seed),
            compress=compress,
        )
        for one in drawn.left_out:
            _LOG.warning("left out: %s", one)
        scenario = drawn.scenario
        wanted = wanted_mix(scenario, mapping.load.mix)
        known = calls_of(mapping.api, scenario.platform, wanted)
        return cls(
            scenario=scenario,
            name_or_path=str(options.scenario),
            compress=compress,
            pushgateway=str(options.pushgateway),
            push_interval=str(options.push_interval),
            keeps_groups=bool(options.keep_groups),
            mix=chosen_tasks(options, mix_of(wanted, known.by_task), scenario.name),
            missing=missing_tasks(wanted, known),
            history=str(options.history or ""),
            instance=checked_instance(str(options.instance)),
            takes_over=bool(options.take_over),
            mappings=mappings,
            allow_series=options.allow_series,
            waiting=Waiting.of(options),
            api=mapping.api,
        )

    @property
    def calls(self) -> Mapping[Task, Call]:
        """What users are to call of the platform."""
        known = calls_of(self.api, self.scenario.platform, self.mix).by_task
        return {task: known[task] for task in self.mix}

    def login(self, *, is_built_in: bool) -> Login | None:
        """What opens the platform; None where nothing does.

        Raises:
            SimulatorError: a secret is not in the environment, and the platform is not built in.
        """
        asked = self.api.authentication
        is_asked = any(not call.is_open for call in self.calls.values())
        return Login(asked, is_built_in=is_built_in) if asked is not None and is_asked else None


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
