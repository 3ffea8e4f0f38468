"""Mappings of any measures: several metrics of one, with different dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from simulator.mapping.model import Mapping
from simulator.mapping.properties import dimensions_along
from simulator.mapping.rules import problems
from simulator.measures.catalogue import MEASURES

if TYPE_CHECKING:
    from simulator.measures.measure import Measure

#: The metric of each measure that is told apart by nothing: what all others add up to.
WHOLE: Final = "whole"


@st.composite
def metrics_of(draw: st.DrawFn, measure: Measure) -> dict[str, dict[str, Any]]:
    """Three metrics of a measure, by up to three dimensions each, and one of all of it."""
    known = dimensions_along(measure)
    some = st.lists(st.sampled_from(known), unique=True, max_size=3) if known else st.just([])
    found = {
        f"{measure.name}_{n}": {
            "measure": measure.name,
            "labels": {f"by_{d}": d for d in dict.fromkeys([*measure.needs, *draw(some)])},
            "no_version": draw(st.sampled_from(["production", "none", "n/a"])),
        }
        for n in range(3)
    }
    whole = {"measure": measure.name, "labels": {d: d for d in measure.needs}}
    return {**found, f"{measure.name}_{WHOLE}": whole}


@st.composite
def mappings(draw: st.DrawFn, kinds: frozenset[str] = frozenset({"count", "histogram"})) -> Mapping:
    """A mapping of a few measures of these kinds."""
    among = [m for m in MEASURES.values() if m.kind in kinds]
    chosen = draw(st.lists(st.sampled_from(among), unique=True, min_size=1, max_size=3))
    metrics: dict[str, dict[str, Any]] = {}
    for measure in chosen:
        metrics |= draw(metrics_of(measure))
    content = {"version": 1, "name": "drawn", "metrics": metrics}
    mapping = Mapping.model_validate(content)
    wrong = {path.split(".")[1] for path, _ in problems(mapping)}
    kept = {name: metric for name, metric in mapping.metrics.items() if name not in wrong}
    return mapping.model_copy(update={"metrics": kept})
