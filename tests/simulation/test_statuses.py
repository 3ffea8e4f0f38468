"""Requests by exact status: the same requests as by class, and as outcomes of applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings

from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.simulation.requests import (
    OUTCOMES,
    STATUS_CLASSES,
    STATUS_OF_OUTCOME,
    STATUSES,
    Requests,
    class_of_status,
)
from tests.support.sampled_requests import sampled_requests
from tests.support.scenario_builders import episode, scenario
from tests.support.scenario_strategies import plans

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

PARTNER = CHANNELS.index("partner")


def _assert_statuses_are_the_classes(requests: Requests) -> None:
    for status_class in range(len(STATUS_CLASSES)):
        of_class = [i for i, s in enumerate(STATUSES) if class_of_status(s) == status_class]
        by_bucket = requests.http[:, :, status_class]
        assert np.array_equal(requests.statuses[:, :, of_class].sum(axis=2), by_bucket.sum(axis=2))


def _assert_statuses_are_the_outcomes(requests: Requests) -> None:
    for endpoint, sent in (("score", requests.singles), ("batch", requests.batches)):
        of_endpoint = requests.statuses[:, ENDPOINTS.index(endpoint)]
        for i, status in enumerate(STATUSES):
            outcomes = [j for j, o in enumerate(OUTCOMES) if STATUS_OF_OUTCOME[o] == status]
            assert np.array_equal(of_endpoint[:, i], sent[:, :, outcomes].sum(axis=(1, 2)))


def _assert_applications_came_with_requests(requests: Requests, sizes: tuple[int, ...]) -> None:
    in_batches = requests.applications - requests.singles
    assert (in_batches >= min(sizes) * requests.batches).all()
    assert (in_batches <= max(sizes) * requests.batches).all()
    assert np.delete(requests.batches, PARTNER, axis=1).sum() == 0


@given(plans())
@settings(max_examples=15, deadline=None)
def test_statuses_classes_and_outcomes_are_of_the_same_requests(plan: Scenario) -> None:
    requests = sampled_requests(plan, step=15.0, ticks=40)

    assert min(array.min() for array in (requests.statuses, requests.singles)) >= 0
    _assert_statuses_are_the_classes(requests)
    _assert_statuses_are_the_outcomes(requests)
    _assert_applications_came_with_requests(requests, plan.traffic.batch_sizes)


def _statuses(*episodes: dict[str, Any], **changes: Any) -> dict[str, set[int]]:  # noqa: ANN401 - a file's own values
    """The statuses that each endpoint answers with in an hour."""
    requests = sampled_requests(scenario(*episodes, **changes), step=15.0, ticks=240)
    answered = requests.statuses.sum(axis=0) > 0
    return {e: {STATUSES[j] for j in np.flatnonzero(answered[i])} for i, e in enumerate(ENDPOINTS)}


def test_in_health_look_ups_are_found_or_not_and_models_are_found() -> None:
    traffic = {"requests_per_second": 300.0}
    answered = _statuses(traffic=traffic)
    for endpoint in ("decision", "explanation", "review", "erasure"):
        assert answered[endpoint] == {200, 404}
    assert answered["models"] == {200}
    assert answered["score"] == {200, 401, 422, 429, 500, 503, 504}


def test_look_ups_of_lost_replicas_are_answered_with_503() -> None:
    lost = episode("instance-loss", replicas=4, start="10m", duration="30m")
    assert _statuses(lost)["models"] == {200, 503}


@pytest.mark.parametrize("status", [401, 429, 500, 503, 504])
def test_an_episode_of_errors_raises_its_status_and_no_other(status: int) -> None:
    errors = episode("errors", status=status, ratio=0.4)
    sampled = [sampled_requests(scenario(*e), step=15.0, ticks=40) for e in ([], [errors])]
    healthy, ill = (requests.statuses[:, :2].sum(axis=(0, 1)) for requests in sampled)
    risen = [s for s, was, now in zip(STATUSES, healthy, ill, strict=True) if now > 10 * was + 99]
    assert risen == [status]


def test_what_kafka_does_not_take_is_answered_with_503() -> None:
    lost = episode("broker-loss", brokers=5, start="10m", duration="30m")
    requests = sampled_requests(scenario(lost), step=15.0, ticks=100)
    (answered,) = np.nonzero(requests.statuses[80:, ENDPOINTS.index("score")].sum(axis=0))
    assert 200 not in [STATUSES[i] for i in answered]
    assert requests.statuses[80:, ENDPOINTS.index("score"), STATUSES.index(503)].min() > 0
