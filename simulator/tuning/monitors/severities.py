"""What a rule's label `severity` asks for: to look (orange), or to act (red)."""

from collections.abc import Mapping
from typing import Final

from simulator.errors import TuningError
from simulator.quoting import quoted
from simulator.spelling import did_you_mean
from simulator.tuning.truth.incidents import LEVELS

__all__ = ["SEVERITIES", "parse_severities"]

SEVERITIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("warning", "warn", "minor", "medium", "low", "ticket"), "orange"),
    **dict.fromkeys(("critical", "crit", "page", "high", "major", "emergency", "error"), "red"),
}
"""The words that are known."""


def parse_severities(text: str) -> dict[str, str]:
    """Levels by words from `WORD=LEVEL,...`.

    Raises:
        TuningError: a level that is none, or no word.

    >>> parse_severities("page=red,Info=orange")
    {'page': 'red', 'info': 'orange'}
    """
    found = {}
    for part in text.split(","):
        word, _, level = part.strip().partition("=")
        if level not in LEVELS or not word:
            meant = did_you_mean(level, LEVELS)
            raise TuningError(
                f"{quoted(part)}: a word and {' or '.join(LEVELS)}, as page=red{meant}"
            )
        found[word.lower()] = level
    return found
