"""What a request to be scored goes through, whoever has read it."""

from simulator.api.backend import Backend
from simulator.api.compiled_route import CompiledRoute, Request
from simulator.api.workers import Fault

__all__ = ["Scoring"]


class Scoring:
    """The work of a route over a platform."""

    def __init__(self, route: CompiledRoute, backend: Backend) -> None:
        self.route = route
        self._backend = backend
        self._is_batch = route.route.applications is not None

    async def answer(self, request: Request, *, waited_seconds: float) -> bytes:
        """The answer in JSON; every application is counted.

        Raises:
            Fault: the platform fails at it, or it took too long.
        """
        workers = self._backend.workers
        try:
            await workers.admit(waited_seconds=waited_seconds)
            served = await workers.work(is_batch=self._is_batch, waited_seconds=waited_seconds)
        except Fault as fault:
            self._count(request, fault.reason)
            raise
        self._count(request, "success")
        decide = self._backend.engine.decide
        return self.route.answer(
            [
                decide(*applicant, workers.served() if self._is_batch else served)
                for applicant in request.applicants
            ]
        )

    def _count(self, request: Request, outcome: str) -> None:
        counter = self._backend.counter
        if self._is_batch:
            counter.batch(request.channel, outcome, len(request.applicants))
        else:
            counter.single(request.channel, outcome)
