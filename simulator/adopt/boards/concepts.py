"""What words of a metric's name mean: tables of this folder's `words/`, as sources of a mapping."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from simulator.adopt.boards.tables import table

__all__ = ["Concept", "Resource", "concepts", "resources"]

_WORDS: Final = ("words", "may", "unless", "roles")
_KINDS: Final = {"c": "counter", "g": "gauge", "h": "histogram", "s": "summary"}


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that metrics are of.

    A metric is of it whose name has all of the `words` and none of `unless`, beside words of `may`
    and such as say nothing; which is of one of these `kinds`, and, if there are `roles`, has a
    label of one of them. `unit` is the unit of the source's values: "seconds", "share", "score",
    "bytes", "unix" or "".
    """

    words: frozenset[str]
    kinds: frozenset[str]
    source: Mapping[str, Any]
    surely: float
    about: str
    unit: str = ""
    may: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Resource:
    """A signal of a full scale of 1: its base, what it follows, and in which unit it is by itself.

    `words` are several sets, of which one is to be in a name. `full` is that scale in its unit
    where no threshold tells it; of a counter it is per second.
    """

    words: tuple[frozenset[str], ...]
    kinds: frozenset[str]
    about: str
    base: float
    causes: Sequence[Mapping[str, Any]]
    full: float
    noise: float
    unit: str = ""
    may: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    is_whole: bool = False


@cache
def concepts() -> tuple[Concept, ...]:
    """All of them.

    >>> sorted({one.unit for one in concepts()})
    ['', 'bytes', 'score', 'seconds', 'share', 'unix']
    """
    names = ("requests", "model", "pipeline")
    return tuple(Concept(**_row(row)) for name in names for row in _rows(name))


@cache
def resources() -> tuple[Resource, ...]:
    """All of them.

    >>> resources()[0].about
    'CPU in use'
    """
    return tuple(
        Resource(**_row({**row, "words": ""}) | {"words": tuple(map(_set, row["words"]))})
        for row in _rows("resources")
    )


def _rows(name: str) -> Iterator[dict[str, Any]]:
    for rows in table(name).values():
        yield from rows


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A row with sets in place of words."""
    found = {**row, "kinds": frozenset(_KINDS[letter] for letter in row["kinds"])}
    return found | {key: _set(row[key]) for key in _WORDS if key in row}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())
