"""What a source is, before any run: its kind, the measures in it, whose component it is of."""

from collections.abc import Iterator

from simulator.mapping.component_sources import COMPONENT_OF_MOMENT
from simulator.mapping.extra_signal import KIND_OF_SIGNAL
from simulator.mapping.sources import Source
from simulator.measures.catalogue import MEASURES
from simulator.measures.measure import MeasureKind
from simulator.scenario.vocabulary import Job

__all__ = ["component_of", "kind_of", "measures_in", "own_labels", "sources_in"]


def sources_in(source: Source) -> Iterator[tuple[str, Source]]:
    """The sources right inside a form, each with its path."""
    said = source.said
    match source.form:
        case "union":
            yield from ((f"union.{index}", part) for index, part in enumerate(said))
        case "flag" | "events" | "rate" | "mean" | "count":
            yield f"{source.form}.of", said.of
        case "ratio":
            yield from (("ratio.of", said.of), ("ratio.to", said.to))
        case "complement":
            yield "complement", said


def measures_in(source: Source) -> Iterator[str]:
    """The names of all measures that it is made of, known or not."""
    match source.form:
        case "measure":
            yield source.said
        case "transform":
            yield "scores"
        case "attribute":
            yield "scored"
    for _, inside in sources_in(source):
        yield from measures_in(inside)


def own_labels(source: Source) -> set[str]:
    """The names of labels that it has by itself, beside those of the metric."""
    said = source.said
    own: list[set[str]] = []
    match source.form:
        case "attribute":
            own = [{said.label or said.feature}]
        case "signal":
            own = [set(said.labels)]
        case "union":
            own = [{*part.labels, *part.constant} | own_labels(part) for part in said]
        case "events":
            own = [set(level.labels) for level in said.levels] + [own_labels(said.of)]
        case "ratio" | "flag" | "rate" | "mean" | "count":
            own = [own_labels(said.of)]
        case "complement":
            own = [own_labels(said)]
    return set().union(*own)


def kind_of(source: Source) -> MeasureKind | None:
    """Its kind; None where there is no such measure."""
    match source.form:
        case "measure":
            return MEASURES[source.said].kind if source.said in MEASURES else None
        case "union":
            return kind_of(source.said[0])
        case "events" | "attribute" | "offsets":
            return "count"
        case "signal":
            return KIND_OF_SIGNAL[source.said.kind]
        case "transform":
            return "histogram"
        case _:
            return "state"


def component_of(source: Source) -> Job | None:
    """The component that has it; None where there is no such measure."""
    if source.always is not None:
        return source.always.component
    if source.offsets is not None:
        return source.offsets.components
    if source.time is not None:
        return next(iter((*source.jobs, COMPONENT_OF_MOMENT[source.time.of])))
    if source.signal is not None:
        return next(iter(source.jobs))
    if source.last is not None:
        return "scoring-api"
    first = next(measures_in(source), "")
    return MEASURES[first].component if first in MEASURES else None
