"""Applications to send: identities, and features drawn from who applies at the moment."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from faker import Faker
from platform_state import Population

from simulator.scenario.vocabulary import FEATURES, Channel
from simulator.seeding import generator
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.arrays import Floats

__all__ = ["Applications"]

_IDENTITIES: Final = 400
_BLOCK: Final = 256  # drawn at once: a few milliseconds, so that no request has to wait for it
_WHOLE: Final = {
    "incidents_24m",
    "ficp_flag",
    "inquiries_6m",
    "permanent_contract",
    "home_owner",
}
#: The inside of the JSON object of features; a user has no time for an encoder.
_FEATURES_JSON: Final = ",".join(
    f'"{feature}":%{"d" if feature in _WHOLE else ".4f"}' for feature in FEATURES
)


class Applications:
    """An endless supply of applications as JSON, the same for the same seed and name.

    Args:
        seed: the scenario's seed.
        name: of this supply; two workers with different names send different people.
    """

    def __init__(self, seed: int, name: str) -> None:
        self._rng = generator(seed, f"applications {name}")
        self._name = "".join(c if c.isalnum() else "-" for c in name)
        self._identities = _identities(seed)
        self._sent = 0
        self._population = Population()
        self._ready: Iterator[str] = iter(())

    def meet(self, population: Population) -> None:
        """From here on, this population applies."""
        if population != self._population:
            self._population = population
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
        who = self._rng.integers(len(self._identities), size=_BLOCK).tolist()
        numbers = range(self._sent + 1, self._sent + _BLOCK + 1)
        self._sent += _BLOCK
        return [
            f'"applicant":{{"applicant_id":"{self._name}-{number}",{self._identities[i]}}},'
            f'"features":{{{_FEATURES_JSON % tuple(row)}}}}}'
            for number, i, row in zip(numbers, who, self._features().tolist(), strict=True)
        ]

    def _features(self) -> Floats:
        """Features of a block of applicants, shape (block, features)."""
        normals = correlated_normals(self._rng.standard_normal((_BLOCK, len(FEATURES))))
        shares = np.array(self._population.shares)
        which = self._rng.choice(len(shares), _BLOCK, p=shares / shares.sum())
        return applicants(normals + np.array(self._population.shifts)[which])


def _identities(seed: int) -> list[str]:
    """Made-up French people, as the inside of JSON objects; the same for the same seed."""
    fake = Faker("fr_FR")
    fake.seed_instance(seed)
    people = (
        {"first_name": fake.first_name(), "last_name": fake.last_name(), "city": fake.city()}
        for _ in range(_IDENTITIES)
    )
    return [json.dumps(person)[1:-1] for person in people]
