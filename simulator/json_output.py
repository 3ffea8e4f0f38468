"""JSON for programs: numbers are numbers, and what JSON cannot write is null."""

import json
import math
from collections.abc import Mapping
from typing import Any

__all__ = ["json_text", "writable"]


def writable(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same with null for each number that JSON cannot write, at any depth.

    >>> writable({"a": [1.0, float("nan")], "b": {"c": float("inf")}})
    {'a': [1.0, None], 'b': {'c': None}}
    """
    return {key: _writable(value) for key, value in values.items()}


def _writable(value: Any) -> Any:  # noqa: ANN401 - whatever JSON may hold
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return writable(value)
        case list() | tuple():
            return [_writable(one) for one in value]
    return value


def json_text(value: object) -> str:
    """The text of a report, laid out so that people can read it too."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
