"""What mappings cannot say is left out of a proposal, and named with what they say to it."""

import re
from copy import deepcopy
from typing import Any, Final

from simulator.adopt.yaml_notes import Noted
from simulator.errors import MappingError, ScenarioError
from simulator.mapping.chosen import chosen_plan
from simulator.mapping.model import Mapping
from simulator.mapping.rules import problems
from simulator.reading.records import record_in

__all__ = ["without_misfits"]

_ROUTE: Final = re.compile(r"^api\.routes\.(\d+)\b")
_PART: Final = re.compile(r"^(api\.(?:authentication|words)|platform\.policy(?:\.\w+)?)")
_SOURCE: Final = "proposal"


def without_misfits(noted: Noted) -> Noted:
    """The same without the routes and parts that a mapping refuses, each with the reason.

    It is a net under what makes proposals: documents say more than can be foreseen.
    """
    kept = noted
    for _ in range(len(noted.content["api"].get("routes", ())) + 10):
        said = _problems(kept.content)
        if not said:
            return kept
        kept = _without(kept, said)
    return kept


def _problems(content: dict[str, Any]) -> list[str]:
    """What is wrong, each with its path; empty where the mapping can be loaded."""
    try:
        mapping = record_in(Mapping, deepcopy(content), _SOURCE, rules=problems, error=MappingError)
        chosen_plan("calm", mapping)
    except (MappingError, ScenarioError) as error:
        lines = str(error).split("\n")
        return [line.partition(": ")[2] for line in lines]
    return []


def _without(noted: Noted, said: list[str]) -> Noted:
    routes: list[Any] = noted.content["api"].get("routes", [])
    odd: dict[int, str] = {}
    parts: dict[str, str] = {}
    for line in said:
        if found := _ROUTE.match(line):
            odd.setdefault(int(found[1]), line.partition(": ")[2])
        elif part := _PART.match(line):
            parts.setdefault(part[0], line)
        else:
            parts.setdefault("api.application", line)
    kept = Noted(deepcopy(noted.content), dict(noted.before), dict(noted.after))
    if odd:
        _drop_routes(kept, routes, odd)
    elif parts:
        _drop_part(kept, *next(iter(parts.items())))
    return kept


def _drop_routes(kept: Noted, routes: list[Any], odd: dict[int, str]) -> None:
    stay = [index for index in range(len(routes)) if index not in odd]
    kept.content["api"]["routes"] = [routes[index] for index in stay]
    moved = {("api", "routes", old): ("api", "routes", new) for new, old in enumerate(stay)}
    for notes in (kept.before, kept.after):
        found = {}
        for place, texts in notes.items():
            start = place[:3]
            if start[:2] == ("api", "routes") and len(start) == 3:  # noqa: PLR2004 - of a route
                if start in moved:
                    found[(*moved[start], *place[3:])] = texts
            else:
                found[place] = texts
        notes.clear()
        notes.update(found)
    for index, why in odd.items():
        kept.add(("api", "routes"), f"not placed: {routes[index].get('route')}: {why}")


def _drop_part(kept: Noted, part: str, why: str) -> None:
    """Leaves out a part, and what cannot be without it."""
    names = part.split(".")
    inside = kept.content
    for name in names[:-1]:
        inside = inside.get(name, {})
    if inside.pop(names[-1], None) is None:
        kept.content.pop("platform", None)
        kept.content["api"] = {"routes": []}
    if part == "api.authentication":
        for route in kept.content["api"].get("routes", ()):
            route.pop("open", None)
    kept.add(("api",), f"not placed: {part}: {why}")
