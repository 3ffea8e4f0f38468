"""Names and values of labels: what they tell apart, and what values stand for."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from simulator.adopt.boards.tables import table, words_by

__all__ = ["CONSTANTS", "MEANINGS", "OWN", "ROLES", "ROWS", "meaning_of", "role_of"]

#: Labels that Prometheus or the run itself writes.
OWN: Final = frozenset({"job", "instance"})
_LABELS: Final = table("labels")
#: What labels are called that tell something apart.
ROLES: Final[Mapping[str, str]] = words_by(_LABELS["roles"])
#: Labels that are the same everywhere, and what is written where no query tells a value.
CONSTANTS: Final[Mapping[str, str]] = _LABELS["constants"]
#: What each value of a dimension is called.
MEANINGS: Final[Mapping[str, Mapping[str, str]]] = _LABELS["values"]
#: Values of an extra signal's labels, where no query tells one.
ROWS: Final[Mapping[str, str]] = _LABELS["rows"]
_STATUS: Final = re.compile(r"[1-5][0-9x.\[\]\-\\d]{2,}|[1-5]\d\d|\[45\].+|[1-5]\.[.*+]")


def meaning_of(dimension: str, value: str) -> str | None:
    """Which value of a dimension a word is; None where it is not known.

    >>> meaning_of("decision", "APPROVED"), meaning_of("outcome", "false")
    ('accepted', '*')
    """
    plain = value.strip().lower().replace(" ", "_")
    table = MEANINGS.get(dimension, {})
    return next((key for key, words in table.items() if plain in words.split()), None)


def role_of(label: str, values: Iterable[str] = ()) -> str:
    """What a label tells apart, by its name and the values that are asked of it; "" if not known.

    >>> role_of("status", ["success"]), role_of("status", ["5.."]), role_of("result", ["fraud"])
    ('outcome', 'status', 'decision')
    """
    name = label.lower()
    role = ROLES.get(name, "") or ROLES.get(name.rpartition("_")[2], "")
    if role in {"status", "outcome", "result", "decision", "level", "type", "reason", "class"}:
        return _by_values(role, tuple(values))
    return role


def _by_values(role: str, values: tuple[str, ...]) -> str:
    if not values:
        return role
    if all(_STATUS.fullmatch(one) for one in values):
        return "status"
    for kind in (role, "outcome", "decision", "level", "reason"):
        if kind in MEANINGS and all(meaning_of(kind, one) for one in values):
            return kind
    return role
