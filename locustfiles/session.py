"""What this process does around tests: the platform, the scenario, looking after both."""

import atexit
import logging
import random
from argparse import Namespace
from typing import Final

import gevent
from built_in import BuiltInPlatform
from choice import Choice
from finishing import finish_of
from listening import on
from locust.env import Environment
from locust.exception import StopTest
from locust.runners import MasterRunner, Runner, WorkerRunner
from platform_state import PlatformState
from users import ChannelUser, follow
from watching import Watching, watch

from simulator.errors import SimulatorError, StackError

__all__ = ["Session"]

_LOG = logging.getLogger("scoring")
_FINISH_SECONDS: Final = 10.0  # that requests get to end, on top of the API's own limit
_LOOK_SECONDS: Final = 0.5
_FAILED, _UNUSABLE = 1, 2


class Session:
    """This process's part in Locust's tests.

    Raises:
        SimulatorError: the options name no usable scenario, or the platform does not start.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._watching: list[Watching] = []
        self._platform: BuiltInPlatform | None = None
        self._is_under_way = False
        self._is_told_apart = False
        choice = Choice.of(_options(environment))
        follow(choice.scenario, "locust")
        if not environment.stop_timeout:
            limit = choice.scenario.platform.api.timeout_seconds
            environment.stop_timeout = limit + _FINISH_SECONDS
        self._finish = finish_of(_runner(environment))
        on(environment.events.test_start)(self._begin)
        on(environment.events.test_stop)(self._end)
        on(environment.events.quit)(self._close)
        if not environment.host and not isinstance(environment.runner, WorkerRunner):
            self._start_platform(choice)

    def _start_platform(self, choice: Choice) -> None:
        self._platform = BuiltInPlatform()
        atexit.register(self._close)  # for ends without Locust's `quit` event
        self._platform.start(choice)
        self._environment.host = self._platform.url
        _LOG.info("The built-in platform answers at %s/docs", self._platform.url)

    def _begin(self, **_: object) -> None:
        """Follows the options as they are now: the web form may have changed them."""
        environment = self._environment
        try:
            choice = Choice.of(_options(environment))
            if self._platform is not None and environment.host in {None, "", self._platform.url}:
                self._begin_on(self._platform, choice)
        except SimulatorError as error:
            environment.process_exit_code = _UNUSABLE if _is_headless(environment) else None
            raise StopTest(str(error)) from None  # said once is enough
        environment.host = (environment.host or "").rstrip("/")
        name = _process_name(environment)
        random.seed(f"{choice.scenario.seed} locust {name}")  # Locust draws tasks from it
        follow(choice.scenario, name)
        self._finish.begin()
        self._is_under_way = True
        if not isinstance(environment.runner, MasterRunner):
            self._watching.append(watch(lambda: environment.host, self._meet))

    def _begin_on(self, platform: BuiltInPlatform, choice: Choice) -> None:
        platform.begin_test(choice)
        self._environment.host = platform.url
        self._watching.append(gevent.spawn(self._look_after, platform))

    def _look_after(self, platform: BuiltInPlatform) -> None:
        """Passes on what the platform says, and ends the test should the platform end."""
        while True:
            for line in platform.news():
                _LOG.warning("platform: %s", line)
            try:
                platform.require_running()
            except StackError as error:
                _LOG.error("%s", error)
                break
            gevent.sleep(_LOOK_SECONDS)
        runner = _runner(self._environment)
        self._environment.process_exit_code = _FAILED
        gevent.spawn(runner.quit if _is_headless(self._environment) else runner.stop)

    def _meet(self, state: PlatformState) -> None:
        """Users from now on are those that the platform's scenario has at the moment."""
        supply = ChannelUser.supply
        supply.applications.meet(state.population)
        if state.scenario != supply.scenario.name and not self._is_told_apart:
            self._is_told_apart = True
            _LOG.warning(
                "the platform follows scenario %r, and the users' mix is that of %r: "
                "start Locust with the platform's --scenario",
                state.scenario,
                supply.scenario.name,
            )

    def _end(self, **_: object) -> None:
        for watching in self._watching:
            watching.kill(block=False)
        self._watching.clear()
        if self._is_under_way and not isinstance(self._environment.runner, WorkerRunner):
            _LOG.info("Applications sent: %d", self._finish.applications_sent)
        self._is_under_way = False

    def _close(self, **_: object) -> None:
        """Ends the built-in platform, which pushes what is left."""
        platform, self._platform = self._platform, None
        if platform is not None:
            platform.end()
            for line in platform.news():
                _LOG.warning("platform: %s", line)
            platform.close()


def _options(environment: Environment) -> Namespace:
    if environment.parsed_options is None:
        raise SimulatorError("these users need the options of the locust command")
    return environment.parsed_options


def _runner(environment: Environment) -> Runner:
    if environment.runner is None:
        raise SimulatorError("these users need a runner, as the locust command makes it")
    return environment.runner


def _is_headless(environment: Environment) -> bool:
    return bool(_options(environment).headless)


def _process_name(environment: Environment) -> str:
    """What tells this process's applications from those of other workers."""
    runner = environment.runner
    index = runner.worker_index if isinstance(runner, WorkerRunner) else 0
    return f"worker {index}"
