"""Templates of answers, made once into functions."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, TypeAlias

from msgspec import structs
from pydantic import JsonValue

from simulator.api.decided import ReasonRow
from simulator.api.moments import field_of
from simulator.api.routes import Each, Joined, Of, Template

__all__ = ["Filled", "filled"]

#: Puts what is answered into a template.
Filled: TypeAlias = Callable[[Any], Any]


def filled(template: Template) -> Filled:
    """How to put something into a template, whose attributes have the names that it asks for.

    >>> from simulator.api.decided import Decided
    >>> decided = Decided("d-1", "p-1", 700, 0.0225, "medium", "accepted", "3.2.0")
    >>> filled({"result": {"points": Of("score")}, "source": "model"})(decided)
    {'result': {'points': 700}, 'source': 'model'}
    """
    match template:
        case Of():
            return _of(template)
        case Each():
            return _each(template)
        case Joined(parts):
            texts = [filled(part) for part in parts]
            return lambda answered: "".join(str(text(answered)) for text in texts)
        case Mapping():
            fields = [(key, filled(part)) for key, part in template.items()]
            return lambda answered: {key: part(answered) for key, part in fields}
        case list():
            items = [filled(part) for part in template]
            return lambda answered: [item(answered) for item in items]
        case _:
            return lambda _: template


def _each(listed: Each) -> Filled:
    every, one, most, shown = (
        attrgetter(listed.field),
        filled(listed.item),
        listed.most,
        listed.shown,
    )
    if not shown:
        return lambda answered: [one(each) for each in every(answered)[:most]]
    return lambda answered: [one(_with_shown(each, shown)) for each in every(answered)[:most]]


def _with_shown(reason: ReasonRow, shown: Mapping[str, Callable[[float], JsonValue]]) -> ReasonRow:
    if reason.feature not in shown:
        return reason
    return structs.replace(reason, value=shown[reason.feature](reason.value))


def _of(of: Of) -> Filled:
    value, words, shown = attrgetter(field_of(of.field)), of.words, of.shown
    if shown:
        name = of.field
        return lambda answered: _worded(_shown(value(answered), name, shown), words)
    return (lambda answered: _worded(value(answered), words)) if words else value


def _shown(
    value: Any,  # noqa: ANN401 - JSON
    name: str,
    shown: Mapping[str, Callable[[float], JsonValue]],
) -> object:
    if isinstance(value, Mapping):
        return {key: shown[key](one) if key in shown else one for key, one in value.items()}
    return shown[name](value) if name in shown else value


def _worded(value: object, words: Mapping[str, str]) -> object:
    """A value, or the keys of an object, in other words where there are any."""
    if isinstance(value, Mapping):
        return {words.get(key, key): inside for key, inside in value.items()}
    return words.get(value, value) if isinstance(value, str) else value
