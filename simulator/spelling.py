"""What a misspelt word was probably meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

__all__ = ["did_you_mean"]

_LONGEST: Final = 200
"""Longer words are no slip of a finger, and comparing them takes time."""


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
