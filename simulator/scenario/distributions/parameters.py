"""The parameters of each kind as a JSON Schema: each a value of its type, or a distribution."""

from collections.abc import Mapping
from typing import Any, Final

from simulator.scenario.episode import EpisodeBase

__all__ = ["by_kind", "own_fields"]

_PAIR: Final = {
    "type": "array",
    "items": {"type": ["number", "string"]},
    "minItems": 2,
    "maxItems": 2,
}
_WEIGHTS: Final = {"type": "array", "items": {"type": "number", "minimum": 0}}


def own_fields(kind: type[EpisodeBase]) -> tuple[str, ...]:
    """The fields that a kind has and episodes at large have not.

    >>> from simulator.scenario.kinds.error_answers import Errors
    >>> own_fields(Errors)
    ('status', 'ratio')
    """
    shared = {"kind", *EpisodeBase.model_fields}
    return tuple(name for name in kind.model_fields if name not in shared)


def by_kind(kinds: Mapping[str, type[EpisodeBase]]) -> list[dict[str, Any]]:
    """What `parameters` holds where the kind is one or the other."""
    return [
        {
            "if": {"properties": {"kind": {"const": name}}},
            "then": {"properties": {"parameters": _parameters(kind)}},
        }
        for name, kind in kinds.items()
    ]


def _parameters(kind: type[EpisodeBase]) -> dict[str, Any]:
    schema = kind.model_json_schema()
    fields = own_fields(kind)
    return {
        "type": "object",
        "properties": {name: _or_drawn(schema["properties"][name]) for name in fields},
        "required": [name for name in schema["required"] if name in fields],
        "additionalProperties": False,
    }


def _or_drawn(value: dict[str, Any]) -> dict[str, Any]:
    one_of = {"type": "array", "items": value, "minItems": 1}
    forms: list[dict[str, Any]] = [
        _mapping({form: _PAIR}, form) for form in ("log_uniform", "uniform", "whole")
    ]
    forms.append(_mapping({"one_of": one_of, "weights": _WEIGHTS}, "one_of"))
    if value.get("type") == "string":
        forms.append({"type": "string", "pattern": r"\{number\}"})
    return {"anyOf": [value, *forms]}


def _mapping(properties: dict[str, Any], required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [required],
        "additionalProperties": False,
    }
