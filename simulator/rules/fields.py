"""The fields of a rule as what they should be; what is something else is noted, and all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from simulator.quoting import quoted
from simulator.rules.durations import prometheus_seconds
from simulator.rules.model import Place

__all__ = ["Fields"]

_MOST_SECONDS: Final = 1e10


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping at a place; `problems` gathers what is wrong in it and in all that is below."""

    values: Mapping[str, Any]  # Any: read from files of others, each field is looked at here
    place: Place
    problems: list[str] = field(default_factory=list)

    def is_given(self, key: str) -> bool:
        """Whether there is a value."""
        return self.values.get(key) is not None

    def refuse(self, key: str, wanted: str) -> None:
        """Notes that a field is not what is wanted."""
        value = self.values.get(key)
        found = quoted(value) if isinstance(value, str | int | float | None) else _kind(value)
        self.problems.append(f"{self.place.below(key)}: {wanted} is wanted, found {found}")

    def text(self, *keys: str) -> str:
        """The first of these fields that is given, as text, for which numbers are text as well."""
        key = next((one for one in keys if self.is_given(one)), "")
        value = self.values.get(key)
        if isinstance(value, Mapping | list | tuple | set):
            self.refuse(key, "text")
            return ""
        return _as_text(value)

    def texts(self, key: str) -> dict[str, str]:
        """A mapping from names to text."""
        found = self.below(key)
        return {str(name): found.text(name) for name in found.values}

    def seconds(self, *keys: str) -> float:
        """A duration, 0 where there is none."""
        key = next((one for one in keys if self.is_given(one)), "")
        text = self.text(key)
        try:
            return prometheus_seconds(text) if text else 0.0
        except ValueError as error:
            self.problems.append(f"{self.place.below(key)}: {error}")
            return 0.0

    def seconds_or_number(self, *keys: str) -> float:
        """A duration, or a number of seconds, as Grafana's interfaces give some."""
        key = next((one for one in keys if self.is_given(one)), "")
        value = self.values.get(key)
        if isinstance(value, int | float) and 0 <= value <= _MOST_SECONDS:
            return float(value)
        return self.seconds(key)

    def count(self, *keys: str, otherwise: int = 0) -> int:
        """A whole number from 0 on."""
        key = next((one for one in keys if self.is_given(one)), "")
        value = self.values.get(key)
        if value is None:
            return otherwise
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.refuse(key, "a whole number from 0 on")
            return otherwise
        return value

    def below(self, key: str) -> "Fields":
        """The mapping in a field; an empty one where there is none."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, Mapping):
            self.refuse(key, "a mapping")
        found = value if isinstance(value, Mapping) else {}
        return Fields(found, self.place.below(key), self.problems)

    def each(self, key: str) -> Sequence["Fields"]:
        """The mappings in a field that is a list."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, list):
            self.refuse(key, "a list")
        return self.of(value if isinstance(value, list) else (), self.place.below(key))

    def of(self, values: Sequence[object], place: Place) -> Sequence["Fields"]:
        """The mappings among values at a place."""
        found = []
        for number, one in enumerate(values):
            here = place.below(number)
            if isinstance(one, Mapping):
                found.append(Fields(one, here, self.problems))
            else:
                self.problems.append(f"{here}: a mapping is wanted, found {_shown(one)}")
        return found

    def unknown(self, known: frozenset[str]) -> tuple[str, ...]:
        """The fields that are none of these."""
        return tuple(str(key) for key in self.values if key not in known)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: object) -> str:
    return _kind(value) if isinstance(value, Mapping | list | tuple | set) else quoted(value)


def _kind(value: object) -> str:
    """A list is not written out: with aliases in it, it may be endless."""
    return "a mapping" if isinstance(value, Mapping) else "a list"
