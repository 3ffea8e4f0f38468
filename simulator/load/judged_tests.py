"""Tests whose p95, errors and throughput are judged: by --kind, --worst, or a summary."""

import logging
import math
import time
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import gevent
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING, Runner, WorkerRunner
from locust.stats import StatsEntry

from simulator.errors import OutputError
from simulator.load.kinds import chosen_kind, fill_in, require_no_shape
from simulator.load.listening import on
from simulator.load.summary import Route, TestSummary, summary_json
from simulator.load.summary_page import summary_page
from simulator.load.users import ChannelUser
from simulator.load.verdict import Verdict
from simulator.runtime.atomic_files import write_atomically

if TYPE_CHECKING:
    from simulator.load.polling import Poll

__all__ = ["is_too_bad", "judge_tests", "prepare_kind"]

_LOG = logging.getLogger("scoring")
_LOOK_SECONDS: Final = 0.25
_UNDER_WAY: Final = frozenset({STATE_SPAWNING, STATE_RUNNING})
_TOO_BAD: Final[WeakKeyDictionary[Environment, bool]] = WeakKeyDictionary()


def prepare_kind(environment: Environment) -> None:
    """Gives Locust's own options the users and time of the kind, where there is one.

    Workers are told how many users to start, and judge nothing.

    Raises:
        SimulatorError: an option cannot be used, or a load shape decides what the kind would.
    """
    options = environment.parsed_options
    if options is None or isinstance(environment.runner, WorkerRunner):
        return
    kind = chosen_kind(options)
    if kind is not None:
        require_no_shape(kind, has_shape=environment.shape_class is not None)
        fill_in(options, kind)
    Verdict.of(options)  # what cannot be judged in the end is refused before anything is sent


def judge_tests(environment: Environment) -> None:
    """Has every test of this process judged as it ends, if its options ask for it."""
    if environment.runner is not None and not isinstance(environment.runner, WorkerRunner):
        _JudgedTests(environment, environment.runner)


def is_too_bad(environment: Environment) -> bool:
    """Whether the latest test is in a worse band than allowed, or could not say so in its files."""
    return _TOO_BAD.get(environment, False)


class _JudgedTests:
    """Looks how many users there are while a test runs, and says in the end what it came to."""

    def __init__(self, environment: Environment, runner: Runner) -> None:
        self._environment = environment
        self._runner = runner
        self._verdict: Verdict | None = None
        self._look: Poll | None = None
        self._seconds = self._user_seconds = 0.0
        on(environment.events.test_start, self._begin)
        on(environment.events.test_stop, self._end)

    def _begin(self, **_: object) -> None:
        """Begins to look, if the options ask for it: the form may have changed them."""
        options = self._environment.parsed_options
        self._seconds = self._user_seconds = 0.0
        self._verdict = None if options is None else Verdict.of(options)
        if self._verdict is not None:
            self._look = gevent.spawn(self._keep_looking)

    def _keep_looking(self) -> None:
        """Adds up users over time; from 0 again where Locust counts from 0 again."""
        at, n_users, n_requests = time.monotonic(), 0, 0
        while True:
            gevent.sleep(_LOOK_SECONDS)
            now, runner = time.monotonic(), self._runner
            users_now, requests_now = runner.user_count, runner.stats.num_requests
            if runner.state in _UNDER_WAY and (users_now or n_users):
                if requests_now < n_requests:
                    self._seconds = self._user_seconds = 0.0
                self._seconds += now - at
                self._user_seconds += (now - at) * (n_users + users_now) / 2.0
            at, n_users, n_requests = now, users_now, requests_now

    def _end(self, **_: object) -> None:
        look, self._look = self._look, None
        _TOO_BAD[self._environment] = False
        if look is None or self._verdict is None:
            return  # it never began, or nothing is asked for
        look.kill(block=False)
        summary = self._summary(self._verdict)
        (_LOG.info if summary.is_within else _LOG.error)("%s", summary.line)
        is_written = self._write(summary, self._verdict)
        _TOO_BAD[self._environment] = not (is_written and summary.is_within)

    def _summary(self, verdict: Verdict) -> TestSummary:
        options, stats = self._environment.parsed_options, self._runner.stats
        kind = chosen_kind(options) if options is not None else None
        waiting, usual = ChannelUser.waiting, ChannelUser.pause_seconds
        return TestSummary(
            kind=kind.name if kind is not None else None,
            host=self._environment.host or "",
            ended_at=time.time(),
            seconds=self._seconds,
            user_seconds=self._user_seconds,
            mean_pause_seconds=waiting.mean_seconds(usual),
            pauses=waiting.in_words(usual),
            is_open=waiting.is_open,
            requests=stats.total.num_requests,
            failures=stats.total.num_failures,
            p95_milliseconds=_p95(stats.total),
            routes=tuple(_route(stats.entries[key]) for key in sorted(stats.entries)),
            worst_allowed=verdict.worst,
            limits=verdict.limits,
        )

    def _write(self, summary: TestSummary, verdict: Verdict) -> bool:
        """Whether the files that were asked for are written."""
        try:
            if verdict.json_file is not None:
                write_atomically(verdict.json_file, summary_json(summary))
            if verdict.html_file is not None:
                write_atomically(verdict.html_file, summary_page(summary))
        except OutputError as error:
            _LOG.error("%s", error)
            return False
        return True


def _route(entry: StatsEntry) -> Route:
    return Route(entry.method, entry.name, entry.num_requests, entry.num_failures, _p95(entry))


def _p95(entry: StatsEntry) -> float:
    return float(entry.get_response_time_percentile(0.95)) if entry.num_requests else math.nan
