"""Applications to send: what people ask for, and the features of those who apply at the moment."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from simulator.load.people import People
from simulator.load.platform_state import Population
from simulator.scenario.vocabulary import FEATURES, Channel
from simulator.seeding import generator

__all__ = ["Applications"]

_BLOCK: Final = 256  # drawn at once: a few milliseconds, so that no request has to wait for it
_RATIOS: Final = {"revolving_utilisation", "debt_to_income"}  # a lender computes them, nobody types
#: The inside of the JSON object of features; a user has no time for an encoder.
_FEATURES_JSON: Final = ",".join(
    f'"{feature}":%{".4f" if feature in _RATIOS else "d"}' for feature in FEATURES
)


class Applications:
    """An endless supply of applications as JSON, the same for the same seed and name.

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
        self._ready: Iterator[str] = iter(())

    def meet(self, population: Population) -> None:
        """From here on, this population applies."""
        if population != self._population:
            self._population = population
            self._people.meet(population)
            self._ready = iter(())

    def one(self, channel: Channel) -> str:
        """The JSON body of one application."""
        return f'{{"channel":"{channel}",{self._next()}'

    def batch(self, channel: Channel, size: int) -> str:
        """The JSON body of a batch of applications."""
        listed = ",".join(self.one(channel) for _ in range(size))
        return f'{{"channel":"{channel}","applications":[{listed}]}}'

    def invalid(self, channel: Channel) -> str:
        """An application that somebody filled in wrongly: too young, or an amount left out."""
        application = json.loads(self.one(channel))
        if self._rng.random() < 0.5:  # noqa: PLR2004 - one mistake or the other
            application["features"]["age"] = 17
        else:
            del application["features"]["amount"]
        return json.dumps(application)

    def _next(self) -> str:
        """An application's JSON from behind its channel."""
        for rest in self._ready:
            return rest
        self._ready = iter(self._block())
        return next(self._ready)

    def _block(self) -> Sequence[str]:
        numbers, features = self._people.apply(_BLOCK)
        return [
            f'"applicant":{{"applicant_id":"{self._name}-{number}"}},'
            f'"features":{{{_FEATURES_JSON % tuple(row)}}}}}'
            for number, row in zip(numbers, features.tolist(), strict=True)
        ]
