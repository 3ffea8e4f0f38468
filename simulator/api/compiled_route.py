"""What a declared route comes to: bytes to applications, decisions to bytes."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from simulator.api.decision_engine import Decided
from simulator.api.json_types import TypeForm, items_type, type_at, type_of
from simulator.api.routes import ASKED, Of, Route, Template
from simulator.scenario.vocabulary import Channel

__all__ = ["Applicant", "CompiledRoute", "Request"]


class Applicant(NamedTuple):
    """Who is to be scored, with the features in the model's order."""

    applicant_id: str
    features: tuple[float, ...]


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
        self._read = msgspec.json.Decoder(kind).decode
        self._write = msgspec.json.Encoder().encode
        channel = {} if route.channel is None else {"channel": route.channel}
        self._channel = _values(("channel",), channel, route.defaults)
        self._asked = _values(ASKED, route.places, route.defaults)
        self._applications = None if route.applications is None else attrgetter(route.applications)
        self._decision = _filled(route.decision)

    def read(self, raw: bytes) -> Request | None:
        """What a body asks for; None where it is not certain that the schema takes it."""
        try:
            return self.request(self._read(raw))
        except (msgspec.DecodeError, RecursionError):
            return None

    def request(self, body: object) -> Request:
        """The same of a body that is read: a value of the schema, or of its type for msgspec."""
        applications = (body,) if self._applications is None else self._applications(body)
        (channel,) = self._channel(body)
        return Request(channel, [self._applicant(each) for each in applications])

    def answer(self, decisions: Sequence[Decided]) -> bytes:
        """The answer, with the decisions in their order."""
        filled = [self._decision(decision) for decision in decisions]
        name = self.route.decisions
        return self._write(filled[0] if name is None else {name: filled})

    def _applicant(self, application: object) -> Applicant:
        row = self._asked(application)
        return Applicant(row[0], row[1:])


def _require_places(route: Route, kind: TypeForm) -> None:
    if route.channel is not None:
        type_at(kind, route.channel)
    application = kind
    if route.applications is not None:
        application = items_type(type_at(kind, route.applications))
    for place in route.places.values():
        type_at(application, place)


def _values(
    names: Sequence[str], places: Mapping[str, str], defaults: Mapping[str, str | float]
) -> Callable[[object], tuple[Any, ...]]:
    """How to get what has these names from what was read."""
    if len(names) > 1 and places.keys() >= set(names):
        return attrgetter(*(places[name] for name in names))  # all at once
    values = [
        attrgetter(places[name]) if name in places else partial(_same, defaults[name])
        for name in names
    ]
    return lambda body: tuple(value(body) for value in values)


def _same(default: str | float, _: object) -> str | float:
    return default


def _filled(template: Template) -> Callable[[Decided], object]:
    """How to put a decision into a template.

    >>> decided = Decided("d-1", "p-1", 700, 0.0225, "medium", "accepted", "3.2.0")
    >>> _filled({"result": {"points": Of("score")}, "source": "model"})(decided)
    {'result': {'points': 700}, 'source': 'model'}
    """
    match template:
        case Of(name):
            return attrgetter(name)
        case Mapping():
            parts = {key: _filled(part) for key, part in template.items()}
            return lambda decided: {key: part(decided) for key, part in parts.items()}
        case _:
            return lambda _: template
