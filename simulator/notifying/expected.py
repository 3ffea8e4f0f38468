"""What is expected of notifications: a file that says who is told of which alert, when and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from simulator.errors import NotificationError
from simulator.quoting import quoted
from simulator.reading.files import read_text
from simulator.reading.yaml_text import yaml_in
from simulator.rules.fields import Fields
from simulator.rules.model import Place
from simulator.spelling import did_you_mean

__all__ = ["Expected", "read_expected"]

_MOST_BYTES: Final = 1024 * 1024
_KEYS: Final = frozenset({"alert", "receivers", "group_by", "within"})
_TOP: Final = frozenset({"alerts", "within"})


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of the alerts whose names are as `alert`, with the wildcards of a shell.

    `receivers` are all that are told, none of them where it is empty; `group_by` all labels that
    groups have; `within` is in seconds after an alert fires. What is None is not looked at.
    """

    alert: str
    place: Place
    receivers: frozenset[str] | None = None
    group_by: frozenset[str] | None = None
    within: float | None = None

    def is_for(self, name: str) -> bool:
        """Whether an alert of this name is meant."""
        return fnmatchcase(name, self.alert)


def read_expected(file: Path) -> tuple[Expected, ...]:
    """What a file expects.

    A `within` at the top is for all alerts; each entry of `alerts` for those that it names.

    Raises:
        NotificationError: with a line for each problem: a field is unknown, or not as it should be.
    """
    text = read_text(file, most=_MOST_BYTES, error=NotificationError)
    document = yaml_in(text, file, error=NotificationError)
    if not isinstance(document, dict) or not document:
        raise NotificationError(f"{file}: a mapping with a list of alerts is wanted")
    whole = Fields(document, Place(file))
    found = list(_expected(whole))
    if whole.problems:
        raise NotificationError("\n".join(whole.problems))
    return tuple(found)


def _expected(whole: Fields) -> Iterator[Expected]:
    _refuse_unknown(whole, _TOP)
    if whole.is_given("within"):
        yield Expected("*", whole.place, within=whole.seconds("within"))
    for one in whole.each("alerts"):
        _refuse_unknown(one, _KEYS)
        name = one.text("alert")
        if not name:
            one.refuse("alert", "the name of an alert, such as Kafka*")
        yield Expected(
            name,
            one.place,
            receivers=_names(one, "receivers"),
            group_by=_names(one, "group_by"),
            within=one.seconds("within") if one.is_given("within") else None,
        )


def _names(fields: Fields, key: str) -> frozenset[str] | None:
    value = fields.values.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        fields.refuse(key, "a list of names")
        return None
    return frozenset(value)


def _refuse_unknown(fields: Fields, known: frozenset[str]) -> None:
    for key in fields.unknown(known):
        words: Sequence[str] = sorted(known)
        fields.problems.append(
            f"{fields.place.below(key)}: {quoted(key)} is none of {', '.join(words)}"
            f"{did_you_mean(key, words)}"
        )
