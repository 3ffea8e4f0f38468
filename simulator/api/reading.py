"""How to get from what was sent what is asked of it, made once for a route."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias, cast

from simulator.api.json_getters import attribute_of, getter_of, items_type, type_at
from simulator.api.json_types import TypeForm
from simulator.api.outside import value_outside
from simulator.api.routes import Route
from simulator.mapping.places import Named, Place, Step, parsed
from simulator.scenario.vocabulary import Channel

__all__ = ["applications_of", "channel_of", "names_of", "row_of"]

Applications: TypeAlias = Callable[[Any], Sequence[Any]]
#: Of a body, its applications, and the request's scope.
ChannelOf: TypeAlias = Callable[[Any, Sequence[Any], Mapping[str, Any]], Channel]


def applications_of(route: Route, kind: TypeForm) -> tuple[Applications, TypeForm]:
    """How to get the applications of a body, and the type of one.

    Raises:
        ValueError: a batch has no list of them where it says so.
    """
    if not route.is_batch:
        return lambda body: (body,), kind
    if route.applications is None:
        return lambda body: body, items_type(kind)
    listed = getter_of(kind, route.applications)
    return listed, items_type(type_at(kind, route.applications))


def row_of(
    names: Sequence[str],
    places: Mapping[str, Place],
    defaults: Mapping[str, Any],
    kind: TypeForm,
) -> Callable[[object], tuple[Any, ...]]:
    """How to get what has these names from what was read.

    Raises:
        ValueError: the type has no such places.
    """
    dotted = {name: attribute_of(kind, place) for name, place in places.items()}
    if all(dotted.get(name) is not None for name in names):
        return attrgetter(*(str(dotted[name]) for name in names))  # all at once
    if len(dotted) > 1 and None not in dotted.values():
        return _with_defaults(names, {name: str(at) for name, at in dotted.items()}, defaults)
    values = [
        getter_of(kind, places[name]) if name in places else partial(_same, defaults[name])
        for name in names
    ]
    return lambda body: tuple([value(body) for value in values])


def _with_defaults(
    names: Sequence[str], dotted: Mapping[str, str], defaults: Mapping[str, Any]
) -> Callable[[object], tuple[Any, ...]]:
    """What lies at names of attributes, at once, and defaults for the rest, in the order asked."""
    known, order = attrgetter(*dotted.values()), [*dotted, *(n for n in names if n not in dotted)]
    more = tuple(defaults[name] for name in order[len(dotted) :])
    asked = itemgetter(*map(order.index, names))
    return lambda body: asked(known(body) + more)


def channel_of(route: Route, kind: TypeForm, one: TypeForm) -> ChannelOf:
    """How to get the channel; of a batch of a mapping that of its first application."""
    place, words = route.channel, route.channels
    default = cast("Channel", route.defaults.get("channel"))
    if place is None:
        return lambda *_: default
    if words is None:  # the platform's own routes say the channel itself
        value = getter_of(kind, place)
        return lambda body, *_: value(body)
    if parsed(place).part != "body":
        return lambda _body, _each, scope: words.get(value_outside(place, scope) or "", default)
    said = getter_of(one, place)
    return lambda _body, each, _scope: words.get(said(each[0]), default)


def names_of(steps: Sequence[Step]) -> list[str | int]:
    """Steps as they are written in an error: names and indices."""
    return [f"{step.field}={step.text}" if isinstance(step, Named) else step for step in steps]


def _same(default: object, _: object) -> object:
    return default
