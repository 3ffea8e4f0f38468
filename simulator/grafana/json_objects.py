"""JSON objects that know their path, so that every complaint names the place and the value."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulator.errors import DashboardError
from simulator.grafana.number_text import javascript_text
from simulator.quoting import quoted, shortened

__all__ = ["JsonObject", "javascript_number", "unexpected"]

_DECIMAL = re.compile(r"[+-]?(Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)\Z")


def javascript_number(value: object) -> float:
    """The number a JSON value compares as in JavaScript; nan where it is none.

    >>> [javascript_number(v) for v in (3, "2.5", None, "", True, "ten", {})]
    [3.0, 2.5, 0.0, 0.0, 1.0, nan, nan]
    """
    match value:
        case None:
            return 0.0
        case bool() | int() | float():
            try:
                return float(value)
            except OverflowError:
                return math.inf if value > 0 else -math.inf
        case str():
            text = value.strip()
            return float(text) if _DECIMAL.match(text) else (float("nan") if text else 0.0)
    return float("nan")


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object of the file and where it stands; null reads as absent throughout.

    What stands where another kind is wanted is taken as Grafana takes it, where JavaScript makes no
    difference: a number is its text, 0 and 1 are no and yes, and "", false and an empty list or
    object are nothing at all.

    Raises:
        DashboardError: from every accessor, where the value is of another kind; with the path,
            what is wanted there and the value found.

    >>> JsonObject({"title": 7}).text("title")
    '7'
    >>> JsonObject({"title": [7]}, "panels[2]").text("title")
    Traceback (most recent call last):
    simulator.errors.DashboardError: panels[2].title: text is wanted, found [7]
    """

    members: Mapping[str, object]
    path: str = ""

    def __contains__(self, key: str) -> bool:
        return self.members.get(key) is not None

    def place(self, key: str) -> str:
        """The path of a member."""
        return f"{self.path}.{key}" if self.path else key

    def get(self, key: str) -> object:
        """The member as it is; None where it is absent."""
        return self.members.get(key)

    def text(self, key: str, default: str = "") -> str:
        """The member as text."""
        value = self.members.get(key)
        if _is_nothing(value):
            return default
        if isinstance(value, int | float) and not isinstance(value, bool):
            return javascript_text(javascript_number(value))
        if not isinstance(value, str):
            raise unexpected(self.place(key), "text", value)
        return value

    def flag(self, key: str) -> bool:
        """The member as a boolean, absent is False."""
        value = self.members.get(key)
        if _is_nothing(value):
            return False
        if value not in (0, 1):
            raise unexpected(self.place(key), "true or false", value)
        return bool(value)

    def number(self, key: str) -> float | None:
        """The member as a finite number; numeric text counts, "" is absent."""
        value = self.members.get(key)
        if _is_nothing(value):
            return None
        number = javascript_number(value)
        if isinstance(value, bool) or not abs(number) < float("inf"):
            raise unexpected(self.place(key), "a number", value)
        return number

    def integer(self, key: str) -> int | None:
        """The member as a whole number, cut towards zero."""
        number = self.number(key)
        return None if number is None else int(number)

    def child(self, key: str) -> "JsonObject":
        """The member as an object, empty where absent."""
        value = self.members.get(key)
        if _is_nothing(value):  # exporters in PHP write [] for {}
            return JsonObject({}, self.place(key))
        if not isinstance(value, dict):
            raise unexpected(self.place(key), "an object", value)
        return JsonObject(value, self.place(key))

    def children(self, key: str) -> Iterator["JsonObject"]:
        """The objects of a list member, in order; none where absent."""
        for place, value in self.entries(key):
            if not isinstance(value, dict):
                raise unexpected(place, "an object", value)
            yield JsonObject(value, place)

    def entries(self, key: str) -> Iterator[tuple[str, object]]:
        """What is in a list member, whatever it is, each with its path."""
        for index, value in enumerate(self.items(key)):
            yield f"{self.place(key)}[{index}]", value

    def items(self, key: str) -> list[object]:
        """The list member, empty where absent."""
        value = self.members.get(key)
        if _is_nothing(value):
            return []
        if not isinstance(value, list):
            raise unexpected(self.place(key), "a list", value)
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """The list member as texts; None where absent."""
        if self.members.get(key) is None:
            return None
        for index, value in enumerate(self.items(key)):
            if not isinstance(value, str):
                raise unexpected(f"{self.place(key)}[{index}]", "text", value)
        return tuple(str(value) for value in self.items(key))


def _is_nothing(value: object) -> bool:
    """Whether JavaScript finds nothing in it, whatever of it is asked for; 0 is a number."""
    return value in (None, "", [], {}) or value is False


def unexpected(place: str, wanted: str, found: object) -> DashboardError:
    """What to say of a value of the wrong kind."""
    return DashboardError(f"{shortened(place)}: {wanted} is wanted, found {quoted(found)}")
