"""Each kind of foreign API becomes routes, places, units and words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulator.adopt.from_openapi import mapping_from_openapi
from simulator.errors import OpenApiError
from tests.support.foreign_apis import BANQUE, LENDER, MODEL_SERVER
from tests.support.proposals import proposed

if TYPE_CHECKING:
    from simulator.mapping.application import Application
    from simulator.mapping.model import Mapping


def application(mapping: Mapping) -> Application:
    assert mapping.api.application is not None
    return mapping.api.application


def endpoints(mapping: Mapping) -> dict[str, str]:
    return {route.route: route.endpoint or "stub" for route in mapping.api.routes}


def test_a_french_banks_fields_are_found_with_their_units() -> None:
    features = application(proposed(BANQUE)[0]).features
    assert {name: (one.at, one.unit) for name, one in features.items() if not one.values} == {
        "age": ("demandeur.age", "years"),
        "amount": ("pret.montantDemande", "euros"),
        "debt_to_income": ("charges.tauxEndettement", "percent"),
        "duration_months": ("pret.dureeMois", "months"),
        "incidents_24m": ("charges.incidentsPaiement", None),
        "job_tenure_months": ("demandeur.ancienneteEmploi", "months"),
        "net_income": ("demandeur.revenuMensuel", "monthly"),
    }
    assert features["permanent_contract"].values == {"CDI": 1, "CDD": 0, "INTERIM": 0}
    assert features["ficp_flag"].values == {True: 1, False: 0}


def test_operations_are_the_endpoints_that_they_look_like_under_the_servers_path() -> None:
    mapping, _ = proposed(BANQUE)
    assert endpoints(mapping) == {
        "POST /credit/demandes/evaluation": "score",
        "POST /credit/demandes/lot": "batch",
        "GET /credit/demandes/{numeroDossier}": "decision",
        "GET /credit/sante": "health",
        "GET /credit/agences/{code}": "stub",
    }
    assert mapping.api.authentication is not None
    assert mapping.api.authentication.token == "POST /credit/jeton"  # noqa: S105 - a route
    assert [route.route for route in mapping.api.routes if route.open] == ["GET /credit/sante"]


def test_the_platforms_words_and_scale_are_those_that_the_document_lists() -> None:
    mapping, _ = proposed(BANQUE)
    words = mapping.api.words.decision
    assert (words.accepted, words.review, words.refused) == ("ACCORD", "ETUDE", "REFUS")
    assert list(mapping.platform.policy.score_range) == [0, 1000]
    assert mapping.platform.policy.level_names() == ("FAIBLE", "MOYEN", "ELEVE")


def test_an_answer_says_what_the_simulation_knows_by_the_names_of_its_fields() -> None:
    answer = application(proposed(BANQUE)[0]).answer
    assert answer == {
        "numeroDossier": "{decision_id}",
        "decision": "{decision}",
        "scoreCredit": "{score}",
        "classeRisque": "{risk_level}",
        "montantAccorde": "{approved_amount}",
        "motifs": "{reasons}",
        "horodatage": "{timestamp}",
    }


def test_what_has_no_place_is_named_with_the_reason() -> None:
    _, text = proposed(BANQUE)
    said = " ".join(text.replace("#", " ").split())
    assert "not placed: demandeur.nom, charges.loyer: no feature has a name like it" in said
    assert "demandeur.dateNaissance: like age, but it is a date of birth" in said


def test_swagger_2_with_words_for_numbers_and_truths_for_decisions() -> None:
    mapping, _ = proposed(LENDER)
    features = application(mapping).features
    assert endpoints(mapping)["POST /api/v1/decisions/"] == "score"
    assert features["duration_months"].values == {"36 months": 36, "60 months": 60}
    assert features["job_tenure_months"].values == {"< 1 year": 6, "5 years": 60, "10+ years": 120}
    assert features["revolving_utilisation"].unit == "percent"
    assert features["home_owner"].values == {"RENT": 0, "OWN": 1, "MORTGAGE": 1}
    assert application(mapping).applicant == "member_id"
    assert application(mapping).answer == {
        "member_id": "{applicant_id}",
        "approved": "{is_accepted}",
        "prob_default": "{probability_of_default}",
        "prediction": "{refused_as_number}",
        "latency_ms": "{processing_time_ms}",
    }
    assert mapping.api.authentication is not None
    assert mapping.api.authentication.header == "X-Lender-Key"


def test_rows_of_a_table_and_lists_of_instances_are_read_where_model_servers_put_them() -> None:
    mapping, _ = proposed(MODEL_SERVER)
    features = application(mapping).features
    assert {name: one.at for name, one in features.items()} == {
        "age": "dataframe_split.data[0][0]",
        "net_income": "dataframe_split.data[0][1]",
        "debt_to_income": "dataframe_split.data[0][2]",
    }
    batch = next(route for route in mapping.api.routes if route.endpoint == "batch")
    assert (batch.applications, batch.decisions) == ("instances", "predictions")
    assert batch.application is not None
    income = batch.application.features["net_income"]
    assert (income.unit, income.scale) == ("monthly", 0.01)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "holds a list"),
        ('{"openapi": "4.0", "paths": {}}', "openapi: neither OpenAPI 3 nor Swagger 2"),
        ('{"openapi": "3.1.0"}', "paths: is missing"),
        ("{", "not JSON"),
        ("a: [", "not YAML"),
    ],
)
def test_what_is_no_such_document_is_refused_in_a_line(text: str, said: str) -> None:
    with pytest.raises(OpenApiError, match=said):
        mapping_from_openapi(text, "theirs.json")


def test_references_in_a_circle_and_into_other_files_end() -> None:
    schemas: dict[str, Any] = {
        "A": {
            "type": "object",
            "properties": {"a": {"$ref": "#/components/schemas/A"}, "age": {"$ref": "x.json#/y"}},
        },
        "B": {"$ref": "#/components/schemas/B"},
    }
    body = {
        "content": {
            "application/json": {
                "schema": {
                    "allOf": [
                        {"$ref": "#/components/schemas/A"},
                        {"$ref": "#/components/schemas/B"},
                    ]
                }
            }
        }
    }
    document = {
        "openapi": "3.0.0",
        "paths": {"/score": {"post": {"requestBody": body}}},
        "components": {"schemas": schemas},
    }
    assert "POST /score" in mapping_from_openapi(json.dumps(document), "a.json")


def test_limits_of_a_field_are_those_that_clients_keep_to() -> None:
    body = {
        "type": "object",
        "properties": {
            "loan_term": {"type": "integer", "exclusiveMinimum": 2, "maximum": 20},
            "income": {"type": "number"},
        },
    }
    operation = {"requestBody": {"content": {"application/json": {"schema": body}}}}
    mapping, _ = proposed({"openapi": "3.1.0", "paths": {"/score": {"post": operation}}})
    term = application(mapping).features["duration_months"]
    assert (term.unit, term.whole, term.least, term.most) == ("years", True, 3, 20)
    assert [term.within(years) for years in (0.5, 4.0, 30.0)] == [3, 4.0, 20]


@pytest.mark.parametrize(
    ("schema", "keys"),
    [
        ({"type": "integer"}, "{number}"),
        ({"type": "string", "format": "uuid"}, "{uuid}"),
        ({"type": "string", "pattern": r"^CUST\d{4}$"}, "CUST{digits_4}"),
        ({"type": "string", "pattern": "^C-[0-9]+$"}, "C-{number}"),
        ({"type": "string", "example": "CUST1234"}, "CUST{number}"),
        ({"type": "string"}, "{worker}-{number}"),
    ],
)
def test_keys_are_made_as_the_schema_wants_them(schema: dict[str, Any], keys: str) -> None:
    body = {
        "type": "object",
        "properties": {
            "customer_id": schema,
            "age": {"type": "number"},
            "income": {"type": "number"},
        },
    }
    operation = {"requestBody": {"content": {"application/json": {"schema": body}}}}
    mapping, _ = proposed({"openapi": "3.1.0", "paths": {"/score": {"post": operation}}})
    assert application(mapping).applicant_keys == keys


def scheme(schemes: str, said: dict[str, Any], server: str = "https://api.x.example") -> Any:  # noqa: ANN401 - a part of a mapping
    """The authentication of an API with one scheme."""
    parts: dict[str, Any] = {"openapi": "3.0.3", "servers": [{"url": f"{server}/v1"}]}
    parts |= {"components": {"securitySchemes": {"one": said}}}
    if schemes == "securityDefinitions":
        parts = {"swagger": "2.0", "host": "api.x.example", schemes: {"one": said}}
    paths = {"/score": {"post": {"security": [{"one": ["score:write"]}]}}}
    return proposed({**parts, "paths": paths})[0].api.authentication


@pytest.mark.parametrize("version", ["securitySchemes", "securityDefinitions"])
def test_a_token_of_another_host_is_asked_for_with_its_scopes(version: str) -> None:
    flow = {
        "tokenUrl": "https://login.x.example/oauth/token",
        "scopes": {"score:write": "to score"},
    }
    said: dict[str, Any] = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    if version == "securityDefinitions":
        said = {"type": "oauth2", "flow": "application", **flow}
    asked = scheme(version, said)

    assert (asked.token, asked.token_host) == ("POST /oauth/token", "https://login.x.example")
    assert asked.credentials == {
        "grant_type": "client_credentials",
        "client_id": "{client_id}",
        "client_secret": "{client_secret}",
        "scope": "score:write",
    }


def test_a_token_of_the_same_host_has_no_host_of_its_own() -> None:
    flow = {"tokenUrl": "https://api.x.example/oauth/token", "scopes": {}}
    asked = scheme("securitySchemes", {"type": "oauth2", "flows": {"clientCredentials": flow}})
    assert (asked.token, asked.token_host, asked.credentials) == ("POST /oauth/token", None, None)


@pytest.mark.parametrize(
    ("said", "kind", "where"),
    [
        ({"type": "http", "scheme": "Basic"}, "basic", None),
        ({"type": "basic"}, "basic", None),
        ({"type": "apiKey", "in": "query", "name": "api_key"}, "api-key", "api_key"),
        ({"type": "apiKey", "in": "cookie", "name": "sid"}, "api-key", "sid"),
    ],
)
def test_names_with_passwords_and_keys_of_any_place_are_asked_for(
    said: dict[str, Any], kind: str, where: str | None
) -> None:
    asked = scheme("securitySchemes", said)
    assert (asked.kind, asked.query or asked.cookie) == (kind, where)


@pytest.mark.parametrize(
    ("schema", "keys"),
    [
        ({"minLength": 8, "maxLength": 12}, "{digits_8}"),
        ({"maxLength": 6}, "{digits_6}"),
        ({"minLength": 12}, "{digits_12}"),
        ({"minLength": 3, "maxLength": 40}, "{worker}-{number}"),
    ],
)
def test_keys_are_as_long_as_they_have_to_be(schema: dict[str, Any], keys: str) -> None:
    body = {
        "type": "object",
        "properties": {
            "customer_id": {"type": "string", **schema},
            "age": {"type": "number"},
            "income": {"type": "number"},
        },
    }
    operation = {"requestBody": {"content": {"application/json": {"schema": body}}}}
    mapping, _ = proposed({"openapi": "3.1.0", "paths": {"/score": {"post": operation}}})
    assert application(mapping).applicant_keys == keys


def test_what_has_to_be_in_the_query_and_headers_is_sent_beside() -> None:
    required: Any = {"required": True}
    parameters = [
        {"name": "lang", "in": "query", "schema": {"enum": ["fr", "en"]}, **required},
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"name": "X-Trace", "in": "header", "schema": {"type": "string", "format": "uuid"}}
        | required,
        {"name": "age", "in": "query", "schema": {"type": "integer"}, **required},
    ]
    body = {"type": "object", "properties": {"income": {"type": "number"}}}
    operation = {
        "parameters": parameters,
        "requestBody": {"content": {"application/json": {"schema": body}}},
    }
    mapping, _ = proposed({"openapi": "3.1.0", "paths": {"/score": {"post": operation}}})
    assert mapping.api.routes[0].beside == {"query:lang": "fr", "header:X-Trace": "{request_id}"}
