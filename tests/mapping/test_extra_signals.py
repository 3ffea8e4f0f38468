"""Signals that the simulation does not know, and which follow its causes."""

from typing import Any, Final

import numpy as np
import pytest

from simulator.errors import MappingError, ScenarioError
from simulator.mapping.export import Export
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Floats
from simulator.simulation.engine import Simulation
from tests.support.mapped import STEP, Shown, mapping, shown, values_of
from tests.support.scenario_builders import MONDAY, episode, scenario

CALM: Final = scenario()
SLOW: Final = scenario(
    episode("slow-dependency", dependency="feature-store", factor=5, start="10m", duration="10m")
)


def _shown(plan: Scenario, ticks: int = 120, **signal: Any) -> list[Shown]:  # noqa: ANN401 - a file's own values
    return shown(plan, mapping(x={"signal": signal}), [ticks])


def _values(plan: Scenario, ticks: int = 120, **signal: Any) -> Floats:  # noqa: ANN401 - a file's own values
    return values_of(_shown(plan, ticks, **signal), "x")


def test_without_causes_it_is_its_base() -> None:
    assert (_values(CALM, base=0.25) == 0.25).all()


def test_a_cause_adds_its_weight() -> None:
    causes = [{"cause": "slowness", "of": "feature-store", "weight": 2}]
    found = _values(SLOW, base=1, causes=causes)
    assert (found[:39] == 1.0).all()
    assert (found[41:79] == 9.0).all()  # five times as long is 4 more than in health
    assert (found[81:] == 1.0).all()


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [({"above": 1}, 7.0), ({"above": 1, "most": 2}, 5.0), ({"most": 1}, 3.0)],
)
def test_a_cause_counts_above_its_threshold_and_up_to_its_most(
    bounds: dict[str, float], expected: float
) -> None:
    causes = [{"cause": "slowness", "of": "feature-store", "weight": 2, **bounds}]
    assert _values(SLOW, base=1, causes=causes)[60] == expected


def test_a_delayed_cause_shows_later() -> None:
    at_once, later = (
        _values(
            SLOW, base=1, causes=[{"cause": "slowness", "of": "feature-store", "weight": 2, **d}]
        )
        for d in ({}, {"delay": "3m"})
    )
    assert np.array_equal(later[12:], at_once[:-12])
    assert (later[:12] == 1.0).all()


def test_limits_hold_whatever_the_causes() -> None:
    causes = [{"cause": "slowness", "of": "feature-store", "weight": 2}]
    found = _values(SLOW, base=1, noise=0.5, causes=causes, min=0.8, max=3)
    assert found.min() == 0.8
    assert found.max() == 3.0


def test_a_daily_wave_is_highest_at_its_peak() -> None:
    found = _values(CALM, 5760, base=10, daily={"amplitude": 0.5, "peak": "14:30"})
    hours = (np.arange(5760) + 0.5) * STEP / 3600.0
    assert hours[np.argmax(found)] == pytest.approx(14.5, abs=0.01)
    assert (found.min(), found.max()) == (pytest.approx(5.0), pytest.approx(15.0))


def test_a_compressed_day_is_as_much_shorter() -> None:
    plan = CALM.compressed(24.0)
    found = _values(plan, 240, base=10, daily={"amplitude": 0.5, "peak": "12:00"})
    assert np.argmax(found) in {119, 120}


def test_noise_has_the_spread_it_is_given_and_a_mean_of_1() -> None:
    found = _values(CALM, 5760, base=100, noise=0.1, noise_time="1m")
    n_independent = 5760 * STEP / 120.0
    assert abs(found.mean() - 100.0) < 6 * 10.0 / np.sqrt(n_independent)
    assert 8.0 < found.std() < 11.0
    assert found.min() > 0.0


def test_each_row_has_noise_and_a_factor_of_its_own() -> None:
    series = _shown(
        CALM, 2000, base=1, noise=0.2, noise_time="30s", labels={"pool": {"a": 1, "b": 3}}
    )
    one, other = (values_of(series, "x", pool=pool) for pool in ("a", "b"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.2
    assert other.mean() / one.mean() == pytest.approx(3.0, rel=0.05)


def test_all_combinations_of_labels_are_series() -> None:
    series = _shown(CALM, 1, base=1, labels={"pool": ["a", "b"], "state": ["idle", "busy"]})
    assert [(s.labels["pool"], s.labels["state"]) for s in series] == [
        ("a", "idle"),
        ("a", "busy"),
        ("b", "idle"),
        ("b", "busy"),
    ]


def test_several_parts_of_the_platform_have_it_with_noise_of_their_own() -> None:
    series = _shown(CALM, base=1, noise=0.2, components={"scoring-api": "api", "minio": "s3"})
    one, other = (values_of(series, "x", job=job) for job in ("api", "s3"))
    assert not np.array_equal(one, other)


def test_a_counter_adds_whole_events_at_its_rate() -> None:
    causes = [{"cause": "slowness", "of": "feature-store", "weight": 2}]
    found = _values(SLOW, kind="counter", base=4, causes=causes)
    assert np.array_equal(found, np.rint(found))
    before, during = found[39], found[79] - found[39]
    assert abs(before - 4 * 600) < 6 * np.sqrt(4 * 600)
    assert abs(during - 12 * 600) < 6 * np.sqrt(12 * 600)


def test_a_counter_of_what_is_not_whole_adds_exactly() -> None:
    found = _values(CALM, kind="counter", base=0.25, whole=False)
    assert np.array_equal(found, 0.25 * STEP * np.arange(1, 121))


def test_a_whole_gauge_is_rounded() -> None:
    found = _values(CALM, base=10, noise=0.2, whole=True)
    assert np.array_equal(found, np.rint(found))
    assert len(set(found.tolist())) > 2


def test_a_histogram_has_the_events_of_its_measure() -> None:
    plan = scenario(traffic={"requests_per_second": 5})
    (one,) = _shown(
        plan, kind="histogram", base=0.02, edges=[0.01, 0.02, 0.1], counts="predictions"
    )
    scored = Simulation(plan, origin=MONDAY, step=STEP).advance(120).requests.scored
    buckets, count = one.values[:, :4], one.values[:, 4]
    assert np.array_equal(count, np.cumsum(scored))
    assert np.array_equal(buckets[:, 3], count)
    n = count[-1]
    assert abs(buckets[-1, 1] - n / 2) < 6 * np.sqrt(n / 4)  # half are below the median


def test_the_sum_of_a_histogram_is_that_of_its_log_normal_sizes() -> None:
    (one,) = _shown(CALM, kind="histogram", base=3, sigma=0.4, edges=[2, 3, 4, 8], rate=20)
    n, total = one.values[-1, 5], one.values[-1, 6]
    mean = 3 * np.exp(0.4**2 / 2)
    spread = mean * np.sqrt(np.expm1(0.4**2))
    assert abs(n - 20 * 1800) < 6 * np.sqrt(20 * 1800)
    assert abs(total / n - mean) < 6 * spread / np.sqrt(n)


def test_causes_move_the_median_of_a_histogram() -> None:
    causes = [{"cause": "slowness", "of": "feature-store", "weight": 0.02}]
    (one,) = _shown(SLOW, kind="histogram", base=0.02, edges=[0.05, 1], rate=50, causes=causes)
    slow_share = 1.0 - np.diff(one.values[:, 0]) / np.diff(one.values[:, 2])
    assert slow_share[:38].mean() < 0.05  # above 2.5 medians
    assert slow_share[42:78].mean() > 0.9


def test_the_same_run_gives_the_same_signal_and_another_seed_another() -> None:
    one, again = (_values(scenario(seed=3), base=1, noise=0.2) for _ in range(2))
    other = _values(scenario(seed=4), base=1, noise=0.2)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_it_goes_with_its_part_of_the_platform() -> None:
    gap = scenario(episode("scrape-gap", jobs=["minio"], start="5m", duration="5m"))
    found = _values(gap, base=1, components="minio")
    assert np.isnan(found[25])
    assert not np.isnan(found[10])


def test_its_cost_does_not_grow_with_traffic() -> None:
    """As many draws at a thousand times the traffic: its own streams give the same numbers."""
    some, many = (
        _values(scenario(traffic={"requests_per_second": rate}), kind="counter", base=4, noise=0.1)
        for rate in (1, 1000)
    )
    assert np.array_equal(some, many)


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        ({"base": 1, "causes": [{"cause": "slowness", "weight": 1}]}, "slowness needs `of`"),
        ({"base": 1, "min": 3, "max": 2}, "the highest, 2, is below the lowest, 3"),
        ({"base": 1, "edges": [1]}, "only a histogram has edges, not a gauge"),
        ({"base": 1, "kind": "histogram", "rate": 1}, "needs edges, above 0"),
        ({"base": 1, "kind": "histogram", "edges": [0, 1], "rate": 1}, "needs edges, above 0"),
        ({"base": 1, "kind": "histogram", "edges": [1]}, "either a rate or counts"),
        (
            {"base": 1, "kind": "histogram", "edges": [1], "counts": "prediction"},
            "no measure counts 'prediction'; did you mean 'predictions'?",
        ),
        ({"base": 1, "daily": {"amplitude": 0.1, "peak": "25:00"}}, "daily.peak"),
        ({"base": 1, "causes": [{"cause": "lod", "weight": 1}]}, "did you mean 'load'?"),
        ({"base": -1}, "signal.base"),
    ],
)
def test_what_makes_no_sense_is_refused(signal: dict[str, Any], said: str) -> None:
    with pytest.raises(MappingError) as refused:
        mapping(x={"signal": signal})
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ({"labels": {"pool": "version"}}, "stand under signal.labels"),
        ({"type": "counter"}, "type: signal is a state"),
        ({"constant": {"pool": "x"}}, "constant.pool"),
    ],
)
def test_what_does_not_go_with_a_signal_is_refused(metric: dict[str, Any], said: str) -> None:
    signal = {"base": 1, "labels": {"pool": ["a"]}}
    with pytest.raises(MappingError) as refused:
        mapping(x={"signal": signal, **metric})
    assert said in str(refused.value)


def test_a_cause_that_the_scenario_does_not_have_is_refused_before_it_runs() -> None:
    causes = [{"cause": "lag", "of": "archivers", "weight": 1}]
    with pytest.raises(MappingError, match="not of 'archivers': it can be of archiver"):
        Export(mapping(x={"signal": {"base": 1, "causes": causes}}), CALM)


def test_other_forms_are_made_of_signals() -> None:
    causes = [{"cause": "slowness", "of": "feature-store", "weight": 0.2}]
    cpu = {"signal": {"base": 0.1, "causes": causes}}
    metrics = mapping(
        is_busy={"flag": {"of": cpu, "above": 0.5}},
        idle={"complement": cpu},
        both={"union": [{**cpu, "constant": {"host": "a"}}, {**cpu, "constant": {"host": "b"}}]},
    )
    series = shown(SLOW, metrics, [120])
    assert values_of(series, "is_busy")[[10, 60, 110]].tolist() == [0.0, 1.0, 0.0]
    assert values_of(series, "idle")[60] == pytest.approx(0.1)
    assert np.array_equal(values_of(series, "both", host="a"), values_of(series, "both", host="b"))


@pytest.mark.parametrize("kind", ["gauge", "counter", "histogram"])
def test_no_weights_are_too_much(kind: str) -> None:
    causes = [{"cause": "lag", "weight": 1e15}, {"cause": "load", "weight": -1e15}]
    more = {"edges": [1e-300, 1e18], "rate": 1e9} if kind == "histogram" else {}
    found = _shown(CALM, 3, kind=kind, base=1e15, causes=causes, noise=2, whole=True, **more)
    assert all(np.isfinite(one.values).all() for one in found)
    assert all((np.diff(one.values, axis=0) >= 0).all() for one in found if kind != "gauge")


@pytest.mark.parametrize("left", [[], [[1.0]], [None, 1.0]])
def test_a_memory_that_is_no_row_of_numbers_is_refused(left: list[Any]) -> None:
    causes = [{"cause": "load", "weight": 1, "delay": "1m"}]
    names = mapping(x={"signal": {"base": 1, "causes": causes}})
    before = {"counters": {}, "memory": {"signal.x 0": left}}
    export = Export(names, CALM, before=before)
    with pytest.raises(ScenarioError, match="remembered no usable values"):
        export.samples(Simulation(CALM, origin=MONDAY, step=STEP).advance(1))
