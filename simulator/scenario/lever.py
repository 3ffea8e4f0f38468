"""A lever of the platform: an incident whose strength can be turned from weak to strong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from simulator.scenario.baseline import Baseline

__all__ = ["Lever", "Scale", "counts", "labels_per_second", "readable"]

#: How strengths lie between a weak and a strong one: by ratio, by difference, or counted.
Scale = Literal["ratio", "difference", "count"]

_FEW: Final = 7  # up to here all counts are tried
_FEWEST_PER_SECOND: Final = 1.0  # of applications with a label, so that waiting ends


@dataclass(frozen=True, slots=True)
class Lever:
    """An incident with one strength, in the units of the parameter that it turns.

    `parameters` are those of the episode at a strength, of which `unsaid` go without saying;
    `strengths` the ones tried first, from weak to strong, and no other lies outside them. It is
    `seen_after` seconds, beyond what panels look back, and gone `recovers` seconds after
    its end. With `lasts`, it ends after these seconds, since what is to be seen comes then. At
    most `most` of them fit into one scenario. Levers of one `part` of the platform, such as a
    consumer group, stand together. One that the platform itself does not notice (`is_unnoticed`)
    is for what no other brings about.
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
    part: str = ""
    unsaid: frozenset[str] = frozenset()
    is_unnoticed: bool = False

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
            if key not in self.unsaid
        )
        return f"{self.kind} ({said})"


def _short(value: object) -> str:
    if isinstance(value, dict):
        distinct = {f"{one:g}" for one in value.values()}
        return f"all {distinct.pop()}" if len(distinct) == 1 else str(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def counts(most: int, *others: int) -> tuple[float, ...]:
    """Counts from one to the most, near the ends of what there is, and some that matter.

    >>> counts(3), counts(16, 4)
    ((1.0, 2.0, 3.0), (1.0, 2.0, 4.0, 15.0, 16.0))
    """
    wanted = {1, 2, most - 1, most, *others} if most > _FEW else set(range(1, most + 1))
    return tuple(float(count) for count in sorted(wanted) if 1 <= count <= most)


def labels_per_second(base: Baseline) -> float:
    """Applications per second that get a label: of two requests about one."""
    return max(base.traffic.requests_per_second / 2.0, _FEWEST_PER_SECOND)


def readable(value: float) -> float:
    """Three significant digits, so that a scenario can be read."""
    return float(f"{value:.3g}")
