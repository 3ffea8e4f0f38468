"""What a misspelt key or word of a scenario file was probably meant to be."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic_core import ErrorDetails

from simulator.scenario.model import Scenario
from simulator.spelling import did_you_mean

__all__ = ["meant"]

_QUOTED = re.compile(r"'([^']*)'")


def meant(error: ErrorDetails) -> str:
    """The end of a problem's message: a question, where a key or a word is nearly one that exists.

    Of the keys that are known in its place, or of the words that are allowed there.
    """
    match error["type"]:
        case "extra_forbidden":
            *place, key = error["loc"]
            return did_you_mean(str(key), _keys(place))
        case "union_tag_invalid":
            context = error["ctx"]
            return did_you_mean(str(context["tag"]), _QUOTED.findall(context["expected_tags"]))
        case "literal_error":
            return did_you_mean(str(error["input"]), _QUOTED.findall(error["ctx"]["expected"]))
    return ""


def _keys(place: list[int | str]) -> Iterator[str]:
    """The keys that a scenario may have at a place, as validation names it.

    >>> "requests_per_second" in set(_keys(["traffic"]))
    True
    """
    schema = _schema()
    nodes: list[Mapping[str, Any]] = [schema]
    for part in place:
        nodes = [below for node in nodes for below in _below(node, part, schema["$defs"])]
    for node in nodes:
        yield from node.get("properties", {})


@cache
def _schema() -> dict[str, Any]:
    return Scenario.model_json_schema()


def _below(
    node: Mapping[str, Any], part: int | str, definitions: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """The parts of the schema under a key, an index, or the tag of one of several kinds."""
    tags = node.get("discriminator", {}).get("mapping", {})
    if part in tags:
        yield definitions[tags[part].rpartition("/")[2]]
        return
    child = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part)
    for one in _alternatives(child or {}):
        yield definitions[one["$ref"].rpartition("/")[2]] if "$ref" in one else one


def _alternatives(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = node.get("anyOf", [node])
    return found
