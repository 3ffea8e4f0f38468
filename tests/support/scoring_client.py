"""The API in this process: what is sent to it, a client, and the platform behind it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import httpx
import numpy as np
import yaml

from simulator.api.access import guard_of
from simulator.api.app import create_app
from simulator.api.backend import Backend
from simulator.api.workers import Fault
from simulator.scenario.kinds.population_shift import PRESETS
from simulator.scenario.loading import parse_scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, FEATURES
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.engine import Simulation
from simulator.simulation.requests import OUTCOMES, STATUSES
from tests.support.virtual_clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Sequence

    from numpy.typing import NDArray

    from simulator.api.request_counter import RequestCounter
    from simulator.scenario.model import Scenario
    from simulator.simulation.tally import Tally

JSON = {"content-type": "application/json"}
GOOD_RISK: dict[str, float] = dict(
    zip(FEATURES, (0.2, 0, 0.2, 80.0, 2500.0, 0, 0, 36.0, 1, 1, 45.0, 8000.0), strict=True)
)


def application(*, channel: str = "web", applicant_id: str = "p-1", **features: Any) -> Any:  # noqa: ANN401 - JSON
    """The body of a valid application, with some features of one's own."""
    return {
        "channel": channel,
        "applicant": {"applicant_id": applicant_id},
        "features": {**GOOD_RISK, **features},
    }


def batch(n: int, *, channel: str = "partner") -> Any:  # noqa: ANN401 - JSON
    return {
        "channel": channel,
        "applications": [application(channel=channel, applicant_id=f"p-{i}") for i in range(n)],
    }


def drawn_features(n: int, *, seed: int, recession: float = 0.0) -> NDArray[np.float64]:
    """Applicants of the reference population, drawn at random, moved by so much recession."""
    normals = correlated_normals(np.random.default_rng(seed).standard_normal((n, len(FEATURES))))
    shift = [recession * PRESETS["recession"].get(feature, 0.0) for feature in FEATURES]
    return applicants(normals + shift).astype(np.float64, copy=False)


def scenario(*episodes: dict[str, Any], **changes: Any) -> Scenario:  # noqa: ANN401 - a file's own values
    plan = {
        "name": "built",
        "description": "Built by a test.",
        "duration": "24h",
        "episodes": list(episodes),
        **changes,
    }
    return parse_scenario(yaml.dump(plan), "built")


def episode(kind: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a file's own values
    """An episode that lasts the whole day."""
    return {"kind": kind, "name": kind, "start": "0s", "duration": "24h", **changes}


class Client:
    """Speaks to an API of its own, on a loop where delays take no time.

    With `is_delayed`, time passes as the platform's delays have it; `seconds` says how much. Unless
    it `has_faults`, the platform never fails by chance, and every answer is certain.
    """

    def __init__(
        self,
        *episodes: dict[str, Any],
        is_delayed: bool = False,
        has_faults: bool = False,
        **changes: Any,  # noqa: ANN401 - a file's own values
    ) -> None:
        self._runner = asyncio.Runner(loop_factory=VirtualClock)
        self.simulation = Simulation(scenario(*episodes, **changes), origin=1.8e9, step=5.0)
        self.backend = self.run(self._built(is_delayed=is_delayed))
        self.app = create_app(self.backend, guard_of("127.0.0.1"))
        if not has_faults:
            self.meet(faults={})

    async def _built(self, *, is_delayed: bool) -> Backend:
        return Backend(self.simulation, clock=time.monotonic, is_delayed=is_delayed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def run(self, work: Any) -> Any:  # noqa: ANN401 - whatever the coroutine gives
        return self._runner.run(work)

    def meet(self, **changes: Any) -> None:  # noqa: ANN401 - fields of Conditions
        """Changes some of the present conditions."""
        self.backend.meet(replace(self.backend.engine.now, **changes))

    @property
    def seconds(self) -> float:
        """How much time has passed for the API."""
        return self._runner.get_loop().time()

    @property
    def counter(self) -> RequestCounter:
        return self.backend.counter

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        (answer,) = self.send_together([(method, path, options)])
        return answer

    def send_together(
        self, requests: Iterable[tuple[str, str, dict[str, Any]]]
    ) -> list[httpx.Response]:
        """All answers to requests that are sent at the same moment."""

        async def answers() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost:8000"
            ) as client:
                sent: list[Awaitable[httpx.Response]] = [
                    client.request(method, path, **options) for method, path, options in requests
                ]
                return await asyncio.gather(*sent)

        return self.run(answers())

    def score(self, **changes: Any) -> httpx.Response:  # noqa: ANN401 - JSON
        return self.send("POST", "/v1/score", json=application(**changes))

    def score_all(self, rows: Sequence[Sequence[float]]) -> list[Any]:
        """The decisions on applicants with these features, sent in batches of a hundred."""
        bodies = [application(**dict[str, Any](zip(FEATURES, row, strict=True))) for row in rows]
        decisions: list[Any] = []
        for first in range(0, len(bodies), 100):
            body = {"channel": "web", "applications": bodies[first : first + 100]}
            decisions += self.send("POST", "/v1/score/batch", json=body).json()["decisions"]
        return decisions

    def outcomes(self, n: int) -> NDArray[np.int64]:
        """How `n` valid requests end at the service, one after another, shape (outcomes,)."""
        counts = np.zeros(len(OUTCOMES), dtype=np.int64)

        async def requests() -> None:
            for _ in range(n):
                try:
                    await self.backend.workers.admit()
                    await self.backend.workers.work()
                except Fault as fault:
                    counts[OUTCOMES.index(fault.reason)] += 1
                else:
                    counts[0] += 1

        self.run(requests())
        return counts

    def decision_id(self, **changes: Any) -> str:  # noqa: ANN401 - JSON
        """The id of a decision just taken."""
        return str(self.score(**changes).json()["decision_id"])


def counted(tally: Tally) -> dict[tuple[str, str], int]:
    """Applications by channel and outcome, without the zeros."""
    table = tally.requests.applications[0]
    return {
        (channel, outcome): int(table[i, j])
        for i, channel in enumerate(CHANNELS)
        for j, outcome in enumerate(OUTCOMES)
        if table[i, j]
    }


def answered(tally: Tally) -> dict[tuple[str, str], int]:
    """HTTP requests by endpoint and class of status, without the zeros."""
    table = tally.requests.http[0].sum(axis=2)
    return {
        (endpoint, status): int(table[i, j])
        for i, endpoint in enumerate(ENDPOINTS)
        for j, status in enumerate(("2xx", "4xx", "5xx"))
        if table[i, j]
    }


def statuses(tally: Tally) -> dict[tuple[str, int], int]:
    """HTTP requests by endpoint and exact status, without the zeros."""
    (table,) = tally.requests.statuses
    places = np.argwhere(table).tolist()
    return {(ENDPOINTS[i], STATUSES[j]): int(table[i, j]) for i, j in places}
