"""Kafka: offsets and lag, slow and stopped consumers, brokers and replicas."""

from typing import Any

import numpy as np
import pytest

from simulator.scenario.model import Scenario
from simulator.seeding import Streams
from simulator.simulation.causes import causes
from simulator.simulation.kafka import Cluster, Kafka, Topic, cluster, unwritable_share
from simulator.timeline.grid import Grid
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import Numbers, assert_near, assert_shares

GROUPS = ("archiver", "risk-monitoring")


def _plan(
    *episodes: dict[str, Any],
    per_second: float = 80.0,
    partitions: int = 1,
    seed: int = 1,
    **kafka: Any,  # noqa: ANN401 - a file's own values
) -> Scenario:
    groups = [{"name": name, "messages_per_second": per_second} for name in GROUPS]
    spec = {"partitions": partitions, "consumer_groups": groups, **kafka}
    return scenario(*episodes, seed=seed, platform={"kafka": spec})


def _topic(plan: Scenario, produced: Numbers | int, n_ticks: int, *, step: float = 1.0) -> Topic:
    grid = Grid(MONDAY, step, 0, n_ticks)
    messages = np.broadcast_to(np.asarray(produced), (n_ticks,)).astype(np.int64)
    now = causes(plan, [], grid)
    streams = Streams(plan.seed)
    can_archive = np.ones(n_ticks, dtype=bool)
    return Kafka(plan, step, streams).topic(
        messages, cluster(plan, grid), now, can_archive, grid, streams.over(0, n_ticks)
    )


def _nodes(
    *episodes: dict[str, Any],
    n_ticks: int = 3600,
    **kafka: Any,  # noqa: ANN401 - a file's own values
) -> Cluster:
    return cluster(scenario(*episodes, platform={"kafka": kafka}), Grid(MONDAY, 1.0, 0, n_ticks))


@pytest.fixture(scope="module")
def busy() -> tuple[Numbers, Topic]:
    """An hour in which everything that touches the topic happens."""
    plan = _plan(
        episode(
            "consumer-slowdown", group="archiver", capacity_ratio=0.2, start="5m", duration="9m"
        ),
        episode("rebalance", group="risk-monitoring", every="2m", pause="9s", duration="50m"),
        episode("hot-partition", partition=2, share=0.4, start="20m", duration="20m"),
        episode("broker-loss", brokers=2, start="25m", duration="10m"),
        per_second=240.0,
        partitions=6,
    )
    produced = np.random.default_rng(2).poisson(150.0, 3600)
    return produced, _topic(plan, produced, 3600)


def test_lag_is_never_negative(busy: tuple[Numbers, Topic]) -> None:
    assert busy[1].lag.min() >= 0


def test_lag_is_a_whole_number(busy: tuple[Numbers, Topic]) -> None:
    assert busy[1].lag.dtype == np.int64


def test_lag_is_log_end_less_committed(busy: tuple[Numbers, Topic]) -> None:
    topic = busy[1]
    assert np.array_equal(topic.lag + topic.committed, np.stack([topic.log_end] * 2, axis=1))


def test_log_ends_add_up_to_what_was_produced(busy: tuple[Numbers, Topic]) -> None:
    produced, topic = busy
    assert np.array_equal(topic.log_end.sum(axis=1), np.cumsum(produced))


def test_no_offset_ever_falls(busy: tuple[Numbers, Topic]) -> None:
    for offsets in (busy[1].log_end, busy[1].committed, busy[1].oldest):
        assert np.diff(offsets, axis=0).min() >= 0


def test_no_more_is_committed_than_consumed(busy: tuple[Numbers, Topic]) -> None:
    consumed = np.cumsum(busy[1].consumed, axis=0)
    assert (busy[1].committed.sum(axis=2) <= consumed).all()


def test_the_log_keeps_only_the_latest_messages() -> None:
    topic = _topic(_plan(retention_messages=700), 50, 100)
    assert np.array_equal(topic.oldest, np.maximum(topic.log_end - 700, 0))


def _drained_after(per_second: float, claimed_lag: int = 9000) -> float:
    """Seconds from the end of a stop until lag is down to what is never committed."""
    stop = claimed_lag // 50
    stopped = episode(
        "consumer-slowdown", group="archiver", capacity_ratio=0.0, duration=f"{stop}s"
    )
    lag = _topic(_plan(stopped, per_second=per_second), 50, 2000).lag[:, 0, 0]
    return float(np.flatnonzero(lag[stop:] <= 50)[0] + 1)


@pytest.mark.parametrize(("per_second", "seconds"), [(80.0, 300), (60.0, 900)])
def test_a_backlog_drains_in_its_size_over_the_spare_capacity(
    per_second: float, seconds: int
) -> None:
    # the last 50 messages count as drained: at most 50 / (mu - lambda) seconds early
    early = 50.0 / (per_second - 50.0)
    assert seconds - early - 1.0 <= _drained_after(per_second) <= seconds + 1.0


def test_a_backlog_five_percent_smaller_drains_sooner() -> None:
    assert _drained_after(80.0, claimed_lag=8550) < 300.0 - 50.0 / 30.0 - 1.0


@pytest.mark.parametrize(("capacity_ratio", "growth"), [(0.5, 10.0), (0.25, 30.0), (0.0, 50.0)])
def test_lag_of_a_slow_consumer_grows_by_what_it_cannot_take(
    capacity_ratio: float, growth: float
) -> None:
    slow = episode("consumer-slowdown", group="archiver", capacity_ratio=capacity_ratio)
    lag = _topic(_plan(slow), 50, 600).lag[:, 0, 0]
    assert (lag[-1] - lag[99]) / 500.0 == pytest.approx(growth, abs=50.0 / 500.0)


def test_a_slow_consumer_leaves_the_other_group_alone() -> None:
    slow = episode("consumer-slowdown", group="archiver", capacity_ratio=0.0)
    disturbed, calm = (_topic(_plan(*e), 50, 600).lag[:, 1] for e in ((slow,), ()))
    assert np.array_equal(disturbed, calm)


def test_a_stopped_consumer_commits_nothing_and_has_no_members() -> None:
    stopped = episode("consumer-slowdown", group="archiver", start="100s", duration="10m")
    topic = _topic(_plan(stopped), 50, 600)
    assert len(np.unique(topic.committed[102:, 0])) == 1
    assert topic.members[102:, 0].tolist() == [0] * 498


@pytest.mark.parametrize("step", [0.25, 1.0, 5.0, 15.0])
@pytest.mark.parametrize("per_second", [5.0, 80.0, 100.0])
def test_a_groups_capacity_does_not_depend_on_the_step(step: float, per_second: float) -> None:
    """Twelve partitions with a backlog: the group takes what it can, to one message each."""
    n_ticks = round(600.0 / step)
    produced = np.zeros(n_ticks, dtype=np.int64)
    produced[0] = 100_000
    topic = _topic(_plan(per_second=per_second, partitions=12), produced, n_ticks, step=step)
    assert topic.consumed[:, 0].sum() == pytest.approx(600.0 * per_second, abs=12)


def _peaks(lag: Numbers, every: int) -> Numbers:
    return lag[: len(lag) // every * every].reshape(-1, every).max(axis=1)


def test_an_eager_rebalance_is_a_comb_of_lag() -> None:
    comb = episode("rebalance", group="archiver", every="60s", pause="10s")
    lag = _topic(_plan(comb), 50, 600).lag[:, 0, 0]
    # ten seconds of messages pile up, and up to a commit interval of them is not committed
    assert (np.abs(_peaks(lag, 60) - 500) <= 50).all()


def test_lag_is_gone_between_two_rebalances() -> None:
    comb = episode("rebalance", group="archiver", every="60s", pause="10s")
    lag = _topic(_plan(comb), 50, 600).lag[:, 0, 0]
    assert lag.reshape(-1, 60)[:, 40:].max() <= 50


def test_an_eager_rebalance_stops_every_partition() -> None:
    comb = episode("rebalance", group="archiver", every="60s", pause="10s")
    topic = _topic(_plan(comb, partitions=4, per_second=320.0), 200, 60)
    assert topic.consumed[:10, 0].sum() == 0


def test_a_member_is_away_while_its_group_rebalances() -> None:
    comb = episode("rebalance", group="archiver", every="60s", pause="10s")
    members = _topic(_plan(comb), 50, 120).members[:, 0]
    assert members.tolist() == ([2] * 10 + [3] * 50) * 2


def test_pauses_shorter_than_a_tick_take_their_share_of_it() -> None:
    comb = episode("rebalance", group="archiver", every="10s", pause="5s")
    topic = _topic(_plan(comb, per_second=80.0), 5000, 60, step=10.0)
    assert topic.consumed[-1, 0] == 400


def _assert_sawtooth(per_second: float, claimed_seconds: float) -> None:
    """Mean lag is half a commit interval of messages, in each partition."""
    n_partitions, interval = 60, 5.0
    plan = _plan(
        partitions=n_partitions,
        per_second=10_000.0 * n_partitions,
        commit_interval_seconds=interval,
    )
    lag = _topic(plan, round(per_second * n_partitions), 400).lag[10:]
    # Six clocks, of two groups of three, go around 76 times each; at least as good as an age drawn
    # anew for each round, which is uniform over the interval.
    error = per_second * interval * np.sqrt(1.0 / 12.0 / (6 * 76))
    expected = per_second * claimed_seconds / 2.0
    assert_near(float(lag.mean()), expected, float(error), rounding=0.5)


def test_lag_in_health_is_a_sawtooth_of_half_a_commit_interval() -> None:
    _assert_sawtooth(200.0, 5.0)


def test_a_commit_interval_a_fifth_longer_is_noticed() -> None:
    with pytest.raises(AssertionError):
        _assert_sawtooth(200.0, 6.0)


def test_lag_in_health_is_seldom_zero() -> None:
    lag = _topic(_plan(per_second=1e4), 50, 600, step=15.0).lag
    assert (lag > 0).mean() > 0.9


@pytest.mark.parametrize("interval", [0.05, 0.5, 1.0, 3.0, 5.0, 15.0])
def test_each_partition_s_lag_goes_through_its_whole_sawtooth(interval: float) -> None:
    """Where a tick is a multiple of the interval too: no partition is seen at one age for ever."""
    plan = _plan(partitions=12, per_second=1e6, commit_interval_seconds=interval)
    lag = _topic(plan, round(1e4 * 12 * 15.0), 1200, step=15.0).lag[:, 0]
    expected = 1e4 * interval / 2.0
    assert lag.mean(axis=0) == pytest.approx(np.full(12, expected), rel=0.15)
    assert (lag.std(axis=0) > 0.8 * expected / np.sqrt(3.0)).all()


def test_partitions_of_one_member_are_committed_together() -> None:
    plan = _plan(partitions=4, per_second=1e6, commit_interval_seconds=5.0)
    committed = _topic(plan, 4000, 300).committed[:, 0]
    moves = np.diff(committed, axis=0) > 0
    # the first of three members reads two of four partitions
    assert np.array_equal(moves[:, 0], moves[:, 1])
    assert not np.array_equal(moves[:, 1], moves[:, 2])


def _assert_uneven(n_partitions: int, claimed: float) -> None:
    """The spread of where 10 000 keys hash to, over 200 seeds."""
    weights = np.array(
        [
            causes(
                _plan(partitions=n_partitions, seed=seed), [], Grid(MONDAY, 1.0, 0, 1)
            ).partition_weights[0]
            for seed in range(200)
        ]
    )
    spread = float(((weights * n_partitions - 1.0) ** 2).mean()) ** 0.5
    error = claimed / np.sqrt(2.0 * 200 * (n_partitions - 1))
    assert_near(spread, claimed, float(error))


@pytest.mark.parametrize("n_partitions", [2, 12, 100])
def test_partitions_are_as_uneven_as_hashed_keys_leave_them(n_partitions: int) -> None:
    _assert_uneven(n_partitions, ((n_partitions - 1) / 10_000) ** 0.5)


def test_partitions_a_third_less_uneven_are_noticed() -> None:
    with pytest.raises(AssertionError):
        _assert_uneven(12, 0.021)


def _assert_hot_share(share: float) -> None:
    hot = episode("hot-partition", partition=3, share=0.4)
    produced = _topic(_plan(hot, partitions=12), 1000, 200).produced.sum(axis=0)
    weights = causes(_plan(partitions=12), [], Grid(MONDAY, 1.0, 0, 1)).partition_weights[0]
    expected = weights * (1.0 - share) + share * (np.arange(12) == 3)
    assert_shares(produced, expected)


def test_a_hot_partition_gets_its_share_and_a_part_of_the_rest() -> None:
    _assert_hot_share(0.4)


def test_a_hot_partition_one_point_hotter_is_noticed() -> None:
    with pytest.raises(AssertionError):
        _assert_hot_share(0.41)


def test_a_hot_partition_has_the_lag() -> None:
    hot = episode("hot-partition", partition=3, share=0.4)
    lag = _topic(_plan(hot, partitions=12, per_second=120.0), 50, 600).lag[-1, 0]
    assert lag[3] > 20 * np.delete(lag, 3).max()


LOSS = {"start": "10m", "duration": "20m"}
ONE = episode("broker-loss", brokers=1, **LOSS)
TWO = episode("broker-loss", brokers=2, **LOSS)
LAG_TIME, CATCH_UP = 30, 300


@pytest.mark.parametrize("lost", [ONE, TWO, episode("broker-loss", brokers=5, **LOSS)])
def test_no_partition_has_more_in_sync_replicas_than_replicas(lost: dict[str, Any]) -> None:
    nodes = _nodes(lost)
    assert nodes.in_sync.max() == 3
    assert nodes.in_sync.min() >= 0


def test_brokers_are_down_during_the_loss_only() -> None:
    down = _nodes(ONE).brokers < 5
    assert np.flatnonzero(down).tolist() == list(range(600, 1800))


@pytest.mark.parametrize("catch_up", ["30s", "5m", "20m"])
def test_replicas_leave_the_in_sync_sets_after_the_replica_lag_time(catch_up: str) -> None:
    short = (_nodes(ONE, catch_up=catch_up).in_sync < 3).any(axis=1)
    assert np.flatnonzero(short)[0] == 600 + LAG_TIME


def test_every_partition_of_the_lost_broker_is_under_replicated() -> None:
    nodes = _nodes(ONE)
    has_replica = [any((p + k) % 5 == 4 for k in range(3)) for p in range(12)]
    assert (nodes.in_sync[1700] < 3).tolist() == has_replica


def test_one_lost_broker_of_five_fails_no_write() -> None:
    assert _nodes(ONE).writable.all()


def test_two_lost_brokers_leave_the_partitions_unwritable_that_had_both() -> None:
    nodes = _nodes(TWO)
    weights = np.full((3600, 12), 1.0 / 12.0)
    has_both = [{3, 4} <= {(p + k) % 5 for k in range(3)} for p in range(12)]
    assert unwritable_share(weights, nodes)[1700] == pytest.approx(sum(has_both) / 12.0)


@pytest.mark.parametrize("partitions", range(1, 41))
def test_all_partitions_are_all_of_the_messages(partitions: int) -> None:
    """To the last bit, which decides whether a probability of success is below 0."""
    plan = scenario(
        episode("broker-loss", brokers=5), platform={"kafka": {"partitions": partitions}}
    )
    grid = Grid(MONDAY, 60.0, 0, 9)
    share = unwritable_share(causes(plan, [], grid).partition_weights, cluster(plan, grid))
    assert share.tolist() == [1.0] * 9


def test_unwritable_partitions_get_no_message() -> None:
    topic = _topic(_plan(TWO, partitions=12), 100, 1700)
    writable = _nodes(TWO, n_ticks=1700).writable
    assert topic.produced[~writable].sum() == 0
    assert topic.produced[1699].sum() == 100


def test_replicas_return_partition_by_partition() -> None:
    in_sync = _nodes(ONE).in_sync[1800:]
    short = (in_sync < 3).sum(axis=1)
    assert (np.diff(short) <= 0).all()
    assert len(np.unique(short)) > 4


def test_all_replicas_are_back_when_the_catch_up_is_over() -> None:
    in_sync = _nodes(ONE).in_sync
    assert (in_sync[1800 + CATCH_UP :] == 3).all()
    assert (in_sync[1800 + CATCH_UP // 2] < 3).any()


@pytest.mark.parametrize("duration", [60, 120, 200, 600])
def test_a_replica_stays_out_from_when_it_left_until_it_caught_up(duration: int) -> None:
    lost = episode("broker-loss", brokers=1, start="10m", duration=f"{duration}s")
    in_sync = _nodes(lost).in_sync
    for partition in range(12):
        out = np.flatnonzero(in_sync[:, partition] < 3)
        assert len(out) == 0 or len(out) == out[-1] - out[0] + 1, (
            f"partition {partition} leaves the in-sync set twice"
        )


def test_a_loss_shorter_than_the_replica_lag_time_leaves_the_in_sync_sets_alone() -> None:
    lost = episode("broker-loss", brokers=1, start="10m", duration="20s")
    assert (_nodes(lost).in_sync == 3).all()


@pytest.mark.parametrize("brokers", [1, 2, 3, 5])
def test_a_leader_is_alive_and_in_sync_or_there_is_none(brokers: int) -> None:
    nodes = _nodes(episode("broker-loss", brokers=brokers, **LOSS))
    during = nodes.leader[700:1700]
    replicas = {p: [(p + k) % 5 for k in range(3)] for p in range(12)}
    for partition, candidates in replicas.items():
        alive = [b for b in candidates if b < 5 - brokers]
        assert set(during[:, partition]) == ({alive[0]} if alive else {-1})


def test_leadership_moves_at_once() -> None:
    nodes = _nodes(ONE)
    assert (nodes.leader[599] == nodes.preferred).all()
    assert (nodes.leader[600] != nodes.preferred).sum() == sum(p % 5 == 4 for p in range(12))


def test_leaders_are_the_preferred_ones_once_replicas_caught_up() -> None:
    nodes = _nodes(ONE)
    assert (nodes.leader[1800 + CATCH_UP :] == nodes.preferred).all()


@pytest.mark.parametrize("partitions", [1, 2, 4])
def test_a_lost_broker_led_something_however_few_partitions_there_are(partitions: int) -> None:
    nodes = _nodes(ONE, partitions=partitions)
    assert (nodes.leader[700] != nodes.preferred).sum() == 1
    assert (nodes.in_sync[700] < 3).any()


def test_without_brokers_nothing_leads_and_nothing_is_writable() -> None:
    nodes = _nodes(episode("broker-loss", brokers=5, **LOSS))
    assert set(nodes.leader[1700]) == {-1}
    assert not nodes.writable[1700].any()


def test_a_consumer_that_has_caught_up_is_as_if_it_had_never_been_slow() -> None:
    """Not even the fraction of a message that it had left to take stays behind."""
    slow = episode("consumer-slowdown", group="archiver", capacity_ratio=0.37, duration="1m")
    produced = np.random.default_rng(4).poisson(70.0, 900)

    lag = _topic(_plan(per_second=80.3), produced, 900).lag
    after = _topic(_plan(slow, per_second=80.3), produced, 900).lag
    assert after[59, 0].sum() > 1000
    assert (lag[500:, 0] > 40).any()  # now and then more comes than is taken
    np.testing.assert_array_equal(after[500:], lag[500:])
