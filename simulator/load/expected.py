"""What is expected of an answer: the template in which a mapping has it, read backwards.

Where a template names a value of the decision, an answer has to have one: of that type, in its
range, and one of the platform's words. What stands for itself in a template is expected to be
there and of that type, or null: a time or a currency of somebody else's may be another one. What an
answer has beside the template is no matter.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias

import msgspec

from simulator.api.json_types import TypeForm
from simulator.load.mismatches import mismatch
from simulator.mapping.templates import parts_of

__all__ = ["Expected", "Found", "ListOf", "UnexpectedAnswerError", "one_of"]

_DECISIONS: Final = "decisions"
#: By the type of what stands for itself; any of it may be null, and null may be anything.
_OF_CONSTANTS: Final[Mapping[type, TypeForm]] = {
    bool: bool | None,
    int: float | None,
    float: float | None,
    list: list | None,
}


class UnexpectedAnswerError(ValueError):
    """An answer of another shape; its text says what is not in it."""


class Found(NamedTuple):
    """Whose decision was read: keys, None where the template has them not."""

    decision_id: str | int | None = None
    applicant_id: str | int | None = None


class ListOf(NamedTuple):
    """Stands in a template for a list, each item of which is as another template.

    One that need not have any item may be null.
    """

    template: object
    least: int = 0
    holds_decisions: bool = False


_Getter: TypeAlias = Callable[[Any], Any]
#: A type, and where in a value of it named values are: fields of structs joined by dots.
_Made: TypeAlias = tuple[TypeForm, Mapping[str, str]]


def one_of(words: Sequence[str]) -> TypeForm:
    """The type of texts that are one of these.

    >>> msgspec.json.decode(b'"YES"', type=one_of(["YES", "NO"]))
    'YES'
    """
    return Literal[tuple(dict.fromkeys(words))]


class Expected:
    """A template, made once into what reads an answer.

    Args:
        template: of the answer: JSON, and `ListOf`, in which names in braces stand for values.
        types: of these values, by name; those of others may be anything.

    >>> template = {"id": "{applicant_id}", "result": {"points": "{score}"}}
    >>> expected = Expected(template, {"score": float})
    >>> expected.read(b'{"id": "c7", "result": {"points": 700}, "took": 3}')
    [Found(decision_id=None, applicant_id='c7')]
    >>> expected.read(b'{"id": "c7", "result": {"score": 700}}')
    Traceback (most recent call last):
      ...
    simulator.load.expected.UnexpectedAnswerError: no result.points
    """

    def __init__(self, template: object, types: Mapping[str, TypeForm]) -> None:
        self._types = types
        self._words: dict[str, str] = {}  # by the place that allows no others
        self._keys: dict[str, _Getter] = {}
        self._places: dict[str, str] = {}
        kind, paths = self._made(template, "")
        self._list = _getter(paths[_DECISIONS]) if _DECISIONS in paths else None
        if self._list is None:
            self._keep(paths)
        self._both = [self._keys.get(name, _nothing) for name in Found._fields]
        self._read = msgspec.json.Decoder(kind).decode

    def says(self, name: str) -> bool:
        """Whether an answer holds that key, of `Found`."""
        return name in self._keys

    def place(self, name: str) -> str:
        """Where in an answer that key stands."""
        return self._places.get(name, name)

    def read(self, raw: bytes) -> list[Found]:
        """Of each decision in the answer, whose it is.

        Raises:
            UnexpectedAnswerError: something is missing, or of another type, range or word.
        """
        try:
            answer = self._read(raw)
        except msgspec.ValidationError as error:
            raise UnexpectedAnswerError(mismatch(str(error), self._words)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise UnexpectedAnswerError("no JSON") from None
        decision_id, applicant_id = self._both
        if self._list is None:
            return [Found(decision_id(answer), applicant_id(answer))]
        return [Found(decision_id(each), applicant_id(each)) for each in self._list(answer)]

    def _keep(self, paths: Mapping[str, str]) -> None:
        self._keys = {n: _getter(paths[n]) for n in Found._fields if n in paths}

    def _made(self, template: object, place: str) -> _Made:
        match template:
            case ListOf():
                return self._made_list(template, place)
            case dict():
                return self._made_object(template, place)
            case str():
                return self._made_text(template, place)
        return _OF_CONSTANTS.get(type(template), Any), {}

    def _made_list(self, listed: ListOf, place: str) -> _Made:
        kind, paths = self._made(listed.template, f"{place}[]")
        several: TypeForm = list[kind] | None  # type: ignore[valid-type]  # made now
        if listed.least or listed.holds_decisions:
            several = Annotated[list[kind], msgspec.Meta(min_length=listed.least)]  # type: ignore[valid-type]  # the same
        if not listed.holds_decisions:
            return several, {}
        self._keep(paths)
        return several, {_DECISIONS: ""}

    def _made_object(self, template: Mapping[str, object], place: str) -> _Made:
        """A struct, whose fields have names of their own: those of JSON may be any text."""
        fields: list[tuple[str, TypeForm]] = []
        paths: dict[str, str] = {}
        names: dict[str, str] = {}
        for number, (name, inside) in enumerate(template.items()):
            field = f"f{number}"
            names[field] = name
            kind, found = self._made(inside, f"{place}.{name}")
            fields.append((field, kind))
            paths |= {n: f"{field}.{path}" if path else field for n, path in found.items()}
        made = msgspec.defstruct("Answer", fields, rename=names, kw_only=True, gc=False)
        return (made if place == "" or _has_names(template) else made | None), paths

    def _made_text(self, template: str, place: str) -> _Made:
        before, *rest = parts_of(template)
        if not rest:
            return str | None, {}
        if len(rest) != 2 or before or rest[1]:  # noqa: PLR2004 - a name, and what is behind it
            return str, {}
        name = rest[0]
        self._places[name] = place.removeprefix(".")
        kind = self._types.get(name, Any)
        if getattr(kind, "__origin__", None) is Literal:
            self._words[place] = ", ".join(kind.__args__)
        return self._made_list(kind, place) if isinstance(kind, ListOf) else (kind, {name: ""})


def _has_names(template: object) -> bool:
    """Whether there is a value of the decision in it."""
    match template:
        case ListOf():
            return True
        case dict():
            return any(map(_has_names, template.values()))
        case list():
            return any(map(_has_names, template))
        case str():
            return len(parts_of(template)) > 1
    return False


def _getter(path: str) -> _Getter:
    return attrgetter(path) if path else _whole


def _whole(answer: object) -> object:
    return answer


def _nothing(_: object) -> None:
    return None
