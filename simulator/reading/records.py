"""Records in files: plain values that become one, or everything that is wrong with them at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from simulator.errors import SimulatorError
from simulator.quoting import shortened
from simulator.reading.refusals import Place, refusals
from simulator.reading.schema_places import allows_truth, below, schema_of
from simulator.reading.sound_parts import Parts, sound_parts

__all__ = ["Problem", "listed", "record_in"]

_M = TypeVar("_M", bound=BaseModel)
#: Where something is wrong, as a path of keys joined by dots, and what.
Problem: TypeAlias = tuple[str, str]
_Placed: TypeAlias = tuple[Place, str]

_MOST_PROBLEMS: Final = 100  # of a file are listed; it may have as many as it has lines


def record_in(  # noqa: PLR0913 - all but three by name
    model: type[_M],
    content: Mapping[str, object],
    source: str,
    *,
    rules: Callable[[_M], Iterable[Problem]] = lambda _: (),
    parts: Parts | None = None,
    error: type[SimulatorError],
) -> _M:
    """The record that a file's content is.

    Args:
        model: its type.
        content: plain values, as YAML or JSON has them.
        source: names the file in messages.
        rules: what is wrong with a record of valid types.
        parts: what of it can be left out where its types are wrong, so that the rules are asked
            about all the rest; without it, rules are asked once all types are right.
        error: of which type the refusal is.

    Raises:
        SimulatorError: an `error` with every problem on a line of its own: its path, what was
            found, and what was probably meant.

    >>> class Point(BaseModel):
    ...     x: float
    >>> record_in(Point, {"x": "far"}, "point.yaml", error=SimulatorError)
    Traceback (most recent call last):
    simulator.errors.SimulatorError: point.yaml: x: should be a number (found 'far')
    """
    wrong: list[_Placed] = list(_misplaced(list(_truths(content)), model))
    try:
        record = model.model_validate(content)
    except ValidationError as refused:
        seen = {place for place, _ in wrong}
        errors = refused.errors(include_url=False)
        wrong += [one for one in refusals(errors, content, model) if one.place not in seen]
    else:
        if not wrong:
            if found := list(rules(record)):
                raise error(listed(source, found))
            return record
    more = _of_rest(model, content, [place for place, _ in wrong], rules, parts)
    raise error(listed(source, [*((_path(place), said) for place, said in wrong), *more]))


def _of_rest(
    model: type[_M],
    content: Mapping[str, object],
    wrong: Sequence[Place],
    rules: Callable[[_M], Iterable[Problem]],
    parts: Parts | None,
) -> list[Problem]:
    """What the rules say of the parts of a file in which all types are right."""
    rest = None if parts is None else sound_parts(content, wrong, parts)
    if rest is None:
        return []
    try:
        record = model.model_validate(rest.content)
    except ValidationError:
        return []  # what is left is no record without the rest
    return [(rest.as_written(path), rest.as_written(said)) for path, said in rules(record)]


def _path(place: Place) -> str:
    return ".".join(map(str, place))


def listed(source: str, problems: Sequence[Problem]) -> str:
    """The problems of a file, one a line; of many, the first and how many more there are.

    >>> listed("plan.yaml", [("seed", "is missing")])
    'plan.yaml: seed: is missing'
    """
    once = list(dict.fromkeys(problems))
    lines = [f"{source}: {shortened(path)}: {said}" for path, said in once[:_MOST_PROBLEMS]]
    more = len(once) - len(lines)
    return "\n".join([*lines, f"{source}: and {more:,} more"] if more else lines)


def _misplaced(truths: Sequence[tuple[Place, bool]], model: type[BaseModel]) -> Iterator[_Placed]:
    """Yes, on or true in place of a number, which would be taken for 1."""
    if not truths:
        return  # the schema takes a moment to make
    schema = schema_of(model)
    for place, found in truths:
        nodes = [schema]
        for key in place:
            nodes = [one for node in nodes for one in below(schema, node, key)]
        if nodes and not any(allows_truth(schema, node) for node in nodes):
            yield (
                place,
                f"is a truth value, which nothing here is; put a word in quotes (found {found})",
            )


def _truths(content: object, place: Place = ()) -> Iterator[tuple[Place, bool]]:
    """Where the content says yes, on or true, or their opposite."""
    if isinstance(content, bool):
        yield place, content
    elif isinstance(content, dict | list):
        items = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in items:
            yield from _truths(value, (*place, key))
