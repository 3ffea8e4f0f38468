"""The people and programs that use the scoring API, one class per channel."""

import json
from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar, Final

from applications import Applications
from locust import FastHttpUser, task
from locust.exception import StopUser
from mix import task_weights, user_weights

from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import Channel, Endpoint
from simulator.seeding import plain_generator
from simulator.simulation.causes import FAULTS

__all__ = ["ANSWERED", "CHANNEL_USERS", "ChannelUser", "Supply", "follow"]

#: How those of Locust's failures begin that are answers which a scenario plans.
ANSWERED: Final = "answered "
_PLANNED: Final = frozenset(FAULTS.values())
_OK: Final = 200
_SERVED: Final = frozenset({_OK})
_SERVED_OR_GONE: Final = frozenset({_OK, 404})
_REFUSED: Final = frozenset({422})
_JSON: Final = {"Content-Type": "application/json"}
_REMEMBERED: Final = 50  # decisions a user may come back to
_UNKNOWN_SHARE: Final = 0.01  # look-ups of a decision that is not there


class Supply:
    """What all users of this process share in a test: applications, the mix, a generator."""

    def __init__(self, scenario: Scenario, name: str) -> None:
        self.applications = Applications(scenario.seed, name)
        self.scenario = scenario
        self.rng = plain_generator(scenario.seed, f"users {name}")
        self.applications_sent = 0
        self.is_closed = False  # once the test has ended


class ChannelUser(FastHttpUser):
    """Sends applications of a channel about once a second, and comes back to some decisions."""

    abstract = True
    channel: ClassVar[Channel]
    supply: ClassVar[Supply]
    #: Seconds between requests on average; their distribution is exponential, so that the requests
    #: of many users are close to a Poisson process. At 0 users send as fast as they can.
    pause_seconds: ClassVar[float] = 1.0
    _is_stopped = False

    def on_start(self) -> None:
        """Begins with no decision to come back to."""
        self._decisions: deque[tuple[str, str]] = deque(maxlen=_REMEMBERED)
        self._busy_seconds = 0.0

    def stop(self, force: bool = False) -> bool:  # noqa: FBT001, FBT002 - Locust's signature
        """Stops this user; True where it was waiting, and so is ended at once."""
        if self._is_stopped and not force:
            return False  # asked again, as by Ctrl-C and then by the master
        self._is_stopped = True
        return bool(super().stop(force))

    def wait_time(self) -> float:
        """Seconds until the next request, less what the last one took."""
        if self.pause_seconds <= 0.0:
            return 0.0
        return max(self.supply.rng.expovariate(1.0 / self.pause_seconds) - self._busy_seconds, 0.0)

    @task
    def score(self) -> None:
        """One application; now and then an invalid one."""
        supply = self.supply
        if supply.rng.random() < supply.scenario.traffic.invalid_ratio:
            body = supply.applications.invalid(self.channel)
            self._send("POST", "/v1/score", body=body, applications=1, accepted=_REFUSED)
            return
        body = supply.applications.one(self.channel)
        decision = self._send("POST", "/v1/score", body=body, applications=1)
        if decision is not None:
            self._remember(json.loads(decision))

    @task
    def batch(self) -> None:
        """Several applications at once, as partners send them."""
        supply = self.supply
        size = supply.rng.choice(supply.scenario.traffic.batch_sizes)
        body = supply.applications.batch(self.channel, size)
        result = self._send("POST", "/v1/score/batch", body=body, applications=size)
        if result is not None:
            self._remember(json.loads(result)["decisions"][-1])

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
        _, applicant = self._decisions.popleft()
        self._send("DELETE", "/v1/applicants/{id}", key=applicant, accepted=_SERVED_OR_GONE)

    @task
    def models(self) -> None:
        """Looks which model versions are deployed."""
        self._send("GET", "/v1/models")

    def _look_up(self, method: str, route: str, body: str | None = None) -> None:
        if not self._decisions:
            self.score()  # nothing to come back to yet
            return
        key, _ = self.supply.rng.choice(self._decisions)
        if self.supply.rng.random() < _UNKNOWN_SHARE:
            key = "unknown"
        self._send(method, route, key=key, body=body, accepted=_SERVED_OR_GONE)

    def _remember(self, decision: dict[str, Any]) -> None:
        self._decisions.append((decision["decision_id"], decision["applicant_id"]))

    def _send(  # noqa: PLR0913 - what a request is made of
        self,
        method: str,
        route: str,
        *,
        key: str = "",
        body: str | None = None,
        applications: int = 0,
        accepted: frozenset[int] = _SERVED,
    ) -> bytes | None:
        """What a 200 brought, or None; Locust counts every other status not accepted as a failure.

        Raises:
            StopUser: this user was stopped in the moment it woke, and Locust is about to end it: a
                request that it sent now would be counted by the platform alone.
        """
        if self._is_stopped or self.supply.is_closed:
            raise StopUser
        path = route.replace("{id}", key) if key else route
        with self.client.request(
            method, path, name=route, data=body, headers=_JSON, catch_response=True
        ) as response:
            status: int = response.status_code
            self._busy_seconds = response.request_meta["response_time"] / 1000.0
            if status == 0:
                return None  # not reached: Locust counts it with its reason
            self.supply.applications_sent += applications
            if status in accepted:
                response.success()
            else:
                kind = ANSWERED if status in _PLANNED else "unexpected answer "
                response.failure(f"{kind}{status}")
            return response.content if status == _OK else None


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
