"""Pauses as they are written: one duration, or anything between two."""

from typing import Final

from simulator.timeline.durations import format_duration, parse_duration

__all__ = ["parse_pauses"]

_SHORTEST_SECONDS: Final = 0.001


def parse_pauses(text: str) -> tuple[float, float]:
    """Both ends of `1s-5s` in seconds, or twice the same of `2s`.

    Raises:
        ValueError: it is none, runs backwards, or is shorter than a millisecond; with what to do.

    >>> parse_pauses("250ms-1m"), parse_pauses("2s")
    ((0.25, 60.0), (2.0, 2.0))
    """
    least_text, dash, most_text = (part.strip() for part in text.partition("-"))
    try:
        least = parse_duration(least_text)
        most = parse_duration(most_text) if dash else least
    except ValueError as problem:
        raise ValueError(f"{problem}: give one, or two with a dash as in 1s-5s") from None
    if most < _SHORTEST_SECONDS or least > most:
        raise ValueError(
            "give the shorter duration first, and one of at least "
            f"{format_duration(_SHORTEST_SECONDS)} last, as in 1s-5s"
        )
    return least, most
