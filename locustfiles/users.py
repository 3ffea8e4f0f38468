"""The people and programs that use the scoring API, one class per channel."""

import random
from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar, Final

import gevent
from applications import Applications
from locust import FastHttpUser, task
from mix import task_weights, user_weights

from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Channel, Endpoint

__all__ = ["CHANNEL_USERS", "ChannelUser", "Supply", "follow"]

_JSON: Final = {"Content-Type": "application/json"}
_REMEMBERED: Final = 50  # decisions a user may come back to
_UNKNOWN_SHARE: Final = 0.01  # look-ups of a decision that is not there
_UNPROCESSABLE, _NOT_FOUND = 422, 404


class Supply:
    """What all users of this process share: applications, the scenario's mix, a generator."""

    def __init__(self, scenario: Scenario, name: str) -> None:
        self.applications = Applications(scenario.seed, name)
        self.scenario = scenario
        self.rng = random.Random(f"{scenario.seed} users {name}")  # noqa: S311 - a simulation
        self.applications_sent = 0


class ChannelUser(FastHttpUser):
    """Sends applications of a channel about once a second, and comes back to some decisions."""

    abstract = True
    channel: ClassVar[Channel]
    supply: ClassVar[Supply]
    #: Seconds between requests on average; their distribution is exponential, so that the requests
    #: of many users are close to a Poisson process.
    pause_seconds: ClassVar[float] = 1.0

    def on_start(self) -> None:
        """Begins with no decision to come back to, at a moment of one's own."""
        self._decisions: deque[tuple[str, str]] = deque(maxlen=_REMEMBERED)
        self._busy_seconds = 0.0

    def wait_time(self) -> float:
        """Seconds until the next request, less what the last one took."""
        if self.pause_seconds <= 0.0:
            return 0.0
        return max(self.supply.rng.expovariate(1.0 / self.pause_seconds) - self._busy_seconds, 0.0)

    @task
    def score(self) -> None:
        """One application; now and then an invalid one."""
        supply = self.supply
        is_invalid = supply.rng.random() < supply.scenario.traffic.invalid_ratio
        body = (supply.applications.invalid if is_invalid else supply.applications.one)(
            self.channel
        )
        expected = _UNPROCESSABLE if is_invalid else None
        decision = self._send(
            "POST", "/v1/score", "/v1/score", body, expected=expected, applications=1
        )
        if decision is not None:
            self._remember(decision)

    @task
    def batch(self) -> None:
        """Several applications at once, as partners send them."""
        supply = self.supply
        size = supply.rng.choice(supply.scenario.traffic.batch_sizes)
        body = supply.applications.batch(self.channel, size)
        route = "/v1/score/batch"
        result = self._send("POST", route, route, body, applications=size)
        if result is not None:
            self._remember(result["decisions"][-1])

    @task
    def decision(self) -> None:
        """Reads a decision back."""
        self._look_up("GET", "/v1/decisions/{id}")

    @task
    def explanation(self) -> None:
        """Asks for the reasons."""
        self._look_up("GET", "/v1/decisions/{id}/explanation")

    @task
    def review(self) -> None:
        """A person decides instead."""
        outcome = self.supply.rng.choice(("accepted", "refused"))
        body = f'{{"reviewer":"agent-{self.supply.rng.randrange(40)}","decision":"{outcome}"}}'
        self._look_up("POST", "/v1/decisions/{id}/review", body)

    @task
    def erasure(self) -> None:
        """An applicant asks to be forgotten."""
        if not self._decisions:
            self.score()
            return
        _, applicant_id = self._decisions.popleft()
        route = "/v1/applicants/{id}"
        self._send("DELETE", route.format(id=applicant_id), route, expected=None, may_miss=True)

    @task
    def models(self) -> None:
        """Looks which model versions are deployed."""
        self._send("GET", "/v1/models", "/v1/models")

    def _look_up(self, method: str, route: str, body: str | None = None) -> None:
        if not self._decisions:
            self.score()  # nothing to come back to yet
            return
        decision_id, _ = self.supply.rng.choice(self._decisions)
        if self.supply.rng.random() < _UNKNOWN_SHARE:
            decision_id = "unknown"
        self._send(method, route.format(id=decision_id), route, body, may_miss=True)

    def _remember(self, decision: dict[str, Any]) -> None:
        self._decisions.append((decision["decision_id"], decision["applicant_id"]))

    def _send(  # noqa: PLR0913 - what a request is made of
        self,
        method: str,
        path: str,
        route: str,
        body: str | None = None,
        *,
        expected: int | None = None,
        may_miss: bool = False,
        applications: int = 0,
    ) -> Any:  # noqa: ANN401 - parsed JSON
        """The answer's JSON, or None where it is an error; Locust's figures show which."""
        # A user that is stopped in the moment it wakes is ended here, before anything is sent: what
        # the platform counts is then what Locust counts, to the request.
        gevent.sleep(0)
        with self.client.request(
            method, path, name=route, data=body, headers=_JSON, catch_response=True
        ) as response:
            status = response.status_code
            self._busy_seconds = (response.request_meta.get("response_time") or 0.0) / 1000.0
            if status == 0:
                return None  # not reached: Locust has counted it with its reason
            self.supply.applications_sent += applications
            if status == expected or (may_miss and status == _NOT_FOUND):
                response.success()
                return None
            if expected is not None or status >= 400:  # noqa: PLR2004 - the error classes
                response.failure(f"answered {status}")
                return None
            return response.json()


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


def follow(scenario: Scenario, name: str) -> None:
    """Makes all users follow a scenario's mix, with a supply named after this process."""
    ChannelUser.supply = Supply(scenario, name)
    weights = user_weights(scenario)
    for user in CHANNEL_USERS:
        user.weight = weights[user.channel]
        repeated = task_weights(scenario, user.channel)
        user.tasks = [_TASKS[e] for e, times in repeated.items() for _ in range(times)]
