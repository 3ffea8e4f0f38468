"""The parts of a file whose types are right, so that rules can be asked about them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from simulator.reading.refusals import Place

__all__ = ["Parts", "SoundParts", "sound_parts"]

_ANY: Final = "*"


@dataclass(frozen=True)
class Parts:
    """What of a file stands for itself: where it is left out, no rule says more of the rest.

    `places` are names of keys, with `*` for any key or index; `instead` has what stands in the
    place of outermost keys that may not be missing.
    """

    places: Sequence[tuple[str, ...]]
    instead: Mapping[str, object] = field(default_factory=dict)

    def around(self, place: Place) -> Place | None:
        """The smallest part that a place is in; None where there is none."""
        sizes = [len(each) for each in self.places if _is_in(place, each)]
        return place[: max(sizes)] if sizes else None


@dataclass(frozen=True)
class SoundParts:
    """What is left of a file, and which items of its lists that are: indices by the list's path."""

    content: dict[str, Any]
    kept: Mapping[str, Sequence[int]]

    def as_written(self, text: str) -> str:
        """A text in which paths are those of what is left, with the paths of the file."""
        for path, indices in self.kept.items():
            text = re.sub(
                rf"(?<![\w.]){re.escape(path)}\.(\d+)", partial(_renumbered, path, indices), text
            )
        return text


def sound_parts(
    content: Mapping[str, object], wrong: Iterable[Place], parts: Parts
) -> SoundParts | None:
    """What is left without the parts in which something is wrong.

    None where something is wrong outside of all parts.

    >>> file = {"name": 5, "rooms": [{"size": "x"}, {"size": 2}]}
    >>> parts = Parts([("rooms", "*")], instead={"name": ""})
    >>> found = sound_parts(file, [("name",), ("rooms", 0, "size")], parts)
    >>> found.content, found.as_written("rooms.0.size")
    ({'name': '', 'rooms': [{'size': 2}]}, 'rooms.1.size')
    """
    without: set[Place] = set()
    instead: dict[str, object] = {}
    for place in wrong:
        if place and place[0] in parts.instead:
            instead[str(place[0])] = parts.instead[str(place[0])]
            continue
        part = parts.around(place)
        if part is None:
            return None
        without.add(part)
    kept: dict[str, list[int]] = {}
    left = _left(content, without, (), kept)
    return SoundParts({**left, **instead}, kept)


def _renumbered(path: str, indices: Sequence[int], found: re.Match[str]) -> str:
    return f"{path}.{indices[int(found[1])]}"


def _is_in(place: Place, part: Sequence[str]) -> bool:
    if len(part) > len(place):
        return False
    return all(name in {_ANY, key} for name, key in zip(part, place, strict=False))


def _left(value: Any, without: set[Place], at: Place, kept: dict[str, list[int]]) -> Any:  # noqa: ANN401 - as a file has it
    """A value without some places in it; of lists, notes which items are left."""
    size = len(at)
    if not any(place[:size] == at for place in without):
        return value
    if isinstance(value, Mapping):
        return {
            key: _left(inside, without, (*at, key), kept)
            for key, inside in value.items()
            if (*at, key) not in without
        }
    if isinstance(value, list):
        indices = [index for index in range(len(value)) if (*at, index) not in without]
        kept[".".join(map(str, at))] = indices
        return [_left(value[index], without, (*at, index), kept) for index in indices]
    return value
