"""Records in files: plain values that become one, or everything that is wrong with them at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from simulator.errors import SimulatorError
from simulator.quoting import quoted, shortened
from simulator.reading.misspelt import meant
from simulator.reading.schema_places import allows_truth, below, schema_of

__all__ = ["Problem", "listed", "record_in"]

_M = TypeVar("_M", bound=BaseModel)
#: Where something is wrong, as a path of keys joined by dots, and what.
Problem: TypeAlias = tuple[str, str]

#: Keys and indices, and what is there.
Place: TypeAlias = tuple[tuple[int | str, ...], bool]

_MOST_PROBLEMS: Final = 20  # of a file are listed; it may have as many as it has lines


def record_in(
    model: type[_M],
    content: Mapping[str, object],
    source: str,
    *,
    rules: Callable[[_M], Iterable[Problem]] = lambda _: (),
    error: type[SimulatorError],
) -> _M:
    """The record that a file's content is.

    Args:
        model: its type.
        content: plain values, as YAML or JSON has them.
        source: names the file in messages.
        rules: what is wrong with a record of valid types.
        error: of which type the refusal is.

    Raises:
        SimulatorError: an `error` with every problem on a line of its own: its path, what was
            found, and what was probably meant.

    >>> class Point(BaseModel):
    ...     x: float
    >>> record_in(Point, {"x": "far"}, "point.yaml", error=SimulatorError)
    Traceback (most recent call last):
    simulator.errors.SimulatorError: point.yaml: x: Input should be a valid number, unable to \
parse string as a number (found 'far')
    """
    truths = list(_misplaced(list(_truths(content)), model))
    try:
        record = model.model_validate(content)
    except ValidationError as refused:
        seen = {path for path, _ in truths}
        wrong = [
            (path, _message(e, model))
            for e in refused.errors(include_url=False)
            if (path := _path(e, content)) not in seen
        ]
        raise error(listed(source, [*truths, *wrong])) from refused
    if found := truths or list(rules(record)):
        raise error(listed(source, found))
    return record


def listed(source: str, problems: Sequence[Problem]) -> str:
    """The problems of a file, one a line; of many, the first and how many more there are.

    >>> listed("plan.yaml", [("seed", "is missing")])
    'plan.yaml: seed: is missing'
    """
    lines = [f"{source}: {shortened(path)}: {said}" for path, said in problems[:_MOST_PROBLEMS]]
    more = len(problems) - len(lines)
    return "\n".join([*lines, f"{source}: and {more:,} more"] if more else lines)


def _path(error: ErrorDetails, content: object) -> str:
    """Where in the file a value has the wrong type.

    The tag by which the type of a record was found is no key of the file.
    """
    *place, last = error["loc"]
    found: list[str] = []
    at = content
    for part in place:
        if isinstance(at, Mapping) and part not in at:
            continue
        found.append(str(part))
        at = _inside(at, part)
    return ".".join([*found, str(last)])


def _inside(at: object, part: str | int) -> object:
    """What is under a key or an index; None where the type of a value is told, which is neither."""
    if isinstance(at, Mapping):
        return at[part]
    return at[part] if isinstance(at, list) and isinstance(part, int) else None


def _message(error: ErrorDetails, model: type[BaseModel]) -> str:
    """What is wrong there, with what was found, and what was probably meant."""
    message, value = error["msg"].removeprefix("Value error, "), error["input"]
    if error["type"] == "union_tag_invalid":  # pydantic's own text has all of what was found
        value = error["ctx"]["tag"]
        known = error["ctx"]["expected_tags"].replace("'", "")
        message = f"the kind is none of {known}"
    shown = "" if error["type"] == "missing" else f" (found {quoted(value)})"
    return message + shown + meant(error, model)


def _misplaced(truths: Sequence[Place], model: type[BaseModel]) -> Iterator[Problem]:
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
                ".".join(map(str, place)),
                f"is a truth value, which nothing here is; put a word in quotes (found {found})",
            )


def _truths(content: object, place: tuple[int | str, ...] = ()) -> Iterator[Place]:
    """Where the content says yes, on or true, or their opposite."""
    if isinstance(content, bool):
        yield place, content
    elif isinstance(content, dict | list):
        items = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in items:
            yield from _truths(value, (*place, key))
