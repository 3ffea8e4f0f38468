"""The people and programs that use the scoring API, one class per channel."""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar, Final

import gevent
from locust import FastHttpUser, tag, task
from locust.env import Environment

from simulator.load.answers import (
    Key,
    batch_decided,
    decided,
    erased,
    explained,
    listed_models,
    refused,
    shown,
)
from simulator.load.calling import CallingUser
from simulator.load.feeder import Feeder
from simulator.load.open_arrivals import MOST_AT_ONCE, send_openly
from simulator.load.waiting import USUAL, Waiting
from simulator.load.weights import task_weights, user_weights
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import ENDPOINTS, Channel, Endpoint

__all__ = ["CHANNEL_USERS", "ChannelUser", "follow"]

_OK, _GONE, _INVALID = 200, 404, 422
_REMEMBERED: Final = 50  # decisions a user may come back to
_UNKNOWN: Final = "unknown"  # a key that nothing has
_LOOK_SECONDS: Final = 1.0  # after which a waiting user looks again whether more come
_FIRST_LOOK_SECONDS, _FIRST_LOOKS = 0.05, 40  # two seconds in all for the first look
_UNKNOWN_SHARE: Final = 0.01  # look-ups of a decision that is not there


class ChannelUser(CallingUser):
    """Sends applications of a channel about once a second, and comes back to some decisions."""

    abstract = True
    channel: ClassVar[Channel]
    #: Seconds between requests on average; their distribution is exponential, so that the requests
    #: of many users are close to a Poisson process. At 0 users send as fast as they can.
    pause_seconds: ClassVar[float] = 1.0
    waiting: ClassVar[Waiting] = USUAL
    mix: ClassVar[Sequence[Callable[[Any], None]]] = ()

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._decisions: deque[Key] = deque(maxlen=_REMEMBERED)

    def on_start(self) -> None:
        """Sends nothing before it is known whether the channel is open, and before it is.

        A platform that does not say so soon is taken for one that has no hours.
        """
        for _ in range(_FIRST_LOOKS):
            if self.feeder.has_looked or self.is_ended:
                break
            gevent.sleep(_FIRST_LOOK_SECONDS)
        while self.pace <= 0.0 and not self.is_ended:
            gevent.sleep(_LOOK_SECONDS)

    def wait_time(self) -> float:
        """Seconds until the next request, less what the last one took and was waited for already.

        So many seconds of the average pace have to pass, at the channel's pace of each moment.
        """
        left = self.next_pause()
        if self.waiting.counts_answers:
            left -= self._busy_seconds * self.pace
        while (pace := self.pace) <= 0.0 or left > pace * _LOOK_SECONDS:
            gevent.sleep(_LOOK_SECONDS)
            left -= pace * _LOOK_SECONDS
        return max(left / pace, 0.0)

    def next_pause(self) -> float:
        """Seconds of the average pace between two requests, or from an answer to the next one."""
        return self.waiting.draw(self.feeder.rng, self.pause_seconds)

    @property
    def pace(self) -> float:
        """How many times as often as on average users of this channel come at the moment."""
        return self.feeder.paces[self.channel]

    @property
    def is_ended(self) -> bool:
        """Whether it is to begin no more requests."""
        return self._is_stopped or self.feeder.is_closed

    @tag("score")
    @task
    def score(self) -> None:
        """One application; now and then an invalid one."""
        feeder = self.feeder
        if feeder.rng.random() < feeder.scenario.traffic.invalid_ratio:
            body = feeder.applications.invalid(self.channel)
            self._send("score", {_INVALID: refused}, body=body, applications=1)
            return
        body = feeder.applications.one(self.channel)
        self._remember(self._send("score", {_OK: decided}, body=body, applications=1))

    @tag("batch")
    @task
    def batch(self) -> None:
        """Several applications at once, as partners send them."""
        feeder = self.feeder
        size = feeder.rng.choice(feeder.scenario.traffic.batch_sizes)
        body = feeder.applications.batch(self.channel, size)
        answers = {_OK: lambda answer: batch_decided(answer, size)}
        self._remember(self._send("batch", answers, body=body, applications=size))

    @tag("decision")
    @task
    def decision(self) -> None:
        """Reads a decision back."""
        self._look_up("decision", shown)

    @tag("explanation")
    @task
    def explanation(self) -> None:
        """Asks for the reasons."""
        self._look_up("explanation", explained)

    @tag("review")
    @task
    def review(self) -> None:
        """A person decides instead."""
        outcome = self.feeder.rng.choice(("accepted", "refused"))
        body = f'{{"reviewer":"agent-{self.feeder.rng.randrange(40)}","decision":"{outcome}"}}'
        self._look_up("review", shown, body)

    @tag("erasure")
    @task
    def erasure(self) -> None:
        """An applicant asks to be forgotten."""
        if not self._decisions and self.feeder.may_score:
            self.score()
            return
        _, key = self._decisions.popleft() if self._decisions else (_UNKNOWN, _UNKNOWN)
        self._send("erasure", {_OK: erased, _GONE: refused}, key=key)

    @tag("models")
    @task
    def models(self) -> None:
        """Looks which model versions are deployed."""
        self._send("models", {_OK: listed_models})

    def _look_up(
        self,
        endpoint: Endpoint,
        read: Callable[[bytes, str], None],
        body: str | None = None,
    ) -> None:
        if not self._decisions and self.feeder.may_score:
            self.score()  # nothing to come back to yet
            return
        key = _UNKNOWN
        if self._decisions and self.feeder.rng.random() >= _UNKNOWN_SHARE:
            key, _ = self.feeder.rng.choice(self._decisions)
        answers = {_OK: lambda answer: read(answer, key), _GONE: refused}
        self._send(endpoint, answers, key=key, body=body)

    def _remember(self, key: Key | None) -> None:
        if key is not None:
            self._decisions.append(key)


class WebUser(ChannelUser):
    """A person on the web site."""

    channel = "web"


class MobileUser(ChannelUser):
    """A person with the app."""

    channel = "mobile"


class PartnerUser(ChannelUser):
    """A partner's system, which also sends batches."""

    channel = "partner"


class BranchUser(ChannelUser):
    """An adviser in a branch."""

    channel = "branch"


CHANNEL_USERS: Final = (WebUser, MobileUser, PartnerUser, BranchUser)

_TASKS: Final[dict[Endpoint, Callable[[Any], None]]] = {
    "score": ChannelUser.score,
    "batch": ChannelUser.batch,
    "decision": ChannelUser.decision,
    "explanation": ChannelUser.explanation,
    "review": ChannelUser.review,
    "erasure": ChannelUser.erasure,
    "models": ChannelUser.models,
}


def follow(
    scenario: Scenario,
    name: str,
    endpoints: Collection[Endpoint] = ENDPOINTS,
    waiting: Waiting = USUAL,
) -> None:
    """Makes all users follow a scenario's mix, with a supply named after this process.

    Args:
        scenario: whose population applies, and whose mix of requests is sent.
        name: of this process.
        endpoints: those that requests are sent to; some of the mix is among them.
        waiting: how long users wait between requests.
    """
    ChannelUser.feeder = Feeder(scenario, name, endpoints)
    ChannelUser.waiting = waiting
    ChannelUser.concurrency = MOST_AT_ONCE if waiting.is_open else FastHttpUser.concurrency
    weights = user_weights(scenario, endpoints)
    for user in CHANNEL_USERS:
        user.weight = weights[user.channel]
        repeated = task_weights(scenario, user.channel, endpoints)
        if not any(repeated.values()):  # Locust wants a task of each class, also without users
            repeated = {e: 1 for e in ENDPOINTS if e in endpoints}
        user.mix = [_TASKS[e] for e, times in repeated.items() for _ in range(times)]
        user.tasks = [send_openly] if waiting.is_open else list(user.mix)
