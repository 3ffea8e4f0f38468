"""What a check says: of what, where, and whether it fails."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from simulator.rules.model import Place

if TYPE_CHECKING:
    from simulator.checking.material import Material

__all__ = ["Check", "Problem", "Weight"]


class Weight(StrEnum):
    """A finding fails a check; a note is worth knowing only."""

    FINDING = "finding"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong, or worth knowing, of `subject`: a panel or an alert by its name.

    `proposal` is what would be right, "" where nobody can tell.
    """

    subject: str
    message: str
    place: Place
    weight: Weight = Weight.FINDING
    proposal: str = ""


#: Looks at all of it and tells what it finds.
Look: TypeAlias = Callable[["Material"], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at: its stable id, one line of help, and how it is looked at."""

    id: str
    help: str
    look: Look
