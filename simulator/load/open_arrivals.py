"""The open model: requests that begin when they are due, whether or not others are answered."""

import logging
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn, Protocol

import gevent
from gevent.pool import Group
from locust.env import Environment
from locust.exception import StopUser

__all__ = ["MOST_AT_ONCE", "send_openly"]

#: Connections of one user: more requests would wait for each other, as in the closed model.
MOST_AT_ONCE: Final = 100_000
_LONGEST_SLEEP_SECONDS: Final = 0.5  # after which a user looks whether it has been stopped
_LOG = logging.getLogger("scoring")


class OpenUser(Protocol):
    """A user whose requests may overlap."""

    environment: Environment
    mix: Sequence[Callable[[Any], None]]

    @property
    def is_ended(self) -> bool:
        """Whether it is to begin no more requests."""

    @property
    def pace(self) -> float:
        """How many times as often as on average it comes at the moment."""

    def next_pause(self) -> float:
        """Seconds of the average pace until the request after the latest one."""


def send_openly(user: OpenUser) -> NoReturn:
    """Begins requests until the user is stopped, and lets those under way end.

    Time is measured, not slept: where this process was late, what was due in the meantime begins
    at once, so that neither slow answers nor a busy processor lower the offered load.

    Raises:
        StopUser: in the end.
    """
    requests = Group()
    left, at = user.next_pause(), time.monotonic()
    try:
        while not user.is_ended:
            while left <= 0.0:
                requests.spawn(_send, user, random.choice(user.mix))  # noqa: S311 - as Locust does
                left += user.next_pause()
            pace = user.pace
            due = left / pace if pace > 0.0 else _LONGEST_SLEEP_SECONDS
            gevent.sleep(min(due, _LONGEST_SLEEP_SECONDS))
            now = time.monotonic()
            left, at = left - (now - at) * pace, now
        requests.join()
    finally:
        requests.kill()  # those that outlast the time that Locust gives them
    raise StopUser


def _send(user: OpenUser, task: Callable[[Any], None]) -> None:
    """One request; a failure within the user is counted as Locust counts those of tasks."""
    try:
        task(user)
    except StopUser:
        pass
    except Exception as error:  # noqa: BLE001 - Locust goes on, too
        fire: Any = user.environment.events.user_error.fire
        fire(user_instance=user, exception=error, tb=sys.exc_info()[2])
        _LOG.exception("a user failed")
