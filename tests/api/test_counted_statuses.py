"""Requests that were really sent, counted by the exact status of their answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.api.request_counter import RequestCounter
from simulator.scenario.platform.api import Routes
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS
from simulator.simulation.requests import OUTCOMES, STATUSES
from tests.support.scoring_client import JSON, application, batch, statuses

if TYPE_CHECKING:
    from tests.support.scoring_client import Client


ROUTES = Routes().by_endpoint()


def test_statuses_are_what_the_schema_promises_of_the_platforms_routes(client: Client) -> None:
    paths = client.send("GET", "/openapi.json").json()["paths"]
    promised = {s for method, p in ROUTES.values() for s in paths[p][method.lower()]["responses"]}

    assert {str(status) for status in STATUSES} == promised


def test_look_ups_are_counted_by_the_status_of_their_answer(client: Client) -> None:
    known = client.decision_id()
    client.counter.take()

    for key in (known, "none", "-"):
        client.send("GET", f"/v1/decisions/{key}")
    client.meet(unreachable=1.0)
    client.send("GET", f"/v1/decisions/{known}")

    expected = {("decision", status): 1 for status in (200, 404, 422, 503)}
    assert statuses(client.counter.take()) == expected


def test_a_body_that_is_too_large_is_counted_as_such(client: Client) -> None:
    client.send("POST", "/v1/score", content=b" " * (1 << 20), headers=JSON)

    assert statuses(client.counter.take()) == {("score", 413): 1}


def test_applications_are_counted_by_the_request_that_they_came_with(client: Client) -> None:
    client.send("POST", "/v1/score", json=application(channel="mobile"))
    client.send("POST", "/v1/score", json=application(channel="mobile", age=3))
    client.send("POST", "/v1/score/batch", json=batch(4, channel="branch"))

    requests = client.counter.take().requests
    mobile, branch = CHANNELS.index("mobile"), CHANNELS.index("branch")
    good, invalid = OUTCOMES.index("success"), OUTCOMES.index("validation")
    assert np.argwhere(requests.singles[0]).tolist() == [[mobile, good], [mobile, invalid]]
    assert requests.singles.sum() == 2
    assert np.argwhere(requests.batches[0]).tolist() == [[branch, good]]
    assert requests.batches.sum() == 1
    assert requests.applications.sum() == 6


@pytest.mark.parametrize(
    ("status", "counted_as"), [(201, 200), (307, 200), (400, 401), (405, 404), (502, 503)]
)
def test_a_status_that_is_not_known_counts_as_the_nearest_of_its_class(
    status: int, counted_as: int
) -> None:
    counter = RequestCounter(1)
    counter.request("review", status, 0.01)

    requests = counter.take().requests
    at = ENDPOINTS.index("review"), STATUSES.index(counted_as)
    assert np.argwhere(requests.statuses[0]).tolist() == [list(at)]
