"""How the OpenAPI document says what a mapping's route takes beside its body."""

import re
from collections.abc import Iterable
from typing import Any, Final

from simulator.mapping.places import Place, parsed

__all__ = ["documented"]

_KEY: Final = re.compile(r"\{([^}]*)\}")


def documented(path: str, places: Iterable[Place] = ()) -> dict[str, Any]:
    """The parameters of a route: the keys of its path, and what else lies outside of its body.

    >>> [one["name"] for one in documented("/x/{id}", ["query:limit", "a.b"])["parameters"]]
    ['id', 'limit']
    """
    found = {(name, "path") for name in _KEY.findall(path)}
    for place in places:
        part, steps = parsed(place)
        if part != "body":
            found.add((str(steps[0]), part))
    parameters = [
        {"name": name, "in": part, "required": part == "path", "schema": {"type": "string"}}
        for name, part in sorted(found, key=lambda one: (one[1] != "path", one))
    ]
    return {"parameters": parameters} if parameters else {}
