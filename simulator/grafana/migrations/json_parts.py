"""Parts of JSON from older Grafanas, which are not always of the kind that one would expect."""

from collections.abc import Mapping

__all__ = ["Json", "member", "members", "number"]

Json = Mapping[str, object]


def member(of: Json, key: str) -> Json:
    """The object at a key; an empty one where there is something else."""
    value = of.get(key)
    return value if isinstance(value, dict) else {}


def members(of: Json, key: str) -> list[Json]:
    """The objects of the list at a key, whatever else is in it left out."""
    value = of.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def number(value: object) -> float | None:
    """The number that a value or its text is; None for none.

    >>> number("12.5"), number(3), number(""), number("auto"), number(None)
    (12.5, 3.0, None, None, None)
    """
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        return float(str(value))
    except ValueError:
        return None
