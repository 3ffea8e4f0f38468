"""What a request to be scored goes through, whoever has read it."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import TypeAlias, cast

from simulator.api.backend import Backend
from simulator.api.compiled_route import Applicant, CompiledRoute, Request
from simulator.api.workers import Fault
from simulator.mapping.answer_values import OF_SERVED

__all__ = ["Scoring"]

Features: TypeAlias = tuple[float, ...]


class Scoring:
    """The work of a route over a platform."""

    def __init__(self, route: CompiledRoute, backend: Backend) -> None:
        self.route = route
        self._backend = backend
        self._is_batch = route.route.is_batch
        self._is_looked_up = route.route.is_mapped or None in route.route.defaults.values()
        self._n_new = count(1)
        self._is_timed = route.route.says(*OF_SERVED)

    async def answer(self, request: Request, *, waited_seconds: float) -> bytes:
        """The answer in JSON to what was read of a request; every application is counted.

        Raises:
            Fault: the platform fails at it, or it took too long.
        """
        workers = self._backend.workers
        arrived = self._backend.clock() - waited_seconds if self._is_timed else 0.0
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
            moment = self._backend.moment(arrived)
            for decision in decisions:
                decision.moment = moment
        return self.route.answer(decisions)

    def _complete(self, applicants: Sequence[Applicant]) -> Iterable[tuple[str | int, Features]]:
        """The applicants, with what was not sent of them looked up."""
        if not self._is_looked_up:
            return cast("Sequence[tuple[str | int, Features]]", applicants)
        now, completed = self._backend.engine.now, self._backend.features.completed
        found = []
        for sent_key, sent in applicants:
            key = f"applicant-{next(self._n_new)}" if sent_key is None else sent_key
            found.append((key, completed(str(key), sent, now.applicants)))
        return found

    def _count(self, request: Request, outcome: str) -> None:
        counter = self._backend.counter
        if self._is_batch:
            counter.batch(request.channel, outcome, len(request.applicants))
        else:
            counter.single(request.channel, outcome)
