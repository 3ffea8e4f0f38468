"""What happens to a consumer group happens on every topic that it reads, and on no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from simulator.errors import ScenarioError
from simulator.measures.causes import CAUSES
from simulator.measures.seen import Seen
from simulator.seeding import Streams
from simulator.simulation.engine import Simulation
from tests.support.scenario_builders import MONDAY, scenario

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace

BOTH = {"name": "risk-monitoring"}
TOPICS = [
    {
        "name": "audit",
        "fed_by": "requests",
        "consumer_groups": [{"name": "siem", "messages_per_second": 90}, BOTH],
    }
]
SPAN = {"name": "it", "start": "10m", "duration": "20m"}
KINDS: dict[str, dict[str, Any]] = {
    "stopped": {"kind": "consumer-slowdown", "capacity_ratio": 0.0},
    "crash": {"kind": "consumer-crash", "member": 0},
    "rebalance": {"kind": "rebalance", "every": "2m", "pause": "90s"},
    "vanish": {"kind": "exporter-glitch", "form": "vanish"},
}


def hour(*episodes: dict[str, Any]) -> Scenario:
    platform = {"kafka": {"further_topics": TOPICS}}
    return scenario(*episodes, duration="1h", platform=platform)


def trace_of(*episodes: dict[str, Any]) -> Trace:
    return Simulation(hour(*episodes), origin=MONDAY, step=15.0).advance(240)


@pytest.mark.parametrize("kind", ["stopped", "crash", "rebalance"])
def test_a_group_of_another_topic_falls_behind_there_alone(kind: str) -> None:
    calm, hit = trace_of(), trace_of({**SPAN, **KINDS[kind], "group": "siem"})
    (before,), (after,) = calm.further, hit.further

    assert after.topic.lag[:, 0].sum(axis=1).max() > 3 * before.topic.lag[:, 0].sum(axis=1).max()
    assert np.array_equal(after.topic.lag[:, 1], before.topic.lag[:, 1])
    assert np.array_equal(hit.topic.lag, calm.topic.lag)


def test_a_group_of_two_topics_falls_behind_on_both() -> None:
    calm, hit = trace_of(), trace_of({**SPAN, **KINDS["stopped"], "group": "risk-monitoring"})

    assert hit.topic.lag[:, 1].sum() > 10 * calm.topic.lag[:, 1].sum()
    assert hit.further[0].topic.lag[:, 1].sum() > 10 * calm.further[0].topic.lag[:, 1].sum()


def test_the_exporter_loses_sight_of_a_group_of_another_topic() -> None:
    hit = trace_of({**SPAN, **KINDS["vanish"], "group": "siem"})

    assert hit.further[0].glitches.vanished.any(axis=0).tolist() == [True, False]


@pytest.mark.parametrize(("kind", "severity"), [("stopped", "red"), ("vanish", "none")])
def test_whoever_is_on_call_wants_to_know_of_it(kind: str, severity: str) -> None:
    plan = hour({**SPAN, **KINDS[kind], "group": "siem"})

    assert plan.episodes[0].consequences(plan)["consumer-lag"] == severity


@pytest.mark.parametrize("kind", KINDS)
def test_a_group_that_no_topic_has_is_refused_with_those_that_there_are(kind: str) -> None:
    with pytest.raises(ScenarioError, match="'siam' is none of archiver, risk-monitoring, siem; "):
        hour({**SPAN, **KINDS[kind], "group": "siam"})


def test_a_signal_may_follow_the_lag_of_a_group_of_another_topic() -> None:
    trace = trace_of({**SPAN, **KINDS["stopped"], "group": "siem"})
    seen, lag = Seen(trace, Streams(trace.scenario.seed)), CAUSES["lag"]

    assert "siem" in lag.which(trace.scenario)
    found = lag.values(seen, "siem")
    assert found.max() > 100.0 * found[:30].max()
    assert lag.values(seen, None).max() == found.max()
