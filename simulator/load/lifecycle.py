"""What this process does around tests: the platform, the scenario, looking after both."""

import logging
import random
import time
from argparse import Namespace
from typing import Final

import gevent
from locust.env import Environment
from locust.rpc import Message
from locust.runners import STATE_SPAWNING, MasterRunner, Runner, WorkerRunner

from simulator.api.control_token import control_token
from simulator.errors import SimulatorError, StackError
from simulator.load.base_url import base_url, is_in_clear
from simulator.load.choice import Choice
from simulator.load.finishing import finish_of
from simulator.load.listening import on
from simulator.load.platform_state import PlatformState
from simulator.load.polling import Poll, poll
from simulator.load.refused_tests import one_line, show
from simulator.load.system_under_test import SystemUnderTest
from simulator.load.tags import warn_of_missing, warn_of_tags
from simulator.load.trust import Trust
from simulator.load.users import ChannelUser, follow
from simulator.load.web_form import WebForm
from simulator.quoting import shortened

__all__ = ["Lifecycle"]

_LOG = logging.getLogger("scoring")
_FINISH_SECONDS: Final = 10.0  # that requests get to end, on top of the API's own limit
_REFUSED: Final = "scoring-refused"
_QUIET_SECONDS: Final = 60.0  # between two warnings that the platform gives
_FAILED, _UNUSABLE = 1, 2


class Lifecycle:
    """This process's part in Locust's tests.

    Raises:
        SimulatorError: the options name no usable scenario or host, or the platform does not start.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._runner = _runner(environment)
        self._polls: list[Poll] = []
        self._is_under_way = False
        self._is_mismatch_logged = False
        self._quiet_until = 0.0
        control_token()  # one that cannot be sent is refused before anything runs
        ChannelUser.trust = Trust.of(str(_options(environment).ca_file))
        choice = Choice.of(_options(environment))
        follow(choice.scenario, "locust", choice.calls, choice.mix, waiting=choice.waiting)
        warn_of_tags(_options(environment), choice.mix)
        is_worker = isinstance(self._runner, WorkerRunner)  # which is told by its master
        if not is_worker:
            warn_of_missing(choice.missing)
        self._is_told_when_to_kill = is_worker or bool(environment.stop_timeout)
        self._let_requests_end(choice)
        # before `Finish`, which takes a while: what starts platforms and users stops first
        on(environment.events.test_stopping, self._stop_shape)
        self._target = SystemUnderTest(environment, self._runner, choice)
        self._finish = finish_of(self._runner)
        on(environment.events.test_start, self._begin)
        on(environment.events.test_stop, self._end)
        if isinstance(self._runner, MasterRunner):
            self._runner.register_message(_REFUSED, self._hear_refusal)
        if environment.web_ui is not None:
            WebForm(environment.web_ui, self._runner, self._target, _options(environment))
        _count_time_from_now()

    def _begin(self, **_: object) -> None:
        """Follows the options as they are now: the web form may have changed them."""
        environment = self._environment
        try:
            choice = Choice.of(_options(environment))
            host = base_url(environment.host or self._target.host, source="host")
            login = choice.login(is_built_in=host == self._target.host and self._target.is_built_in)
            environment.host = self._target.make_ready(host, choice, is_beginning=True)
        except SimulatorError as error:
            self._give_up(error)
            return
        if login is not None and is_in_clear(host) and not isinstance(self._runner, WorkerRunner):
            _LOG.warning("%s is not https: everybody on the way sees what opens the API", host)
        name = _process_name(self._runner)
        random.seed(f"{choice.scenario.seed} locust {name}")  # Locust draws tasks from it
        follow(choice.scenario, name, choice.calls, choice.mix, waiting=choice.waiting, login=login)
        self._let_requests_end(choice)
        self._finish.begin()
        self._is_under_way = True
        self._polls.append(self._target.look_after(environment.host, self._end_early))
        self._polls.append(self._poll())
        _count_time_from_now()

    def _poll(self) -> Poll:
        """Polls the platform's state: for the users, or in a master for who is told."""
        environment, trust = self._environment, ChannelUser.trust
        if not isinstance(self._runner, MasterRunner):
            return poll(lambda: environment.host, self._meet, trust, looked=_have_looked)
        return poll(lambda: environment.host, self._pass_on, trust, is_logged=False)

    def _let_requests_end(self, choice: Choice) -> None:
        """Has Locust wait at a test's end for as long as a request of its scenario may take."""
        if not self._is_told_when_to_kill:
            limit = choice.scenario.platform.api.timeout_seconds
            self._environment.stop_timeout = limit + _FINISH_SECONDS

    def _give_up(self, error: SimulatorError) -> None:
        """Ends a test that cannot begin.

        Raises:
            GreenletExit: which ends the greenlet that starts the test, without a traceback.
        """
        reason = one_line(error)
        if isinstance(self._runner, WorkerRunner):
            ChannelUser.feeder.is_closed = True  # its users end at once, and the master stops all
            self._runner.send_message(_REFUSED, {"reason": reason})
            return
        self._runner.update_state(STATE_SPAWNING)  # Locust stops nothing that is stopped
        self._refuse(reason)
        raise gevent.GreenletExit

    def _refuse(self, reason: str) -> None:
        show(self._runner, reason)
        if _is_headless(self._environment):
            self._environment.process_exit_code = _UNUSABLE
        gevent.spawn(self._stop)

    def _hear_refusal(self, msg: Message, **_: object) -> None:
        """A worker cannot begin: it has no such file, for example."""
        self._refuse(f"worker {msg.node_id}: {msg.data['reason']}")

    def _end_early(self, error: StackError) -> None:
        """The platform has ended by itself."""
        _LOG.error("%s", error)
        show(self._runner, one_line(error))
        self._environment.process_exit_code = _FAILED
        gevent.spawn(self._stop)

    def _stop(self) -> None:
        """Stops the test, and Locust with it where there is no web page to start another."""
        (self._runner.quit if _is_headless(self._environment) else self._runner.stop)()

    def _meet(self, state: PlatformState) -> None:
        """Users from now on are those that the platform's scenario has at the moment."""
        feeder = ChannelUser.feeder
        feeder.meet(state)
        self._pass_on(state)
        if state.scenario != feeder.scenario.name and not self._is_mismatch_logged:
            self._is_mismatch_logged = True
            _LOG.warning(
                "the platform follows scenario %r, and the users' mix is that of %r: "
                "start Locust with the platform's --scenario",
                state.scenario,
                feeder.scenario.name,
            )

    def _stop_shape(self, **_: object) -> None:
        """Ends a shape that goes on starting users in workers that are asked to finish.

        Locust's master does so after the listeners; workers would come back seconds late.
        """
        runner = self._runner
        shape = runner.shape_greenlet
        if isinstance(runner, MasterRunner) and shape is not None and shape != gevent.getcurrent():
            shape.kill(block=True)
            runner.shape_greenlet = runner.shape_last_tick = None

    def _pass_on(self, state: PlatformState) -> None:
        """What a platform says of itself; the log of the built-in one is shown whole.

        Workers leave it to their master, who knows which one it is.
        """
        is_built_in = self._target.is_built_in and self._environment.host == self._target.host
        is_logged = is_built_in or isinstance(self._runner, WorkerRunner)
        if state.warning is not None and not is_logged and time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            _LOG.warning("platform: %s", shortened(state.warning))

    def _end(self, **_: object) -> None:
        for polling in self._polls:
            polling.kill(block=False)
        self._polls.clear()
        if self._is_under_way:
            self._finish.tell()
        self._is_under_way = False


def _count_time_from_now() -> None:
    """Timers count from when gevent last looked at the clock, which long work leaves behind.

    Locust starts the one of --run-time right after seconds of importing.
    """
    gevent.get_hub().loop.update_now()


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


def _process_name(runner: Runner) -> str:
    """What tells this process's applications from those of other workers; 0 without workers."""
    return f"worker {runner.worker_index if isinstance(runner, WorkerRunner) else 0}"


def _have_looked() -> None:
    """Users know by now whether their channels are open."""
    ChannelUser.feeder.has_looked = True
