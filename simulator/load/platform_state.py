"""What the platform says of its simulation: who applies, and how many requests are expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from simulator.quoting import quoted
from simulator.scenario.vocabulary import FEATURES, Channel, Feature

__all__ = ["PlatformState", "Population"]

_NotNegative = Annotated[FiniteFloat, Field(ge=0.0)]


@dataclass(frozen=True)
class Population:
    """Who applies: shares of populations, each with its shifts in standard deviations."""

    shares: tuple[float, ...] = (1.0,)
    shifts: tuple[tuple[float, ...], ...] = ((0.0,) * len(FEATURES),)


class _Applicants(BaseModel):
    share: _NotNegative
    shifts: dict[Feature, FiniteFloat]


class PlatformState(BaseModel):
    """The part of `/simulation` that matters to users."""

    model_config = ConfigDict(frozen=True)

    scenario: str
    elapsed_seconds: _NotNegative
    duration_seconds: _NotNegative
    requests_per_second: _NotNegative
    channels: dict[Channel, _NotNegative] = {}  # what is not said does not change who comes
    applicants: Annotated[tuple[_Applicants, ...], Field(min_length=1)]
    warning: str | None = None

    @classmethod
    def of(cls, answer: Mapping[str, object]) -> Self:
        """The state in an answer.

        Raises:
            ValueError: it holds none; with the first thing that is wrong with it.
        """
        try:
            state = cls.model_validate(answer)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the whole"
            if first["type"] == "missing":
                raise ValueError(f"it has no {place}") from error
            raise ValueError(f"{place} is {quoted(first['input'])}: {first['msg']}") from error
        if not sum(a.share for a in state.applicants) > 0.0:
            raise ValueError(f"applicants is {quoted(answer['applicants'])}: all shares are 0")
        return state

    @property
    def population(self) -> Population:
        """Who applies at the moment.

        >>> shifted = [{"share": 1.0, "shifts": {"age": -0.8}}]
        >>> plan = {"scenario": "x", "duration_seconds": 60, "requests_per_second": 40}
        >>> state = PlatformState.of({**plan, "elapsed_seconds": 0, "applicants": shifted})
        >>> state.population.shifts[0][FEATURES.index("age")]
        -0.8
        """
        return Population(
            shares=tuple(a.share for a in self.applicants),
            shifts=tuple(tuple(a.shifts.get(f, 0.0) for f in FEATURES) for a in self.applicants),
        )
