"""Recorded time is cut where nothing is on, so that no incident is in two parts."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.tuning.monitors.quiet_spans import quiet_spans
from simulator.tuning.truth.incidents import WantedAlarm

DAY = 86400.0
STEP = 30.0

incidents = st.lists(
    st.tuples(st.floats(0.0, 5 * DAY), st.floats(60.0, DAY)).map(
        lambda p: WantedAlarm("i", "s", "red", p[0], p[0] + p[1], p[0] + p[1])
    ),
    max_size=12,
)


@given(incidents, st.integers(1, 6))
def test_parts_follow_each_other_and_no_cut_is_in_an_incident(
    wanted: list[WantedAlarm], count: int
) -> None:
    spans = quiet_spans(0.0, 5 * DAY, wanted, count=count, step=STEP)

    assert (spans[0].start, spans[-1].end) == (0.0, 5 * DAY)
    assert 1 <= len(spans) <= count
    for before, after in pairwise(spans):
        assert before.start < before.end == after.start
        assert not any(one.start <= before.end <= one.until for one in wanted)
    if len(spans) > 1:
        assert all(any(s.start <= one.start < s.end for one in wanted) for s in spans)


def test_parts_have_as_many_incidents_each_wherever_these_are() -> None:
    crowded = [WantedAlarm("i", "s", "red", at, at + 60, at + 60) for at in np.arange(10) * 7200.0]

    spans = quiet_spans(0.0, 5 * DAY, crowded, count=5, step=STEP)

    starts = [one.start for one in crowded]
    assert [sum(s.start <= at < s.end for at in starts) for s in spans] == [2, 2, 2, 2, 2]


def test_two_places_that_are_as_good_are_not_cut_twice() -> None:
    starts = [0.0, 4830.0, 8520.0, 12210.0, 87540.0, 91230.0, 94920.0, 98610.0, 102300.0, 105670.0]
    wanted = [WantedAlarm("i", "s", "red", at, at + 60, at + 60) for at in starts]

    spans = quiet_spans(0.0, 5 * DAY, wanted, count=4, step=STEP)

    assert all(any(s.start <= at < s.end for at in starts) for s in spans)


def test_time_without_any_quiet_moment_stays_whole() -> None:
    always = [WantedAlarm("i", "s", "red", at, 5 * DAY, 5 * DAY) for at in (0.0, DAY)]

    assert len(quiet_spans(0.0, 5 * DAY, always, count=5, step=STEP)) == 1
