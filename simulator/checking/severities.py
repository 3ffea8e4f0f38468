"""Which colour of a panel an alert's severity answers to."""

from collections.abc import Mapping
from typing import Final

__all__ = ["SEVERITY_LABELS", "level_of", "severity_of"]

SEVERITY_LABELS: Final = ("severity", "level", "priority")
_RED: Final = ("critical", "crit", "page", "error", "fatal", "emergency", "disaster", "p1", "sev1")
_ORANGE: Final = ("warning", "warn", "ticket", "minor", "moderate")
_LEVELS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_RED, "red"),
    **dict.fromkeys(_ORANGE, "orange"),
}


def severity_of(labels: Mapping[str, str]) -> str:
    """How grave an alert says that it is, as it is written; "" where it does not say."""
    return next((labels[name] for name in SEVERITY_LABELS if labels.get(name)), "")


def level_of(severity: str, given: Mapping[str, str]) -> str:
    """The colour, red or orange, or "" for a word of neither; `given` are a person's words.

    >>> [level_of(one, {"blocker": "red"}) for one in ("Critical", "blocker", "info")]
    ['red', 'red', '']
    """
    return given.get(severity, _LEVELS.get(severity.lower(), ""))
