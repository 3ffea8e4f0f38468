"""What became of mutants: noticed, without any effect, or not noticed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from simulator.mutation.kinds import Kind
from simulator.mutation.mutants import Mutant

__all__ = ["Fate", "KindShare", "Mutation", "Tried"]


class Fate(StrEnum):
    """What became of a mutant."""

    NOTICED = "noticed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """A mutant and its fate.

    `why` is what noticed it, the rule by which it cannot matter, or what would have noticed it.
    """

    mutant: Mutant
    fate: Fate
    why: str


@dataclass(frozen=True, slots=True)
class KindShare:
    """How many mutants of a kind were noticed, of those that can matter where a limit stands.

    `n_unwatched` are those where none stands, of which `n_unwatched_noticed` were noticed all the
    same.
    """

    kind: Kind
    n_noticed: int
    n_survived: int
    n_equivalent: int
    n_unwatched: int
    n_unwatched_noticed: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there is none that can matter."""
        n_all = self.n_noticed + self.n_survived
        return self.n_noticed / n_all if n_all else None

    def is_enough(self, least: float) -> bool:
        """Whether so many are noticed; units are only told, as they change no value."""
        return self.kind is Kind.UNIT or self.share is None or self.share >= least


@dataclass(frozen=True)
class Mutation:
    """All mutants that were tried; `n_possible` is how many there could be.

    At least a share `least` of each kind but units has to be noticed; `notes` name what was not
    changed.
    """

    tried: tuple[Tried, ...]
    seed: int
    n_possible: int
    least: float
    notes: tuple[str, ...] = ()

    @cached_property
    def kinds(self) -> tuple[KindShare, ...]:
        """The shares of the kinds that there are."""
        return tuple(
            _share(kind, own)
            for kind in Kind
            if (own := [one for one in self.tried if one.mutant.change.kind is kind])
        )

    @property
    def survivors(self) -> tuple[Tried, ...]:
        """Those that were not noticed, those first on which a limit stands."""
        found = [one for one in self.tried if one.fate is Fate.SURVIVED]
        return tuple(sorted(found, key=lambda one: not one.mutant.change.is_watched))

    @property
    def is_enough(self) -> bool:
        """Whether enough of each kind were noticed, and any was there to be."""
        return bool(self.tried) and all(one.is_enough(self.least) for one in self.kinds)


def _share(kind: Kind, own: Sequence[Tried]) -> KindShare:
    matter = [one for one in own if one.fate is not Fate.EQUIVALENT]
    watched = [one.fate for one in matter if one.mutant.change.is_watched]
    unwatched = [one.fate for one in matter if not one.mutant.change.is_watched]
    return KindShare(
        kind=kind,
        n_noticed=watched.count(Fate.NOTICED),
        n_survived=watched.count(Fate.SURVIVED),
        n_equivalent=len(own) - len(matter),
        n_unwatched=len(unwatched),
        n_unwatched_noticed=unwatched.count(Fate.NOTICED),
    )
