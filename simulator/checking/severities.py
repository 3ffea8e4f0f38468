"""What an alert's severity asks for: to look (orange), or to act (red)."""

from collections.abc import Mapping
from typing import Final

from simulator.errors import RuleError
from simulator.grafana.alarm_steps import LEVELS
from simulator.quoting import quoted
from simulator.spelling import did_you_mean

__all__ = ["SEVERITIES", "level_of", "parse_severities", "severity_of"]

_LABELS: Final = ("severity", "level", "priority")
_ORANGE: Final = ("warning", "warn", "minor", "medium", "moderate", "low", "ticket")
_RED: Final = (
    *("critical", "crit", "page", "high", "major", "emergency", "error", "fatal", "disaster"),
    *("p1", "sev1"),
)
SEVERITIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(_ORANGE, "orange"),
    **dict.fromkeys(_RED, "red"),
}
"""The words that are known."""


def severity_of(labels: Mapping[str, str]) -> str:
    """How grave an alert says that it is, as it is written; "" where it does not say."""
    return next((labels[name] for name in _LABELS if labels.get(name)), "")


def level_of(severity: str, given: Mapping[str, str]) -> str:
    """The colour, or "" for a word of neither; `given` are a person's words in lower case.

    >>> [level_of(one, {"blocker": "red"}) for one in ("Critical", "Blocker", "info")]
    ['red', 'red', '']
    """
    word = severity.lower()
    return given.get(word, SEVERITIES.get(word, ""))


def parse_severities(text: str) -> dict[str, str]:
    """Levels by words from `WORD=LEVEL,...`.

    Raises:
        RuleError: a level that is none, or no word.

    >>> parse_severities("page=red,Info=orange")
    {'page': 'red', 'info': 'orange'}
    """
    found = {}
    for part in text.split(","):
        word, _, level = part.strip().partition("=")
        if level not in LEVELS or not word:
            meant = did_you_mean(level, LEVELS)
            said = f"{quoted(part)}: a word and {' or '.join(LEVELS)}, as page=red{meant}"
            raise RuleError(said)
        found[word.lower()] = level
    return found
