"""Tallies: what real requests did goes through the whole platform, exactly."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simulator.scenario.platform.policy import Policy
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, FEATURES, VIOLATION_TYPES
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.engine import Simulation
from simulator.simulation.latency import PREDICTION_EDGES
from simulator.simulation.requests import OUTCOMES, STATUSES, Requests
from simulator.simulation.scorecard import DECISIONS, Scorecard
from simulator.simulation.tally import Tally
from simulator.simulation.trace import Trace
from tests.support.scenario_builders import MONDAY, episode, scenario

STEP = 15.0
#: Successes by channel, and one timeout through the branch.
WEB, MOBILE, PARTNER, BRANCH = 40, 25, 10, 5
IN_FLIGHT = 7.0
SCORED = WEB + MOBILE + PARTNER + BRANCH


def _requests(successes: tuple[int, ...], timeouts: int, bureau_failures: int) -> Requests:
    shapes = Requests.shapes()
    applications = np.zeros((1, *shapes["applications"]), dtype=np.int64)
    applications[0, :, 0] = successes
    applications[0, CHANNELS.index("branch"), OUTCOMES.index("timeout")] = timeouts
    http = np.zeros((1, *shapes["http"]), dtype=np.int64)
    http[0, 0, 0, 6] = sum(successes)
    http[0, 0, 2, 19] = timeouts
    http[0, ENDPOINTS.index("decision"), 0, 2] = 12
    seconds = np.zeros((1, *shapes["http_seconds"]))
    seconds[0, 0, 0] = 0.06 * sum(successes)
    statuses = np.zeros((1, *shapes["statuses"]), dtype=np.int64)
    statuses[0, 0, [STATUSES.index(200), STATUSES.index(504)]] = sum(successes), timeouts
    statuses[0, ENDPOINTS.index("decision"), STATUSES.index(200)] = 12
    return Requests(
        applications=applications,
        singles=applications,
        batches=np.zeros_like(applications),
        http=http,
        http_seconds=seconds,
        statuses=statuses,
        expected=statuses.sum(axis=(1, 2)).astype(np.float64),
        in_flight=np.array([IN_FLIGHT]),
        waiting=np.zeros(1),
        busy=np.array([IN_FLIGHT]),
        bureau_calls=np.array([max(sum(successes) // 10, bureau_failures)]),
        bureau_failures=np.array([bureau_failures]),
    )


def _tally(
    successes: tuple[int, ...] = (WEB, MOBILE, PARTNER, BRANCH), *, timeouts: int = 1
) -> Tally:
    n = sum(successes)
    normals = np.random.default_rng(4).standard_normal((n, len(FEATURES)))
    features = applicants(correlated_normals(normals))
    prediction = np.zeros((1, len(PREDICTION_EDGES) + 1), dtype=np.int64)
    prediction[0, 2] = n
    return Tally(
        requests=_requests(successes, timeouts, min(2, n)),
        true=features,
        given=features,
        scores=Scorecard().scores(features),
        version=np.zeros(n, dtype=np.int64),
        prediction=prediction,
        prediction_seconds=np.array([0.012 * n]),
    )


def _nothing() -> Tally:
    return _tally((0, 0, 0, 0), timeouts=0)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return _tally()


@pytest.fixture(scope="module")
def trace(tally: Tally) -> Trace:
    return Simulation(scenario(), origin=MONDAY, step=STEP).advance(tally=tally)


def test_the_tallys_requests_are_counted_as_they_are(trace: Trace, tally: Tally) -> None:
    assert np.array_equal(trace.requests.applications, tally.requests.applications)
    assert np.array_equal(trace.requests.http, tally.requests.http)


def test_the_tallys_scores_are_counted_in_their_cells(trace: Trace, tally: Tally) -> None:
    expected = np.bincount(np.minimum((tally.scores - 300) // 10, 54), minlength=55)
    assert np.array_equal(trace.scored.scores[0], expected)


def test_the_tallys_scores_get_their_risk_levels(trace: Trace, tally: Tally) -> None:
    bounds = {"low": (740, 851), "medium": (670, 740), "high": (580, 670), "very_high": (300, 580)}
    expected = [int(np.sum((tally.scores >= a) & (tally.scores < b))) for a, b in bounds.values()]
    assert list(bounds) == list(Policy().level_names())
    assert trace.scored.levels[0].tolist() == expected


def test_the_tallys_scores_get_their_decisions(trace: Trace, tally: Tally) -> None:
    s = tally.scores
    expected = {"accepted": s >= 640, "review": (s >= 580) & (s < 640), "refused": s < 580}
    assert list(expected) == list(DECISIONS)
    assert trace.scored.decisions[0].tolist() == [int(e.sum()) for e in expected.values()]


def test_the_tallys_successes_are_messages_in_the_scoring_topic(trace: Trace) -> None:
    assert trace.topic.log_end.sum() == SCORED


def test_the_tallys_predictions_are_counted(trace: Trace, tally: Tally) -> None:
    assert np.array_equal(trace.scored.prediction[0], tally.prediction)
    assert trace.scored.prediction_seconds[0] == pytest.approx(tally.prediction_seconds)


def _parents(trace: Trace) -> dict[str, int]:
    return dict(zip(VIOLATION_TYPES, trace.violations.parents[0].tolist(), strict=True))


def test_violations_come_from_the_tallys_own_events(trace: Trace, tally: Tally) -> None:
    parents = _parents(trace)
    refused = int(np.sum(tally.scores < 580))
    assert parents["automated_refusal_without_review"] == refused
    assert parents["refusal_reason_missing"] == refused
    assert parents["legal_basis_missing"] == MOBILE + PARTNER
    assert parents["ficp_check_missing"] == 2
    assert parents["screening_missed"] == SCORED


def test_look_ups_of_decisions_read_the_object_store(trace: Trace) -> None:
    assert trace.storage.requests[0].tolist()[1] == 12


def test_tallies_add_up_over_ticks(tally: Tally) -> None:
    simulation = Simulation(scenario(), origin=MONDAY, step=STEP)
    traces = [simulation.advance(tally=tally) for _ in range(5)]
    assert sum(int(trace.scored.scores.sum()) for trace in traces) == 5 * SCORED
    assert traces[-1].topic.log_end.sum() == 5 * SCORED


def test_a_tally_of_no_requests_counts_nothing_of_the_api() -> None:
    trace = Simulation(scenario(), origin=MONDAY, step=STEP).advance(tally=_nothing())
    scored = trace.scored
    counted = (trace.requests.applications, scored.scores, scored.decisions, scored.prediction)
    assert sum(int(counts.sum()) for counts in counted) == 0
    assert trace.topic.log_end.sum() == 0
    assert trace.violations.parents.sum() == 0


def test_gauges_are_kept_through_a_tally_of_no_requests() -> None:
    simulation = Simulation(scenario(), origin=MONDAY, step=STEP)
    before = simulation.advance(tally=_tally()).model
    after = simulation.advance(tally=_nothing()).model
    assert np.array_equal(before.drift, after.drift)
    assert np.array_equal(before.accuracy, after.accuracy)


def test_a_tally_of_no_requests_lets_consumers_catch_up() -> None:
    simulation = Simulation(scenario(), origin=MONDAY, step=STEP)
    simulation.advance(tally=_tally())
    assert simulation.advance(tally=_nothing()).topic.lag.sum() == 0


def test_sampled_ticks_may_follow_a_tally(tally: Tally) -> None:
    simulation = Simulation(scenario(), origin=MONDAY, step=STEP)
    simulation.advance(tally=tally)
    sampled = simulation.advance(3).requests.applications.sum(axis=(1, 2))
    assert (sampled > 0).all()


def test_spoilt_features_drift_and_true_ones_default(tally: Tally) -> None:
    given = tally.given.copy()
    given[:, FEATURES.index("net_income")] *= 12.0
    spoilt = replace(tally, given=given, scores=Scorecard().scores(given))
    simulation = Simulation(
        scenario(platform={"monitoring": {"drift_window": 100}}), origin=MONDAY, step=STEP
    )
    drift = [simulation.advance(tally=spoilt).model.drift[0, 0] for _ in range(3)][-1]
    assert drift[FEATURES.index("net_income")] > 5.0
    assert np.delete(drift[:-1], FEATURES.index("net_income")).max() < 1.0


def test_a_tally_needs_a_single_tick(tally: Tally) -> None:
    with pytest.raises(ValueError, match="cannot advance 2 ticks with one tally"):
        Simulation(scenario(), origin=MONDAY, step=STEP).advance(2, tally=tally)


@pytest.mark.parametrize("name", ["true", "given", "scores", "version"])
def test_a_tally_with_a_row_too_few_is_refused(tally: Tally, name: str) -> None:
    with pytest.raises(ValueError, match=rf"{SCORED} scored applications has \[{SCORED - 1}, "):
        replace(tally, **{name: getattr(tally, name)[:-1]})


def test_a_tally_with_a_prediction_too_many_is_refused(tally: Tally) -> None:
    with pytest.raises(ValueError, match=f"{SCORED + 1} predictions"):
        replace(tally, prediction=tally.prediction + (np.arange(22) == 3))


@pytest.mark.parametrize("score", [299, 851, -1])
def test_a_tally_with_an_impossible_score_is_refused(tally: Tally, score: int) -> None:
    scores = np.where(np.arange(SCORED) == 0, score, tally.scores)
    with pytest.raises(ValueError, match=str(score)):
        Simulation(scenario(), origin=MONDAY, step=STEP).advance(
            tally=replace(tally, scores=scores)
        )


@pytest.mark.parametrize("version", [-1, 1])
def test_a_tally_of_an_unknown_version_is_refused(tally: Tally, version: int) -> None:
    versions = np.full(SCORED, version)
    with pytest.raises((ValueError, IndexError), match=str(version)):
        Simulation(scenario(), origin=MONDAY, step=STEP).advance(
            tally=replace(tally, version=versions)
        )


def test_a_tally_of_two_ticks_is_refused(tally: Tally) -> None:
    one = tally.requests
    twice = Requests(**{k: np.concatenate([getattr(one, k)] * 2) for k in Requests.shapes()})
    rows: dict[str, Any] = {
        k: np.concatenate([getattr(tally, k)] * 2) for k in ("true", "given", "scores", "version")
    }
    with pytest.raises(ValueError, match="2 ticks"):
        Simulation(scenario(), origin=MONDAY, step=STEP).advance(
            tally=replace(tally, requests=twice, prediction=2 * tally.prediction, **rows)
        )


def test_an_incident_acts_on_real_requests(tally: Tally) -> None:
    incident = episode("compliance-incident", violation="legal_basis_missing", factor=1000.0)
    simulation = Simulation(scenario(incident), origin=MONDAY, step=STEP)
    column = VIOLATION_TYPES.index("legal_basis_missing")
    counts = sum(
        int(simulation.advance(tally=tally).violations.counts[0, column]) for _ in range(60)
    )
    # 60 ticks of 35 parents at 0.25 / 10 000 / 0.6 x 1 000
    assert abs(counts - 87.5) < 6.0 * np.sqrt(87.5)


def test_the_tallys_requests_in_flight_are_the_gauges(trace: Trace) -> None:
    assert trace.requests.in_flight.tolist() == [IN_FLIGHT]
