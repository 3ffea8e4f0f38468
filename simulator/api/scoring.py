"""What a request to be scored goes through, whoever has read it."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias, cast

from starlette.types import Scope

from simulator.api.backend import Backend
from simulator.api.compiled_route import Applicant, CompiledRoute, Request
from simulator.api.door import Door
from simulator.api.workers import Fault

__all__ = ["Scoring"]

Features: TypeAlias = tuple[float, ...]


class Scoring:
    """The work of a route over a platform."""

    def __init__(self, route: CompiledRoute, backend: Backend, door: Door | None = None) -> None:
        self.route = route
        self._door = None if route.route.is_open else door
        self._backend = backend
        self._is_batch = route.route.applications is not None
        self._is_looked_up = bool(route.route.scales) or None in route.route.defaults.values()
        self._is_timed = route.route.says("processing_time_ms")

    async def answer(self, request: Request, scope: Scope, *, waited_seconds: float) -> bytes:
        """The answer in JSON to what was read of a request; every application is counted.

        Raises:
            Fault: the platform fails at it, or it took too long.
        """
        workers = self._backend.workers
        arrived = self._backend.clock() - waited_seconds if self._is_timed else 0.0
        if self._door is not None and not self._door.admits(scope):
            self._count(request, "unauthorized")
            raise Fault("unauthorized")
        try:
            await workers.admit(waited_seconds=waited_seconds)
            served = await workers.work(is_batch=self._is_batch, waited_seconds=waited_seconds)
        except Fault as fault:
            self._count(request, fault.reason)
            raise
        self._count(request, "success")
        decide = self._backend.engine.decide
        decisions = [
            decide(*applicant, workers.served() if self._is_batch else served)
            for applicant in self._complete(request.applicants)
        ]
        if self._is_timed:
            seconds = self._backend.clock() - arrived
            for decision in decisions:
                decision.processing_seconds = seconds
        return self.route.answer(decisions)

    def _complete(self, applicants: Sequence[Applicant]) -> Iterable[tuple[str, Features]]:
        """The applicants, with what was not sent of them looked up."""
        if not self._is_looked_up:
            return cast("Sequence[tuple[str, Features]]", applicants)
        now, completed = self._backend.engine.now, self._backend.features.completed
        return [(key, completed(key, sent, now.applicants)) for key, sent in applicants]

    def _count(self, request: Request, outcome: str) -> None:
        counter = self._backend.counter
        if self._is_batch:
            counter.batch(request.channel, outcome, len(request.applicants))
        else:
            counter.single(request.channel, outcome)
