"""Which alarms an operator wants to see, by kind and strength of an episode."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulator.coverage.plan.levers import episode_of, levers
from simulator.errors import ScenarioError, TruthError
from simulator.observation.episodes import episodes_in
from simulator.scenario.alarms import settling_seconds, wanted_alarms
from simulator.scenario.clock_traffic import ClockTraffic
from simulator.scenario.hashed_keys import hashed_keys
from simulator.scenario.loading import load_scenario, parse_scenario
from simulator.scenario.platform.service_times import ServiceTimes as Parts
from simulator.scenario.timed_run import EpisodeAlarm, TimedRun
from simulator.scenario.vocabulary import SEVERITIES, SIGNALS
from simulator.scenario.waits import service_seconds
from simulator.scenario.writing import scenario_yaml
from simulator.simulation.service_times import ServiceTimes
from tests.support.dense_day import DENSE_DAY_FILE
from tests.support.scenario_texts import EPISODES, unruled, with_episodes
from tests.support.scenario_texts import episode as text_of

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.scenario.lever import Lever
    from simulator.scenario.model import Scenario

START = 1_767_225_600.0
FEW = 1.3  # times as long, or as many: two standard deviations of the traffic's noise


def scenario_of(kind: str, fields: str, *, duration: str = "1h", platform: str = "{}") -> Scenario:
    """One episode on a platform with flat traffic of 60 requests a second: 87.6 applications."""
    text = (
        "name: one\ndescription: A test.\nduration: 12h\n"
        "traffic: {requests_per_second: 60, profile: flat}\n"
        f"platform: {platform}\n"
        f"episodes: [{{name: it, kind: {kind}, start: 1h, duration: {duration}, {fields}}}]\n"
    )
    return parse_scenario(text, "one")


def wanted(kind: str, fields: str, *, duration: str = "1h", platform: str = "{}") -> dict[str, str]:
    scenario = scenario_of(kind, fields, duration=duration, platform=platform)
    return {str(k): v for k, v in wanted_alarms(scenario.episodes[0], scenario).items()}


def errors(ratio: float) -> str:
    return f"status: 500, ratio: {ratio}"


def slow(dependency: str, factor: float) -> str:
    return f"dependency: {dependency}, factor: {factor}"


#: Just below and at each boundary: kind, fields, what is wanted of the signals that it is about.
BOUNDARIES = [
    ("errors", errors(0.003), {}),
    ("errors", errors(0.019), {}),
    ("errors", errors(0.02), {"success-rate": "orange"}),
    ("errors", errors(0.08), {"success-rate": "orange"}),
    ("errors", errors(0.084), {"success-rate": "red"}),
    ("errors", "status: 504, ratio: 0.059", {"success-rate": "orange"}),
    ("errors", "status: 504, ratio: 0.06", {"success-rate": "orange", "response-time": "red"}),
    ("population-shift", "shifts: {debt_to_income: 0.1}", {}),
    ("population-shift", "shifts: {debt_to_income: 0.29}", {}),
    ("population-shift", "shifts: {debt_to_income: 0.3}", {"drift": "orange"}),
    ("population-shift", "shifts: {net_income: -0.79}", {"drift": "orange"}),
    ("population-shift", "shifts: {net_income: -0.8}", {"drift": "red"}),
    ("population-shift", "preset: recession, strength: 2.7", {"drift": "orange"}),
    (
        "population-shift",
        "preset: recession, strength: 2.9",
        {"drift": "orange", "compliance": "orange"},
    ),
    (
        "population-shift",
        "preset: recession, strength: 3.3",
        {"accuracy": "orange", "drift": "red", "compliance": "orange"},
    ),
    (
        "population-shift",
        "preset: recession, strength: 5",
        {"accuracy": "red", "drift": "red", "compliance": "orange"},
    ),
    ("data-bug", "feature: net_income, factor: 1.29", {}),
    ("data-bug", "feature: net_income, factor: 1.3", {"drift": "orange"}),
    ("data-bug", "feature: net_income, factor: 0.5", {"drift": "red"}),
    ("data-bug", "feature: age, factor: 1.5", {"drift": "orange"}),
    (
        "data-bug",
        "feature: net_income, factor: 2.4",
        {"calibration": "orange", "drift": "red"},
    ),
    (
        "data-bug",
        "feature: net_income, factor: 12",
        {"accuracy": "orange", "calibration": "red", "drift": "red"},
    ),
    ("data-bug", "feature: debt_to_income, null_ratio: 0.7", {"drift": "red"}),
    (
        "data-bug",
        "feature: debt_to_income, null_ratio: 0.75",
        {"calibration": "orange", "drift": "red"},
    ),
    (
        "data-bug",
        "feature: revolving_utilisation, factor: 0.2",
        {"calibration": "orange", "drift": "red"},
    ),
    (
        "data-bug",
        "feature: net_income, factor: 0.1",
        {"accuracy": "orange", "drift": "red", "compliance": "orange"},
    ),
    ("data-bug", "feature: net_income, null_ratio: 0.14", {}),
    ("data-bug", "feature: net_income, null_ratio: 0.15", {"drift": "orange"}),
    ("data-bug", "feature: net_income, null_ratio: 0.35", {"drift": "red"}),
    ("data-bug", "feature: ficp_flag, factor: 100", {}),
    ("concept-drift", "scale: 0.81", {}),
    ("concept-drift", "scale: 0.79", {"accuracy": "orange"}),
    ("concept-drift", "scale: 0.51", {"accuracy": "orange"}),
    ("concept-drift", "scale: 0.49", {"accuracy": "red"}),
    ("concept-drift", "scale: 2", {}),
    ("prior-shift", "odds_factor: 1.7", {}),
    ("prior-shift", "odds_factor: 1.8", {"calibration": "orange"}),
    ("prior-shift", "odds_factor: 2.6", {"calibration": "orange"}),
    ("prior-shift", "odds_factor: 2.7", {"calibration": "red"}),
    ("prior-shift", "odds_factor: 0.2", {}),
    ("traffic-surge", "factor: 1.3", {}),
    ("traffic-surge", "factor: 0.01", {}),
    ("traffic-surge", "factor: 7", {}),
    ("traffic-surge", "factor: 12", {"success-rate": "red", "response-time": "red"}),
    ("slow-dependency", slow("bureau", 2.4), {}),
    ("slow-dependency", slow("bureau", 2.6), {"response-time": "orange"}),
    ("slow-dependency", slow("bureau", 6.0), {"response-time": "red"}),
    ("slow-dependency", slow("bureau", 8.0), {"response-time": "red", "compliance": "orange"}),
    ("slow-dependency", slow("bureau", 14.0), {"response-time": "red", "compliance": "red"}),
    ("slow-dependency", slow("feature-store", 4.9), {}),
    ("slow-dependency", slow("feature-store", 5.0), {"prediction-latency": "orange"}),
    (
        "slow-dependency",
        slow("feature-store", 12.0),
        {"prediction-latency": "red", "response-time": "orange"},
    ),
    (
        "slow-dependency",
        slow("feature-store", 40.0),
        {"prediction-latency": "red", "success-rate": "red", "response-time": "red"},
    ),
    ("overload", "workers_lost_ratio: 0.8", {}),
    ("overload", "workers_lost_ratio: 0.91", {"success-rate": "red", "response-time": "red"}),
    ("instance-loss", "replicas: 1", {"success-rate": "orange"}),
    ("instance-loss", "replicas: 3", {"success-rate": "orange"}),
    ("instance-loss", "replicas: 4", {"success-rate": "red"}),
    ("instance-slow", "factor: 4.0", {}),
    ("instance-slow", "factor: 7.0", {"response-time": "orange"}),
    ("instance-slow", "factor: 8.0", {"prediction-latency": "orange", "response-time": "orange"}),
    ("instance-slow", "factor: 20.0", {"prediction-latency": "red", "response-time": "red"}),
    ("consumer-slowdown", "group: archiver, capacity_ratio: 0.5", {}),
    ("consumer-slowdown", "group: archiver, capacity_ratio: 0.055", {"consumer-lag": "orange"}),
    ("consumer-slowdown", "group: archiver", {"consumer-lag": "red"}),
    ("rebalance", "group: archiver, every: 10m, pause: 59s", {}),
    ("rebalance", "group: archiver, every: 10m, pause: 1m", {"consumer-lag": "orange"}),
    ("rebalance", "group: archiver, every: 10m, pause: 10m", {"consumer-lag": "red"}),
    ("consumer-crash", "group: archiver, session_timeout: 54s", {}),
    ("consumer-crash", "group: archiver, session_timeout: 55s", {"consumer-lag": "orange"}),
    ("consumer-crash", "group: archiver, session_timeout: 10m", {"consumer-lag": "red"}),
    ("broker-loss", "brokers: 1", {"replication": "orange"}),
    ("broker-loss", "brokers: 2", {"success-rate": "red", "replication": "red", "min-isr": "red"}),
    (
        "broker-loss",
        "brokers: 3",
        {"success-rate": "red", "replication": "red", "min-isr": "red"},
    ),
    (
        "broker-loss",
        "brokers: 4",
        {"success-rate": "red", "compliance": "red", "replication": "red", "min-isr": "red"},
    ),
    ("hot-partition", "partition: 0, share: 0.9", {}),
    ("drive-loss", "drives: 3", {"drives": "orange"}),
    ("drive-loss", "drives: 4", {"drives": "red"}),
    (
        "drive-loss",
        "drives: 6",
        {
            "consumer-lag": "red",
            "drives": "red",
            "write-quorum": "red",
            "free-space": "orange",
            "compliance": "orange",
        },
    ),
    ("node-loss", "nodes: 1", {"drives": "red"}),
    ("capacity-filling", "used_ratio: 0.81", {}),
    ("capacity-filling", "used_ratio: 0.83", {"free-space": "orange"}),
    ("capacity-filling", "used_ratio: 0.989", {"free-space": "red"}),
    (
        "capacity-filling",
        "used_ratio: 0.99",
        {"consumer-lag": "red", "free-space": "red", "compliance": "orange"},
    ),
    ("compliance-incident", "violation: kyc_document_expired, factor: 9", {}),
    (
        "compliance-incident",
        "violation: kyc_document_expired, factor: 10",
        {"compliance": "orange"},
    ),
    ("compliance-incident", "violation: kyc_document_expired, factor: 23", {"compliance": "red"}),
]


@pytest.mark.parametrize(("kind", "fields", "alarms"), BOUNDARIES)
def test_on_either_side_of_a_boundary_these_are_wanted(
    kind: str, fields: str, alarms: dict[str, str]
) -> None:
    assert wanted(kind, fields) == alarms


def release(multiplier: float, *, outcome: str = "withdrawal") -> str:
    weights = ("ficp_flag", "permanent_contract", "incidents_24m", "home_owner")
    changed = ", ".join(f"{f}: {multiplier}" for f in (*weights, "revolving_utilisation"))
    return (
        f"version: '9', canary_share: 0.3, canary_for: 5m, outcome: {outcome}, "
        f"coefficients: {{{changed}}}"
    )


@pytest.mark.parametrize(
    ("multiplier", "alarms"),
    [
        (0.2, {}),
        (0.1, {"accuracy": "orange"}),
        (-0.5, {"accuracy": "red"}),
    ],
)
def test_a_release_is_as_bad_as_its_weights_are_wrong(
    multiplier: float, alarms: dict[str, str]
) -> None:
    assert wanted("model-release", release(multiplier), duration="3h") == alarms


def test_of_a_release_withdrawn_before_outcomes_are_known_nobody_can_know_the_accuracy() -> None:
    assert wanted("model-release", release(-0.5), duration="1h") == {}


def test_the_outcomes_of_a_promoted_release_come_in_any_case() -> None:
    fields = release(-0.5, outcome="promotion")
    assert wanted("model-release", fields, duration="1h") == {"accuracy": "red"}


def test_a_broker_back_before_its_replicas_are_missed_is_worth_nothing() -> None:
    assert wanted("broker-loss", "brokers: 2", duration="30s") == {}
    assert wanted("broker-loss", "brokers: 1", duration="31s") == {"replication": "orange"}


def test_a_consumer_stopped_for_ten_minutes_is_worse_than_for_nine() -> None:
    assert wanted("consumer-slowdown", "group: archiver", duration="50s") == {}
    assert wanted("consumer-slowdown", "group: archiver", duration="9m") == {
        "consumer-lag": "orange"
    }
    assert wanted("consumer-slowdown", "group: archiver", duration="10m") == {"consumer-lag": "red"}


def test_members_that_are_left_and_too_few_fall_behind_for_as_long_as_one_is_dead() -> None:
    group = "{name: archiver, members: 2, messages_per_second: 160}"
    platform = f"{{kafka: {{consumer_groups: [{group}]}}}}"
    # 80 of 87.6 a second
    found = [
        wanted("consumer-crash", "group: archiver", duration=for_, platform=platform)
        for for_ in ("9m", "15m", "2h")
    ]
    assert found == [{}, {"consumer-lag": "orange"}, {"consumer-lag": "red"}]


def test_an_archiver_stopped_until_the_topic_deletes_what_it_has_not_read_loses_records() -> None:
    # 87.6 a second for an hour, in 12 partitions of which the fullest gets 2.4 % more
    kept = "{kafka: {retention_messages: 26850}}", "{kafka: {retention_messages: 27000}}"
    less, enough = (wanted("consumer-slowdown", "group: archiver", platform=k) for k in kept)
    assert less == {"consumer-lag": "red", "compliance": "red"}
    assert enough == {"consumer-lag": "red"}
    of_others = wanted("consumer-slowdown", "group: risk-monitoring", platform=kept[0])
    assert of_others == {"consumer-lag": "red"}


def test_a_store_that_fills_slowly_is_full_for_a_part_of_the_time() -> None:
    onset = "onset: {shape: incremental, rise: 50m}"
    # from 55 % to 99 % takes 49 of the 50 minutes, and ten more minutes follow
    assert wanted("capacity-filling", f"used_ratio: 1.0, {onset}")["consumer-lag"] == "red"
    onset = "onset: {shape: incremental, rise: 52m, fall: 4m}"
    assert wanted("capacity-filling", f"used_ratio: 1.0, {onset}")["consumer-lag"] == "orange"


def test_a_store_that_is_full_in_health_takes_nothing() -> None:
    full = "{minio: {used_ratio: 1.0}}"
    found = wanted("capacity-filling", "used_ratio: 1.0", platform=full)
    assert found["consumer-lag"] == "red"


def test_a_consumer_that_stops_again_and_again_catches_up_in_between() -> None:
    onset = "onset: {shape: recurring, period: 10m, duty: 0.5}"
    assert wanted("consumer-slowdown", f"group: archiver, {onset}") == {"consumer-lag": "orange"}


def test_more_copies_bear_more_losses() -> None:
    platform = "{kafka: {replication: 4}}"
    assert wanted("broker-loss", "brokers: 2", platform=platform) == {"replication": "orange"}


def test_a_small_platform_is_overloaded_sooner() -> None:
    assert wanted("overload", "workers_lost_ratio: 0.5", platform="{api: {workers: 4}}") != {}


def test_where_applicants_wait_long_in_health_a_little_longer_is_no_incident() -> None:
    slow = "{api: {workers: 3200, service_times: {gateway: {median_seconds: 1.2}}}}"
    factor = "factor: 1.4"

    assert wanted("instance-slow", f"replicas: 4, {factor}") == {}
    assert wanted("instance-slow", f"replicas: 4, {factor}", platform=slow) == {}
    assert wanted("instance-slow", "replicas: 4, factor: 30", platform=slow) == {
        "prediction-latency": "red",
        "response-time": "red",
    }


def test_a_bureau_that_is_hardly_asked_keeps_nobody_waiting() -> None:
    rare = "{api: {service_times: {bureau: {share: 0.01}}}}"
    often = "{api: {service_times: {bureau: {share: 0.5}}}}"
    found = [
        wanted("slow-dependency", slow("bureau", 3.0), platform=p) for p in (rare, "{}", often)
    ]

    assert [alarms.get("response-time") for alarms in found] == [None, "orange", "orange"]


def test_a_failing_control_is_worth_what_it_adds_to_the_platform_s_own_rates() -> None:
    fields = "violation: kyc_document_expired, factor: 10"
    often, rare, never = (
        f"{{compliance: {{violations: {{kyc_document_expired: {{per_10k: {n}}}}}}}}}"
        for n in (20, 0.01, 0)
    )

    assert wanted("compliance-incident", fields) == {"compliance": "orange"}
    assert wanted("compliance-incident", fields, platform=often) == {"compliance": "red"}
    assert wanted("compliance-incident", fields, platform=rare) == {}
    assert wanted("compliance-incident", fields, platform=never) == {}


def test_what_an_episode_says_replaces_the_default() -> None:
    assert wanted("errors", f"{errors(0.03)}, alarms: {{success-rate: red, drift: orange}}") == {
        "drift": "orange",
        "success-rate": "red",
    }


def test_none_takes_an_alarm_away() -> None:
    alarms = "alarms: {success-rate: none, compliance: none}"
    assert wanted("broker-loss", f"brokers: 2, {alarms}") == {
        "replication": "red",
        "min-isr": "red",
    }


def test_an_alarm_for_no_signal_is_refused_with_its_place() -> None:
    with pytest.raises(ScenarioError, match=r"episodes\.0\.alarms\.weather"):
        wanted("errors", f"{errors(0.1)}, alarms: {{weather: red}}")


def test_an_alarm_of_no_severity_is_refused_with_its_value() -> None:
    with pytest.raises(ScenarioError, match=r"episodes\.0\.alarms\.drift: .*'purple'"):
        wanted("errors", f"{errors(0.1)}, alarms: {{drift: purple}}")


@pytest.mark.parametrize("kind", EPISODES)
def test_every_kind_s_default_is_in_the_vocabulary_and_its_order(kind: str) -> None:
    scenario = unruled(with_episodes(text_of(kind)))
    found = wanted_alarms(scenario.episodes[0], scenario)
    assert list(found) == [s for s in SIGNALS if s in found]
    assert set(found.values()) <= set(SEVERITIES[1:])


#: From weak to strong.
STRENGTHS = {
    "errors": [errors(n / 50) for n in range(51)],
    "population-shift": [f"preset: recession, strength: {n / 10}" for n in range(1, 51)],
    "data-bug": [f"feature: age, factor: {1.1**n}" for n in range(1, 70)],
    "concept-drift": [f"scale: {1 - n / 20}" for n in range(1, 61)],
    "traffic-surge": [f"factor: {1.2**n}" for n in range(1, 38)],
    "slow-dependency": [slow("feature-store", 1.2**n) for n in range(38)],
    "overload": [f"workers_lost_ratio: {n / 50}" for n in range(51)],
    "consumer-slowdown": [f"group: archiver, capacity_ratio: {1 - n / 50}" for n in range(51)],
    "rebalance": [f"group: archiver, every: 100s, pause: {n}s" for n in range(1, 101)],
    "consumer-crash": [f"group: archiver, session_timeout: {2**n}s" for n in range(13)],
    "broker-loss": [f"brokers: {n}" for n in range(1, 6)],
    "hot-partition": [f"partition: 0, share: {n / 50}" for n in range(51)],
    "drive-loss": [f"drives: {n}" for n in range(1, 17)],
    "node-loss": [f"nodes: {n}" for n in range(1, 5)],
    "capacity-filling": [f"used_ratio: {n / 50}" for n in range(51)],
    "compliance-incident": [f"violation: audit_log_gap, factor: {1.3**n}" for n in range(26)],
    "model-release": [release(1 - n / 20) for n in range(80)],
}


@pytest.mark.parametrize("kind", STRENGTHS)
@pytest.mark.parametrize("platform", ["{}", "{api: {workers: 200}, minio: {parity: 2}}"])
def test_a_stronger_incident_never_wants_a_weaker_alarm(kind: str, platform: str) -> None:
    before = dict.fromkeys(map(str, SIGNALS), 0)
    for fields in STRENGTHS[kind]:
        found = wanted(kind, fields, duration="4h", platform=platform)
        now = {s: SEVERITIES.index(found.get(s, "none")) for s in before}
        assert all(now[s] >= before[s] for s in before), fields
        before = now


@pytest.mark.parametrize("lever", levers(load_scenario("tour")), ids=lambda one: one.name)
def test_a_lever_turned_up_never_wants_a_weaker_alarm(lever: Lever) -> None:
    tour = load_scenario("tour")
    before = dict.fromkeys(SIGNALS, 0)
    for strength in lever.strengths:
        one = episode_of(lever, strength, name="it", start=0.0, duration=14400.0)
        found = wanted_alarms(one, tour)
        now = {s: SEVERITIES.index(found.get(s, "none")) for s in SIGNALS}
        assert all(now[s] >= before[s] for s in SIGNALS), strength
        before = now


@pytest.mark.parametrize("kind", sorted(EPISODES.keys() - {"model-release"}))
def test_how_fast_a_scenario_runs_changes_nothing(kind: str) -> None:
    # but of releases: windows that are counted in applications do not run faster
    scenario = unruled(with_episodes(text_of(kind, duration="45m")))
    fast = scenario.compressed(60.0)
    assert wanted_alarms(fast.episodes[0], fast) == wanted_alarms(scenario.episodes[0], scenario)


def settling(signal: str, scenario: Scenario) -> float:
    """Seconds for which the first episode's effects show after its end."""
    episode, traffic = scenario.episodes[0], ClockTraffic(scenario, START)
    end = START + episode.start + episode.duration
    return settling_seconds(signal, traffic, episode, end=end)  # type: ignore[arg-type]  # a signal


@pytest.mark.parametrize(
    ("signal", "seconds"),
    [
        ("accuracy", 3600.0 + FEW * 5000.0 / 87.6),
        ("drift", FEW * 2000.0 / 87.6),
        ("replication", 330.0),
        ("min-isr", 330.0),
        ("drives", 1800.0),
        ("success-rate", 0.0),
        ("free-space", 0.0),
    ],
)
def test_effects_settle_as_fast_as_the_platform_does(signal: str, seconds: float) -> None:
    assert settling(signal, scenario_of("errors", errors(0.1))) == pytest.approx(seconds)


def test_settling_in_a_fast_scenario_keeps_windows_that_count_applications() -> None:
    fast = scenario_of("errors", errors(0.1)).compressed(60.0)
    assert settling("accuracy", fast) == pytest.approx(60.0 + FEW * 5000.0 / 87.6)
    assert settling("drives", fast) == 30.0


def test_a_stopped_consumer_catches_up_with_what_capacity_is_to_spare() -> None:
    scenario = scenario_of("consumer-slowdown", "group: archiver")
    fullest = 12.0 * hashed_keys(scenario.seed, 12).max()
    most = 87.6 * FEW * fullest  # while many come, on the partition to which most keys hash
    assert settling("consumer-lag", scenario) == pytest.approx(3600.0 * most / (1500.0 - most))


def test_what_can_never_catch_up_does_not_within_the_scenario() -> None:
    platform = "{kafka: {consumer_groups: [{name: archiver, messages_per_second: 50}]}}"
    scenario = scenario_of("consumer-slowdown", "group: archiver", platform=platform)
    assert settling("consumer-lag", scenario) == scenario.duration


def test_writes_are_refused_until_lost_copies_are_back() -> None:
    assert settling("success-rate", scenario_of("broker-loss", "brokers: 2")) == 330.0


@pytest.mark.parametrize(("bureau", "store"), [(1.0, 1.0), (14.0, 1.0), (1.0, 25.0)])
def test_a_request_is_about_as_much_work_as_simulated(bureau: float, store: float) -> None:
    known = service_seconds(Parts(), bureau=bureau, feature_store=store)
    assert known == pytest.approx(ServiceTimes(Parts(), bureau, store, longest=60.0).mean, rel=0.15)


def test_alarms_are_written_and_read_back() -> None:
    scenario = scenario_of("errors", f"{errors(0.1)}, alarms: {{drift: red, accuracy: none}}")
    text = scenario_yaml(scenario)
    assert "alarms: {drift: red, accuracy: none}" in text
    assert parse_scenario(text, "again") == scenario


@pytest.mark.parametrize("compress", [1.0, 600.0])
@pytest.mark.parametrize("name", [DENSE_DAY_FILE, "tour"])
def test_the_truth_is_read_back_with_its_alarms(tmp_path: Path, name: str, compress: float) -> None:
    scenario = load_scenario(name).compressed(compress)
    truth = TimedRun(scenario, START, START + scenario.duration, 1.0, "simulator")
    file = tmp_path / "truth.json"
    file.write_text(json.dumps(truth.as_json()))
    assert [e.alarms for e in episodes_in(file)] == [e.alarms for e in truth.episodes]


def test_an_alarm_is_right_until_its_effects_have_passed() -> None:
    truth = TimedRun(scenario_of("drive-loss", "drives: 1"), START, START + 43_200.0, 15.0, "x")
    (episode,) = truth.episodes
    assert episode.alarms == (EpisodeAlarm("drives", "orange", START + 7200.0 + 1800.0),)
    (written,) = truth.as_json()["episodes"]
    assert written["alarms"] == [
        {"signal": "drives", "severity": "orange", "until": "2026-01-01T02:30:00Z"}
    ]


def test_parameters_are_what_an_episode_does() -> None:
    scenario = scenario_of("errors", f"{errors(0.1)}, alarms: {{drift: red}}")
    truth = TimedRun(scenario, START, START + 43_200.0, 15.0, "x")
    assert truth.as_json()["episodes"][0]["parameters"] == {"status": 500, "ratio": 0.1}


ENTRY = {"name": "x", "kind": "y", "start": "1000", "end": "2000"}
ALARM = {"signal": "drift", "severity": "red", "until": "2000"}


def read(folder: Path, entry: dict[str, object]) -> tuple[EpisodeAlarm, ...]:
    file = folder / "truth.json"
    file.write_text(json.dumps({"episodes": [entry]}))
    (episode,) = episodes_in(file)
    return episode.alarms


def test_a_truth_without_alarms_has_none(tmp_path: Path) -> None:
    assert read(tmp_path, {**ENTRY}) == ()


def test_a_truth_with_one_has_it(tmp_path: Path) -> None:
    alarms = read(tmp_path, {**ENTRY, "alarms": [ALARM]})
    assert alarms == (EpisodeAlarm("drift", "red", 2000.0),)


@pytest.mark.parametrize(
    ("alarms", "said"),
    [
        ("red", r"episodes\.0\.alarms: a list is wanted, found 'red'"),
        (["red"], r"alarms\.0: signal, severity, until are wanted, found 'red'"),
        ([ALARM, {**ALARM, "signal": "rain"}], r"alarms\.1\.signal: 'rain' is none of accuracy"),
        ([{**ALARM, "severity": "none"}], r"alarms\.0\.severity: 'none' is none of orange, red"),
        ([{**ALARM, "severity": ["red"]}], r"alarms\.0\.severity: .* is none of orange, red"),
        ([{**ALARM, "until": "soon"}], r"alarms\.0\.until: 'soon' is no moment"),
        ([{**ALARM, "until": "1999"}], r"alarms\.0\.until: '1999' is before the episode's end"),
    ],
)
def test_an_alarm_that_cannot_be_used_says_where_and_why(
    tmp_path: Path, alarms: object, said: str
) -> None:
    with pytest.raises(TruthError, match=said):
        read(tmp_path, {**ENTRY, "alarms": alarms})
