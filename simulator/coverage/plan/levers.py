"""All levers of a platform, and the episode of one at a strength."""

from typing import Final

from pydantic import TypeAdapter

from simulator.scenario.baseline import Baseline
from simulator.scenario.kinds import KINDS, Episode
from simulator.scenario.lever import Lever
from simulator.timeline.durations import format_duration

__all__ = ["episode_of", "levers"]

_EPISODE: Final[TypeAdapter[Episode]] = TypeAdapter(Episode)


def levers(base: Baseline) -> tuple[Lever, ...]:
    """All levers of the platform, kind by kind; those of one part of it stand together."""
    found = [lever for kind in KINDS for lever in kind.levers(base)]
    parts = [lever.part or lever.name for lever in found]
    return tuple(sorted(found, key=lambda lever: parts.index(lever.part or lever.name)))


def episode_of(
    lever: Lever, strength: float, *, name: str, start: float, duration: float
) -> Episode:
    """The lever's episode at a strength; times in seconds of the scenario."""
    return _EPISODE.validate_python(
        {
            "name": name,
            "kind": lever.kind,
            "start": format_duration(start),
            "duration": format_duration(duration),
            **lever.parameters(strength),
        }
    )
