"""Metrics of every form, nested, as a file would write them; not all of them can be."""

from __future__ import annotations

from typing import Any, Final, get_args

from hypothesis import strategies as st

from simulator.mapping.component_sources import Moment
from simulator.mapping.model import Mapping
from simulator.mapping.properties import dimensions_along
from simulator.mapping.rules import problems
from simulator.measures.catalogue import MEASURES
from simulator.measures.causes import CAUSES, CauseName
from simulator.measures.dimensions import DIMENSIONS
from simulator.scenario.vocabulary import DEPENDENCIES, FEATURES, JOBS

__all__ = ["mappings_of_forms"]

Content = dict[str, Any]
Contents = st.SearchStrategy[Content]

_STATES: Final = [m for m in MEASURES.values() if m.kind == "state"]
_COUNTED: Final = [m for m in MEASURES.values() if m.kind != "state"]
_EDGES: Final = st.lists(
    st.sampled_from([-5.0, 0.0, 1e-3, 0.07, 0.1, 0.25, 1.0, 7.0, 600.0, 612.5, 1e9]),
    min_size=1,
    max_size=4,
    unique=True,
).map(sorted)
_numbers = st.sampled_from([-1.0, 0.0, 0.1, 0.2, 1.0, 20.0, 600.0])
_comparisons: Final[Contents] = st.dictionaries(
    st.sampled_from(["above", "at_least", "below", "at_most", "equal"]),
    _numbers,
    min_size=1,
    max_size=2,
)
_windows: Final[Contents] = st.fixed_dictionaries(
    {}, optional={"over": st.sampled_from(["1s", "40s", "1m", "1h"])}
)
_words = st.sampled_from(["a", 'b "c"', "100 %", "d\\e", "f\n", "é", "*"])
_components = st.one_of(
    st.sampled_from(JOBS),
    st.lists(st.sampled_from(JOBS), min_size=1, max_size=3, unique=True),
    st.dictionaries(st.sampled_from(JOBS), st.sampled_from(["api", "store", "x y"]), min_size=1),
)


def _optional(**fields: st.SearchStrategy[Any]) -> Contents:
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def _measured(draw: st.DrawFn, among: list[Any]) -> Content:
    """A measure, some of its values left out."""
    measure = draw(st.sampled_from(among))
    found: Content = {"measure": measure.name}
    fixed = [d for d in dimensions_along(measure) if DIMENSIONS[d].fixed]
    if draw(st.booleans()) and fixed:
        dimension = draw(st.sampled_from(fixed))
        value = draw(st.sampled_from(DIMENSIONS[dimension].fixed))
        some: list[Any] = [value, {"without": [value]}]
        found["where"] = {dimension: draw(st.sampled_from(some))}
    if "version" in measure.open_ended:
        found["no_version"] = draw(st.sampled_from(["production", "drop", "n/a", ""]))
    if measure.kind == "state" and draw(st.booleans()):
        found["fold"] = draw(st.sampled_from(measure.folds))
    return found


_last: Final[Contents] = st.builds(
    lambda what, where: {"last": what, **where},
    st.sampled_from(["score", "default-probability", "prediction-seconds", "application", "age"]),
    st.sampled_from([{}, {"where": {"decision": "refused"}}, {"where": {"channel": "mobile"}}]),
)
_offsets: Final[Contents] = st.builds(
    lambda of, job: {"offsets": {"of": of, **job}},
    st.sampled_from(["log-end", "committed"]),
    _optional(components=st.sampled_from(JOBS)),
)
_times: Final[Contents] = st.builds(
    lambda of, more: {"time": {"of": of, **more}},
    st.sampled_from(get_args(Moment)),
    _optional(seconds=st.sampled_from(["unix", "since"]), components=_components),
)
_ups: Final[Contents] = _components.map(lambda some: {"up": {"components": some}})
_always: Final[Contents] = st.builds(
    lambda job, value: {"always": {"component": job, "value": value}},
    st.sampled_from(JOBS),
    _numbers,
)
_attributes: Final[Contents] = st.builds(
    lambda feature, more: {"attribute": {"feature": feature, "edges": [25, 35.5], **more}},
    st.sampled_from(FEATURES),
    _optional(label=st.just("range"), names=st.just(["low", "middle", "high"])),
)
_transforms: Final[Contents] = st.sampled_from(
    ["default-probability", "repayment-probability", "zero-to-one", "confidence"]
).map(lambda to: {"transform": {"to": to}})


@st.composite
def _influences(draw: st.DrawFn) -> Content:
    cause = draw(st.sampled_from(get_args(CauseName)))
    of = {"slowness": DEPENDENCIES, "episode": ("errors", "traffic-surge")}.get(cause)
    named: Content = {"of": draw(st.sampled_from(of))} if CAUSES[cause].needs_one and of else {}
    more = _optional(
        above=st.sampled_from([0.0, 1.0]),
        most=st.sampled_from([0.5, 1e15]),
        delay=st.sampled_from(["1s", "40s", "1h"]),
    )
    weight = draw(st.sampled_from([-1e15, -1.0, 0.0, 0.5, 1e15]))
    return {"cause": cause, "weight": weight, **named, **draw(more)}


@st.composite
def _signals(draw: st.DrawFn) -> Content:
    kind = draw(st.sampled_from(["gauge", "counter", "histogram"]))
    spec = {"kind": kind, "base": draw(st.sampled_from([0.0, 0.5, 300.0, 1e15]))}
    spec |= draw(
        _optional(
            daily=st.just({"amplitude": 1.0, "peak": "23:59"}),
            noise=st.sampled_from([0.1, 2.0]),
            noise_time=st.sampled_from(["1s", "1m", "30d"]),
            causes=st.lists(_influences(), max_size=3),
            min=st.sampled_from([0.0, 1.0]),
            max=st.sampled_from([1.0, 1e15]),
            whole=st.booleans(),
            labels=st.sampled_from([{"pool": ["a", "b"]}, {"pool": {"x": 0.0, "y": 1e6}}]),
            components=_components,
        )
    )
    if kind == "histogram":
        counted = st.sampled_from([m.name for m in _COUNTED if not m.needs])
        events = st.one_of(
            st.sampled_from([0.0, 5.0, 1e9]).map(lambda rate: {"rate": rate}),
            counted.map(lambda name: {"counts": name}),
        )
        spec |= {"edges": [0.001, 1.0, 1e9], "sigma": draw(st.sampled_from([0.01, 5.0]))}
        spec |= draw(events)
    return {"signal": spec}


def _apart(labels: Content, part: Content, constant: Content) -> Content:
    return {**part, "labels": labels, "constant": constant}


_states_alone: Final[Contents] = st.one_of(_measured(_STATES), _last, _times)
_counts_alone: Final[Contents] = st.one_of(_measured(_COUNTED), _offsets, _attributes)
_histograms: Final[Contents] = st.one_of(
    _measured([m for m in _COUNTED if m.kind == "histogram"]), _transforms
)


def _levels() -> st.SearchStrategy[list[Content]]:
    some = st.lists(_comparisons, min_size=1, max_size=2)
    return some.map(
        lambda asked: [
            {**one, "labels": {"severity": f"{place}"}} for place, one in enumerate(asked)
        ]
    )


def _of_states(states: Contents, counts: Contents) -> Contents:
    """States made of others, and of what is counted."""
    return st.one_of(
        st.builds(
            lambda of, asked, more: {"flag": {"of": of, **asked, **more}},
            states,
            _comparisons,
            _optional(absent=st.sampled_from([0, 1])),
        ),
        st.builds(
            lambda of, asked, by: {"count": {"of": of, "by": by, **asked}},
            states,
            _comparisons,
            st.lists(st.sampled_from(["feature", "version", "partition"]), min_size=1, max_size=2),
        ),
        states.map(lambda of: {"complement": of}),
        st.builds(
            lambda of, to, over: {"ratio": {"of": of, "to": to, **over}}, counts, counts, _windows
        ),
        st.builds(lambda of, to: {"ratio": {"of": of, "to": to}}, states, states),
        st.builds(
            lambda of, over, per: {"rate": {"of": of, **over, **per}},
            counts,
            _windows,
            _optional(per=st.sampled_from(["1m", "1d"])),
        ),
        st.builds(lambda of, over: {"mean": {"of": of, **over}}, _histograms, _windows),
    )


def _of_counts(states: Contents, counts: Contents) -> Contents:
    """Counts made of others, and of states."""
    parts = st.lists(
        st.builds(
            _apart,
            _optional(what=st.sampled_from(["channel", "version", "reason", "endpoint"])),
            counts,
            _optional(part=_words),
        ),
        min_size=2,
        max_size=3,
    )
    return st.one_of(
        parts.map(lambda some: {"union": some}),
        st.builds(lambda of, levels: {"events": {"of": of, "levels": levels}}, states, _levels()),
    )


_states: Final = st.one_of(_states_alone, _of_states(_states_alone, _counts_alone))
_counts: Final = st.one_of(_counts_alone, _of_counts(_states, _counts_alone))
_FORMS: Final[tuple[Contents, ...]] = (
    _states_alone,
    _counts_alone,
    _histograms,
    _of_states(_states, _counts),
    _of_counts(_of_states(_states_alone, _counts_alone), _counts),
    _offsets,
    _attributes,
    _ups,
    _always,
    _signals(),
)


@st.composite
def _sources(draw: st.DrawFn) -> Content:
    """Each form about as often."""
    return draw(draw(st.sampled_from(_FORMS)))


@st.composite
def _labels(draw: st.DrawFn) -> Content:
    """A dimension, with other words for its values, or in a template."""
    found: Content = {}
    names = ["version", "channel", "feature", "endpoint", "status", "topic", "partition", "level"]
    for dimension in draw(st.lists(st.sampled_from(names), max_size=2, unique=True)):
        at_length = {"dimension": dimension, "case": draw(st.sampled_from(["upper", "lower"]))}
        written = draw(
            st.sampled_from(
                [
                    dimension,
                    {**at_length, "values": {"*": draw(_words)}},
                    {"template": f"v-{{{dimension}}}", **at_length},
                ]
            )
        )
        found[f"by_{dimension}"] = written
    return found


@st.composite
def _metrics(draw: st.DrawFn) -> Content:
    more = _optional(
        labels=_labels(),
        constant=st.dictionaries(st.sampled_from(["env", "zone"]), _words, max_size=1),
        scale=st.sampled_from([100.0, 1e-3, 1e12]),
        edges=_EDGES,
        help=_words,
        job=st.sampled_from(["api", "x/y z", *JOBS]),
        type=st.sampled_from(["counter", "gauge", "histogram", "summary"]),
        fold=st.sampled_from(["sum", "max", "min", "mean", "production"]),
    )
    return {**draw(_sources()), **draw(more)}


def _kept(metrics: Content) -> dict[str, Any]:
    """What is wrong goes, field by field and then as a whole: rules are tested elsewhere."""
    kept: Content = {}
    for name, metric in metrics.items():
        for left_out in ((), ("fold",), ("type", "fold"), ("type", "fold", "edges", "labels")):
            content = {key: said for key, said in metric.items() if key not in left_out}
            mapping = _mapping({name: content})
            if mapping is not None:
                kept[name] = content
                break
    return kept


def _mapping(metrics: Content) -> Mapping | None:
    try:
        found = Mapping.model_validate({"version": 1, "name": "drawn", "metrics": metrics})
    except ValueError:
        return None
    return None if any(problems(found)) else found


@st.composite
def mappings_of_forms(draw: st.DrawFn, prefix: str = "x") -> Mapping:
    """A mapping of up to six metrics of any form."""
    some = draw(st.lists(_metrics(), min_size=3, max_size=6))
    metrics = _kept({f"{prefix}{place}_total": metric for place, metric in enumerate(some)})
    return _mapping(metrics) or Mapping(version=1, name="drawn")
