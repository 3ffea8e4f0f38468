"""How many series a mapping makes, and what is refused."""

from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import MappingError
from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.mapping.size import MOST_SERIES, series_count
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from tests.support.mapped import mapping
from tests.support.scenario_builders import MONDAY, scenario

PLAN: Final = scenario()


def _gauge(*sizes: int) -> dict[str, Any]:
    labels = {f"l{i}": [str(n) for n in range(size)] for i, size in enumerate(sizes)}
    return {"signal": {"base": 1, "labels": labels}}


@given(st.lists(st.integers(1, 20), max_size=3))
def test_what_is_counted_is_what_is_there(sizes: list[int]) -> None:
    names = mapping(x=_gauge(*sizes))
    export = Export(names, PLAN)
    (one,) = export.samples(Simulation(PLAN, origin=MONDAY, step=15.0).advance(1))
    assert (
        series_count(names, PLAN) == {"x": one.blocks[0].size} == {"x": np.prod(sizes, dtype=int)}
    )


def test_buckets_sum_and_count_are_series() -> None:
    metric = {
        "signal": {
            "kind": "histogram",
            "base": 1,
            "edges": [1, 2],
            "rate": 1,
            "labels": {"a": ["x", "y"]},
        }
    }
    assert series_count(mapping(x=metric), PLAN) == {"x": 2 * 5}


def test_each_part_of_the_platform_counts() -> None:
    metric = {"up": {"components": ["minio", "scoring-api", "ml-model"]}}
    assert series_count(mapping(x=metric), PLAN) == {"x": 3}


def test_the_default_mapping_is_far_below_the_most() -> None:
    assert sum(series_count(default_mapping(), load_scenario("tour")).values()) < MOST_SERIES / 4


def test_too_many_are_refused_before_anything_runs_with_the_number_of_each_metric() -> None:
    names = mapping(some=_gauge(100), many=_gauge(100, 200))
    with pytest.raises(MappingError) as refused:
        Export(names, PLAN)
    assert str(refused.value).splitlines() == [
        "written: 20,100 series, and 20,000 are allowed: tell less apart, or allow them with "
        "--allow-series 20100",
        "  many: 20,000",
        "  some: 100",
    ]


def test_as_many_as_allowed_are_made() -> None:
    names = mapping(some=_gauge(100), many=_gauge(100, 200))
    assert len(Export(names, PLAN, allow_series=20_100).families) == 2
    with pytest.raises(MappingError, match="and 20,099 are allowed"):
        Export(names, PLAN, allow_series=20_099)


def test_labels_beyond_all_measure_are_refused_unmade() -> None:
    with pytest.raises(MappingError, match="labels have 1,000,000,000 combinations"):
        mapping(x=_gauge(1000, 1000, 1000))
