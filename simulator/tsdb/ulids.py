"""Names of blocks."""

from typing import Final

__all__ = ["is_ulid", "ulid"]

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 26
_MOST_TIME: Final = (1 << 48) - 1
_ENTROPY_BYTES: Final = 10


def ulid(time_ms: int, *, entropy: bytes) -> str:
    """A name that sorts by time: milliseconds of unix time and 10 bytes that tell it from others.

    128 bits in the digits of Crockford's base 32 (github.com/ulid/spec).

    Raises:
        ValueError: a time before 1970 or after the year 10889, or another number of bytes.

    >>> ulid(1_800_000_000_000, entropy=b"0123456789")
    '01MCC5RM0060RK4CSM6MV3EE1S'
    """
    if not 0 <= time_ms <= _MOST_TIME:
        raise ValueError(f"{time_ms} ms do not fit the 48 bits of a ULID's time")
    if len(entropy) != _ENTROPY_BYTES:
        raise ValueError(f"{len(entropy)} bytes of entropy instead of {_ENTROPY_BYTES}")
    number = time_ms << 80 | int.from_bytes(entropy, "big")
    return "".join(_DIGITS[number >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))


def is_ulid(name: str) -> bool:
    """Whether it is one.

    >>> is_ulid("01ARYZ6S41TSV4RRFFQ69G5FAV"), is_ulid("01ARYZ6S41")
    (True, False)
    """
    return len(name) == _LENGTH and name[0] in _DIGITS[:8] and all(c in _DIGITS for c in name)
