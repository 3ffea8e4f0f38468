"""What holds of the topic and the store in any scenario, however its run is cut."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import VIOLATION_TYPES
from simulator.simulation.engine import Simulation
from simulator.simulation.minio import APIS
from simulator.simulation.trace import Trace
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.totals import totals_of
from tests.support.trace_arrays import arrays_of, differing, joined

STEP, N_TICKS = 15.0, 60
BYTES = 2048.0
GAP, PUT = VIOLATION_TYPES.index("audit_log_gap"), APIS.index("putobject")
GROUPS = ("archiver", "risk-monitoring")

_spans = st.tuples(st.integers(0, 8), st.integers(1, 6)).map(
    lambda span: {"start": f"{span[0]}m", "duration": f"{span[1]}m"}
)
_kinds: list[st.SearchStrategy[dict[str, Any]]] = [
    st.builds(
        lambda group, left: episode("consumer-slowdown", group=group, capacity_ratio=left),
        st.sampled_from(GROUPS),
        st.sampled_from([0.0, 0.01, 0.3]),
    ),
    st.builds(
        lambda group: episode("rebalance", group=group, every="2m", pause="70s"),
        st.sampled_from(GROUPS),
    ),
    st.builds(
        lambda group, how, timeout: episode(
            "consumer-crash", group=group, assignment=how, session_timeout=timeout
        ),
        st.sampled_from(GROUPS),
        st.sampled_from(["eager", "cooperative"]),
        st.sampled_from(["10s", "2m"]),
    ),
    st.builds(lambda n: episode("broker-loss", brokers=n), st.integers(1, 3)),
    st.builds(lambda n: episode("hot-partition", partition=0, share=n), st.floats(0.1, 1.0)),
    st.builds(lambda n: episode("drive-loss", drives=n), st.integers(1, 8)),
    st.builds(
        lambda used: episode("capacity-filling", used_ratio=used), st.sampled_from([0.9, 0.995, 1])
    ),
    st.builds(lambda factor: episode("traffic-surge", factor=factor), st.sampled_from([0.001, 9])),
]
_episodes = st.lists(st.tuples(st.one_of(_kinds), _spans), max_size=5).map(
    lambda drawn: [
        one | span | {"name": f"{one['kind']}-{i}"} for i, (one, span) in enumerate(drawn)
    ]
)


@st.composite
def plans(draw: st.DrawFn) -> Scenario:
    """A quarter of an hour on a small platform, which loses and fills up easily."""
    kafka = {
        "brokers": 3,
        "partitions": draw(st.sampled_from([1, 2, 7, 12])),
        "retention_messages": draw(st.sampled_from([100, 1000, 10_000_000])),
        "commit_interval_seconds": draw(st.sampled_from([0.1, 1.0, 40.0])),
        "consumer_groups": [
            {"name": name, "members": draw(st.integers(1, 4)), "messages_per_second": 900.0}
            for name in GROUPS
        ],
    }
    minio = {"drive_bytes": draw(st.sampled_from([1e12, 5e6, 5e5]))}
    return scenario(
        *draw(_episodes),
        seed=draw(st.integers(1, 99)),
        duration="15m",
        traffic={"requests_per_second": draw(st.sampled_from([5.0, 200.0]))},
        platform={"api": {"workers": 200}, "kafka": kafka, "minio": minio},
    )


def _assert_offsets_hold(trace: Trace) -> None:
    """Log end >= current >= oldest, where somebody is there to read; all is read, kept or lost."""
    topic, kafka = trace.topic, trace.scenario.platform.kafka
    assert (topic.committed <= topic.log_end[:, np.newaxis]).all()
    assert np.diff(topic.committed, axis=0).min(initial=0) >= 0
    with_members = topic.members > 0
    current = topic.committed >= topic.oldest[:, np.newaxis]
    assert current[with_members].all()
    read, lost = np.cumsum(topic.consumed, axis=0), np.cumsum(topic.lost, axis=0)
    waiting = topic.log_end.sum(axis=1, keepdims=True) - read - lost
    assert min(waiting.min(), topic.consumed.min(), topic.lost.min()) >= 0
    assert waiting.max() <= kafka.retention_messages * kafka.partitions
    assert (topic.lost <= topic.produced.sum(axis=1, keepdims=True)).all()


def _assert_bytes_are_conserved(trace: Trace) -> None:
    """What is used is what was there, what another wrote, and what was archived, and no more."""
    minio, storage = trace.scenario.platform.minio, trace.storage
    usable = minio.drives * minio.drive_bytes * (minio.drives - minio.parity) / minio.drives
    written = trace.topic.consumed[:, GROUPS.index("archiver")]
    of_others = (minio.used_ratio + trace.causes.filled) * usable
    used = np.minimum(of_others + np.cumsum(written) * BYTES, usable)
    np.testing.assert_allclose(storage.used, used, rtol=1e-12)
    free = np.maximum(storage.usable_total - used, 0.0)
    np.testing.assert_allclose(storage.usable_free, free, rtol=1e-9, atol=BYTES)
    has_room = storage.usable_free >= 0.01 * storage.usable_total - 1.0
    assert has_room[written > 0].all()
    refused = trace.topic.refused | ~trace.drives.can_write
    assert written[refused].sum() == 0
    assert np.array_equal(storage.errors[:, PUT] > 0, refused)


def _assert_gaps_are_told(trace: Trace) -> None:
    """Each lost decision is a violation, and no type has more than could be."""
    lost = trace.topic.lost[:, GROUPS.index("archiver")]
    assert (trace.violations.counts[:, GAP] >= lost).all()
    totals = totals_of(trace)
    assert (totals.violations <= totals.violation_parents).all()


@given(plans(), st.lists(st.integers(1, N_TICKS - 1), max_size=3, unique=True))
@settings(max_examples=40, deadline=None)
def test_offsets_bytes_and_gaps_add_up_however_a_run_is_cut(
    plan: Scenario, cuts: list[int]
) -> None:
    whole, pieces = (Simulation(plan, origin=MONDAY, step=STEP) for _ in range(2))
    trace = whole.advance(N_TICKS)
    parts = [pieces.advance(n) for n in np.diff([0, *sorted(cuts), N_TICKS]).tolist()]

    assert differing(joined(parts), arrays_of(trace)) == []
    _assert_offsets_hold(trace)
    _assert_bytes_are_conserved(trace)
    _assert_gaps_are_told(trace)


@given(plans())
@settings(max_examples=15, deadline=None)
def test_a_run_goes_on_from_where_the_topic_and_the_store_were(plan: Scenario) -> None:
    before = Simulation(plan, origin=MONDAY, step=STEP)
    last = before.advance(N_TICKS)
    after = Simulation(plan, origin=MONDAY, step=STEP, before=before.handover()).advance()

    topic, left = after.topic, last.topic
    assert np.array_equal(topic.log_end[0] - topic.produced[0], left.log_end[-1])
    assert (topic.committed[0] >= left.committed[-1]).all()
    assert (topic.oldest[0] >= left.oldest[-1]).all()
    read_before, read_since = (t.consumed.sum(axis=0) + t.lost.sum(axis=0) for t in (left, topic))
    assert (topic.log_end.sum() - read_before - read_since >= 0).all()
    written = topic.consumed[0, 0] * BYTES + last.topic.consumed[:, 0].sum() * BYTES
    others = after.scenario.platform.minio
    full = others.drives * others.drive_bytes * (others.drives - others.parity) / others.drives
    expected = min((others.used_ratio + after.causes.filled[0]) * full + written, full)
    assert after.storage.used[0] == pytest.approx(expected, rel=1e-12)
