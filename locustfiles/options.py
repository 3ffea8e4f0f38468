"""What can be chosen for a test: on the command line, by environment, or in the web form."""

from argparse import Namespace
from dataclasses import dataclass
from typing import Self

from locust.argument_parser import LocustArgumentParser

from simulator.errors import ScenarioError
from simulator.scenario.loading import library_names, load_scenario
from simulator.scenario.model import Scenario

__all__ = ["Choice", "add_options"]

_MOST_COMPRESSED = 1e5
_SEEDS = 2**63


@dataclass(frozen=True)
class Choice:
    """A test as it was asked for; `scenario` has its seed and compression in it already."""

    scenario: Scenario
    name_or_path: str
    compress: float
    pushgateway: str
    push_interval: str
    keeps_groups: bool

    @classmethod
    def of(cls, options: Namespace) -> Self:
        """The choice that Locust's options make.

        Raises:
            ScenarioError: no such scenario, or a seed or compression that cannot be used.
        """
        scenario = load_scenario(options.scenario)
        seed = _seed(options.seed)
        if seed is not None:
            scenario = scenario.model_copy(update={"seed": seed})
        compress = float(options.compress)
        if not 1.0 <= compress <= _MOST_COMPRESSED:
            raise ScenarioError(
                f"--compress is {compress:g}: give a factor from 1 to {_MOST_COMPRESSED:g}"
            )
        return cls(
            scenario=scenario.compressed(compress) if compress > 1.0 else scenario,
            name_or_path=str(options.scenario),
            compress=compress,
            pushgateway=str(options.pushgateway),
            push_interval=str(options.push_interval),
            keeps_groups=bool(options.keep_groups),
        )


def add_options(parser: LocustArgumentParser) -> None:
    """Adds the options; those that make it another test are in the web form too."""
    parser.add_argument(
        "--scenario",
        env_var="SIMULATOR_SCENARIO",
        default="calm",
        metavar="NAME|FILE",
        help=f"scenario that traffic and platform follow: {', '.join(library_names())}, or a file",
    )
    parser.add_argument(
        "--seed",
        env_var="SIMULATOR_SEED",
        metavar="N",
        help="whole number, in place of the scenario's own seed",
    )
    parser.add_argument(
        "--compress",
        type=float,
        env_var="SIMULATOR_COMPRESS",
        default=1.0,
        metavar="K",
        help="run scenario time K times as fast; rates stay as they are",
    )
    parser.add_argument(
        "--pushgateway",
        env_var="SIMULATOR_PUSHGATEWAY",
        default="http://127.0.0.1:9091",
        metavar="URL",
        include_in_web_ui=False,  # it may hold a password
        help="where the built-in platform pushes its metrics; `none` pushes nowhere",
    )
    parser.add_argument(
        "--push-interval",
        env_var="SIMULATOR_PUSH_INTERVAL",
        default="5s",
        metavar="DURATION",
        include_in_web_ui=False,
        help="how often the built-in platform pushes",
    )
    parser.add_argument(
        "--keep-groups",
        action="store_true",
        env_var="SIMULATOR_KEEP_GROUPS",
        include_in_web_ui=False,
        help="leave the pushed groups in the Pushgateway at the end",
    )


def _seed(given: str | None) -> int | None:
    """The seed, or None where none is given, as by a form field that is left empty."""
    if given is None or not given.strip():
        return None
    try:
        seed = int(given)
    except ValueError:
        seed = -1
    if not 0 <= seed < _SEEDS:
        raise ScenarioError(f"--seed is {given!r}: give a whole number from 0 to {_SEEDS - 1}")
    return seed
