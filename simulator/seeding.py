"""Random generators, one per named draw, so that no draw disturbs another."""

import hashlib

import numpy as np

__all__ = ["Streams", "generator"]


def generator(seed: int, name: str) -> np.random.Generator:
    """A generator that depends on nothing but the seed and the draw's name.

    The name is hashed into the spawn key of numpy's `SeedSequence`, which keeps streams
    statistically independent (numpy, "Parallel random number generation").

    >>> bool(generator(7, "arrivals").random() == generator(7, "arrivals").random())
    True
    >>> bool(generator(7, "arrivals").random() == generator(7, "latency").random())
    False
    """
    digest = hashlib.sha256(name.encode()).digest()
    key = tuple(int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4))
    return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=key)))


class Streams:
    """The generators of one run, each made at its first use and then carried on.

    numpy fills arrays element by element from one stream, so drawing 10 ticks at once or one by
    one gives the same numbers; and because every draw has a generator of its own, a new
    component leaves all other numbers as they were.

    >>> whole, parts = Streams(1), Streams(1)
    >>> list(whole["x"].poisson(5.0, 4)) == [int(parts["x"].poisson(5.0)) for _ in range(4)]
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._generators: dict[str, np.random.Generator] = {}

    def __getitem__(self, name: str) -> np.random.Generator:
        if name not in self._generators:
            self._generators[name] = generator(self.seed, name)
        return self._generators[name]
