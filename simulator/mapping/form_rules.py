"""What must hold of each form: which kinds of sources it can be made of, and why no others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from simulator.mapping.kinds import component_of, kind_of, own_labels
from simulator.mapping.sources import Source
from simulator.mapping.standalone_rules import STANDALONE, standalone_folds
from simulator.measures.dimensions import DIMENSIONS
from simulator.quoting import quoted
from simulator.reading.records import Problem
from simulator.spelling import did_you_mean

__all__ = ["of_form"]

#: What is wrong with a source of one form; its metric has labels of these names.
_Rule: TypeAlias = Callable[[Source, Sequence[str]], Iterator[Problem]]


def of_form(source: Source, labels: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with what a form says, beyond what is wrong with the sources inside."""
    yield from _fold(source)
    rule = _RULES.get(source.form)
    if rule is not None:
        yield from rule(source, labels)


def _union(source: Source, _: Sequence[str]) -> Iterator[Problem]:
    first = source.said[0]
    kind, component = kind_of(first), component_of(first)
    for index, part in enumerate(source.said):
        here = f"union.{index}"
        if kind and kind_of(part) not in {None, kind}:
            said = f"is a {kind_of(part)}, and the first of them is a {kind}"
            yield here, f"{said}: they do not add up"
        if component and component_of(part) not in {None, component}:
            yield (
                here,
                f"is of {component_of(part)}, and the first of them is of {component}: one process "
                "has one metric; write two",
            )
        for name in part.labels.keys() & part.constant.keys():
            yield f"{here}.constant.{name}", "is a label of a dimension, too: leave one of them out"


def _of_state(source: Source, _: Sequence[str]) -> Iterator[Problem]:
    """Of what only a state can have."""
    of = source.complement or source.said.of
    kind = kind_of(of)
    if kind not in {None, "state"}:
        path = source.form if source.complement is not None else f"{source.form}.of"
        yield (
            path,
            f"is a {kind}, and {source.form} needs a state: make it one with rate or ratio",
        )


def _events(source: Source, labels: Sequence[str]) -> Iterator[Problem]:
    yield from _of_state(source, labels)
    own = [tuple(sorted(level.labels.items())) for level in source.said.levels]
    for index, level in enumerate(source.said.levels):
        if own[index] in own[:index]:
            said = "is labelled as a level before it: tell them apart"
            yield f"events.levels.{index}.labels", said
        for name in level.labels.keys() & set(labels):
            yield f"events.levels.{index}.labels.{name}", "is a label of the metric, too"


def _count(source: Source, labels: Sequence[str]) -> Iterator[Problem]:
    yield from _of_state(source, labels)
    for dimension in source.said.by:
        if dimension not in DIMENSIONS:
            guess = did_you_mean(dimension, DIMENSIONS)
            yield "count.by", f"there is no dimension {quoted(dimension)}{guess}"


def _ratio(source: Source, labels: Sequence[str]) -> Iterator[Problem]:
    of, to = kind_of(source.said.of), kind_of(source.said.to)
    if of and to and (of == "state") != (to == "state"):
        yield (
            "ratio",
            f"divides a {of} by a {to}: events and states have no ratio; make the events a state "
            "with rate",
        )
    if alone := own_labels(source.said.to) - own_labels(source.said.of):
        yield "ratio.to", f"is told apart by {', '.join(sorted(alone))}, and what is divided is not"
    for name in source.said.within or ():
        if name not in labels:
            guess = did_you_mean(name, labels)
            yield "ratio.within", f"{quoted(name)} is no label of the metric{guess}"


def _rate(source: Source, _: Sequence[str]) -> Iterator[Problem]:
    if kind_of(source.said.of) == "state":
        yield "rate.of", "is a state, and only events have a rate"


def _mean(source: Source, _: Sequence[str]) -> Iterator[Problem]:
    kind = kind_of(source.said.of)
    if kind not in {None, "histogram"}:
        yield "mean.of", f"is a {kind}, and only events that have a size have a mean"


def _attribute(source: Source, labels: Sequence[str]) -> Iterator[Problem]:
    label = source.said.label or source.said.feature
    if label in labels:
        yield "attribute.label", f"{label} is a label of the metric, too: call it another name"


def _fold(source: Source) -> Iterator[Problem]:
    """Only of a measure is it known which version is in production."""
    if source.fold is None or source.measure is not None:
        return
    if source.form in STANDALONE:
        folds = standalone_folds(source)
        if source.fold not in folds:
            yield "fold", f"{source.form} is {f'folded by {_or(folds)}' if folds else 'one value'}"
        return
    if source.form not in {"union", "always"}:
        yield "fold", f"{source.form} is of what is folded already: say it of the source inside"
    elif source.fold == "production":
        yield "fold", "only a measure has the value of the version in production: say it there"


def _or(words: Sequence[str]) -> str:
    return " or ".join(words)


_RULES: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "union": _union,
        "flag": _of_state,
        "events": _events,
        "complement": _of_state,
        "count": _count,
        "ratio": _ratio,
        "rate": _rate,
        "mean": _mean,
        "attribute": _attribute,
    }
)
