"""Windows of a history, against a plain loop over ticks in whole milliseconds."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.metrics.columns import trace_columns
from simulator.runtime.history.windows import Run, tick_count, window_counts
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun
from simulator.simulation.engine import Simulation
from tests.support.exported import samples_from_start

CALM = load_scenario("calm")
BLOCK = 21_600_000  # milliseconds
BOUNDARY = 1_794_182_400_000  # where a block ends and the next begins
MOST_TICKS = 2400

steps = st.sampled_from([100, 101, 250, 333, 1_000, 1_500, 7_000, 15_000, 60_000, 3_600_000])
starts = st.integers(-2 * BLOCK, 2 * BLOCK).map(lambda n: BOUNDARY + n)
#: Starts some whole ticks before a boundary, so that a tick ends on it.
offsets = st.integers(0, 200)


def run(start: int, step: int, n_ticks: int, *, more: float = 0.0) -> TimedRun:
    """So many ticks from `start` on, as the command computes it; times in milliseconds."""
    first, length = start / 1000, step / 1000
    return TimedRun(CALM, first, first + n_ticks * length + more / 1000, length, "lab")


def counted(start: int, step: int, n_ticks: int) -> list[int]:
    """Ticks per window: tick after tick into the block it ends in, up to a bound."""
    counts: list[int] = []
    before = None
    for tick in range(1, n_ticks + 1):
        block = (start + tick * step) // BLOCK
        if block != before or counts[-1] == MOST_TICKS:
            counts.append(0)
        counts[-1] += 1
        before = block
    return counts


@given(starts, steps, st.integers(1, 6_000))
def test_windows_are_those_of_a_plain_loop(start: int, step: int, n_ticks: int) -> None:
    assert window_counts(run(start, step, n_ticks)) == counted(start, step, n_ticks)


@given(offsets, steps, st.integers(1, 6_000))
def test_a_tick_that_ends_on_a_boundary_is_in_the_block_after_it(
    before: int, step: int, n_ticks: int
) -> None:
    start = BOUNDARY - before * step

    assert window_counts(run(start, step, n_ticks)) == counted(start, step, n_ticks)


@given(start=st.floats(0.0, 2.5e11, width=64), step=steps, n_ticks=st.integers(1, 6_000))
def test_no_tick_is_lost_or_doubled_wherever_a_run_begins(
    start: float, step: int, n_ticks: int
) -> None:
    begun = start // 0.1 * 0.1  # as the command rounds it, to something near a tenth
    truth = TimedRun(CALM, begun, begun + n_ticks * (step / 1000), step / 1000, "lab")

    assert sum(window_counts(truth)) == tick_count(truth) == n_ticks


@given(starts, steps, st.integers(1, 1_000), st.floats(0.0, 0.98))
def test_a_part_of_a_tick_is_none(start: int, step: int, n_ticks: int, part: float) -> None:
    assert tick_count(run(start, step, n_ticks, more=part * step)) == n_ticks


@pytest.mark.parametrize(
    ("start", "counts"),
    [
        (BOUNDARY - 45_000, [2, 2]),  # the third of four ends on the boundary
        (BOUNDARY - 45_001, [3, 1]),  # a millisecond before
        (BOUNDARY - 44_999, [2, 2]),  # a millisecond after
        (BOUNDARY - 60_000, [3, 1]),
        (BOUNDARY - 61_000, [4]),
        (BOUNDARY - 15_000, [4]),
    ],
)
def test_both_sides_of_a_boundary(start: int, counts: list[int]) -> None:
    assert window_counts(run(start, 15_000, 4)) == counts


@pytest.mark.parametrize(
    ("n_ticks", "counts"), [(2400, [2400]), (2401, [2400, 1]), (4800, [2400] * 2)]
)
def test_a_window_holds_a_bounded_number_of_ticks(n_ticks: int, counts: list[int]) -> None:
    assert window_counts(run(BOUNDARY, 1_000, n_ticks)) == counts


@settings(max_examples=10)
@given(st.integers(-40, 40), st.integers(1, 60))
def test_a_run_in_windows_has_the_samples_of_one_piece(before: int, n_ticks: int) -> None:
    truth = run(BOUNDARY + before * 15_000 + 7_000, 15_000, n_ticks)
    simulation = Simulation(CALM, origin=truth.start, step=truth.step)
    trace = simulation.advance(n_ticks)
    whole = trace_columns(trace, samples_from_start(trace), instance="lab")
    cut = list(Run(truth).windows())

    assert np.concatenate([w.times for w in cut]).tolist() == trace.grid.ends.tolist()
    for number, family in enumerate(whole):
        for index, series in enumerate(family.series):
            for place, column in enumerate(series.columns):
                parts = [w.families[number].series[index].columns[place].values for w in cut]
                np.testing.assert_array_equal(np.concatenate(parts), column.values)


def test_the_times_of_a_window_are_within_one_block() -> None:
    windows = Run(run(BOUNDARY - 100_000, 60_000, 400)).windows()
    blocks = [{int(time * 1000) // BLOCK for time in w.times.tolist()} for w in windows]

    assert [len(found) for found in blocks] == [1, 1, 1]
    assert len(list(groupby(blocks))) == 3


def test_series_are_counted_once_however_many_windows_have_them() -> None:
    short, long = (Run(run(BOUNDARY - 30_000, 15_000, n)) for n in (1, 4))

    assert [len(list(r.windows())) for r in (short, long)] == [1, 2]
    assert short.series == long.series


def test_a_series_without_a_sample_is_not_counted() -> None:
    release = load_scenario("model-release").compressed(120.0)
    start = BOUNDARY / 1000
    tick, hour = (Run(TimedRun(release, start, start + s, 15.0, "lab")) for s in (15.0, 3600.0))
    assert [len(list(r.windows())) for r in (tick, hour)] == [1, 1]

    drifts = [[s for s in r.series if s[0] == "ml_model_drift_score"] for r in (tick, hour)]
    versions = [{dict(labels)["version"] for _, labels, _ in found} for found in drifts]
    assert versions == [{release.versions[0]}, set(release.versions)]


@pytest.mark.parametrize(("length", "said"), [(0, "0 s hold no tick of 15 s"), (14_998, "14.998")])
def test_a_run_without_a_tick_is_refused(length: int, said: str) -> None:
    start = BOUNDARY / 1000
    with pytest.raises(ValueError, match=said):
        window_counts(TimedRun(CALM, start, start + length / 1000, 15.0, "lab"))
