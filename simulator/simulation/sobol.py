"""Points of low discrepancy: Sobol's sequence in the dimensions of an applicant, scrambled.

The same bits as `scipy.stats.qmc.Sobol`, whose import takes half a second of every start.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.simulation.arrays import Floats

__all__ = ["DIMENSIONS", "sobol_points"]

_BITS: Final = 30
# A primitive polynomial, as bits, and the first direction numbers, of each dimension (S. Joe and
# F. Y. Kuo, Constructing Sobol sequences with better two-dimensional projections, 2008: new-joe-
# kuo-6). The first dimension is van der Corput's sequence, and has none.
_DIRECTIONS: Final[tuple[tuple[int, tuple[int, ...]], ...]] = (
    (0b1, ()),
    (0b11, (1,)),
    (0b111, (1, 3)),
    (0b1011, (1, 3, 1)),
    (0b1101, (1, 1, 1)),
    (0b10011, (1, 1, 3, 3)),
    (0b11001, (1, 3, 5, 13)),
    (0b100101, (1, 1, 5, 5, 17)),
    (0b101001, (1, 1, 5, 5, 5)),
    (0b101111, (1, 1, 7, 11, 19)),
    (0b110111, (1, 1, 5, 1, 1)),
    (0b111011, (1, 1, 1, 3, 11)),
)
#: The most dimensions that points have.
DIMENSIONS: Final = len(_DIRECTIONS)


def sobol_points(dimensions: int, log2: int, rng: np.random.Generator) -> Floats:
    """2^log2 points in [0, 1), shape (points, dimensions), in the order of Gray's code.

    Scrambled by a random lower triangular matrix of bits, and shifted by random bits (J. Matousek,
    On the L2-discrepancy for anchored boxes, 1998), both drawn from `rng`.

    >>> points = sobol_points(2, 4, np.random.default_rng(7))
    >>> np.sort((16 * points).astype(int), axis=0)[:, 1].tolist() == list(range(16))
    True
    """
    shape = (dimensions, _BITS)
    shift = rng.integers(2, size=shape, dtype=np.uint32) @ (1 << np.arange(_BITS, dtype=np.uint32))
    matrices = np.tril(rng.integers(2, size=(*shape, _BITS), dtype=np.uint32), -1)
    matrices += np.eye(_BITS, dtype=np.uint32)
    scrambled = _from_bits(matrices @ _direction_bits(dimensions) % 2)
    points = np.empty((2**log2, dimensions), dtype=np.uint32)
    points[0] = shift
    for k in range(log2):  # the second half of Gray's code is the first one backwards, with a bit
        half = 2**k
        points[half : 2 * half] = points[half - 1 :: -1] ^ scrambled[:, k]
    return points * 2.0**-_BITS


def _direction_bits(dimensions: int) -> NDArray[np.uint32]:
    """The direction numbers' bits, highest first, shape (dimensions, bits, numbers)."""
    numbers = np.array(
        [_direction_numbers(*one) for one in _DIRECTIONS[:dimensions]], dtype=np.uint32
    )
    lowest = np.arange(_BITS - 1, -1, -1, dtype=np.uint32)
    return (numbers[:, np.newaxis] >> lowest[:, np.newaxis]) & np.uint32(1)


def _from_bits(bits: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The numbers of bits of shape (dimensions, bits, numbers), shape (dimensions, numbers)."""
    weights = 1 << np.arange(_BITS - 1, -1, -1, dtype=np.uint32)
    return np.asarray((bits * weights[:, np.newaxis]).sum(axis=1, dtype=np.uint32))


def _direction_numbers(polynomial: int, first: tuple[int, ...]) -> list[int]:
    """Binary fractions of _BITS bits; each follows from as many before as the degree (Sobol)."""
    degree = len(first)
    odd = list(first) or [1] * _BITS
    while len(odd) < _BITS:
        new = odd[-degree]
        for k in range(1, degree + 1):
            if polynomial >> (degree - k) & 1:
                new ^= odd[-k] << k
        odd.append(new)
    return [m << (_BITS - 1 - k) for k, m in enumerate(odd)]
