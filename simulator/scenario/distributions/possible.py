"""Whether what an entry may draw can be: looked at where its distributions end."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any, Final

from pydantic import ValidationError

from simulator.quoting import quoted
from simulator.scenario.baseline import Baseline
from simulator.scenario.distributions.concrete import (
    called_for,
    concrete,
    timed_onset,
    type_problems,
)
from simulator.scenario.distributions.drawn import Drawn
from simulator.scenario.distributions.values import distribution_in
from simulator.scenario.episode import EpisodeBase, Problem

__all__ = ["drawn_problems"]

_MOST_CORNERS: Final = 256


def drawn_problems(entry: Drawn, base: Baseline) -> list[Problem]:
    """The field and what is wrong with it, each once; at the ends of every distribution.

    >>> calm = Baseline(name="x", description="x", duration="1h")
    >>> errors = {"name": "e", "kind": "errors", "a_week": 1.0, "parameters": {"ratio": 2.0}}
    >>> lasting = {"median": "1h", "least": "1h", "most": "1h"}
    >>> drawn_problems(Drawn.model_validate(errors | {"duration": lasting}), calm)
    [('parameters.ratio', 'should be at most 1 (found 2.0)')]
    """
    ends: dict[str, tuple[Any, ...]] = {}
    found: list[Problem] = [
        (path, f"is a truth value, which nothing here is (found {value})")
        for path, value in _truths(entry.parameters, "parameters")
    ]
    for name, content in entry.parameters.items():
        try:
            distribution = distribution_in(content)
        except ValueError as wrong:
            found.append((f"parameters.{name}", str(wrong)))
        else:
            ends[name] = distribution.ends if distribution else (content,)
    if not found:
        found.extend(_of_corners(entry, ends, base))
    return list(dict.fromkeys(found))


def _of_corners(
    entry: Drawn, ends: Mapping[str, tuple[Any, ...]], base: Baseline
) -> Iterator[Problem]:
    corners = islice(product(*ends.values()), _MOST_CORNERS)
    shapes = [shape for shape, weight in entry.onset.items() if weight > 0.0]
    for corner in corners:
        parameters = dict(zip(ends, corner, strict=True))
        for shape, seconds in product(shapes, (entry.duration.least, entry.duration.most)):
            onset = timed_onset(shape, seconds)
            try:
                one = concrete(entry, parameters, duration=seconds, onset=onset)
            except ValidationError as refused:
                yield from ((f"parameters.{path}", said) for path, said in type_problems(refused))
                break
            yield from _of_episode(entry, one, base)


def _of_episode(entry: Drawn, one: EpisodeBase, base: Baseline) -> Iterator[Problem]:
    problems = list(one.problems(base))
    for path, said in problems:
        is_own = path in entry.parameters
        yield f"parameters.{path}" if is_own else path, said
    if entry.look_alike and not problems and (alarms := called_for(one, base)):
        said = ", ".join(f"{severity} {signal}" for signal, severity in alarms.items())
        values = {name: getattr(one, name) for name in entry.parameters}
        yield (
            "look_alike",
            f"with {quoted(values)} it calls for {said}; weaken it, or say none under alarms",
        )


def _truths(content: object, path: str) -> Iterator[tuple[str, bool]]:
    match content:
        case bool():
            yield path, content
        case dict() | list():
            items = content.items() if isinstance(content, dict) else enumerate(content)
            for key, value in items:
                yield from _truths(value, f"{path}.{key}")
