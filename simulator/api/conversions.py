"""What is sent made into what the model takes: texts that are numbers, words, somebody's key."""

from collections.abc import Mapping
from math import isfinite
from typing import Final

from simulator.quoting import quoted

__all__ = ["category", "key", "number"]

_LARGEST: Final = 1e12
_LONGEST_KEY: Final = 128
_MOST_NAMED: Final = 10  # words in a message


def number(value: object) -> float | None:
    """A number, also where it is written as a text.

    Raises:
        ValueError: it is none.

    >>> number("36"), number(True), number(None)
    (36.0, 1.0, None)
    """
    if value is None:
        return None
    try:
        found = float(value)  # type: ignore[arg-type]  # what is none is refused
    except (TypeError, ValueError):
        found = float("nan")
    if not isfinite(found) or abs(found) > _LARGEST:
        raise ValueError(f"should be a number (found {quoted(value)})")
    return found


def key(value: object) -> str | int:
    """Somebody's key: a text, or a whole number.

    Raises:
        ValueError: it is neither, or is missing.

    >>> key("CUST1"), key(7.0)
    ('CUST1', 7)
    """
    if value is None:
        raise ValueError("is missing")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    is_key = isinstance(value, str | int) and not isinstance(value, bool)
    if not is_key or not 0 < len(str(value)) <= _LONGEST_KEY:
        raise ValueError(
            f"should be a text of up to {_LONGEST_KEY} characters, or a whole number "
            f"(found {quoted(value)})"
        )
    return value  # type: ignore[return-value]  # it is one of them


def category(values: Mapping[bool | int | str, float], value: object) -> float | None:
    """What a word or a code is to the model; a code may be written as a text, too.

    Raises:
        ValueError: it is none of them.

    >>> category({"CDI": 1.0, "CDD": 0.0}, "CDI"), category({3: 1.0}, "3")
    (1.0, 1.0)
    """
    if value is None:
        return None
    found = values.get(value)  # type: ignore[call-overload]  # what is none of them is not found
    if found is None:
        found = next((n for word, n in values.items() if _text(word) == _text(value)), None)
    if found is None:
        known = ", ".join(map(quoted, list(values)[:_MOST_NAMED]))
        more = ", ..." if len(values) > _MOST_NAMED else ""
        raise ValueError(f"should be one of {known}{more} (found {quoted(value)})")
    return float(found)


def _text(value: object) -> str:
    """As JSON writes it, without a point that says nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
