"""Alerts fire as a plain loop over Prometheus's own rules has them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.alerting.states import firing


def fires(active: list[bool], hold: int, keep: int, broken: list[bool]) -> list[bool]:
    """One evaluation after the other, as rules/alerting.go has it."""
    state, since, kept_since, found = "inactive", 0, -1, []
    for now, (is_on, is_broken) in enumerate(zip(active, broken, strict=True)):
        if is_broken:
            state = "inactive"
        elif is_on:
            kept_since = -1
            if state == "inactive":
                state, since = "pending", now
        elif state == "firing" and keep:
            kept_since = now if kept_since < 0 else kept_since
            if now - kept_since >= keep:
                state = "inactive"
        else:
            state = "inactive"
        if state == "pending" and now - since >= hold:
            state = "firing"
        if state != "firing":
            kept_since = -1
        found.append(state == "firing")
    return found


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=10, max_size=60),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_alerts_fire_as_one_evaluation_after_the_other_has_them(
    moments: list[tuple[bool, int]], hold: int, keep: int
) -> None:
    active, broken = [on for on, _ in moments], [n == 0 for _, n in moments]
    found = firing(np.array([active]), hold, keep, np.array(broken))
    assert found[0].tolist() == fires(active, hold, keep, broken)
