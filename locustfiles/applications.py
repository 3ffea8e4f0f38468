"""Applications to send: identities, and features drawn from who applies at the moment."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from faker import Faker

from simulator.scenario.vocabulary import FEATURES, Channel
from simulator.seeding import generator
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.arrays import Floats

__all__ = ["Applications", "Population"]

_IDENTITIES: Final = 400
_BLOCK: Final = 256  # drawn at once: a few milliseconds, so that no request has to wait for it
_WHOLE: Final = {
    "incidents_24m",
    "ficp_flag",
    "inquiries_6m",
    "permanent_contract",
    "home_owner",
}


@dataclass(frozen=True)
class Population:
    """Who applies: shares of populations, each with its shifts in standard deviations."""

    shares: tuple[float, ...] = (1.0,)
    shifts: tuple[tuple[float, ...], ...] = ((0.0,) * len(FEATURES),)

    @classmethod
    def from_state(cls, state: Mapping[str, object]) -> "Population":
        """The population that `/simulation` describes.

        >>> Population.from_state({"applicants": [{"share": 1.0, "shifts": {"age": -0.8}}]}).shares
        (1.0,)
        """
        listed = state["applicants"]
        if not isinstance(listed, list):
            raise TypeError(f"applicants is {type(listed).__name__}, not a list")
        return cls(
            tuple(float(p["share"]) for p in listed),
            tuple(tuple(float(p["shifts"].get(f, 0.0)) for f in FEATURES) for p in listed),
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
        return self._next().replace('"channel":""', f'"channel":"{channel}"', 1)

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
        for body in self._ready:
            return body
        self._ready = iter(self._block())
        return next(self._ready)

    def _block(self) -> Sequence[str]:
        return [self._body(row) for row in self._features().tolist()]

    def _features(self) -> Floats:
        """Features of a block of applicants, shape (block, features)."""
        normals = correlated_normals(self._rng.standard_normal((_BLOCK, len(FEATURES))))
        shares = np.array(self._population.shares)
        which = self._rng.choice(len(shares), _BLOCK, p=shares / shares.sum())
        return applicants(normals + np.array(self._population.shifts)[which])

    def _body(self, features: Sequence[float]) -> str:
        identity = self._identities[int(self._rng.integers(len(self._identities)))]
        self._sent += 1
        values = {
            name: int(value) if name in _WHOLE else round(value, 4)
            for name, value in zip(FEATURES, features, strict=True)
        }
        applicant = {"applicant_id": f"{self._name}-{self._sent}", **identity}
        content = {"channel": "", "applicant": applicant, "features": values}
        return json.dumps(content, separators=(",", ":"))


def _identities(seed: int) -> list[dict[str, str]]:
    """Made-up French people; no two runs of a seed differ."""
    fake = Faker("fr_FR")
    fake.seed_instance(seed)
    return [
        {
            "first_name": fake.first_name(),
            "last_name": fake.last_name(),
            "city": fake.city(),
        }
        for _ in range(_IDENTITIES)
    ]
