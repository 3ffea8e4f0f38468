"""What a calculated column is calculated from: a column by its name, or a number."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.grafana.frames import Field
from simulator.grafana.json_objects import javascript_number
from simulator.grafana.transformations.reducing import MILLISECONDS

__all__ = ["OPERATORS", "Operand", "is_number", "operand"]

_Numbers = NDArray[np.float64]
_LEADING_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
OPERATORS: Mapping[str, Callable[[_Numbers, _Numbers], _Numbers]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


@dataclass(frozen=True, slots=True)
class Operand:
    """A side of an operation: a column's name, or a text that begins with a number."""

    text: str
    is_name: bool

    def values(self, named: Sequence[tuple[Field, str]], rows: int) -> _Numbers | None:
        """The column's numbers, or the number as often as there are rows; None for neither."""
        if self.is_name:
            for field, name in named:
                if name == self.text:
                    scale = MILLISECONDS if field.kind == "time" else 1.0
                    return field.numbers * scale if len(field.numbers) else np.full(rows, np.nan)
        found = _LEADING_NUMBER.match(self.text)
        return np.full(rows, float(found[0])) if found else None

    @staticmethod
    def text_of(value: object) -> str:
        """What a side says."""
        if isinstance(value, dict):
            matcher = value.get("matcher")
            found = matcher.get("options") if isinstance(matcher, dict) else None
            return str(found if found is not None else value.get("fixed") or "")
        return "" if value is None else str(value)


def operand(value: object, named: Sequence[tuple[Field, str]]) -> Operand:
    """A side as it is written in the JSON: text that is no number, or a column's, is a name."""
    text = Operand.text_of(value)
    if isinstance(value, dict):
        matcher = value.get("matcher")
        return Operand(text, isinstance(matcher, dict) and matcher.get("id") == "byName")
    return Operand(text, not is_number(text) or text in {field.name for field, _ in named})


def is_number(value: object) -> bool:
    """Whether JavaScript's `Number()` makes a number of it."""
    return not np.isnan(javascript_number(value))
