"""Limits that a text claims, in English or French: "red from 10 000", "plus de 5 minutes"."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Claim", "claims", "colored_claims", "is_one_of"]

_ENGLISH: Final = (
    r"(?:threshold|limit)\s+(?:of|is)|from|below|under|above|over|beyond|exceeds|exceeding"
    r"|at\s+least|at\s+most|(?:more|less|greater|higher|lower|fewer|longer)\s+than"
)
_FRENCH: Final = (
    r"à\s+partir\s+de|dès|au-dessus\s+de|(?:en|au)[- ]dessous\s+de|sous|plus\s+de|moins\s+de"
    r"|(?:sup|inf)érieure?s?\s+à|dépasse|au\s+(?:moins|plus)"
)
_SIGN: Final = rf"(?:>=|<=|≥|≤|>|<|{_ENGLISH}|{_FRENCH})"
_GROUPED: Final = r"\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?!\d)(?:\.\d+)?"
_NUMBER: Final = rf"(?P<number>{_GROUPED}|\d+(?:[.,]\d+)?)"
_UNIT: Final = r"(?:[ \u00a0\u202f]?(?P<unit>%|[a-zA-Zµ]+))?"
_CLAIM: Final = re.compile(rf"(?P<sign>{_SIGN})\s*{_NUMBER}{_UNIT}(?![\w.]*\d)", re.IGNORECASE)
_COLORED: Final = re.compile(
    rf"\b(?P<color>green|orange|amber|yellow|red|vert|jaune|rouge)\b[\s,:(=*]{{0,4}}(?:if|when|is|si)?\s*{_CLAIM.pattern}",
    re.IGNORECASE,
)
_LEVELS: Final = {"green": "", "vert": "", "red": "red", "rouge": "red"}
_PERCENT: Final = (0.01, 10.0)
"""Of a whole, and of a second in milliseconds."""
_SCALES: Final[dict[str, tuple[float, ...]]] = {
    "%": _PERCENT,
    "percent": _PERCENT,
    "pct": _PERCENT,
    **dict.fromkeys(("ns", "nanoseconds"), (1e-9, 1e-6)),
    **dict.fromkeys(("µs", "us", "microseconds"), (1e-6, 1e-3, 1e3)),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), (1e-3, 1e3, 1e6)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "secondes"), (1e3, 1e6, 1e9)),
    "M": (1e6, 60.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), (60.0, 6e4, 1.0 / 60.0)),
    **dict.fromkeys(
        ("h", "hour", "hours", "hr", "hrs", "heure", "heures"), (3600.0, 60.0, 3.6e6, 1.0 / 24.0)
    ),
    **dict.fromkeys(("d", "day", "days", "jour", "jours"), (86400.0, 24.0, 1440.0, 8.64e7)),
    **dict.fromkeys(("w", "week", "weeks"), (604800.0, 7.0, 168.0)),
    **dict.fromkeys(("k", "kb", "kib", "thousand"), (1e3, 1024.0)),
    **dict.fromkeys(("million", "mb", "mib", "mbps"), (1e6, 2.0**20, 1024.0, 1e3)),
    **dict.fromkeys(("billion", "gb", "gib", "g"), (1e9, 2.0**30, 2.0**20, 1e6, 1024.0, 1e3)),
    **dict.fromkeys(("tb", "tib"), (1e12, 2.0**40, 2.0**10, 2.0**20, 2.0**30)),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a text compares with, in all the units that it may be meant in.

    `level` is "orange" or "red" after such a colour, else "".
    """

    text: str
    values: tuple[float, ...]
    level: str = ""


def colored_claims(text: str) -> Iterator[Claim]:
    """The claims that say which colour they are of.

    >>> [(one.level, one.values) for one in colored_claims("Orange, below 70 %: look. Red 5.")]
    [('orange', (70.0, 0.7000000000000001, 700.0))]
    """
    for found in _COLORED.finditer(text):
        color = found["color"].lower()
        yield _claim(found, _LEVELS.get(color, "orange"))


def claims(text: str) -> Iterator[Claim]:
    """All claims of a text.

    >>> [one.text for one in claims("p95 is above 10,000 ms for more than 5 minutes")]
    ['above 10,000 ms', 'more than 5 minutes']
    """
    for found in _CLAIM.finditer(text):
        yield _claim(found, "")


def _claim(found: re.Match[str], level: str) -> Claim:
    number = _value(found["number"])
    unit = found["unit"] or ""
    scales = _SCALES.get(unit, _SCALES.get(unit.lower(), ()))
    end = found.end() if scales else found.end("number")
    text = " ".join(found.string[found.start() : end].split())
    return Claim(text, (number, *(number * scale for scale in scales)), level)


def _value(text: str) -> float:
    """A number whose thousands may stand apart, with a point or a comma before its decimals.

    >>> [_value(one) for one in ("10 000", "10,000.5", "0,25", "1.5")]
    [10000.0, 10000.5, 0.25, 1.5]
    """
    if re.fullmatch(_GROUPED, text):
        return float(re.sub(r"[^\d.]", "", text))
    return float(text.replace(",", "."))


def is_one_of(claim: Claim, values: Sequence[float]) -> bool:
    """Whether one of the values is what a text claims, as it is written in the text."""
    return any(
        math.isclose(abs(value), one, rel_tol=1e-6) for value in values for one in claim.values
    )
