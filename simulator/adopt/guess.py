"""A guess, how sure it is, and why."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Grade", "Guess", "grade_of"]

Grade: TypeAlias = Literal["sure", "likely", "guess"]


@dataclass(frozen=True, slots=True)
class Guess:
    """What something is taken for, from 1, sure, to 0, and why."""

    what: str
    surely: float
    why: str


def grade_of(surely: float) -> Grade:
    """In a word.

    >>> [grade_of(surely) for surely in (0.95, 0.6, 0.3)]
    ['sure', 'likely', 'guess']
    """
    if surely >= 0.85:  # noqa: PLR2004 - where words begin
        return "sure"
    return "likely" if surely >= 0.55 else "guess"  # noqa: PLR2004 - the same
