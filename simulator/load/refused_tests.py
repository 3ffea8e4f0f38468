"""Why a test did not start or go on: one line in the log, and a row in the page's lists."""

import logging
from typing import Final

from locust.runners import ExceptionDict, Runner
from locust.stats import StatsError

from simulator.quoting import MOST_QUOTED, shortened

__all__ = ["is_from_users", "is_refusal", "one_line", "show"]

_METHOD: Final = "START"
_NAME: Final = "the test"
_NODE: Final = "not from users"
_MOST_SAID: Final = 3  # problems of a scenario file
_LOG = logging.getLogger("scoring")


def one_line(error: BaseException) -> str:
    """What an error says, as one line: of a program that ended, how it ended and its last word."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].endswith(":"):
        lines = [f"{lines[0]} {shortened(lines[-1])}"]
    more = f"; and {len(lines) - _MOST_SAID} more" if len(lines) > _MOST_SAID else ""
    return "; ".join(line[: 2 * MOST_QUOTED] for line in lines[:_MOST_SAID]) + more


def show(runner: Runner, reason: str) -> None:
    """Says it in the log, and among the page's failures and exceptions until the next test starts.

    The failures of a test's requests, and with them its shares and its totals, stay as they are.
    """
    _LOG.error("%s", reason)
    key = StatsError.create_key(_METHOD, _NAME, reason)
    runner.errors.setdefault(key, StatsError(_METHOD, _NAME, reason)).occurred()
    row = ExceptionDict(count=0, msg=reason, traceback="", nodes={_NODE})
    runner.exceptions.setdefault(hash(reason), row)["count"] += 1


def is_refusal(failure: StatsError) -> bool:
    """Whether a row of the failures is one of these, and no request's."""
    return failure.method == _METHOD


def is_from_users(exception: ExceptionDict) -> bool:
    """Whether a row of the exceptions is none of these."""
    return exception["nodes"] != {_NODE}
