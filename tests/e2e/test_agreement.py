"""Locust's traffic and sampled traffic of one scenario: the same scores, errors and latencies."""

import subprocess
import sys
from typing import TypeAlias

import numpy as np
import pytest
import requests
from numpy.typing import NDArray
from prometheus_client.parser import text_string_to_metric_families
from scipy import stats

from simulator.runtime.ports import free_port
from simulator.runtime.processes import Supervisor, wait_until_ready
from simulator.scenario.loading import parse_scenario
from simulator.simulation.engine import Simulation
from simulator.simulation.latency import HTTP_EDGES
from simulator.simulation.trace import Trace
from tests.support.checkout import CHECKOUT
from tests.support.tolerances import SMALLEST_P

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

# An hour with something in it: other people apply, the bureau is slow, some requests are invalid,
# some fail at once, and some after they were served, as Kafka does not take the decision.
SCENARIO = """
name: agreement
description: For a test.
duration: 1h
traffic: {profile: flat, requests_per_second: 60, invalid_ratio: 0.05}
platform: {kafka: {replica_lag_time: 1ms}}
episodes:
  - {name: r, kind: population-shift, start: 0s, duration: 1h, preset: recession, strength: 1}
  - {name: e, kind: errors, start: 0s, duration: 1h, status: 503, ratio: 0.08}
  - {name: k, kind: broker-loss, start: 0s, duration: 1h, brokers: 2}
  - {name: b, kind: slow-dependency, start: 0s, duration: 1h, dependency: bureau, factor: 5}
"""
USERS, SECONDS = "60", "25s"
Numbers: TypeAlias = NDArray[np.floating]
#: Sample name to label values, sorted by label name, to value.
Pushed: TypeAlias = dict[str, dict[tuple[str, ...], float]]
EDGES = (499.5, 549.5, 579.5, 639.5, 669.5, 739.5)


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Pushed:
    """What the platform counted of Locust's requests: sample name to label values to value."""
    folder = tmp_path_factory.mktemp("agreement")
    plan = folder / "plan.yaml"
    plan.write_text(SCENARIO)
    url = f"http://127.0.0.1:{free_port()}"
    options = ["--scenario", str(plan), "--pushgateway", "none", "--push-interval", "500ms"]
    port = url.rpartition(":")[2]
    with Supervisor() as supervisor:
        argv = [sys.executable, "-m", "simulator", "run", "--no-synthetic", "--port", port]
        platform = supervisor.start("platform", [*argv, *options], log=folder / "platform.log")
        wait_until_ready(platform, f"{url}/health")
        locust = [sys.executable, "-m", "locust", "-f", "locustfiles/scoring.py", "--headless"]
        locust += ["--host", url, "-u", USERS, "-r", USERS, "-t", SECONDS, "--scenario", str(plan)]
        done = subprocess.run(locust, cwd=CHECKOUT, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        text = _settled(url)
    found: Pushed = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[
                tuple(v for _, v in sorted(sample.labels.items()))
            ] = sample.value
    return found


def _settled(url: str) -> str:
    """/metrics two ticks later, when all requests have been counted."""
    ticks = requests.get(f"{url}/simulation", timeout=5).json()["ticks"]
    while requests.get(f"{url}/simulation", timeout=5).json()["ticks"] < ticks + 2:
        pass
    return requests.get(f"{url}/metrics", timeout=5).text


@pytest.fixture(scope="module")
def sampled() -> Trace:
    return hour(SCENARIO)


def hour(text: str) -> Trace:
    """An hour of sampled traffic."""
    return Simulation(parse_scenario(text, "plan"), origin=1.79e9, step=15.0).advance(240)


def score_counts(pushed: Pushed) -> Numbers:
    buckets = {float(le[0]): n for le, n in pushed["scoring_credit_score_bucket"].items()}
    cumulative = [buckets[edge] for edge in EDGES] + [buckets[float("inf")]]
    return np.diff(cumulative, prepend=0.0)


def assert_same_scores(counts: Numbers, strength: float) -> None:
    text = SCENARIO.replace("strength: 1}", f"strength: {strength}}}")
    scores = hour(text).scored.scores.sum(axis=0)
    bucket = np.searchsorted(EDGES, 304.5 + 10.0 * np.arange(len(scores)))
    shares = np.bincount(bucket, scores, len(EDGES) + 1) / scores.sum()
    p = stats.chisquare(counts, shares * counts.sum()).pvalue
    assert p > SMALLEST_P, f"p = {p:.2g}"


def test_scores_are_distributed_alike(
    pushed: Pushed,
) -> None:
    assert_same_scores(score_counts(pushed), 1.0)


def test_scores_of_a_stronger_recession_would_be_kept_apart(
    pushed: Pushed,
) -> None:
    with pytest.raises(AssertionError):
        assert_same_scores(score_counts(pushed), 1.8)


@pytest.mark.parametrize("route", ["/v1/score", "/v1/score/batch"])
@pytest.mark.parametrize("status", ["2xx", "4xx", "5xx"])
def test_as_many_requests_are_answered_so(
    pushed: Pushed, sampled: Trace, route: str, status: str
) -> None:
    """By request, as those of a batch fail together; six standard errors."""
    counts = pushed["http_request_duration_seconds_count"]
    posted = {key[2]: n for key, n in counts.items() if key[:2] == (route, "POST")}
    endpoint = ("/v1/score", "/v1/score/batch").index(route)
    totals = sampled.requests.http[:, endpoint].sum(axis=(0, -1))
    expected = float(totals[("2xx", "4xx", "5xx").index(status)] / totals.sum())
    total = sum(posted.values())
    error = float(np.sqrt(expected * (1.0 - expected) / total)) + 0.5 / total
    assert abs(posted[status] / total - expected) < 6.0 * error


def test_one_request_in_ten_more_would_be_kept_apart(pushed: Pushed, sampled: Trace) -> None:
    counts = pushed["http_request_duration_seconds_count"]
    total = sum(n for key, n in counts.items() if key[:2] == ("/v1/score", "POST"))
    totals = sampled.requests.http[:, 0].sum(axis=(0, -1))
    expected = float(totals[0] / totals.sum())
    assert 6.0 * float(np.sqrt(expected * (1.0 - expected) / total)) < 0.1


def quantile(buckets: Numbers, q: float) -> float:
    cumulative = np.cumsum(buckets)
    rank = q * cumulative[-1]
    i = int(np.searchsorted(cumulative, rank))
    below = cumulative[i - 1] if i else 0.0
    lower = HTTP_EDGES[i - 1] if i else 0.0
    return float(lower + (HTTP_EDGES[i] - lower) * (rank - below) / buckets[i])


def quantiles(
    pushed: Pushed, trace: Trace, q: float, status: str = "2xx"
) -> tuple[float, float, float]:
    """Measured, sampled, and six standard errors of the measured one, in seconds."""
    found = pushed["http_request_duration_seconds_bucket"]
    at = {
        float(le): n
        for (endpoint, le, _, answered), n in found.items()
        if (endpoint, answered) == ("/v1/score", status)
    }
    measured = np.diff([at[e] for e in sorted(at)], prepend=0.0)
    expected = trace.requests.http[:, 0, ("2xx", "4xx", "5xx").index(status)].sum(axis=0)
    n = measured.sum()
    rank_error = 6.0 * float(np.sqrt(q * (1.0 - q) / n))
    spread = quantile(expected, min(q + rank_error, 0.995)) - quantile(expected, q)
    return quantile(measured, q), quantile(expected, q), spread


@pytest.mark.parametrize(("q", "status"), [(0.5, "2xx"), (0.9, "2xx"), (0.95, "2xx"), (0.6, "5xx")])
def test_latency_quantiles_agree(pushed: Pushed, sampled: Trace, q: float, status: str) -> None:
    measured, expected, spread = quantiles(pushed, sampled, q, status)
    # a real server adds some milliseconds of its own, more on a busy machine
    assert expected - spread < measured < expected + spread + 0.025


def test_a_slow_bureau_shows_in_the_upper_quantiles(
    pushed: Pushed,
) -> None:
    calm = hour(SCENARIO.replace("factor: 5", "factor: 1"))
    measured, expected, spread = quantiles(pushed, calm, 0.95)
    assert measured > expected + spread + 0.025
