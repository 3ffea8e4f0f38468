"""Alarms that are kept on (`keep_firing_for`) are on where Prometheus's states have them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.alerting.states import firing
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.judgements import Setting, alarm_spans
from simulator.tuning.judging.ranking import Ranking, Recording
from tests.support.tuning_values import STEP

MOMENTS = st.lists(st.sampled_from([0.0, 1.0, 2.0, np.nan]), min_size=12, max_size=40)


def day(row: list[float], before: int) -> Recording:
    values = np.array([row])
    times = np.asarray(STEP * np.arange(len(row) - before), dtype=np.float64)
    return Recording(times, values[:, before:], STEP, values[:, :before])


@given(st.lists(MOMENTS, min_size=1, max_size=3), st.integers(0, 4), st.integers(0, 4))
def test_every_threshold_is_kept_on_as_prometheus_has_it(
    days: list[list[float]], hold: int, keep: int
) -> None:
    recordings = [day(row, before) for before, row in enumerate(days)]
    ranking = Ranking.of(recordings, is_lower_worse=False)
    found = held(ranking, hold, keep)
    for threshold in (0.5, 1.5):
        wanted = [
            firing(np.nan_to_num(np.array([row])) >= threshold, hold, keep)[0, before:]
            for before, row in enumerate(days)
        ]
        whole = np.concatenate([np.append(one, False) for one in wanted])
        assert (found >= ranking.candidate(threshold)).tolist() == whole.tolist()


def test_a_hold_looks_back_before_the_recording() -> None:
    recording = day([2.0, 2.0, 2.0, 0.0, 0.0, 0.0], before=2)
    (span,) = alarm_spans(recording, Setting(1.0, 2 * STEP), is_lower_worse=False)
    assert span.tolist() == [0.0, STEP]


def test_an_alarm_is_kept_on_for_its_time() -> None:
    recording = day([2.0, 0.0, 0.0, 0.0], before=0)
    (span,) = alarm_spans(recording, Setting(1.0, 0.0, 2 * STEP), is_lower_worse=False)
    assert span.tolist() == [0.0, 3 * STEP]
