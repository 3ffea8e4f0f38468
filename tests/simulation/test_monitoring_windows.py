"""What monitoring holds in its windows, in any scenario."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings

from simulator.simulation.divergence import jensen_shannon, kolmogorov_smirnov
from simulator.simulation.engine import Simulation
from simulator.simulation.quality import confusion, f1, precision, recall
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.scenario_strategies import plans

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.scenario.model import Scenario
    from simulator.simulation.arrays import Floats
    from simulator.simulation.trace import Trace

STEP, N_TICKS = 15.0, 40


def _assert_windows_are_of_whole_applications(trace: Trace) -> None:
    model, spec = trace.model, trace.scenario.platform.monitoring
    held = model.recent.sum(axis=3)
    assert (held == held[:, :, :1]).all()  # each application has every feature, and a score
    assert np.array_equal(model.seen, 2 * held[:, :, 0] >= spec.drift_window)
    labels = model.labelled.sum(axis=(2, 3))
    assert np.array_equal(model.judged, 2 * labels >= spec.performance_window)


def _assert_only_those_with_traffic_have_windows(trace: Trace) -> None:
    idle = trace.causes.version_shares <= 0.0
    assert trace.model.recent[idle].sum() == 0
    assert trace.model.labelled[idle].sum() == 0
    assert not trace.model.seen[idle].any()
    assert not trace.model.judged[idle].any()


def _assert_labels_come_once_and_late(trace: Trace) -> None:
    """Of every application that was scored, its label's delay after it."""
    delay = int(np.ceil(trace.scenario.platform.monitoring.label_delay / trace.grid.step))
    scored = trace.topic.produced.sum(axis=1)
    due = np.concatenate([np.zeros(delay, dtype=np.int64), scored])[: len(scored)]
    assert np.array_equal(trace.model.matured.sum(axis=(1, 2, 3)), due)


@given(plans())
@settings(max_examples=15, deadline=None)
def test_windows_hold_whole_applications_of_those_with_traffic(plan: Scenario) -> None:
    trace = Simulation(plan, origin=MONDAY, step=STEP).advance(N_TICKS)
    assert trace.model.matured.min() >= 0
    _assert_windows_are_of_whole_applications(trace)
    _assert_only_those_with_traffic_have_windows(trace)
    _assert_labels_come_once_and_late(trace)


RELEASE = episode(
    "model-release", version="4.0.0", start="30m", duration="2h", canary_for="1h", canary_share=0.3
)
DRIFT = episode("concept-drift", scale=0.3, start="2h", duration="2h")
SHIFT = episode("population-shift", preset="recession", start="2h", duration="2h")


@pytest.fixture(scope="module")
def moving() -> Trace:
    """Four hours: a canary that is withdrawn, then others who apply, and default for others."""
    monitoring = {"monitoring": {"label_delay": "10m"}}
    plan = scenario(RELEASE | {"outcome": "withdrawal"}, DRIFT, SHIFT, platform=monitoring)
    return Simulation(plan, origin=MONDAY, step=60.0).advance(240)


@pytest.mark.parametrize("measure", [precision, recall, f1])
def test_a_model_whose_reasons_are_gone_finds_fewer_of_the_bad(
    moving: Trace, measure: Callable[..., Floats]
) -> None:
    at_cut_off = partial(measure, cut_off_cell=moving.model.cut_off_cells)
    of_production = moving.model.judged_by(at_cut_off)[:, 0]
    assert np.nanmean(of_production[150:]) < 0.9 * np.nanmean(of_production[60:120])


@pytest.mark.parametrize("distance", [kolmogorov_smirnov, jensen_shannon])
def test_a_shift_of_the_applicants_is_far_from_the_sample(
    moving: Trace, distance: Callable[[Floats, Floats], Floats]
) -> None:
    of_score = moving.model.drift_by(distance)[:, 0, -1]
    assert np.nanmin(of_score[140:]) > 2.0 * np.nanmax(of_score[60:120])


def test_labels_of_a_version_that_was_withdrawn_still_come(moving: Trace) -> None:
    of_canary = moving.model.matured[:, 1].sum(axis=(1, 2))
    assert np.flatnonzero(of_canary)[[0, -1]].tolist() == [40, 159]
    assert np.flatnonzero(moving.model.labelled[:, 1].sum(axis=(1, 2)))[-1] == 149


def test_confusion_of_labels_that_come_counts_every_one(moving: Trace) -> None:
    model = moving.model
    found = confusion(model.matured, model.cut_off_cells)
    assert np.array_equal(found.sum(axis=3), model.matured.sum(axis=2))
    assert (found.sum(axis=(0, 1)) > 0).all()
