"""Forms that remember: however a run is cut, and where a run goes on after another, all is one."""

from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.simulation.engine import Simulation
from tests.support.mapped import STEP, joined, mapping, over_a_file, shown
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.trace_arrays import arrays_of

TICKS: Final = 60
PLAN: Final = scenario(
    episode("slow-dependency", dependency="bureau", factor=6, start="4m", duration="5m"),
    episode("counter-reset", jobs=["scoring-api", "kafka-exporter"], start="7m", duration="1m"),
    traffic={"requests_per_second": 0.3},
    platform={"monitoring": {"back_test_every": "5m"}},
)
_FOLLOWING: Final = [
    {"cause": "load", "weight": 0.4, "delay": "40s"},
    {"cause": "slowness", "of": "bureau", "weight": 0.1, "above": 1, "most": 3, "delay": "2m"},
]
METRICS: Final[dict[str, dict[str, Any]]] = {
    "last_score": {"last": "score", "labels": {"version": "version", "channel": "channel"}},
    "last_decision": {"last": "application", "labels": {"decision": "decision"}},
    "last_amount": {"last": "amount"},
    "consumed_total": {"offsets": {"of": "committed"}, "labels": {"group": "group"}},
    "start": {"time": {"of": "process-start", "components": ["scoring-api", "minio"]}},
    "success_age": {"time": {"of": "scored", "seconds": "since"}},
    "archived": {"time": {"of": "archived"}},
    "back_test": {"time": {"of": "back-test"}, "labels": {"version": "version"}},
    "deployed": {"time": {"of": "deployed"}},
    "cpu": {
        "signal": {
            "base": 0.1,
            "noise": 0.2,
            "daily": {"amplitude": 0.5},
            "labels": {"core": {"0": 1, "1": 1.5}},
            "causes": _FOLLOWING,
        }
    },
    "hits_total": {"signal": {"kind": "counter", "base": 3, "noise": 0.3, "causes": _FOLLOWING}},
    "cpu_seconds_total": {"signal": {"kind": "counter", "base": 0.1, "noise": 0.1, "whole": False}},
    "query_seconds": {
        "signal": {
            "kind": "histogram",
            "base": 0.02,
            "noise": 0.1,
            "edges": [0.01, 0.1, 1],
            "rate": 0.5,
            "causes": _FOLLOWING,
        }
    },
}
EVERYTHING: Final = mapping(**METRICS)


@settings(max_examples=20)
@given(st.sets(st.integers(1, TICKS - 1), max_size=4))
def test_where_a_run_is_cut_changes_no_bit(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), TICKS]
    whole = shown(PLAN, EVERYTHING, [TICKS])
    cut = shown(PLAN, EVERYTHING, np.diff(edges).tolist())
    assert [one[:2] for one in whole] == [one[:2] for one in cut]
    for one, other in zip(whole, cut, strict=True):
        np.testing.assert_array_equal(one.values, other.values, err_msg=one.name)


def test_a_run_goes_on_with_what_the_one_before_remembers() -> None:
    quiet = scenario(traffic={"requests_per_second": 0.3})
    first, run = Export(EVERYTHING, quiet), Simulation(quiet, origin=MONDAY, step=STEP)
    pieces = [first.samples(run.advance(30))]
    second = Export(EVERYTHING, quiet, before=over_a_file(first.left()))
    after = Simulation(quiet, origin=MONDAY + 30 * STEP, step=STEP, before=run.handover())
    pieces.append(second.samples(after.advance(20)))
    for one in joined(pieces):
        values = one.values[:, 0]
        if one.name in {"start", "deployed"}:
            assert (values == MONDAY).all()
        if one.name in {"last_amount", "back_test", "archived"}:
            known = ~np.isnan(values)
            assert (np.diff(known.astype(int)) >= 0).all(), one.name  # never absent again
        if one.name.endswith("_total"):
            assert 0 <= values[30] - values[29] < 200, one.name  # neither reset nor counted twice


@pytest.mark.parametrize("left", [[1.0, 2.0], [[1.0]]])
def test_a_memory_of_another_shape_is_refused(left: object) -> None:
    quiet = scenario()
    export = Export(EVERYTHING, quiet)
    export.samples(Simulation(quiet, origin=MONDAY, step=STEP).advance(2))
    before = over_a_file(export.left())
    before["memory"]["last_amount last amount"] = left
    later = Export(EVERYTHING, quiet, before=before)
    with pytest.raises(ScenarioError, match="remembered"):
        later.samples(Simulation(quiet, origin=MONDAY, step=STEP).advance(1))


def test_no_mapping_changes_what_is_simulated() -> None:
    traces = []
    for names in (default_mapping(), EVERYTHING):
        export, run = Export(names, PLAN), Simulation(PLAN, origin=MONDAY, step=STEP)
        pieces = [run.advance(n) for n in (7, 53)]
        for piece in pieces:
            export.samples(piece)
        traces.append(pieces)
    for one, other in zip(*traces, strict=True):
        of_one, of_other = arrays_of(one), arrays_of(other)
        assert of_one.keys() == of_other.keys()
        for name, values in of_one.items():
            np.testing.assert_array_equal(values, of_other[name], err_msg=name)


def test_a_metric_is_the_same_whatever_stands_beside_it() -> None:
    whole = shown(PLAN, EVERYTHING, [TICKS])
    for name, metric in METRICS.items():
        alone = shown(PLAN, mapping(**{name: metric}), [TICKS])
        beside = [one for one in whole if one.name == name]
        for one, other in zip(alone, beside, strict=True):
            np.testing.assert_array_equal(one.values, other.values, err_msg=name)
