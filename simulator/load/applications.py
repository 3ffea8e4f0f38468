"""Applications to send: who applies, and the features of those who do at the moment."""

from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np

from simulator.load.application_shape import COMPUTED, ApplicationShape
from simulator.load.people import People
from simulator.load.platform_state import Population
from simulator.load.request_shape import Filling
from simulator.scenario.vocabulary import FEATURES, Channel
from simulator.seeding import generator

__all__ = ["Applications"]

_BLOCK: Final = 256  # drawn at once: a few milliseconds, so that no request has to wait for it
#: A person's number, and features in their order.
_Applicant: TypeAlias = tuple[int, tuple[float, ...]]


class Applications:
    """An endless supply of applications, the same for the same seed and name.

    An application holds what scoring needs and nothing else: no name and no place (GDPR, article
    5-1-c). The same applicant's number is the same person.

    Args:
        seed: the scenario's seed.
        name: of this supply; two workers with different names send different people.
    """

    def __init__(self, seed: int, name: str) -> None:
        self._rng = generator(seed, f"applications {name}")
        self._name = "".join(c if c.isalnum() else "-" for c in name)
        self._people = People(generator(seed, f"people {name}"))
        self._population = Population()
        self._ready: Iterator[_Applicant] = iter(())

    def meet(self, population: Population) -> None:
        """From here on, this population applies."""
        if population != self._population:
            self._population = population
            self._people.meet(population)
            self._ready = iter(())

    def one(self, shape: ApplicationShape, channel: Channel) -> Filling:
        """What is filled into a request for an applicant of a channel."""
        number, features = self._next()
        filling = Filling(zip(FEATURES, features, strict=True))
        return shape.filled(filling, channel, shape.key(self._name, number))

    def chance(self) -> float:
        """A number from 0 to 1 that decides which mistake an applicant makes."""
        return float(self._rng.random())

    def _next(self) -> _Applicant:
        for ready in self._ready:
            return ready
        self._ready = self._block()
        return next(self._ready)

    def _block(self) -> Iterator[_Applicant]:
        numbers, features = self._people.apply(_BLOCK)
        columns = [
            (column if feature in COMPUTED else column.astype(np.int64)).tolist()
            for feature, column in zip(FEATURES, features.T, strict=True)
        ]
        return zip(numbers, zip(*columns, strict=True), strict=True)
