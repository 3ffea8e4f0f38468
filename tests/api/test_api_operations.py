"""Health, metrics, the state of the simulation, the schema, and what is measured of requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families

from simulator.api.request_counter import RequestCounter
from simulator.metrics.exposition import Exposition
from simulator.metrics.latest import latest_values, text_families
from simulator.scenario.platform.api import Routes
from simulator.simulation.latency import HTTP_EDGES
from tests.support.exported import as_written, samples_from_start
from tests.support.scoring_client import Client, answered, application, batch, counted, episode

if TYPE_CHECKING:
    from typing import Any


ROUTES = Routes().by_endpoint()


class LatestDouble:
    """What /metrics gets of the run."""

    def __init__(self, text: bytes | None) -> None:
        self._text = text

    async def scraped(self) -> bytes | None:
        return self._text


def test_the_api_says_that_it_is_up(client: Client) -> None:
    assert client.send("GET", "/health").json()["status"] == "ok"


def test_metrics_are_those_that_were_pushed_and_prometheus_reads_them(client: Client) -> None:
    samples = samples_from_start(client.simulation.advance())
    families = [one.family for one in samples]
    text = Exposition(text_families(families)).text(latest_values([s.blocks for s in samples]))
    client.backend.exposition = LatestDouble(text).scraped

    answer = client.send("GET", "/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    read = {
        as_written(s.name) for f in text_string_to_metric_families(answer.text) for s in f.samples
    }
    assert {f.name for f in families if f.kind != "histogram"} <= read
    assert {f"{f.name}_bucket" for f in families if f.kind == "histogram"} <= read


def test_a_scrape_that_nothing_answers_is_none(client: Client) -> None:
    client.backend.exposition = LatestDouble(None).scraped

    answer = client.send("GET", "/metrics")
    assert answer.status_code == 503
    assert answer.json() == {"detail": "no job answers Prometheus at the moment"}


def test_metrics_are_readable_before_the_first_tick(client: Client) -> None:
    assert list(text_string_to_metric_families(client.send("GET", "/metrics").text)) == []


def test_the_state_of_a_calm_simulation(client: Client) -> None:
    state = client.send("GET", "/simulation").json()

    assert state["scenario"] == "built"
    assert state["ticks"] == 0
    assert state["episodes"] == []
    assert state["applicants"] == [{"share": 1.0, "shifts": {}}]


def test_the_state_says_who_applies_while_the_population_shifts() -> None:
    shift = episode("population-shift", shifts={"age": -1.0, "amount": 0.5}, strength=2.0)
    with Client(shift) as client:
        state = client.send("GET", "/simulation").json()

    assert state["applicants"] == [{"share": 1.0, "shifts": {"age": -2.0, "amount": 1.0}}]
    assert state["episodes"] == [
        {"name": "population-shift", "kind": "population-shift", "active": True}
    ]


def test_the_state_says_when_old_and_new_applicants_mix() -> None:
    onset = {"shape": "gradual", "rise": "24h"}
    shift = episode("population-shift", shifts={"age": -1.0}, onset=onset)
    with Client(shift) as client:
        client.simulation.advance(8640)
        client.backend.meet(client.simulation.conditions())
        applicants = client.send("GET", "/simulation").json()["applicants"]

    assert sum(part["share"] for part in applicants) == pytest.approx(1.0)
    assert [part["shifts"] for part in applicants] == [{}, {"age": -1.0}]


def test_the_state_is_that_of_the_conditions_met_last() -> None:
    lost = episode("overload", start="1h", duration="1h", workers_lost_ratio=0.75)
    with Client(lost, platform={"api": {"workers": 40}}) as client:
        before = client.send("GET", "/simulation").json()
        client.simulation.advance(720)
        client.backend.meet(client.simulation.conditions())
        after = client.send("GET", "/simulation").json()

    assert (before["workers"], after["workers"]) == (40, 10)
    assert (before["elapsed_seconds"], after["elapsed_seconds"]) == (0.0, 3600.0)


def test_the_state_says_how_many_come_through_each_channel() -> None:
    """At ten o'clock in Paris on a Friday, and at ten in the evening."""
    with Client(traffic={"requests_per_second": 80}) as client:
        client.simulation.advance(720)
        client.backend.meet(client.simulation.conditions())
        morning = client.send("GET", "/simulation").json()
        client.simulation.advance(8640)
        client.backend.meet(client.simulation.conditions())
        evening = client.send("GET", "/simulation").json()

    assert morning["requests_per_second"] > evening["requests_per_second"] > 0.0
    for state in (morning, evening):
        assert sum(state["channels"].values()) == pytest.approx(state["requests_per_second"])
    assert morning["channels"]["branch"] > 0.0
    assert evening["channels"]["branch"] == 0.0


def test_every_route_with_an_answer_has_a_model_in_the_schema(client: Client) -> None:
    schema = client.send("GET", "/openapi.json").json()

    for method, path in ROUTES.values():
        responses = schema["paths"][path][method.lower()]["responses"]
        described = json.dumps(responses["200"]["content"]["application/json"]["schema"])
        assert "#/components/schemas/" in described, (method, path)


def test_answers_have_the_fields_that_the_schema_promises(client: Client) -> None:
    promised = client.send("GET", "/openapi.json").json()["components"]["schemas"]
    decision = client.score().json()

    assert set(decision) == set(promised["Decision"]["properties"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/nothing"),
        ("GET", "/v1/score"),
        ("PUT", "/v1/score"),
        ("GET", "/v1/applicants/ada"),
        ("GET", "/health"),
        ("GET", "/metrics"),
        ("GET", "/simulation"),
        ("GET", "/openapi.json"),
    ],
)
def test_only_the_platforms_own_routes_are_measured(client: Client, method: str, path: str) -> None:
    answer = client.send(method, path)

    assert answer.status_code < 500
    tally = client.counter.take()
    assert (answered(tally), counted(tally)) == ({}, {})


def test_requests_are_measured_by_their_routes_template(client: Client) -> None:
    ids = [client.decision_id() for _ in range(3)]
    client.counter.take()

    for decision_id in [*ids, "none"]:
        client.send("GET", f"/v1/decisions/{decision_id}")
        client.send("GET", f"/v1/decisions/{decision_id}/explanation")
    client.send("GET", "/v1/models")
    client.send("DELETE", "/v1/applicants/p-1")

    assert answered(client.counter.take()) == {
        ("decision", "2xx"): 3,
        ("decision", "4xx"): 1,
        ("explanation", "2xx"): 3,
        ("explanation", "4xx"): 1,
        ("models", "2xx"): 1,
        ("erasure", "2xx"): 1,
    }


def test_a_request_takes_less_time_than_its_buckets_edge() -> None:
    counter = RequestCounter(1)
    for edge in HTTP_EDGES.tolist():
        counter.request("models", 200, edge)
    counter.request("models", 200, 99.0)

    tally = counter.take()
    assert tally.requests.http[0, 6, 0].tolist() == [1] * 22
    assert tally.requests.http_seconds[0, 6, 0] == pytest.approx(HTTP_EDGES.sum() + 99.0)


@pytest.mark.parametrize(
    ("status", "status_class"),
    [(200, "2xx"), (307, "2xx"), (404, "4xx"), (422, "4xx"), (500, "5xx"), (504, "5xx")],
)
def test_a_status_belongs_to_its_class(status: int, status_class: str) -> None:
    counter = RequestCounter(1)
    counter.request("score", status, 0.01)

    assert answered(counter.take()) == {("score", status_class): 1}


def test_a_tick_without_requests_has_an_empty_tally() -> None:
    tally = RequestCounter(3).take()

    assert tally.true.shape == tally.given.shape == (0, 12)
    assert tally.prediction.shape[0] == 3
    assert int(tally.requests.applications.sum() + tally.requests.http.sum()) == 0


def test_what_was_taken_is_not_given_again(client: Client) -> None:
    client.score()
    client.counter.take()

    assert counted(client.counter.take()) == {}


def requests_of_all_kinds(n: int) -> list[tuple[str, str, dict[str, Any]]]:
    bad = application(age=3)
    return [
        ("POST", "/v1/score", {"json": application(applicant_id=f"a-{i}")})
        if i % 3 == 0
        else ("POST", "/v1/score/batch", {"json": batch(1 + i % 7)})
        if i % 3 == 1
        else ("POST", "/v1/score", {"json": bad})
        for i in range(n)
    ]


def test_the_tally_of_a_tick_obeys_its_laws() -> None:
    with Client(
        is_delayed=True, platform={"api": {"workers": 3, "timeout_seconds": 0.3}}
    ) as client:
        client.meet(faults={"internal": 0.2, "unavailable": 0.1}, unwritable=0.1)
        client.send_together(requests_of_all_kinds(120))
        tally = client.counter.take()

    scored = int(tally.requests.scored[0])
    outcomes = {outcome for _, outcome in counted(tally)}
    assert {"success", "validation", "internal", "unavailable", "timeout"} <= outcomes
    assert int(tally.requests.http.sum()) == 120
    assert len(tally.true) == len(tally.given) == len(tally.scores) == scored > 0
    assert int(tally.prediction.sum()) == scored
    assert 0 <= tally.requests.bureau_failures[0] <= tally.requests.bureau_calls[0] <= scored
    sent = sum(len(o["json"].get("applications", [0])) for _, _, o in requests_of_all_kinds(120))
    assert int(tally.requests.applications.sum()) == sent


def test_predictions_are_counted_for_the_version_that_made_them() -> None:
    with Client(
        episode("model-release", version="3.3.0", canary_share=0.5, canary_for="12h")
    ) as client:
        for _ in range(4):
            client.send("POST", "/v1/score/batch", json=batch(50))
        tally = client.counter.take()

    assert tally.prediction.sum(axis=1).tolist() == np.bincount(tally.version).tolist()
    assert (tally.prediction_seconds > 0.0).all()


def test_a_defect_of_the_program_is_measured_as_a_5xx(client: Client) -> None:
    del client.backend.engine._versions  # no model can be listed without

    assert client.send("GET", "/v1/models").status_code == 500
    assert answered(client.counter.take()) == {("models", "5xx"): 1}


def test_a_defect_of_the_program_is_one_of_scoring_too(client: Client) -> None:
    del client.backend.engine._versions  # no application can be scored without

    answer = client.score()

    assert (answer.status_code, list(answer.json())) == (500, ["detail"])
    assert answered(client.counter.take()) == {("score", "5xx"): 1}
