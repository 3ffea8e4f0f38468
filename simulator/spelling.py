"""What a misspelt word was probably meant to be."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Final

__all__ = ["did_you_mean", "nearest_names"]

_LONGEST: Final = 200
"""Longer words are no slip of a finger, and comparing them takes time."""
_A_SLIP: Final = 0.85
"""How alike two long names are where one is the other misspelt; those of one program are alike."""
_WORDS: Final = re.compile(r"[^\W_]+")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of an error message: a question with the nearest of the words that there are.

    Upper and lower case count as the same. Empty where none is near.

    >>> did_you_mean("clam", ["calm", "tour", "on-call"])
    "; did you mean 'calm'?"
    >>> did_you_mean("tour-of-france", ["calm", "tour"])
    ''
    """
    if len(word) > _LONGEST:
        return ""
    by_lower = {one.lower(): one for one in known}
    found = get_close_matches(word.lower(), by_lower, n=1)
    return f"; did you mean {by_lower[found[0]]!r}?" if found else ""


def nearest_names(name: str, known: Iterable[str], *, most: int = 3) -> str:
    """The end of an error message about a name of several words, such as a metric's.

    A question where it is misspelt, else the names that share most of its words; empty where none
    shares any.

    >>> nearest_names("kafka_broker", ["kafka_brokers", "up"])
    "; did you mean 'kafka_brokers'?"
    >>> nearest_names("s3_traffic_bytes", ["s3_requests", "disk_bytes", "up", "s3_bytes_total"])
    "; the nearest are 's3_bytes_total', 'disk_bytes', 's3_requests'"
    """
    if len(name) > _LONGEST:
        return ""
    names = list(known)
    if slip := get_close_matches(name, names, n=1, cutoff=_A_SLIP):
        return f"; did you mean {slip[0]!r}?"
    words = _words(name)
    shared = {one: len(words & _words(one)) / len(words | _words(one)) for one in names}
    alike = {one: (share, _likeness(name, one)) for one, share in shared.items() if share}
    found = sorted(alike, key=alike.__getitem__, reverse=True)[:most]
    return f"; the nearest are {', '.join(map(repr, found))}" if found else ""


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(name.lower()))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
