"""Locust's exit code: errors that a scenario plans are no failure, all others are."""

import logging

from locust import log
from locust.env import Environment
from locust.runners import WorkerRunner
from locust.stats import StatsError

from simulator.load.calling import ANSWERED
from simulator.load.refused_tests import is_from_users, is_refusal

__all__ = ["exit_code"]

_LOG = logging.getLogger("scoring")
_MOST_SHOWN = 5
_DEFECT = 2  # as Locust ends when something of its own went wrong


def exit_code(environment: Environment) -> int:
    """0, or a failure where the API was not reached, answered nonsense, or a user failed."""
    runner, options = environment.runner, environment.parsed_options
    if runner is None or isinstance(runner, WorkerRunner):
        return 0  # the master knows all
    unplanned = [e for e in runner.errors.values() if not (_is_planned(e) or is_refusal(e))]
    for entry in unplanned[:_MOST_SHOWN]:
        _LOG.error(
            "%s %s failed %d times: %s", entry.method, entry.name, entry.occurrences, entry.error
        )
    if unplanned or any(is_from_users(exception) for exception in runner.exceptions.values()):
        return int(options.exit_code_on_error) if options is not None else 1
    return _DEFECT if log.unhandled_greenlet_exception else 0


def _is_planned(entry: StatsError) -> bool:
    """Whether it is an error of the simulated platform; workers report errors as text."""
    return StatsError.parse_error(entry.error).startswith(f"CatchResponseError('{ANSWERED}")
