"""What must hold of an application in a mapping's API: its places, units and templates."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from simulator.mapping.answer_values import ANSWER_VALUES, KEY_VALUES, REASON_VALUES, SENT_VALUES
from simulator.mapping.application import Application
from simulator.mapping.feature_place import UNITS, FeaturePlace
from simulator.mapping.places import Named, Step, parsed
from simulator.mapping.templates import parts_of, template_problems
from simulator.reading.records import Problem
from simulator.scenario.vocabulary import Feature

__all__ = ["application_problems", "beside_problems", "places_of"]


_OF_NUMBERS: Final = {"unit", "scale", "whole", "text", "step", "least", "most"}


def application_problems(application: Application, place: str) -> Iterator[Problem]:
    """Everything that is wrong with one, with its path."""
    yield from template_problems(application.answer, f"{place}.answer", ANSWER_VALUES)
    yield from template_problems(application.reason, f"{place}.reason", REASON_VALUES)
    yield from template_problems(application.sends, f"{place}.sends", SENT_VALUES)
    yield from _of_keys(application.applicant_keys, f"{place}.applicant_keys")
    for feature, where in application.features.items():
        yield from _of_feature(feature, where, f"{place}.features.{feature}")
    yield from beside_problems(places_of(application), place)


def _of_keys(keys: str, place: str) -> Iterator[Problem]:
    yield from template_problems(keys, place, KEY_VALUES)
    if set(parts_of(keys)[1::2]) <= {"worker"}:
        yield place, "has no {number} or the like: everybody would be the same person"


def places_of(application: Application) -> dict[str, str]:
    """Every place that is read of an application, by its path in the mapping."""
    found = {} if application.applicant is None else {"applicant": application.applicant}
    found |= {f"features.{name}.at": where.at for name, where in application.features.items()}
    return (
        found if application.channels is None else found | {"channels.at": application.channels.at}
    )


def _of_feature(feature: Feature, where: FeaturePlace, place: str) -> Iterator[Problem]:
    known = UNITS.get(feature, {})
    if where.values:
        for name in sorted(where.model_fields_set & _OF_NUMBERS):
            yield f"{place}.{name}", "is said of numbers, and values say what each word is"
    elif where.least is not None and where.most is not None and where.least > where.most:
        yield f"{place}.least", f"is above most, {where.most:g} (found {where.least:g})"
    elif where.unit is not None and where.unit not in known:
        among = f"is {' or '.join(known)}" if known else "has no unit"
        yield f"{place}.unit", f"{feature} {among} (found {where.unit!r})"


def beside_problems(places: Mapping[str, str], place: str) -> Iterator[Problem]:
    """A field is a number, a text, a list or an object, and one thing."""
    for (_, one), (name, other) in combinations(places.items(), 2):
        if _is_odd(one, other):
            yield f"{place}.{name}", f"{other} cannot be read beside {one}"
    for name, one in places.items():
        steps = parsed(one).steps
        for step, after in zip(steps, (*steps[1:], None), strict=True):
            if isinstance(step, Named) and not (isinstance(after, str) and after != step.field):
                yield (
                    f"{place}.{name}",
                    f"say which field of the item, as in [{step.field}=...].value",
                )


def _is_odd(one: str, other: str) -> bool:
    """Whether what lies at one of two places is a part of the other, or is of two kinds."""
    mine, theirs = parsed(one), parsed(other)
    if mine.part != theirs.part:
        return False
    for step, its in zip(mine.steps, theirs.steps, strict=False):
        if step != its:
            return _kind(step) != _kind(its)
    return True


def _kind(step: Step) -> object:
    """What holds what a step leads to."""
    return ("items", step.field) if isinstance(step, Named) else type(step)
