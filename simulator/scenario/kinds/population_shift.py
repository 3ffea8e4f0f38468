"""Other people apply."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import ApplicantEpisode, Problem
from simulator.scenario.lever import Lever
from simulator.scenario.severity import graded
from simulator.scenario.vocabulary import Alarms, Feature

__all__ = ["PRESETS", "PopulationShift", "Preset"]

Preset = Literal["recession", "young-channel"]

#: Named shifts of the applicant population, in standard deviations of the copula's normals.
PRESETS: Final[Mapping[Preset, Mapping[Feature, float]]] = {
    "recession": {
        "net_income": -0.15,
        "revolving_utilisation": 0.25,
        "debt_to_income": 0.25,
        "inquiries_6m": 0.20,
        "incidents_24m": 0.15,
        "job_tenure_months": -0.15,
        "permanent_contract": -0.10,
    },
    "young-channel": {
        "age": -0.8,
        "job_tenure_months": -0.6,
        "home_owner": -0.7,
        "net_income": -0.35,
        "amount": -0.5,
        "inquiries_6m": 0.3,
        "permanent_contract": -0.3,
    },
}
_SAFER_WHEN_MORE: Final = {
    "job_tenure_months",
    "net_income",
    "permanent_contract",
    "home_owner",
    "age",
}
# Between a small and a medium move, and a large one (J. Cohen's 0.2, 0.5, 0.8 of a deviation).
_MOVED: Final = (0.3, 0.8)
# The sum of all moves towards risk: from there on, more cases are referred than people can review;
# then the cut-off was made for other people, and in the end it sorts hardly anybody.
_REVIEWS_WAIT: Final = 3.5
_CUT_OFF_MISSES: Final = (4.0, 6.0)


class PopulationShift(ApplicantEpisode):
    """Other people apply: feature means move, in standard deviations."""

    kind: Literal["population-shift"]
    preset: Preset | None = None
    shifts: dict[Feature, Annotated[float, Field(ge=-4.0, le=4.0)]] = Field(default={})
    strength: Annotated[float, Field(gt=0.0, le=5.0)] = 1.0

    @property
    def named_shifts(self) -> Mapping[Feature, float]:
        """The preset's shifts or its own, at strength 1."""
        return PRESETS[self.preset] if self.preset else self.shifts

    def problems(self, base: Baseline) -> Iterator[Problem]:
        """One of the two says who applies."""
        if bool(self.preset) == bool(self.shifts):
            yield "", f"{self.name!r} needs either a preset or shifts"

    def consequences(self, base: Baseline) -> Alarms:
        """Drift by the largest move; moves towards risk also cost accuracy, and reviews wait."""
        moves = {f: self.strength * sd for f, sd in self.named_shifts.items()}
        worse = sum(-sd if f in _SAFER_WHEN_MORE else sd for f, sd in moves.items())
        return {
            "drift": graded(max(map(abs, moves.values()), default=0.0), *_MOVED),
            "accuracy": graded(worse, *_CUT_OFF_MISSES),
            # reviewers are behind: late, but nobody is lost
            "compliance": "orange" if worse >= _REVIEWS_WAIT else "none",
        }

    @classmethod
    def levers(cls, base: Baseline) -> Iterator[Lever]:
        """Each preset."""
        return map(_of_preset, get_args(Preset))


def _of_preset(preset: Preset) -> Lever:
    return Lever(
        preset,
        "population-shift",
        lambda strength: {"preset": preset, "strength": strength},
        (0.2, 0.4, 0.8, 1.4, 2.5, 5.0),
    )
