"""Options of transformations as they are in the JSON, and what to say where they are not read."""

from collections.abc import Mapping, Sequence

__all__ = ["Options", "UnreadOptionError", "entries", "mapping", "names", "whole"]

Options = Mapping[str, object]


class UnreadOptionError(Exception):
    """A transformation that is known has an option that is not; the text says which."""


def mapping(options: Options, key: str) -> Options:
    """The object at a key, an empty one where there is none."""
    value = options.get(key)
    return value if isinstance(value, dict) else {}


def entries(options: Options, key: str) -> Sequence[Options]:
    """The objects of a list at a key."""
    value = options.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def names(options: Options, key: str) -> tuple[str, ...]:
    """The texts of a list at a key."""
    value = options.get(key)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def whole(value: object, default: int) -> int:
    """A whole number, or the default.

    >>> whole("12", 10), whole(3.0, 10), whole("x", 10), whole(None, 10)
    (12, 3, 10, 10)
    """
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return default
