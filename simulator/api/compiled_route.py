"""What a declared route comes to: bytes to applications, decisions to bytes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
from pydantic import TypeAdapter

from simulator.api.decided import Decided, DecidedTogether
from simulator.api.filling import filled
from simulator.api.json_types import type_of
from simulator.api.outside import values_outside
from simulator.api.reading import applications_of, channel_of, names_of, row_of
from simulator.api.routes import ASKED, Route
from simulator.mapping.places import Place, parsed, put_at
from simulator.scenario.vocabulary import FEATURES, Channel

__all__ = ["Applicant", "CompiledRoute", "Request", "Unfit"]

#: Where in a request something is, and what is wrong with it.
_Wrong: TypeAlias = tuple[tuple[str | int, ...], str]


class Applicant(NamedTuple):
    """Who is to be scored, with the features in the model's order; None where one is looked up.

    The key is None for somebody who has none.
    """

    applicant_id: str | int | None
    features: tuple[float | None, ...]


class Request(NamedTuple):
    """What was sent to be scored."""

    channel: Channel
    applicants: Sequence[Applicant]


class Unfit(ValueError):  # noqa: N818 - of what was sent, not of the program
    """Values that the schema takes and the route does not; `wrong` says which, and why."""

    def __init__(self, wrong: Sequence[_Wrong]) -> None:
        super().__init__("; ".join(message for _, message in wrong))
        self.wrong = wrong


class CompiledRoute:
    """A route, made once into the functions that a request needs.

    Raises:
        ValueError: its schema cannot be said to msgspec, or has not the places that it names.
    """

    def __init__(self, route: Route) -> None:
        self.route = route
        kind = None if route.body is None else type_of(route.body)
        self._kind = kind
        self._adapter = None if route.body is None else TypeAdapter(route.body)
        self._read = msgspec.json.Decoder(kind).decode
        self._write = msgspec.json.Encoder().encode
        inside, self._outside = _by_part(route)
        self._applications, one = applications_of(route, kind)
        self._channel = channel_of(route, kind, one)
        self._asked = row_of(ASKED, inside, {**dict.fromkeys(self._outside), **route.defaults}, one)
        self._scales = [(FEATURES.index(f), scale) for f, scale in route.scales.items()]
        self._conversions = [
            (ASKED.index(name), parsed(route.places[name]), convert)
            for name, convert in route.conversions.items()
        ]
        self._is_plain = not self._conversions and not self._outside
        self._one = self._scaled_applicant if self._scales else self._applicant
        self._decision = filled(route.decision)
        self._beside = filled(route.beside)

    def read(self, raw: bytes, scope: Mapping[str, Any]) -> Request | None:
        """What a body and its head ask for; None where it is not certain that they are taken."""
        try:
            return self.request(None if self._kind is None else self._read(raw), scope)
        except (msgspec.DecodeError, RecursionError, Unfit):
            return None

    def request_of(self, body: object, scope: Mapping[str, Any]) -> Request:
        """The same of a body that the schema has taken.

        Raises:
            Unfit: the route does not take it.
        """
        if self._adapter is None:
            return self.request(None, scope)
        plain = self._adapter.dump_python(body, by_alias=True, exclude_unset=True)
        return self.request(msgspec.convert(plain, self._kind), scope)

    def request(self, body: object, scope: Mapping[str, Any]) -> Request:
        """The same of a body that is read: a value of the schema's type for msgspec.

        Raises:
            Unfit: the route does not take it.
        """
        applications = self._applications(body)
        channel = self._channel(body, applications, scope)
        if not self._is_plain:
            return Request(channel, self._converted(applications, scope))
        one = self._one
        return Request(channel, [one(application) for application in applications])

    def answer(self, decisions: Sequence[Decided]) -> bytes:
        """The answer, with the decisions in their order."""
        listed = [self._decision(decision) for decision in decisions]
        route = self.route
        if not route.is_batch:
            return self._write(listed[0])
        if route.decisions is None:
            return self._write(listed)
        beside = self._beside(DecidedTogether(decisions))
        return self._write(put_at(beside, parsed(route.decisions).steps, listed))

    def _applicant(self, application: object) -> Applicant:
        row = self._asked(application)
        return Applicant(row[0], row[1:])

    def _scaled_applicant(self, application: object) -> Applicant:
        row = self._asked(application)
        return Applicant(row[0], self._scaled(row[1:]))

    def _scaled(self, values: Sequence[float | None]) -> tuple[float | None, ...]:
        found = list(values)
        for column, scale in self._scales:
            value = found[column]
            if value is not None:
                found[column] = value * scale
        return tuple(found)

    def _converted(
        self, applications: Sequence[object], scope: Mapping[str, Any]
    ) -> list[Applicant]:
        """The slower way: some values may be no plain numbers, or lie outside of the body."""
        outside = values_outside(self._outside, scope)
        wrong: list[_Wrong] = []
        found = []
        for number, application in enumerate(applications):
            row = list(self._asked(application))
            for name, value in outside.items():
                row[ASKED.index(name)] = value
            for at, (part, steps), convert in self._conversions:
                try:
                    row[at] = convert(row[at])
                except ValueError as error:
                    row[at] = None
                    wrong.append(
                        ((part, *self._before(part, number), *names_of(steps)), str(error))
                    )
            found.append(Applicant(row[0], self._scaled(row[1:])))
        if wrong:
            raise Unfit(wrong)
        return found

    def _before(self, part: str, number: int) -> tuple[str | int, ...]:
        """Where an application of a batch lies in the body."""
        if part != "body" or not self.route.is_batch:
            return ()
        listed = self.route.applications
        return (*(() if listed is None else names_of(parsed(listed).steps)), number)


def _by_part(route: Route) -> tuple[dict[str, Place], dict[str, Place]]:
    """Places in the body, and those outside of it."""
    is_inside = {name: parsed(place).part == "body" for name, place in route.places.items()}
    inside = {name: place for name, place in route.places.items() if is_inside[name]}
    return inside, {n: place for n, place in route.places.items() if not is_inside[n]}
