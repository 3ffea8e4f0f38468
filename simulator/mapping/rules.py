"""What must hold in a mapping beyond the types of its values."""

from collections.abc import Iterator
from typing import Final

from simulator.mapping.api_rules import api_problems
from simulator.mapping.kinds import kind_of, own_labels
from simulator.mapping.label_rules import label_problems
from simulator.mapping.load_rules import load_problems
from simulator.mapping.model import Mapping, Metric
from simulator.mapping.source_rules import asked_by, source_problems
from simulator.mapping.standalone_rules import job_problems
from simulator.mapping.together_rules import problems_together, size_problem
from simulator.reading.records import Problem
from simulator.reading.sound_parts import Parts

__all__ = ["PARTS", "problems"]

#: What of a mapping stands for itself where another part of it cannot be read.
PARTS: Final = Parts(
    [
        ("*",),
        ("include", "*"),
        ("metrics", "*"),
        ("metrics", "*", "signal", "causes", "*"),
        ("api", "application"),
        ("api", "routes", "*"),
        ("api", "words"),
        ("load", "kinds", "*"),
    ],
    instead={"version": 1, "name": "unnamed"},
)

_TAKEN: Final = {
    "job": "the key job says what that label is, beside the labels",
    "instance": "that label is the run's own, which --instance says; call it another name",
}


def problems(mapping: Mapping) -> Iterator[Problem]:
    """Everything that is wrong, with its path."""
    for name, metric in mapping.metrics.items():
        for path, message in _of_metric(name, metric):
            yield f"metrics.{name}{path and f'.{path}'}", message
    yield from problems_together(mapping)
    yield from api_problems(mapping.api)
    yield from load_problems(mapping.load)


def _of_metric(name: str, metric: Metric) -> Iterator[Problem]:
    if too_much := size_problem(metric):
        yield "", too_much
        return
    yield from label_problems(metric.labels, "labels")
    found = list(source_problems(metric, asked_by(metric.labels, "labels")))
    yield from found
    if not found:
        yield from _of_type(metric)
        for label in sorted(own_labels(metric) & metric.constant.keys()):
            yield f"constant.{label}", f"is a label that {metric.form} has; call it another name"
    if len(metric.forms) == 1:
        yield from job_problems(metric)
    for label in metric.labels.keys() & metric.constant.keys():
        yield f"constant.{label}", "is a label of a dimension, too; give one of them another name"
    kind = metric.type or kind_of(metric)
    yield from _taken_labels(metric, kind)
    if name.endswith(("_bucket", "_sum", "_count")) and kind in {"histogram", "summary"}:
        yield "", f"a {kind} adds _bucket, _sum and _count to its name; leave them out"


def _taken_labels(metric: Metric, kind: str | None) -> Iterator[Problem]:
    """Names of labels that are written by others, or mean something else."""
    named = {*metric.labels, *metric.constant, *own_labels(metric)}
    taken = {
        **_TAKEN,
        **({"le": "a histogram has that label for its buckets"} if kind == "histogram" else {}),
        **({"quantile": "a summary has that label, for quantiles"} if kind == "summary" else {}),
    }
    yield from ((f"labels.{label}", taken[label]) for label in sorted(named & taken.keys()))


def _of_type(metric: Metric) -> Iterator[Problem]:
    kind, said = kind_of(metric), f"(found {metric.type!r})"
    if kind == "state" and metric.type not in {None, "gauge"}:
        yield "type", f"{metric.form} is a state, and a state is a gauge {said}"
    if kind == "count" and metric.type in {"histogram", "summary"}:
        yield "type", f"these are events that have no size, which are counted {said}"
    if kind == "histogram" and metric.type == "gauge":
        yield "type", f"how many there are is a counter, and a share of them a ratio {said}"
    if metric.shift is not None and kind != "state":
        yield "shift", f"only a state can be shifted, and {metric.form} is a {kind}"
    if metric.edges is not None and metric.signal is not None:
        yield "edges", "the edges of a signal stand under signal.edges"
    elif metric.edges is not None and (
        kind != "histogram" or metric.type not in {None, "histogram"}
    ):
        yield "edges", "only a histogram has buckets"
