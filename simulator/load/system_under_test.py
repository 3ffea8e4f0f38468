"""What tests drive: the API at --host, or the built-in platform where no --host is given."""

import atexit
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

import gevent
from locust.env import Environment
from locust.runners import STATE_SPAWNING, MasterRunner, Runner, WorkerRunner

from simulator.errors import StackError
from simulator.load.base_url import base_url
from simulator.load.built_in import BuiltInPlatform
from simulator.load.choice import Choice
from simulator.load.listening import on
from simulator.load.polling import Poll

__all__ = ["SystemUnderTest"]

_LOG = logging.getLogger("scoring")
_LOOK_SECONDS: Final = 0.5
_POLL_SECONDS: Final = 0.05
_TELL_SECONDS: Final = 5.0


class SystemUnderTest:
    """The API that tests of this Locust drive, unless the web form names another one.

    Raises:
        SimulatorError: --host is no base URL, or the platform does not start.
    """

    def __init__(self, environment: Environment, runner: Runner, choice: Choice) -> None:
        self._runner = runner
        self._platform: BuiltInPlatform | None = None
        self._closing = threading.RLock()
        self._given = base_url(environment.host, source="--host") if environment.host else ""
        self.is_starting = False
        on(environment.events.test_stopping, self._stop_starting)
        on(environment.events.quit, self.close)
        if not self._given and not isinstance(runner, WorkerRunner):
            _wait_for_workers(environment, runner)
            self._platform = BuiltInPlatform()
            atexit.register(self.close)  # for ends without Locust's `quit` event
            self._platform.start(choice)
            _LOG.info("The built-in platform answers at %s/docs", self._platform.url)
        environment.host = self.host or None

    @property
    def is_built_in(self) -> bool:
        """Whether it is the built-in platform."""
        return self._platform is not None

    @property
    def host(self) -> str:
        """Its base URL; "" in a worker, which is told by its master."""
        return self._platform.url if self._platform is not None else self._given

    def make_ready(self, host: str, choice: Choice, *, is_beginning: bool = False) -> str:
        """The host to drive; the built-in platform, if it is that, is at the scenario's start.

        With `is_beginning` a test begins now: the next one needs another platform. Meanwhile the
        runner is said to be spawning, so that Locust takes a stop for one.

        Raises:
            StackError: the platform does not start; with the end of what it said.
            StartStoppedError: the test was stopped in the meantime.
        """
        platform, runner = self._platform, self._runner
        if platform is None or host != platform.url:
            return host
        before = runner.state
        self.is_starting = True
        runner.update_state(STATE_SPAWNING)
        try:
            platform.make_ready(choice, is_beginning=is_beginning)
        finally:
            self.is_starting = False
            if runner.state == STATE_SPAWNING:
                runner.update_state(before)
        return platform.url

    def look_after(self, host: str, ended: Callable[[StackError], None]) -> Poll:
        """A greenlet that passes on what the platform says, and calls `ended` should it end.

        It has nothing to do where `host` is not the platform.
        """
        platform = self._platform if host == self.host else None
        return gevent.spawn(_look_after, platform, ended)

    def close(self, **_: object) -> None:
        """Ends the built-in platform, which pushes what is left.

        Locust may end in two greenlets at a time: on SIGTERM, and as its test is over by that.
        Either would take the process with it, so the second one waits for the first.
        """
        with self._closing:
            platform, self._platform = self._platform, None
            if platform is not None:
                platform.stop_starting()
                platform.end()
                _pass_on_news(platform)
                platform.close()

    def _stop_starting(self, **_: object) -> None:
        if self._platform is not None:
            self._platform.stop_starting()


def _wait_for_workers(environment: Environment, runner: Runner) -> None:
    """Lets the workers of a headless test come before the platform is started for it.

    Locust counts the run time from when they are there; a scenario that is long under way by then
    would have to be started again, and the test would be shorter by that.
    """
    options = environment.parsed_options
    if options is None or not options.headless or options.expect_workers_max_wait:
        return  # Locust itself gives up waiting, where it is to
    told_at = time.monotonic()
    while isinstance(runner, MasterRunner) and len(runner.clients.ready) < options.expect_workers:
        if time.monotonic() - told_at > _TELL_SECONDS:
            told_at = time.monotonic()
            present = len(runner.clients.ready)
            _LOG.info("Waiting for workers, %d of %d are there", present, options.expect_workers)
        gevent.sleep(_POLL_SECONDS)


def _look_after(platform: BuiltInPlatform | None, ended: Callable[[StackError], None]) -> None:
    while platform is not None:
        _pass_on_news(platform)
        try:
            platform.require_running()
        except StackError as error:
            ended(error)
            return
        gevent.sleep(_LOOK_SECONDS)


def _pass_on_news(platform: BuiltInPlatform) -> None:
    for line in platform.news():
        _LOG.warning("platform: %s", line)
