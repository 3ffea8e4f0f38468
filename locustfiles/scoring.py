"""Realistic scoring traffic: `locust -f locustfiles/scoring.py`.

Without --host it starts the simulated platform itself, drives it, and stops it at the end; with
--host it drives that API and starts nothing.
"""

import logging
import random
import sys
from collections.abc import Mapping
from typing import Any, Final

from applications import Population
from built_in import BuiltInPlatform
from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import STATE_INIT, STATE_STOPPED, MasterRunner, WorkerRunner
from platform_state import watch
from users import BranchUser, ChannelUser, MobileUser, PartnerUser, WebUser, follow

from simulator.errors import SimulatorError
from simulator.scenario.loading import library_names, load_scenario
from simulator.scenario.model import Scenario

__all__ = ["BranchUser", "MobileUser", "PartnerUser", "WebUser"]

_LOG = logging.getLogger("scoring")
_FINISH_SECONDS: Final = 10.0  # requests on their way may end before users are stopped
_SENT: Final = "applications_sent"


class _Session:
    """What belongs to this process while Locust runs."""

    def __init__(self) -> None:
        self.platform: BuiltInPlatform | None = None
        self.sent_by_workers = 0
        self.watching: Any = None


_session = _Session()


@events.init_command_line_parser.add_listener
def add_options(parser: LocustArgumentParser) -> None:
    """The scenario's options, also in the web form where a test can be started with them."""
    parser.add_argument(
        "--scenario",
        env_var="SIMULATOR_SCENARIO",
        default="calm",
        metavar="NAME|FILE",
        help=f"scenario that traffic and platform follow: {', '.join(library_names())}, or a file",
    )
    parser.add_argument(
        "--seed", type=int, env_var="SIMULATOR_SEED", help="in place of the scenario's own seed"
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
        include_in_web_ui=False,
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


@events.init.add_listener
def start_platform(environment: Environment, **_: object) -> None:
    """Checks the scenario and, where no host is given, starts the platform."""
    options = environment.parsed_options
    if not environment.stop_timeout:
        environment.stop_timeout = _FINISH_SECONDS
    try:
        follow(_scenario(environment), "locust")
        if not environment.host and not isinstance(environment.runner, WorkerRunner):
            _session.platform = BuiltInPlatform()
            _session.platform.ensure(options)
            environment.host = _session.platform.url
            _LOG.info("The built-in platform answers at %s/docs", environment.host)
    except SimulatorError as error:
        _give_up(error)


@events.test_start.add_listener
def begin(environment: Environment, **_: object) -> None:
    """Follows the options as they are now: the web form may have changed them."""
    try:
        scenario = _scenario(environment)
        if _session.platform is not None:
            _session.platform.ensure(environment.parsed_options)
    except SimulatorError as error:
        _LOG.error("%s", error)
        environment.process_exit_code = 2
        if environment.runner is not None:
            environment.runner.quit()
        return
    name = _process_name(environment)
    random.seed(f"{scenario.seed} locust {name}")
    follow(scenario, name)
    if not isinstance(environment.runner, MasterRunner):
        _session.watching = watch(lambda: environment.host, _meet)


@events.test_stop.add_listener
def end(environment: Environment, **_: object) -> None:
    """Stops looking at the platform."""
    del environment
    if _session.watching is not None:
        _session.watching.kill(block=False)


@events.report_to_master.add_listener
def tell_master(client_id: str, data: dict[str, Any]) -> None:
    """A worker says how many applications it sent since it last said so."""
    del client_id
    data[_SENT], ChannelUser.supply.applications_sent = ChannelUser.supply.applications_sent, 0


@events.worker_report.add_listener
def hear_worker(client_id: str, data: Mapping[str, Any]) -> None:
    """The master adds it up."""
    del client_id
    _session.sent_by_workers += int(data.get(_SENT, 0))


@events.quitting.add_listener
def judge(environment: Environment, **_: object) -> None:
    """Answers of any status are what a scenario plans; only what was not reached is a failure."""
    runner = environment.runner
    if runner is None or isinstance(runner, WorkerRunner):
        environment.process_exit_code = environment.process_exit_code or 0
        return
    if runner.state not in {STATE_INIT, STATE_STOPPED}:
        runner.stop()  # users finish before the platform ends
    unplanned = [e for e in runner.errors.values() if not str(e.error).find("answered ") >= 0]
    if environment.process_exit_code is None:
        environment.process_exit_code = 1 if unplanned or runner.exceptions else 0
    for entry in unplanned[:5]:
        _LOG.error(
            "%s %s failed %d times: %s", entry.method, entry.name, entry.occurrences, entry.error
        )


@events.quit.add_listener
def stop_platform(exit_code: int, **_: object) -> None:
    """Ends the built-in platform, which pushes what is left, and says what was sent."""
    del exit_code
    sent = _session.sent_by_workers + ChannelUser.supply.applications_sent
    if sent:
        _LOG.info("Applications sent: %d", sent)
    if _session.platform is not None:
        _session.platform.stop()
        _session.platform = None


def _scenario(environment: Environment) -> Scenario:
    options = environment.parsed_options
    scenario = load_scenario(options.scenario)
    if options.seed is not None:
        return scenario.model_copy(update={"seed": options.seed})
    return scenario


def _process_name(environment: Environment) -> str:
    """What tells this process's applications from those of other workers."""
    runner = environment.runner
    index = runner.worker_index if isinstance(runner, WorkerRunner) else 0
    return f"worker {index}"


def _meet(state: Mapping[str, Any]) -> None:
    ChannelUser.supply.applications.meet(Population.from_state(state))


def _give_up(error: SimulatorError) -> None:
    """Ends Locust before a test begins, with what is wrong in one message."""
    sys.stderr.write(f"scoring: {error}\n")
    if _session.platform is not None:
        _session.platform.stop()
    sys.exit(2)
