"""What is found wrong with a query whatever it answers, each kind with a stable code."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["Code", "Finding", "is_so_whatever_happens"]


class Code(StrEnum):
    """What was found; docs/findings.md explains each of them."""

    UNKNOWN_METRIC = "unknown-metric"
    UNKNOWN_LABEL = "unknown-label"
    UNKNOWN_VALUE = "unknown-value"
    OTHER_SPELLING = "other-spelling"
    UNUSED_LABEL = "unused-label"
    SHORT_WINDOW = "short-window"
    OUT_OF_REACH = "out-of-reach"
    INSIDE_BUCKET = "inside-bucket"
    UNKNOWN_COLUMN = "unknown-column"
    EMPTY_VARIABLE = "empty-variable"
    UNKNOWN_TIME_ZONE = "unknown-time-zone"
    NOT_COMPARED = "not-compared"
    ASSUMED_RANGE = "assumed-range"


_WHATEVER_HAPPENS: Final = frozenset(
    {Code.UNKNOWN_METRIC, Code.UNKNOWN_LABEL, Code.OTHER_SPELLING, Code.SHORT_WINDOW}
)


def is_so_whatever_happens(reason: str) -> bool:
    """Whether a reason begins with the code of something that no traffic changes.

    >>> is_so_whatever_happens("unknown-metric: there is no metric 'x'")
    True
    """
    return reason.partition(":")[0] in _WHATEVER_HAPPENS


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is asked for and that is not there; `source` is the query's letter, if any.

    `is_failure` says that the panel is not proven with it, whatever it shows; the others are notes.
    """

    code: Code
    message: str
    source: str
    is_failure: bool = False
    is_allowed: bool = False
