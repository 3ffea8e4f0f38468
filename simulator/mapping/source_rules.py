"""What must hold of a source: that what it is told apart by is there, and folded as it can be."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simulator.mapping.form_rules import of_form
from simulator.mapping.kinds import sources_in
from simulator.mapping.label_rules import label_problems
from simulator.mapping.labels import Labels, dimensions_of
from simulator.mapping.properties import base_of, dimensions_along
from simulator.mapping.sources import FORM_KEYS, Filter, Part, Source
from simulator.mapping.standalone_rules import STANDALONE, standalone_problems
from simulator.measures.catalogue import MEASURES
from simulator.measures.dimensions import DIMENSIONS
from simulator.measures.measure import Measure
from simulator.quoting import quoted
from simulator.reading.records import Problem
from simulator.spelling import did_you_mean

__all__ = ["Asked", "asked_by", "source_problems"]

#: The measures that some forms are of.
_OF_FORMS = {"transform": "scores", "attribute": "scored"}


class Asked(NamedTuple):
    """A dimension that a label names, or "" where it names none, with the path of the label."""

    path: str
    dimension: str


def asked_by(labels: Labels, path: str) -> list[Asked]:
    """All that labels at a path ask for."""
    return [
        Asked(f"{path}.{name}", dimension)
        for name, said in labels.items()
        for dimension in dimensions_of({name: said}) or ("",)
    ]


def source_problems(source: Source, asked: Sequence[Asked], path: str = "") -> Iterator[Problem]:
    """What is wrong with a source at a path, of which these dimensions are asked."""
    at = f"{path}." if path else ""
    if len(source.forms) != 1:
        said = f"it has {' and '.join(source.forms)}" if source.forms else "it has none"
        yield path, f"write exactly one of {', '.join(FORM_KEYS)}; {said}"
        return
    if source.form in STANDALONE:
        yield from _of_standalone(source, asked, at)
    else:
        yield from _of_measures(source, asked, at)
    if source.always is not None:
        yield from (
            (one.path, _unknown(one.dimension))
            for one in asked
            if one.dimension and one.dimension not in DIMENSIONS
        )
    if isinstance(source, Part):
        yield from label_problems(source.labels, f"{at}labels")
    for place, message in of_form(source, [_label(one) for one in asked]):
        yield f"{at}{place}", message
    for place, inside in sources_in(source):
        here = at + place
        yield from source_problems(inside, _asked_inside(source, inside, asked, here), here)


def _of_standalone(source: Source, asked: Sequence[Asked], at: str) -> Iterator[Problem]:
    if "no_version" in source.model_fields_set:
        yield f"{at}no_version", f"stands with a measure, and not with {source.form}"
    named = [Asked(f"{at}where.{dimension}", dimension) for dimension in source.where]
    yield from standalone_problems(source, [*asked, *named])
    for dimension, said in source.where.items():
        if dimension in DIMENSIONS:
            found = _of_filter(dimension, said)
            yield from ((f"{at}{place}", message) for place, message in found)


def _of_measures(source: Source, asked: Sequence[Asked], at: str) -> Iterator[Problem]:
    name = source.measure or _OF_FORMS.get(source.form)
    if name is None:
        for key in sorted(source.model_fields_set & {"where", "no_version"}):
            yield f"{at}{key}", f"stands with a measure, and not with {source.form}: put it there"
    elif name not in MEASURES:
        guess = did_you_mean(name, MEASURES)
        yield f"{at}measure", f"there is no measure {quoted(name)}{guess}"
    else:
        for place, message in _of_measure(source, MEASURES[name], asked):
            yield (place if place in {one.path for one in asked} else f"{at}{place}"), message


def _asked_inside(source: Source, inside: Source, asked: Sequence[Asked], path: str) -> list[Asked]:
    """What is asked of a source inside: what of the whole is, and what its own labels ask for."""
    if isinstance(inside, Part):
        own = {*inside.labels, *inside.constant}
        others = [one for one in asked if _label(one) not in own]
        return [*others, *asked_by(inside.labels, f"{path}.labels")]
    if source.count is not None:
        return [*asked, *(Asked(f"{path.rpartition('.')[0]}.by", d) for d in source.count.by)]
    within = source.ratio.within if source.ratio is not None else None
    if within is not None and path.endswith(".to"):
        return [one for one in asked if _label(one) in within]
    return list(asked)


def _label(one: Asked) -> str:
    return one.path.rpartition(".")[2]


def _of_measure(source: Source, measure: Measure, asked: Sequence[Asked]) -> Iterator[Problem]:
    named = [one for one in asked if one.dimension]
    named += [Asked(f"where.{dimension}", dimension) for dimension in source.where]
    unknown = [one for one in named if not _has(measure, one.dimension)]
    for path, dimension in unknown:
        yield path, _no_dimension(measure, dimension)
    if not unknown:
        yield from _apart(measure, [one.dimension for one in named])
    told_apart = [base_of(one.dimension) for one in named if one not in unknown]
    yield from _of_fold(source, measure, told_apart)
    for dimension, said in source.where.items():
        if dimension in DIMENSIONS:
            yield from _of_filter(dimension, said)


def _of_fold(source: Source, measure: Measure, told_apart: Sequence[str]) -> Iterator[Problem]:
    if source.fold is not None and measure.kind == "state" and source.fold not in measure.folds:
        yield "fold", f"{measure.name} is folded by {' or '.join(measure.folds)}"
    if source.fold not in {None, "sum"} and measure.kind != "state":
        yield "fold", f"{measure.name} is counted, and counts are summed"
    for dimension in measure.needs:
        if dimension not in told_apart:
            said = f"{measure.name} does not add up over {dimension}: give it a label of that"
            yield "labels", said


def _has(measure: Measure, dimension: str) -> bool:
    return dimension in DIMENSIONS and base_of(dimension) in measure.dimensions


def _unknown(dimension: str) -> str:
    return f"there is no dimension {quoted(dimension)}{did_you_mean(dimension, DIMENSIONS)}"


def _no_dimension(measure: Measure, dimension: str) -> str:
    known = dimensions_along(measure)
    has = f"it has {', '.join(known)}" if known else "it has none"
    return (
        f"{measure.name} cannot be told apart by {quoted(dimension)}; "
        f"{has}{did_you_mean(dimension, known)}"
    )


def _apart(measure: Measure, dimensions: list[str]) -> Iterator[Problem]:
    bases = {base_of(dimension) for dimension in dimensions}
    for together in measure.apart:
        if together <= bases:
            yield (
                "labels",
                f"{measure.name} is not simulated by {' and '.join(sorted(together))} together",
            )


def _of_filter(dimension: str, said: str | tuple[str, ...] | Filter) -> Iterator[Problem]:
    """Values that are the same in every scenario are known; others depend on it."""
    if isinstance(said, Filter):
        if (said.only is None) == (said.without is None):
            yield f"where.{dimension}", "write either only or without"
        named = (*(said.only or ()), *(said.without or ()))
    else:
        named = (said,) if isinstance(said, str) else said
    known = DIMENSIONS[dimension].fixed
    for value in named:
        if known and value not in known:
            yield (
                f"where.{dimension}",
                f"there is no {dimension} {quoted(value)}, but {', '.join(known)}"
                f"{did_you_mean(value, known)}",
            )
