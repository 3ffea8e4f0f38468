"""A lever of the platform: an incident whose strength can be turned from weak to strong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter

from simulator.scenario.episodes import Episode
from simulator.timeline.durations import format_duration

__all__ = ["Lever", "Scale", "episode_of"]

#: How strengths lie between a weak and a strong one: by ratio, by difference, or counted.
Scale = Literal["ratio", "difference", "count"]

_EPISODE: Final[TypeAdapter[Episode]] = TypeAdapter(Episode)


@dataclass(frozen=True, slots=True)
class Lever:
    """An incident with one strength, in the units of the parameter that it turns.

    `parameters` are those of the episode at a strength; `strengths` the ones tried first, from weak
    to strong, and no other lies outside them. It is `seen_after` so many seconds, beyond what
    panels look back, and gone `recovers` seconds after its end. With `lasts`, it ends after so many
    seconds, since what is to be seen comes then. At most `most` of them fit into one scenario.
    """

    name: str
    kind: str
    parameters: Callable[[float], Mapping[str, object]]
    strengths: tuple[float, ...]
    scale: Scale = "ratio"
    seen_after: float = 0.0
    recovers: float = 0.0
    lasts: float = 0.0
    most: int = 1000

    def described(self, strength: float) -> str:
        """The incident at a strength, in words.

        >>> errors = Lever("500s", "errors", lambda s: {"status": 500, "ratio": s}, (0.1, 0.9))
        >>> errors.described(0.25)
        'errors (status 500, ratio 0.25)'
        """
        values = self.parameters(strength)
        said = ", ".join(
            f"{key.replace('_', ' ')} {_short(value)}"
            for key, value in values.items()
            if key not in {"version", "outcome", "canary_for"}
        )
        return f"{self.kind} ({said})"


def _short(value: object) -> str:
    if isinstance(value, dict):
        distinct = {f"{one:g}" for one in value.values()}
        return f"all {distinct.pop()}" if len(distinct) == 1 else str(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


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
