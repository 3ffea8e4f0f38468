"""The people and programs that use the scoring API, one class per channel."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final

import gevent
from locust import FastHttpUser, tag, task
from locust.env import Environment

from simulator.load.calling import CallingUser
from simulator.load.calls import Call, Keys
from simulator.load.feeder import Feeder
from simulator.load.login import Login
from simulator.load.open_arrivals import MOST_AT_ONCE, send_openly
from simulator.load.request_shape import Filling, Sent, json_text
from simulator.load.waiting import USUAL, Waiting
from simulator.load.weights import task_weights, user_weights
from simulator.mapping.load_part import Task
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Channel, Endpoint

__all__ = ["CHANNEL_USERS", "ChannelUser", "follow"]

_OK: Final = (200, 201, 202)
_EMPTY: Final = 204  # done, and there is nothing to say of it
_MAY_BE_EMPTY: Final = frozenset({"review", "erasure"})
_GONE: Final = 404
_INVALID: Final = (400, 422)
_REMEMBERED: Final = 50  # decisions a user may come back to
_UNKNOWN: Final = '"unknown"'  # a key that nothing has
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
        self._decisions: deque[Keys] = deque(maxlen=_REMEMBERED)

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
        feeder, call = self.feeder, self.feeder.calls["score"]
        filling = feeder.applications.one(call.application, self.channel)
        if feeder.rng.random() < feeder.scenario.traffic.invalid_ratio:
            mistaken = call.mistaken(filling, chance=feeder.applications.chance())
            if mistaken is not None:
                refused = dict.fromkeys(_INVALID, call.read_refusal)
                self._send(call, mistaken, refused, applications=1)
                return
        self._send_applications(call, call.sent(filling), [filling])

    @tag("batch")
    @task
    def batch(self) -> None:
        """Several applications at once, as partners send them."""
        feeder, call = self.feeder, self.feeder.calls["batch"]
        size = min(feeder.rng.choice(feeder.scenario.traffic.batch_sizes), call.most)
        one = partial(feeder.applications.one, call.application, self.channel)
        fillings = [one() for _ in range(size)]
        self._send_applications(call, call.sent_together(fillings), fillings)

    @tag("decision")
    @task
    def decision(self) -> None:
        """Reads a decision back."""
        self._look_up("decision")

    @tag("explanation")
    @task
    def explanation(self) -> None:
        """Asks for the reasons."""
        self._look_up("explanation")

    @tag("review")
    @task
    def review(self) -> None:
        """A person decides instead."""
        words = self.feeder.calls["review"].words
        outcome = self.feeder.rng.choice((words.accepted, words.refused))
        reviewer = json_text(f"agent-{self.feeder.rng.randrange(40)}")
        self._look_up("review", decision=json_text(outcome), reviewer=reviewer)

    @tag("erasure")
    @task
    def erasure(self) -> None:
        """An applicant asks to be forgotten."""
        if not self._decisions and self.feeder.may_score:
            self.score()
            return
        key = self._decisions.popleft().applicant if self._decisions else _UNKNOWN
        self._ask("erasure", Filling(key=key))

    @tag("models")
    @task
    def models(self) -> None:
        """Looks which model versions are deployed."""
        self._ask("models", Filling())

    def visit(self, name: str) -> None:
        """Calls a route beside the endpoints, about somebody who applied where it is about any."""
        call = self.feeder.calls[name]
        filling = self.feeder.applications.one(call.application, self.channel)
        if self._decisions:
            filling["applicant"] = self.feeder.rng.choice(self._decisions).applicant
        read = _nothing_to_read if call.is_silent else partial(call.read_about, filling)
        answers = {**dict.fromkeys((*_OK, call.status), read), _EMPTY: _nothing_to_read}
        if "{" in call.route:
            answers[_GONE] = _nothing_to_read
        self._send(call, call.sent(filling), answers)

    def _look_up(self, endpoint: Endpoint, **more: str) -> None:
        known = self._known_decision()
        if known is None and self.feeder.may_score:
            self.score()  # nothing to come back to yet
            return
        key = _UNKNOWN
        if known is not None and self.feeder.rng.random() >= _UNKNOWN_SHARE:
            key = json_text(known)
        self._ask(endpoint, Filling(key=key, **more))

    def _known_decision(self) -> str | int | None:
        """One of those that can be come back to, all equally likely."""
        if not self._decisions:
            return None
        found = self.feeder.rng.choice(self._decisions).decision
        if found is not None:  # as it is where every answer says it
            return found
        known = [each.decision for each in self._decisions if each.decision is not None]
        return self.feeder.rng.choice(known) if known else None

    def _ask(self, endpoint: Endpoint, filling: Filling) -> None:
        """A request that scores nothing; what it asks for may be gone."""
        call = self.feeder.calls[endpoint]
        read: Callable[[bytes], None] = partial(call.read_about, filling)
        answers = {**dict.fromkeys(_OK, read), _GONE: call.read_refusal}
        if endpoint in _MAY_BE_EMPTY:
            answers[_EMPTY] = _nothing_to_read
        self._send(call, call.sent(filling), answers)

    def _send_applications(self, call: Call, sent: Sent, fillings: Sequence[Filling]) -> None:
        """Sends applications, and keeps of what was decided the last one to come back to."""
        answers = dict.fromkeys(_OK, partial(call.read_decisions, fillings))
        found = self._send(call, sent, answers, applications=len(fillings))
        if found is not None:
            self._decisions.append(found)


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

_TASKS: Final[dict[Task, Callable[[Any], None]]] = {
    "score": ChannelUser.score,
    "batch": ChannelUser.batch,
    "decision": ChannelUser.decision,
    "explanation": ChannelUser.explanation,
    "review": ChannelUser.review,
    "erasure": ChannelUser.erasure,
    "models": ChannelUser.models,
}


def follow(  # noqa: PLR0913 - what a test is
    scenario: Scenario,
    name: str,
    calls: Mapping[Task, Call],
    mix: Mapping[Task, float],
    *,
    waiting: Waiting = USUAL,
    login: Login | None = None,
) -> None:
    """Makes all users follow a mix, with a supply named after this process.

    Args:
        scenario: whose population applies.
        name: of this process.
        calls: what is called, by what that does.
        mix: how often that is, as weights.
        waiting: how long users wait between requests.
        login: what opens the API; None where nothing does.
    """
    ChannelUser.feeder = Feeder(scenario, name, calls, mix, login)
    ChannelUser.waiting = waiting
    ChannelUser.concurrency = MOST_AT_ONCE if waiting.is_open else FastHttpUser.concurrency
    weights = user_weights(scenario, mix)
    tasks = {name: _TASKS.get(name) or _visit(name) for name in mix}
    for user in CHANNEL_USERS:
        user.weight = weights[user.channel]
        repeated = task_weights(scenario, user.channel, mix)
        if not any(repeated.values()):  # Locust wants a task of each class, also without users
            repeated = dict.fromkeys(mix, 1)
        user.mix = [tasks[e] for e, times in repeated.items() for _ in range(times)]
        user.tasks = [send_openly] if waiting.is_open else list(user.mix)


def _visit(name: str) -> Callable[[Any], None]:
    """What calls a route beside the endpoints."""

    def visit(user: ChannelUser) -> None:
        user.visit(name)

    visit.__name__ = name
    tagged: Callable[[Any], None] = tag(name)(visit)
    return tagged


def _nothing_to_read(_: bytes) -> None:
    """What an answer without a body says."""
