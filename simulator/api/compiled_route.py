"""What a declared route comes to: bytes to applications, decisions to bytes."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from pydantic import BaseModel

from simulator.api.decided import Decided
from simulator.api.json_types import TypeForm, items_type, type_at, type_of
from simulator.api.routes import ASKED, Joined, Of, Route, Template
from simulator.scenario.vocabulary import FEATURES, Channel

__all__ = ["Applicant", "CompiledRoute", "Request"]


class Applicant(NamedTuple):
    """Who is to be scored, with the features in the model's order; None where one is looked up."""

    applicant_id: str
    features: tuple[float | None, ...]


class Request(NamedTuple):
    """What was sent to be scored."""

    channel: Channel
    applicants: Sequence[Applicant]


class CompiledRoute:
    """A route, made once into the functions that a request needs.

    Raises:
        ValueError: its schema cannot be said to msgspec, or has not the places that it names.
    """

    def __init__(self, route: Route) -> None:
        self.route = route
        kind = type_of(route.body)
        _require_places(route, kind)
        self._kind = kind
        self._read = msgspec.json.Decoder(kind).decode
        self._write = msgspec.json.Encoder().encode
        channel = {} if route.channel is None else {"channel": route.channel}
        self._channel = _values(("channel",), channel, route.defaults)
        self._asked = _values(ASKED, route.places, route.defaults)
        scales = route.scales
        self._scales = tuple(scales.get(f, 1.0) for f in FEATURES) if scales else ()
        self._applications = None if route.applications is None else attrgetter(route.applications)
        self._decision = _filled(route.decision)

    def read(self, raw: bytes) -> Request | None:
        """What a body asks for; None where it is not certain that the schema takes it."""
        try:
            return self.request(self._read(raw))
        except (msgspec.DecodeError, RecursionError):
            return None

    def request_of(self, body: BaseModel) -> Request:
        """The same of a body that the schema has taken."""
        return self.request(msgspec.convert(body.model_dump(by_alias=True), self._kind))

    def request(self, body: object) -> Request:
        """The same of a body that is read: a value of the schema's type for msgspec."""
        applications = (body,) if self._applications is None else self._applications(body)
        (channel,) = self._channel(body)
        applicant = self._scaled_applicant if self._scales else self._applicant
        return Request(channel, [applicant(each) for each in applications])

    def answer(self, decisions: Sequence[Decided]) -> bytes:
        """The answer, with the decisions in their order."""
        filled = [self._decision(decision) for decision in decisions]
        name = self.route.decisions
        return self._write(filled[0] if name is None else {name: filled})

    def _applicant(self, application: object) -> Applicant:
        row = self._asked(application)
        return Applicant(row[0], row[1:])

    def _scaled_applicant(self, application: object) -> Applicant:
        row = self._asked(application)
        values = zip(row[1:], self._scales, strict=True)
        return Applicant(row[0], tuple(None if v is None else v * scale for v, scale in values))


def _require_places(route: Route, kind: TypeForm) -> None:
    if route.channel is not None:
        type_at(kind, route.channel)
    application = kind
    if route.applications is not None:
        application = items_type(type_at(kind, route.applications))
    for place in route.places.values():
        type_at(application, place)


def _values(
    names: Sequence[str], places: Mapping[str, str], defaults: Mapping[str, str | float | None]
) -> Callable[[object], tuple[Any, ...]]:
    """How to get what has these names from what was read."""
    if len(names) > 1 and places.keys() >= set(names):
        return attrgetter(*(places[name] for name in names))  # all at once
    values = [
        attrgetter(places[name]) if name in places else partial(_same, defaults[name])
        for name in names
    ]
    return lambda body: tuple(value(body) for value in values)


def _same(default: str | float | None, _: object) -> str | float | None:
    return default


def _filled(template: Template) -> Callable[[Decided], object]:
    """How to put a decision into a template.

    >>> decided = Decided("d-1", "p-1", 700, 0.0225, "medium", "accepted", "3.2.0")
    >>> _filled({"result": {"points": Of("score")}, "source": "model"})(decided)
    {'result': {'points': 700}, 'source': 'model'}
    """
    match template:
        case Of(name, words):
            value = attrgetter(name)
            return (lambda decided: _worded(value(decided), words)) if words else value
        case Joined(parts):
            texts = [_filled(part) for part in parts]
            return lambda decided: "".join(str(text(decided)) for text in texts)
        case Mapping():
            fields = {key: _filled(part) for key, part in template.items()}
            return lambda decided: {key: part(decided) for key, part in fields.items()}
        case list():
            items = [_filled(part) for part in template]
            return lambda decided: [item(decided) for item in items]
        case _:
            return lambda _: template


def _worded(value: object, words: Mapping[str, str]) -> object:
    """A value, or the keys of an object, in other words where there are any."""
    if isinstance(value, Mapping):
        return {words.get(key, key): inside for key, inside in value.items()}
    return words.get(value, value) if isinstance(value, str) else value
