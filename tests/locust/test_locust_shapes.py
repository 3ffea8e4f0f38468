"""Requests in a mapping's shape: what users write, the platform of that mapping reads."""

from __future__ import annotations

import doctest
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.api.compiled_route import CompiledRoute
from simulator.api.mapped_routes import mapped_routes
from simulator.load import application_shape, own_api, request_shape
from simulator.load.applications import Applications
from simulator.load.platform_calls import calls_of
from simulator.load.request_shape import Filling, RequestShape
from simulator.mapping.api_part import ApiPart
from simulator.mapping.feature_place import UNITS
from simulator.mapping.loading import load_mapping, parse_mapping
from simulator.scenario.baseline import Platform
from simulator.scenario.vocabulary import FEATURES
from tests.support.checkout import CHECKOUT
from tests.support.foreign_lender import Proposal, Proposals

if TYPE_CHECKING:
    from types import ModuleType

    from simulator.mapping.model import Mapping
    from simulator.scenario.vocabulary import Feature

FOREIGN: Final = load_mapping(str(CHECKOUT / "tests/support/foreign_mapping.yaml"))
SCORE: Final = {"route": "POST /score", "endpoint": "score"}
UNITS_KNOWN: Final = [(f, unit) for f, units in UNITS.items() for unit in units]


def mapped(application: dict[str, Any], *routes: dict[str, Any]) -> Mapping:
    """A mapping with that API."""
    api = {"application": {"answer": {}, **application}, "routes": list(routes)}
    return parse_mapping(json.dumps({"version": 1, "name": "x", "api": api}), "x.yaml")


def sent(application: dict[str, Any], name: str = "worker 0") -> Any:  # noqa: ANN401 - JSON
    """What is sent for the first applicant."""
    found = calls_of(mapped(application, SCORE).api, Platform()).by_task["score"]
    body = found.sent(Applications(3, name).one(found.application, "mobile")).body
    return None if body is None else json.loads(body)


def test_a_foreign_api_takes_what_is_sent_of_everybody() -> None:
    known = calls_of(FOREIGN.api, Platform()).by_task
    supply = Applications(5, "worker 0")
    for _ in range(200):
        one = known["score"].sent(supply.one(known["score"].application, "web"))
        Proposal.model_validate_json(one.body or "")
    many = [supply.one(known["batch"].application, "partner") for _ in range(10)]
    batch = known["batch"].sent_together(many)
    assert len(Proposals.model_validate_json(batch.body or "").proposals) == 10


@pytest.mark.parametrize(("feature", "unit"), UNITS_KNOWN)
def test_the_platform_reads_in_its_units_what_users_write(feature: Feature, unit: str) -> None:
    place = {"at": "a.b", "unit": unit}
    mapping = mapped({"applicant": "id", "features": {feature: place}}, SCORE)
    call = calls_of(mapping.api, Platform()).by_task["score"]
    (route,) = map(CompiledRoute, mapped_routes(mapping.api))
    own = calls_of(ApiPart(), Platform()).by_task["score"].application
    theirs, ours = Applications(7, "worker 0"), Applications(7, "worker 0")  # the same people
    for _ in range(20):
        body = call.sent(theirs.one(call.application, "web")).body or ""
        read = route.read(body.encode(), {"headers": []})
        assert read is not None
        value = read.applicants[0].features[FEATURES.index(feature)]
        meant = ours.one(own, "web")[feature]
        digit = 1e-4 if feature in {"revolving_utilisation", "debt_to_income"} else 1.0
        assert value == pytest.approx(meant, abs=0.51 * digit)


def test_words_flags_and_whole_numbers_are_written_as_the_mapping_has_them() -> None:
    features = {
        "home_owner": {"at": "home", "values": {"OWNER": 1, "TENANT": 0}},
        "ficp_flag": {"at": "listed", "values": {"true": 1, "false": 0}},
        "job_tenure_months": {"at": "years", "unit": "years", "whole": True},
    }
    body = sent({"features": features})

    assert body["home"] in {"OWNER", "TENANT"}
    assert isinstance(body["years"], int)


def test_places_in_lists_queries_headers_and_paths_are_filled() -> None:
    application = {
        "applicant": "path:customer",
        "channels": {"at": "header:X-Channel", "values": {"APP": "mobile", "SITE": "web"}},
        "features": {
            "age": {"at": "data[name=age].value"},
            "amount": {"at": "inputs[1]"},
            "duration_months": {"at": "query:months"},
        },
        "answer": {},
    }
    route = {"route": "POST /customers/{customer}/score", "endpoint": "score"}
    call = calls_of(mapped(application, route).api, Platform()).by_task["score"]
    filling = Filling(
        applicant='"c/7"', channel='"APP"', age=41.0, amount=6000.0, duration_months=36.0
    )

    assert call.sent(filling) == (
        "/customers/c%2F7/score?months=36",
        '{"data":[{"name":"age","value":41}],"inputs":[null,6000]}',
        {"X-Channel": "APP"},
    )


def test_what_else_is_sent_stands_beside_and_can_name_the_moment() -> None:
    sends = {"currency": "EUR", "rate": "5 %", "trace": "r-{request_id}", "via": "{channel}"}
    body = sent({"applicant": "id", "sends": sends, "applicant_keys": "{number}"}, "worker 2")

    assert {**body, "trace": body["trace"][:2]} == {
        **sends,
        "trace": "r-",
        "via": "mobile",
        "id": 20_000_001,
    }


def test_two_workers_send_other_people_also_where_keys_are_numbers() -> None:
    application = {"applicant": "id", "applicant_keys": "CUST{number}"}

    assert sent(application, "worker 0")["id"] != sent(application, "worker 1")["id"]


def test_an_application_filled_in_wrongly_has_no_key() -> None:
    call = calls_of(FOREIGN.api, Platform()).by_task["score"]
    filling = Applications(5, "worker 0").one(call.application, "web")
    wrong = call.mistaken(filling, chance=0.9)

    assert wrong is not None
    assert "customerNumber" not in json.loads(wrong.body or "")["customer"]


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({}, {"review": "no route", "erasure": "no route", "models": "no route"}),
        (
            {"answer": {"points": "{score}"}},
            dict.fromkeys(("decision", "explanation"), "answers hold no {decision_id}"),
        ),
    ],
)
def test_what_users_cannot_call_is_left_out_with_the_reason(
    changed: dict[str, object], missing: dict[str, str]
) -> None:
    application = FOREIGN.api.application
    assert application is not None
    api = FOREIGN.api.model_copy(update={"application": application.model_copy(update=changed)})
    known = calls_of(api, Platform())

    assert missing.items() <= known.missing.items()
    assert not missing.keys() & known.by_task.keys()


def test_an_endpoint_with_a_key_that_nothing_says_is_left_out() -> None:
    route = {"route": "POST /tenants/{tenant}/score", "endpoint": "score"}
    models = {"route": "GET /models", "endpoint": "models"}
    known = calls_of(mapped({"applicant": "id"}, route, models).api, Platform())

    assert known.missing["score"] == "nothing says what {tenant} is"
    assert list(known.by_task) == ["models"]


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5) | st.floats(-1, 1)))
def test_whatever_else_is_sent_arrives_as_it_is(sends: dict[str, Any]) -> None:
    sends = {k: v for k, v in sends.items() if "{" not in str(v) and "}" not in str(v)}
    shape = RequestShape("/", {"applicant": "the.key"}, base=sends)

    assert json.loads(shape.body(Filling(applicant='"c"')) or "") == sends | {"the": {"key": "c"}}


@pytest.mark.parametrize("module", [application_shape, own_api, request_shape])
def test_the_examples_of_docstrings_are_true(module: ModuleType) -> None:
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)
