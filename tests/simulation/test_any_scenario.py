"""What holds in any scenario: of every kind, at its extremes, together with any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.scenario.kinds import KINDS
from simulator.simulation.engine import Simulation
from tests.support.exported import samples_from_start
from tests.support.scenario_builders import MONDAY
from tests.support.scenario_strategies import FIELDS, plans
from tests.support.scenario_texts import kind_name
from tests.support.trace_arrays import arrays_of, differing, joined

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

N_TICKS: Final = 48
STEPS: Final = st.sampled_from([1.0, 15.0, 60.0])


def test_every_kind_is_drawn() -> None:
    assert FIELDS.keys() == {kind_name(kind) for kind in KINDS}


def _assert_counters_rise(trace: Trace) -> None:
    runs_on = ~np.asarray(trace.exposure.restarts[1:].any(axis=1))
    counted = (f for f in samples_from_start(trace) if f.family.kind != "gauge")
    for name, counter in ((f.family.name, block) for f in counted for block in f.blocks):
        assert counter[~np.isnan(counter)].min(initial=0) >= 0, name
        growth = np.diff(counter, axis=0)[runs_on]
        assert np.nan_to_num(growth).min(initial=0) >= 0, name


def _assert_nothing_is_counted_down(trace: Trace) -> None:
    for path, array in arrays_of(trace).items():
        if path.startswith(("requests.", "scored.", "violations.")):
            assert array.min(initial=0) >= 0, path


def _assert_numbers_are_numbers(trace: Trace) -> None:
    for path, array in arrays_of(trace).items():
        # of the model nothing is known before there is something to measure
        if array.dtype.kind == "f" and not path.startswith("model."):
            assert np.isfinite(array).all(), path
    assert min(trace.topic.lag.min(), trace.topic.produced.min()) >= 0


def _assert_shares_are_shares(trace: Trace) -> None:
    for name in ("faults", "partition_weights", "version_shares", "consumer_capacity", "paused"):
        share = getattr(trace.causes, name)
        assert share.min(initial=0.0) >= 0.0, name
        assert share.max(initial=0.0) <= 1.0 + 1e-12, name


@given(plans(), STEPS, st.lists(st.integers(1, N_TICKS - 1), max_size=3, unique=True))
@settings(max_examples=15, deadline=None)
def test_a_run_holds_together_however_it_is_cut(
    plan: Scenario, step: float, cuts: list[int]
) -> None:
    whole, pieces = (Simulation(plan, origin=MONDAY, step=step) for _ in range(2))
    trace = whole.advance(N_TICKS)
    parts = [pieces.advance(n) for n in np.diff([0, *sorted(cuts), N_TICKS]).tolist()]

    assert differing(joined(parts), arrays_of(trace)) == []
    _assert_counters_rise(trace)
    _assert_nothing_is_counted_down(trace)
    _assert_numbers_are_numbers(trace)
    _assert_shares_are_shares(trace)
