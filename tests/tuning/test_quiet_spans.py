"""Recorded time is cut where nothing is on, so that no incident is in two parts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simulator.tuning.incidents import Wanted
from simulator.tuning.quiet_spans import quiet_spans

DAY = 86400.0
STEP = 30.0

incidents = st.lists(
    st.tuples(st.floats(0.0, 5 * DAY), st.floats(60.0, DAY)).map(
        lambda p: Wanted("i", "s", "red", p[0], p[0] + p[1], p[0] + p[1])
    ),
    max_size=12,
)


@given(incidents, st.integers(1, 6))
def test_parts_follow_each_other_and_no_cut_is_in_an_incident(
    wanted: list[Wanted], count: int
) -> None:
    spans = quiet_spans(0.0, 5 * DAY, wanted, count=count, step=STEP)

    assert (spans[0].start, spans[-1].end) == (0.0, 5 * DAY)
    assert 1 <= len(spans) <= count
    for before, after in pairwise(spans):
        assert before.start < before.end == after.start
        assert not any(one.start <= before.end <= one.until for one in wanted)


def test_quiet_time_is_cut_into_equal_parts() -> None:
    spans = quiet_spans(0.0, 5 * DAY, [], count=5, step=STEP)

    assert [span.end for span in spans] == [DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY]


def test_time_without_any_quiet_moment_stays_whole() -> None:
    always = [Wanted("i", "s", "red", 0.0, 5 * DAY, 5 * DAY)]

    assert len(quiet_spans(0.0, 5 * DAY, always, count=5, step=STEP)) == 1
