"""An episode that is muted: what would have been without it, and for how long that differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from simulator.errors import ScenarioError
from simulator.scenario.timed_run import TimedRun
from simulator.scenario.writing import scenario_yaml
from simulator.seeding import BLOCK_TICKS
from simulator.simulation.engine import Simulation
from tests.support.dense_day import dense_day
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.trace_arrays import TIMELESS, arrays_of, differing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.scenario.kinds import Episode
    from simulator.scenario.model import Scenario

    Arrays = Mapping[str, NDArray[Any]]

STEP: Final = 60.0
#: Ticks that are compared, from two blocks after the last effect on.
N_COMPARED: Final = 60
ON_CALL: Final = dense_day()
#: What rightly stays different for ever is a sum since the start: of it, the growth is equal.
SUMS: Final = (
    "topic.log_end",
    "topic.committed",
    "storage.used",
    "storage.usable_free",
    "storage.bucket_bytes",
    "storage.objects",
)
#: What stays: a version that was withdrawn is listed as retired, and what restarted has begun anew.
LASTING: Final = {
    "model-release": {"causes.stages"},
    "counter-reset": {"exposure.started"},
    "node-loss": {"storage.returned"},
}
#: And what is worked out from such a sum.
DERIVED: Final = frozenset({"topic.oldest", "storage.raw_free"})


def _arrays(plan: Scenario, n_ticks: int) -> Arrays:
    return arrays_of(Simulation(plan, origin=MONDAY, step=STEP).advance(n_ticks))


def _last_effect(e: Episode) -> int:
    """The tick until which the platform has anything to do with an episode that is over.

    Drives have healed and replicas have caught up in less time than labels take to come.
    """
    platform = ON_CALL.platform
    assert platform.kafka.catch_up <= platform.minio.healing <= platform.monitoring.label_delay
    return round((e.start + e.duration + platform.monitoring.label_delay) / STEP)


def _from(arrays: Arrays, first: int, n_ticks: int) -> Arrays:
    """Some ticks of all arrays; sums since the start of the run as their growth."""
    rows = {
        path: array if path in TIMELESS else array[first : first + n_ticks]
        for path, array in arrays.items()
        if path not in DERIVED
    }
    return {p: a - a[:1] if p.startswith(SUMS) else a for p, a in rows.items()}


@pytest.fixture(scope="module")
def loud() -> Arrays:
    """The day with all of its episodes, and what it takes to recover from the last."""
    last = max(map(_last_effect, ON_CALL.episodes))
    return _arrays(ON_CALL, last + 2 * BLOCK_TICKS + N_COMPARED)


@pytest.mark.parametrize("e", ON_CALL.episodes, ids=lambda e: e.name)
def test_two_blocks_after_its_last_effect_an_episode_has_never_been(
    loud: Arrays, e: Episode
) -> None:
    during, after = round(e.start / STEP), _last_effect(e) + 2 * BLOCK_TICKS
    quiet = _arrays(ON_CALL.muted(e.name), after + N_COMPARED)

    changed = differing(_from(loud, 0, after), _from(quiet, 0, after))
    assert {path for path in changed if not path.startswith("causes.")}, "it did something"
    assert differing(_from(loud, 0, during), _from(quiet, 0, during)) == []

    differs = differing(_from(loud, after, N_COMPARED), _from(quiet, after, N_COMPARED))
    assert set(differs) <= LASTING.get(e.kind, set())


def test_what_is_derived_from_a_sum_follows_from_it_alone(loud: Arrays) -> None:
    """So that the test above need not look at it: it differs for as long as the sum does."""
    kafka, minio = ON_CALL.platform.kafka, ON_CALL.platform.minio
    n_drives = minio.nodes * minio.drives_per_node
    data_ratio = (n_drives - minio.parity) / n_drives

    oldest = np.maximum(loud["topic.log_end"] - kafka.retention_messages, 0)
    np.testing.assert_array_equal(loud["topic.oldest"], oldest)
    raw_free = loud["storage.usable_free"] / data_ratio
    np.testing.assert_array_equal(loud["storage.raw_free"], raw_free)


#: What stands still until something is gone for good: messages unread, or unwritten.
STANDSTILLS: Final = {
    "deleted": episode("consumer-slowdown", group="archiver", name="it"),
    "full": episode("capacity-filling", used_ratio=1.0, name="it"),
    "dead": episode("consumer-crash", group="archiver", session_timeout="19m", name="it"),
}


@pytest.mark.parametrize("what", STANDSTILLS)
def test_two_blocks_after_a_standstill_it_has_never_been(what: str) -> None:
    span = {"start": "5m", "duration": "20m"}
    kafka = {"retention_messages": 4000}
    plan = scenario(STANDSTILLS[what] | span, platform={"kafka": kafka})
    after = round(35 * 60.0 / STEP) + 2 * BLOCK_TICKS

    loud, quiet = (_arrays(each, after + N_COMPARED) for each in (plan, plan.muted("it")))
    assert loud["topic.lost"].sum() > 0
    assert differing(*(_from(each, after, N_COMPARED) for each in (loud, quiet))) == []


def test_muting_leaves_every_series_in_its_place() -> None:
    quiet = ON_CALL.muted(*(e.name for e in ON_CALL.episodes))

    assert quiet.versions == ON_CALL.versions
    assert [e.name for e in quiet.episodes] == [e.name for e in ON_CALL.episodes]
    one, other = (_arrays(plan, 2) for plan in (ON_CALL, quiet))
    assert {p: a.shape for p, a in one.items()} == {p: a.shape for p, a in other.items()}


def test_a_scenario_with_all_muted_is_the_one_without_episodes() -> None:
    """But for the columns of what is not there."""
    plan = scenario(
        episode("traffic-surge", factor=3.0),
        episode("broker-loss", brokers=2, start="5m", duration="1h"),
        episode("rebalance", group="archiver", every="2m", pause="20s"),
    )
    muted, without = plan.muted(*(e.name for e in plan.episodes)), scenario()
    columns = {"causes.active"}

    one, other = (_arrays(each, BLOCK_TICKS + 9) for each in (muted, without))
    assert differing(_without(one, columns), _without(other, columns)) == []


def test_a_muted_release_leaves_all_traffic_to_the_version_before() -> None:
    plan = scenario(episode("model-release", version="9.9.9", canary_for="1h", duration="2h"))

    quiet = _arrays(plan.muted("model-release"), 40)
    assert (quiet["causes.version_shares"] == [1.0, 0.0]).all()
    assert (quiet["causes.stages"] == [0, -1]).all()
    assert not quiet["scored.prediction"][:, 1].any()


def _without(arrays: Arrays, paths: set[str]) -> Arrays:
    return {path: array for path, array in arrays.items() if path not in paths}


def test_nobody_wants_an_alarm_for_a_muted_episode() -> None:
    truth = TimedRun(ON_CALL.muted("two-nodes-down"), 0.0, 86_400.0, STEP, "x")
    assert {e.name for e in truth.episodes} == {e.name for e in ON_CALL.episodes} - {
        "two-nodes-down"
    }


def test_muting_what_is_not_there_is_refused_with_the_names_that_are() -> None:
    with pytest.raises(ScenarioError, match=r"no episode 'campain' to mute; it has a-few-errors, "):
        ON_CALL.muted("campaign", "campain")


def test_a_file_cannot_say_that_an_episode_is_muted() -> None:
    with pytest.raises(ScenarioError, match=r"mute episodes \(campaign\)"):
        scenario_yaml(ON_CALL.muted("campaign"))


@pytest.mark.parametrize("value", [True, 1, "yes"])
def test_a_file_that_says_so_is_refused(value: object) -> None:
    with pytest.raises(ScenarioError, match=r"episodes\.0\.mute: is set by a program"):
        scenario(episode("errors", ratio=0.1, mute=value))


def test_a_muted_episode_stays_muted_at_another_speed() -> None:
    faster = ON_CALL.muted("campaign").compressed(60.0).delayed(5.0)
    assert [e.name for e in faster.episodes if e.mute] == ["campaign"]
