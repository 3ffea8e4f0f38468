"""One episode of the kind that an entry names, with given parameters; and its onset."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from simulator.reading.wording import said
from simulator.scenario.baseline import Baseline
from simulator.scenario.distributions.drawn import KIND_OF, Drawn
from simulator.scenario.distributions.values import Count, Range
from simulator.scenario.episode import EpisodeBase, Problem
from simulator.scenario.lever import readable
from simulator.scenario.vocabulary import Alarms
from simulator.timeline.durations import format_duration

__all__ = ["called_for", "concrete", "timed_onset", "type_problems"]

_NUMBER: Final = "{number}"
_RISE: Final = Range(0.05, 0.4, is_log=True)  # of the duration
_FALL: Final = Range(0.02, 0.2, is_log=True)
_RETURNS: Final = Count(2, 6)  # of a recurring one
_DUTY: Final = Range(0.3, 0.7, is_log=False)


def concrete(  # noqa: PLR0913 - what an episode consists of
    entry: Drawn,
    parameters: Mapping[str, Any],
    *,
    duration: float,
    onset: Mapping[str, Any],
    number: str = "1-1",
    start: float = 0.0,
) -> EpisodeBase:
    """The episode; `number` tells it from others of the entry.

    Raises:
        ValidationError: the parameters have not the types that the kind asks for.
    """
    return KIND_OF[entry.kind].model_validate(
        {
            "name": f"{entry.name}-{number}",
            "kind": entry.kind,
            "start": format_duration(start),
            "duration": format_duration(duration),
            "onset": onset,
            "alarms": entry.alarms,
            **{key: _numbered(value, number) for key, value in parameters.items()},
        }
    )


def timed_onset(
    shape: str, duration: float, rise: float = 0.5, fall: float = 0.5, often: float = 0.5
) -> dict[str, Any]:
    """An onset of that shape that fits into a duration, from shares of what its times may be.

    >>> timed_onset("incremental", 3600.0)
    {'shape': 'incremental', 'rise': '8m29s', 'fall': '3m48s'}
    """
    if shape == "recurring":
        period = format_duration(duration / _RETURNS.at(often))
        return {"shape": shape, "period": period, "duty": readable(_DUTY.at(rise))}
    if shape == "abrupt":
        return {"shape": shape}
    rising, falling = duration * _RISE.at(rise), duration * _FALL.at(fall)
    return {
        "shape": shape,
        "rise": format_duration(max(round(rising), 1.0)),
        "fall": format_duration(round(falling)),
    }


def called_for(episode: EpisodeBase, base: Baseline) -> Alarms:
    """The alarms that it calls for on a platform, at its mean rate."""
    found = episode.consequences(base) | episode.alarms
    return {signal: severity for signal, severity in found.items() if severity != "none"}


def type_problems(refused: ValidationError) -> Iterator[Problem]:
    """What is wrong with the parameters, by field."""
    for error in refused.errors(include_url=False):
        yield ".".join(map(str, error["loc"])), said(error)


def _numbered(value: object, number: str) -> object:
    return value.replace(_NUMBER, number) if isinstance(value, str) else value
