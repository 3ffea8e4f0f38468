"""The scenario: the chosen incidents one after the other, with time to recover in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulator.coverage.plan.levers import episode_of
from simulator.coverage.plan.trials import Timing, Trial
from simulator.scenario.kinds import Episode
from simulator.scenario.kinds.model_release import ModelRelease
from simulator.scenario.lever import Lever
from simulator.scenario.model import Scenario

__all__ = ["Slot", "laid_out"]

_SLACK_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Slot:
    """One incident of the scenario, `stretch` times as long as its trial."""

    name: str
    lever: Lever
    strength: float
    stretch: float = 1.0


def laid_out(
    base: Scenario, trials: Sequence[tuple[Trial, float]], timing: Timing, *, name: str, about: str
) -> tuple[Scenario, dict[Trial, str]]:
    """The scenario of the trials, each with its stretch, and the name of each one's episode.

    Incidents of one lever follow each other, from weak to strong.
    """
    slots = _slots(trials)
    clock = _rounded_up(timing.lead + timing.look_back + timing.hold)
    episodes: list[Episode] = []
    for slot in slots:
        seconds = _rounded_up(timing.episode_seconds(slot.lever) * slot.stretch)
        one = episode_of(slot.lever, slot.strength, name=slot.name, start=clock, duration=seconds)
        episodes.append(one)
        clock += seconds + _rounded_up(slot.lever.recovers + timing.look_back + _SLACK_SECONDS)
    scenario = base.model_copy(
        update={
            "name": name,
            "description": about,
            "duration": clock,
            "episodes": tuple(_with_versions(base.platform.model.version, episodes)),
        }
    )
    named = {(slot.lever.name, slot.strength): slot.name for slot in slots}
    return scenario, {
        trial: named[trial.lever.name, trial.strength]
        for trial, _ in trials
        if trial.lever is not None
    }


def _slots(trials: Sequence[tuple[Trial, float]]) -> list[Slot]:
    by_lever: dict[str, list[tuple[Lever, float, float]]] = {}
    for trial, stretch in trials:
        if trial.lever is not None:
            entry = (trial.lever, trial.strength, stretch)
            by_lever.setdefault(trial.lever.name, []).append(entry)
    slots = []
    for name, entries in by_lever.items():
        entries.sort(key=lambda entry: entry[1])
        for number, (lever, strength, stretch) in enumerate(entries, start=1):
            called = name if len(entries) == 1 else f"{name}-{number}"
            slots.append(Slot(called, lever, strength, stretch))
    return slots


def _with_versions(in_production: str, episodes: Sequence[Episode]) -> list[Episode]:
    """The episodes with a version of its own for each model that is released.

    >>> _next_versions("3.2.0", 2), _next_versions("blue", 1)
    (['3.3.0', '3.4.0'], ['blue-2'])
    """
    releases = [e for e in episodes if isinstance(e, ModelRelease)]
    versions = iter(_next_versions(in_production, len(releases)))
    return [
        e.model_copy(update={"version": next(versions)}) if isinstance(e, ModelRelease) else e
        for e in episodes
    ]


def _next_versions(version: str, count: int) -> list[str]:
    major, *minor = version.split(".")
    if len(minor) >= 1 and minor[0].isdecimal():
        later = range(int(minor[0]) + 1, int(minor[0]) + 1 + count)
        return [".".join([major, str(number), *minor[1:]]) for number in later]
    return [f"{version}-{number}" for number in range(2, count + 2)]


def _rounded_up(seconds: float) -> float:
    """Whole five minutes, which are easier to read."""
    return -(-seconds // 300.0) * 300.0
