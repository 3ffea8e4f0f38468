"""What is wrong with the types of a file's values: each place once, by the keys of the file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from simulator.quoting import quoted
from simulator.reading.misspelt import meant, meant_word
from simulator.reading.wording import is_of_type, said, wanted, words_in

__all__ = ["Place", "Refusal", "refusals"]

#: Keys and indices of a file.
Place: TypeAlias = tuple[int | str, ...]

_KEY: Final = "[key]"  # what pydantic calls the place of a key that is wrong itself


class Refusal(NamedTuple):
    """What is wrong at a place."""

    place: Place
    message: str


class _Wrong(NamedTuple):
    """A complaint: its place, and of which choice of types at which place it comes."""

    place: Place
    choices: tuple[tuple[Place, str], ...]
    error: ErrorDetails


def refusals(
    errors: Sequence[ErrorDetails], content: object, model: type[BaseModel]
) -> list[Refusal]:
    """What pydantic complains of when it reads a content as a model.

    Where a value may be of one of several types it complains by each of them: here by that one
    that has the kind of what was found, or by all in one line.
    """
    return list(_told([_placed(error, content) for error in errors], model))


def _told(wrong: Sequence[_Wrong], model: type[BaseModel]) -> Iterator[Refusal]:
    at_choice: dict[Place, dict[str, list[_Wrong]]] = {}
    for one in wrong:
        if one.choices:
            (place, tag), *rest = one.choices
            members = at_choice.setdefault(place, {})
            members.setdefault(tag, []).append(one._replace(choices=tuple(rest)))
    done = set()
    for one in wrong:
        if not one.choices:
            if not _follows(one.error):
                yield Refusal(one.place, said(one.error) + meant(one.error, model))
            continue
        place = one.choices[0][0]
        if place not in done:
            done.add(place)
            yield from _of_choice(place, at_choice[place], model)


def _of_choice(
    place: Place, members: Mapping[str, Sequence[_Wrong]], model: type[BaseModel]
) -> Iterator[Refusal]:
    """What is wrong with a value that may be of one of several types."""
    fitting = [own for own in members.values() if not any(_is_other(one, place) for one in own)]
    if fitting:
        yield from _told(min(fitting, key=len), model)
        return
    errors = [one.error for own in members.values() for one in own if _is_other(one, place)]
    value = errors[0]["input"]
    known = [word for error in errors for word in words_in(error)]
    guess = meant_word(value, known)
    yield Refusal(place, f"should be {wanted(errors)} (found {quoted(value)}){guess}")


def _is_other(one: _Wrong, place: Place) -> bool:
    return one.place == place and not one.choices and is_of_type(one.error)


def _follows(error: ErrorDetails) -> bool:
    """Whether a list is too short for pydantic alone, which leaves out what is wrong in it."""
    if error["type"] != "too_short" or not isinstance(error["input"], list | tuple):
        return False
    return len(error["input"]) >= error["ctx"]["min_length"]


def _is_of_absent(error: ErrorDetails) -> bool:
    """Whether a key is not there: one that has to be, or one without which the rest cannot be."""
    return error["type"] == "missing" or (error["type"] == "value_error" and error["input"] is None)


def _placed(error: ErrorDetails, content: object) -> _Wrong:
    """A complaint at its place in the file.

    The tag by which the type of a record was found is no key of the file, nor is a type's name.
    """
    loc = error["loc"]
    place: list[int | str] = []
    choices: list[tuple[Place, str]] = []
    at = content
    for number, part in enumerate(loc):
        is_last = number == len(loc) - 1
        if part == _KEY and is_last:
            break
        key = _key(at, part)
        if key is not None:
            place.append(part)
            at = at[key]  # type: ignore[index]  # it was found there
        elif is_last and isinstance(at, Mapping) and _is_of_absent(error):
            place.append(part)
        else:
            choices.append((tuple(place), str(part)))
    return _Wrong(tuple(place), tuple(choices), error)


def _key(at: object, part: int | str) -> int | str | None:
    """The key or index that a part of a place is; None where it names a type."""
    if isinstance(at, Mapping):
        if part in at:
            return part
        return next((key for key in at if str(key) == part), None)
    if isinstance(at, list) and isinstance(part, int) and part < len(at):
        return part
    return None
