"""The objects of the store: how large they are, and in which bucket."""

from typing import Final, Literal

import numpy as np

from simulator.simulation.arrays import Ints

__all__ = [
    "BACKUP_BYTES",
    "BUCKETS",
    "MESSAGES_PER_OBJECT",
    "MESSAGE_BYTES",
    "OBJECT_BYTES",
    "SIZE_RANGES",
    "SizeRange",
    "objects_of",
    "objects_per_tick",
    "range_of",
]

#: The archive of decisions, and what others write: who fills the store besides.
BUCKETS: Final = ("decisions", "backups")
#: The archiver writes so many messages into an object, and fewer where a tick brings fewer.
MESSAGES_PER_OBJECT: Final = 50
MESSAGE_BYTES: Final = 2048
OBJECT_BYTES: Final = MESSAGES_PER_OBJECT * MESSAGE_BYTES
#: Others write files of a quarter of a GiB, as programs for backups do.
BACKUP_BYTES: Final = 256 << 20
SizeRange = Literal[
    "LESS_THAN_1024_B",
    "BETWEEN_1024_B_AND_64_KB",
    "BETWEEN_64_KB_AND_256_KB",
    "BETWEEN_256_KB_AND_512_KB",
    "BETWEEN_512_KB_AND_1_MB",
    "BETWEEN_1_MB_AND_10_MB",
    "BETWEEN_10_MB_AND_64_MB",
    "BETWEEN_64_MB_AND_128_MB",
    "BETWEEN_128_MB_AND_512_MB",
    "GREATER_THAN_512_MB",
]
#: The smallest size in bytes of each of MinIO's ranges, by the names in its metrics. Beside the
#: four up to 1 MB it exports their sum, as BETWEEN_1024B_AND_1_MB (cmd/object-api-datatypes.go).
SIZE_RANGES: Final[dict[SizeRange, int]] = {
    "LESS_THAN_1024_B": 0,
    "BETWEEN_1024_B_AND_64_KB": 1 << 10,
    "BETWEEN_64_KB_AND_256_KB": 64 << 10,
    "BETWEEN_256_KB_AND_512_KB": 256 << 10,
    "BETWEEN_512_KB_AND_1_MB": 512 << 10,
    "BETWEEN_1_MB_AND_10_MB": 1 << 20,
    "BETWEEN_10_MB_AND_64_MB": 10 << 20,
    "BETWEEN_64_MB_AND_128_MB": 64 << 20,
    "BETWEEN_128_MB_AND_512_MB": 128 << 20,
    "GREATER_THAN_512_MB": 512 << 20,
}
_LOWEST: Final = np.array(list(SIZE_RANGES.values()))
_RANGES: Final = np.arange(len(SIZE_RANGES))


def range_of(n_bytes: Ints | int) -> Ints:
    """Index into SIZE_RANGES of sizes in bytes, same shape.

    >>> names = list(SIZE_RANGES)
    >>> [names[i] for i in range_of(np.array([1023, 1024, 256 << 20]))]
    ['LESS_THAN_1024_B', 'BETWEEN_1024_B_AND_64_KB', 'BETWEEN_128_MB_AND_512_MB']
    """
    return np.asarray(np.searchsorted(_LOWEST, n_bytes, side="right") - 1)


def objects_per_tick(messages: Ints) -> Ints:
    """How many objects the archiver writes of a tick's messages, same shape.

    >>> objects_per_tick(np.array([0, 1, 50, 51]))
    array([0, 1, 1, 2])
    """
    return -(-messages // MESSAGES_PER_OBJECT)


def objects_of(messages: Ints) -> Ints:
    """The same by size: full ones, and one with what is left over, shape (..., SIZE_RANGES).

    >>> objects_of(np.array([0, 120]))[:, :3]
    array([[0, 0, 0],
           [0, 1, 2]])
    """
    full, left = np.divmod(messages[..., np.newaxis], MESSAGES_PER_OBJECT)
    is_left = (left > 0) & (range_of(left * MESSAGE_BYTES) == _RANGES)
    return np.asarray(full * (range_of(OBJECT_BYTES) == _RANGES) + is_left)
