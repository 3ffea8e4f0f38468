"""Random generators: made here and nowhere else, so that no draw disturbs another.

A generator is keyed by the seed, the draw's name and, for what happens over time, the block of
ticks. Draws whose parameters differ use up different amounts of randomness (numpy's poisson,
binomial and multinomial do), so a disturbance moves every later number of its generator: with one
generator per block, it moves those of its block and no more.
"""

import hashlib
import struct
from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BLOCK_TICKS",
    "Draws",
    "Streams",
    "generator",
    "hashed_share",
    "plain_generator",
    "table_generator",
]

#: Ticks that share a generator: an hour of a day simulated in steps of 15 s. Making one takes as
#: long as a few ticks do, so blocks are long; a disturbance lasts until its block ends, so they are
#: not longer.
BLOCK_TICKS: Final = 240

_SIXTEEN: Final = struct.Struct("<16H")


def generator(seed: int, name: str, block: int | None = None) -> np.random.Generator:
    """A generator that depends on nothing but the seed, the draw's name and the block of ticks.

    Name and block are the spawn key of numpy's `SeedSequence`, which keeps streams
    statistically independent (numpy, "Parallel random number generation"). Without a block: for
    what is drawn once, such as a layout.

    >>> bool(generator(7, "arrivals").random() == generator(7, "arrivals").random())
    True
    >>> bool(generator(7, "arrivals", 0).random() == generator(7, "arrivals", 1).random())
    False
    """
    key = _key(name) if block is None else (*_key(name), block)
    return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=key)))


def table_generator(seed: int) -> np.random.Generator:
    """The generator of a table that is the same in every run, whatever its seed."""
    return np.random.default_rng(seed)


def plain_generator(seed: int, name: str) -> Random:
    """The standard library's generator, by seed and name: quicker where numbers are drawn singly.

    >>> plain_generator(7, "desk").random() == plain_generator(7, "desk").random()
    True
    """
    return Random(f"{seed} {name}")  # noqa: S311 - a simulation, not a secret


def hashed_share(seed: int, *key: str | int) -> float:
    """A number from 0 up to 1 that depends on seed and key alone, whatever version draws it.

    The first 53 bits of their SHA-256, which no library changes: for what is kept for long.

    >>> round(hashed_share(7, "drives", 3), 6), round(hashed_share(7, "drives", 4), 6)
    (0.174179, 0.589809)
    """
    digest = hashlib.sha256("\0".join(map(str, (seed, *key))).encode()).digest()
    return float((int.from_bytes(digest[:8], "big") >> 11) * 2.0**-53)


def hashed_numbers(seed: int, name: str) -> tuple[int, ...]:
    """Sixteen numbers from 0 to 65,535 that depend on nothing but the seed and a name.

    A keyed hash instead of a generator, which takes a tenth of the time where there are as many
    names as people (BLAKE2, RFC 7693).

    >>> len(hashed_numbers(7, "ada")), hashed_numbers(7, "ada") == hashed_numbers(8, "ada")
    (16, False)
    """
    text, key = name.encode(errors="surrogatepass"), str(seed).encode()[:64]
    return _SIXTEEN.unpack(hashlib.blake2b(text, digest_size=32, key=key).digest())


@lru_cache(maxsize=256)
def _key(name: str) -> tuple[int, ...]:
    digest = hashlib.sha256(name.encode()).digest()
    return tuple(int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4))


class Streams:
    """The generators of one run.

    numpy fills arrays element by element from one generator, so drawing the ticks of a block at
    once or one by one gives the same numbers; and because every draw has generators of its own, a
    new component leaves all other numbers as they were.

    >>> whole, parts = Streams(1), Streams(1)
    >>> rates = np.full(480, 5.0)
    >>> at_once = whole.over(0, 480)("x", np.random.Generator.poisson, rates)
    >>> first = parts.over(0, 100)("x", np.random.Generator.poisson, rates[:100])
    >>> rest = parts.over(100, 380)("x", np.random.Generator.poisson, rates[100:])
    >>> bool((at_once == np.concatenate([first, rest])).all())
    True
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._carried: dict[str, tuple[int, np.random.Generator]] = {}

    def once(self, name: str) -> np.random.Generator:
        """The generator of what is drawn once, whatever happens over time."""
        return generator(self._seed, name)

    def over(self, first: int, count: int) -> "Draws":
        """The draws of `count` ticks from tick number `first` on."""
        return Draws(self, first, count)

    def of_block(self, name: str, block: int) -> np.random.Generator:
        """The generator of a draw in a block of ticks, carried on while the block lasts."""
        held = self._carried.get(name)
        if held is None or held[0] != block:
            held = self._carried[name] = (block, generator(self._seed, name, block))
        return held[1]


class Draws:
    """The random draws of some consecutive ticks, each from the generators of its blocks."""

    def __init__(self, streams: Streams, first: int, count: int) -> None:
        self._streams = streams
        edges = range(first // BLOCK_TICKS, (first + count - 1) // BLOCK_TICKS + 1)
        self._blocks = [
            (block, slice(max(block * BLOCK_TICKS - first, 0), (block + 1) * BLOCK_TICKS - first))
            for block in edges
        ]

    def __call__(
        self, name: str, draw: Callable[..., NDArray[Any]], *parameters: NDArray[Any]
    ) -> NDArray[Any]:
        """What `draw(generator, *parameters)` gives for all ticks; each name once for a tick.

        Args:
            name: names the draw.
            draw: such as `np.random.Generator.poisson`: fills its answer tick by tick.
            parameters: with the ticks first; they are cut at the edges of blocks.

        Returns:
            An array with the ticks first.
        """
        parts = [
            draw(self._streams.of_block(name, block), *(p[ticks] for p in parameters))
            for block, ticks in self._blocks
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
