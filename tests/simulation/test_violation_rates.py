"""Compliance: base rates in health, and what couples them to the rest of the platform."""

from typing import Any

import numpy as np
import pytest

from simulator.scenario.baseline import Platform
from simulator.scenario.platform.service_times import Bureau
from simulator.scenario.violation_rates import chances, ordinary_per_10k
from simulator.scenario.vocabulary import CHANNELS, VIOLATION_TYPES, ViolationType
from simulator.simulation.engine import Simulation
from simulator.simulation.latency import bureau_failure_probability
from simulator.simulation.trace import Trace
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import assert_poisson, assert_share

#: A day of a very large lender: some 80 000 violations, so that a few percent are seen.
TRAFFIC: dict[str, Any] = {"requests_per_second": 6000.0, "endpoints": {"score": 1}}
PLATFORM: dict[str, Any] = {
    "api": {"workers": 5000},
    "kafka": {
        "consumer_groups": [
            {"name": "archiver", "messages_per_second": 1e6},
            {"name": "risk-monitoring", "messages_per_second": 1e6},
        ]
    },
}


def _day(*episodes: dict[str, Any]) -> Trace:
    plan = scenario(*episodes, traffic=TRAFFIC, platform=PLATFORM)
    return Simulation(plan, origin=MONDAY, step=60.0).advance(1440)


@pytest.fixture(scope="module")
def health() -> Trace:
    return _day()


def _column(violation: ViolationType) -> int:
    return VIOLATION_TYPES.index(violation)


def _count(trace: Trace, violation: ViolationType) -> int:
    return int(trace.violations.counts[:, _column(violation)].sum())


def _parents(trace: Trace, violation: ViolationType) -> int:
    return int(trace.violations.parents[:, _column(violation)].sum())


def _scored(trace: Trace) -> int:
    return int(trace.requests.applications[:, :, 0].sum())


def test_stated_rates_add_up_to_1_46_per_ten_thousand() -> None:
    assert round(sum(ordinary_per_10k(Platform()).values()), 2) == 1.46


RATES: dict[ViolationType, float] = {
    "automated_refusal_without_review": 0.20,
    "refusal_reason_missing": 0.30,
    "legal_basis_missing": 0.25,
    "retention_exceeded": 0.10,
    "unauthorised_access": 0.003,
    "kyc_document_expired": 0.35,
    "screening_missed": 0.01,
    "suspicion_report_late": 0.02,
    "ficp_check_missing": 0.15,
    "audit_log_gap": 0.08,
}


@pytest.mark.parametrize("violation", VIOLATION_TYPES)
def test_a_violations_rate_is_the_published_one(violation: ViolationType) -> None:
    assert ordinary_per_10k(Platform())[violation] == pytest.approx(RATES[violation])


def _per_parent(violation: ViolationType) -> float:
    return chances(Platform())[violation]


def _assert_rate(trace: Trace, violation: ViolationType, factor: float = 1.0) -> None:
    expected = _parents(trace, violation) * _per_parent(violation) * factor
    if violation == "retention_exceeded":
        # traffic is flat here, and the purge meets two whole hours of it instead of 0.7 % of a day
        usual = (1.0 - 4.0 * 0.007) / (1.0 - 0.007)
        expected *= (2.0 * 4.0 + 22.0 * usual) / 24.0
    assert_poisson(_count(trace, violation), expected)


@pytest.mark.parametrize("violation", VIOLATION_TYPES)
def test_a_violation_is_as_likely_per_parent_event_as_stated(
    health: Trace, violation: ViolationType
) -> None:
    _assert_rate(health, violation)


@pytest.mark.parametrize("violation", [v for v in VIOLATION_TYPES if RATES[v] >= 0.05])
def test_a_rate_a_tenth_higher_is_noticed(health: Trace, violation: ViolationType) -> None:
    with pytest.raises(AssertionError):
        _assert_rate(health, violation, 1.1)


#: How many parents a scoring has where all applications come one by one through four channels.
PARENT_SHARES: dict[ViolationType, float] = {
    "legal_basis_missing": 0.50,
    "kyc_document_expired": 0.30,
    "suspicion_report_late": 0.01,
    "ficp_check_missing": 3e-4,
}


@pytest.mark.parametrize("violation", PARENT_SHARES)
def test_a_parent_event_is_as_frequent_as_stated(health: Trace, violation: ViolationType) -> None:
    parents = _parents(health, violation)
    # bureau failures on time but too slow add a hundred-thousandth of calls
    rounding = 1e-6 if violation == "ficp_check_missing" else 0.0
    assert_share(parents, _scored(health), PARENT_SHARES[violation], rounding=rounding)


@pytest.mark.parametrize("violation", PARENT_SHARES)
def test_a_parent_event_two_percent_more_frequent_is_noticed(
    health: Trace, violation: ViolationType
) -> None:
    with pytest.raises(AssertionError):
        assert_share(_parents(health, violation), _scored(health), 1.02 * PARENT_SHARES[violation])


@pytest.fixture(scope="module")
def default_mix() -> Trace:
    """A day with the default mix of channels, single applications and batches, in Paris time."""
    traffic = {"requests_per_second": 40.0, "profile": "daily"}
    return Simulation(scenario(traffic=traffic), origin=MONDAY, step=60.0).advance(1440)


def _assert_per_10k(trace: Trace, per_10k: float) -> None:
    expected = _scored(trace) * per_10k / 1e4
    assert_poisson(int(trace.violations.counts.sum()), expected)


def test_a_healthy_day_has_1_46_violations_per_ten_thousand_scorings(default_mix: Trace) -> None:
    _assert_per_10k(default_mix, 1.46)


@pytest.mark.parametrize("per_10k", [0.9, 2.2])
def test_a_rate_half_as_high_again_is_noticed(default_mix: Trace, per_10k: float) -> None:
    with pytest.raises(AssertionError):
        _assert_per_10k(default_mix, per_10k)


def test_the_orange_threshold_is_far_from_a_healthy_day(default_mix: Trace) -> None:
    with pytest.raises(AssertionError):
        _assert_per_10k(default_mix, 3.0)


INCIDENTS = [
    episode("compliance-incident", name=f"i{i}", violation=v, factor=1000.0)
    for i, v in enumerate(VIOLATION_TYPES)
]


def test_violations_are_never_more_than_their_parents() -> None:
    plan = scenario(*INCIDENTS, traffic={"requests_per_second": 30.0})
    violations = Simulation(plan, origin=MONDAY, step=60.0).advance(1440).violations
    counts, parents = violations.counts, violations.parents
    assert (counts <= parents).all()
    assert counts.sum(axis=0).min() > 0


@pytest.mark.parametrize("violation", ["legal_basis_missing", "audit_log_gap", "screening_missed"])
def test_an_incident_multiplies_its_own_type(violation: ViolationType) -> None:
    incident = episode("compliance-incident", violation=violation, factor=8.0)
    _assert_rate(_day(incident), violation, 8.0)


def test_an_incident_of_another_factor_is_noticed() -> None:
    incident = episode("compliance-incident", violation="audit_log_gap", factor=8.0)
    with pytest.raises(AssertionError):
        _assert_rate(_day(incident), "audit_log_gap", 9.0)


def test_an_incident_leaves_the_rates_of_all_other_types_alone() -> None:
    incident = episode("compliance-incident", violation="audit_log_gap", factor=8.0)
    trace = _day(incident)
    for other in VIOLATION_TYPES:
        if other != "audit_log_gap":
            _assert_rate(trace, other)


def test_an_incident_leaves_the_parents_of_all_types_alone(health: Trace) -> None:
    incident = episode("compliance-incident", violation="audit_log_gap", factor=8.0)
    assert np.array_equal(_day(incident).violations.parents, health.violations.parents)


def _per_scoring(trace: Trace, violation: ViolationType) -> float:
    return _count(trace, violation) / _scored(trace)


def _slow_bureau(factor: float) -> Trace:
    return _day(episode("slow-dependency", dependency="bureau", factor=factor))


def _assert_bureau_failures(trace: Trace, slowness: float) -> None:
    share = 0.10 * float(bureau_failure_probability(np.array([slowness]), Bureau())[0])
    assert_share(_parents(trace, "ficp_check_missing"), _scored(trace), share)


def test_a_slow_bureau_raises_missed_ficp_checks_by_its_failures() -> None:
    slow = _slow_bureau(6.0)
    _assert_bureau_failures(slow, 6.0)
    _assert_rate(slow, "ficp_check_missing")


def test_a_bureau_five_percent_slower_is_noticed() -> None:
    with pytest.raises(AssertionError):
        _assert_bureau_failures(_slow_bureau(6.0), 6.3)


def test_a_slow_bureau_multiplies_missed_ficp_checks(health: Trace) -> None:
    slow, calm = (_per_scoring(t, "ficp_check_missing") for t in (_slow_bureau(6.0), health))
    assert slow > 10.0 * calm


def test_a_recession_raises_refusals_without_review_per_refusal(health: Trace) -> None:
    severe = _day(episode("population-shift", preset="recession", strength=2.0))
    violation: ViolationType = "automated_refusal_without_review"
    assert _parents(severe, violation) > 2.0 * _parents(health, violation)
    with pytest.raises(AssertionError):
        _assert_rate(severe, violation, 2.0)
    assert _count(severe, violation) > 2.0 * _parents(severe, violation) * _per_parent(violation)


def test_reviewers_catch_up_after_a_recession() -> None:
    severe = episode("population-shift", preset="recession", strength=2.0, duration="6h")
    trace = _day(severe)
    later = slice(600, 1440)
    counts = trace.violations.counts[later, _column("automated_refusal_without_review")].sum()
    parents = trace.violations.parents[later, _column("automated_refusal_without_review")].sum()
    assert_poisson(int(counts), parents * _per_parent("automated_refusal_without_review"))


def test_audit_records_are_lost_while_the_archive_has_no_write_quorum() -> None:
    lost = episode("drive-loss", drives=5, start="6h", duration="2h")
    trace = _day(lost)
    column = _column("audit_log_gap")
    counts, parents = trace.violations.counts[:, column], trace.violations.parents[:, column]
    without = slice(360, 480)
    expected = parents[without].sum() * _per_parent("audit_log_gap") * 50.0
    assert_poisson(int(counts[without].sum()), expected)


def test_audit_records_are_kept_while_drives_are_lost_within_the_parity() -> None:
    _assert_rate(_day(episode("drive-loss", drives=4)), "audit_log_gap")


def test_the_nightly_purge_is_a_burst_of_retention_violations_from_two_to_four_in_paris(
    health: Trace,
) -> None:
    column = _column("retention_exceeded")
    by_hour = health.violations.counts[:, column].reshape(24, 60).sum(axis=1)
    assert np.flatnonzero(by_hour > 3.0 * np.median(by_hour)).tolist() == [2, 3]


def test_channels_with_a_legal_basis_to_show_are_mobile_and_partner(health: Trace) -> None:
    scored = health.requests.applications[:, :, 0].sum(axis=0)
    wanted = scored[[CHANNELS.index("mobile"), CHANNELS.index("partner")]].sum()
    assert _parents(health, "legal_basis_missing") == wanted


def test_what_a_platform_tells_of_its_rates_holds_per_scoring() -> None:
    told = {
        "ficp_check_missing": {"per_10k": 2.0},
        "kyc_document_expired": {"per_10k": 8.0},
        "retention_exceeded": {"per_10k": 0.0},
    }
    platform = {**PLATFORM, "compliance": {"violations": told}}
    plan = scenario(traffic=TRAFFIC, platform=platform)

    trace = Simulation(plan, origin=MONDAY, step=60.0).advance(300)

    n = _scored(trace)
    assert_poisson(_count(trace, "ficp_check_missing"), n * 2e-4)
    assert_poisson(_count(trace, "kyc_document_expired"), n * 8e-4)
    assert _count(trace, "retention_exceeded") == 0
    assert_poisson(_count(trace, "audit_log_gap"), n * 8e-6)


def test_where_the_bureau_fails_oftener_more_checks_are_missing() -> None:
    bureau = {"share": 0.5, "failure_ratio": 0.01}
    api = {**PLATFORM["api"], "service_times": {"bureau": bureau}}
    plan = scenario(traffic=TRAFFIC, platform={**PLATFORM, "api": api})

    trace = Simulation(plan, origin=MONDAY, step=60.0).advance(300)

    assert_poisson(_parents(trace, "ficp_check_missing"), _scored(trace) * 5e-3)
    assert_poisson(_count(trace, "ficp_check_missing"), _scored(trace) * 5e-3 * 0.05)
    assert ordinary_per_10k(plan.platform)["ficp_check_missing"] == pytest.approx(2.5, rel=1e-3)
