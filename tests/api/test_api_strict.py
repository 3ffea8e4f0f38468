"""Types are those that the schema says: nothing is made into them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from simulator.scenario.vocabulary import FEATURES
from tests.support.scoring_client import JSON, application

if TYPE_CHECKING:
    from tests.support.scoring_client import Client

WHOLE = ("incidents_24m", "ficp_flag", "inquiries_6m", "permanent_contract", "home_owner")
VALUES: list[Any] = ["1", "", True, False, None, 1, 1.0, 0.5, [1], {"a": 1}, "1.0", 1e300, 20, 300]


@pytest.fixture(scope="module")
def validator(lasting_client: Client) -> Draft202012Validator:
    """Judges applications by the schema in the OpenAPI document alone."""
    document = lasting_client.send("GET", "/openapi.json").json()
    reference = {"$ref": "#/components/schemas/Application"}
    return Draft202012Validator({**reference, "components": document["components"]})


def with_feature(feature: str, value: object) -> Any:  # noqa: ANN401 - JSON
    body = application()
    body["features"][feature] = value
    return body


def is_taken(client: Client, body: object) -> bool:
    status = client.send("POST", "/v1/score", content=json.dumps(body), headers=JSON).status_code
    client.counter.take()
    assert status in {200, 422}
    return status == 200


@pytest.mark.parametrize("feature", FEATURES)
def test_a_value_is_taken_where_the_schema_allows_it_and_nowhere_else(
    lasting_client: Client, validator: Draft202012Validator, feature: str
) -> None:
    bodies = [with_feature(feature, value) for value in VALUES]

    taken = [is_taken(lasting_client, body) for body in bodies]
    assert taken == [validator.is_valid(body) for body in bodies]


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("value", ["1", True, None])
def test_what_only_looks_like_a_number_is_none(
    lasting_client: Client, feature: str, value: object
) -> None:
    assert not is_taken(lasting_client, with_feature(feature, value))


@pytest.mark.parametrize("feature", WHOLE)
def test_a_whole_number_may_be_written_with_a_fraction_of_nothing(
    lasting_client: Client, feature: str
) -> None:
    assert is_taken(lasting_client, with_feature(feature, 1.0))
    assert not is_taken(lasting_client, with_feature(feature, 0.5))


@pytest.mark.parametrize("value", [1, True, None, ["web"]])
def test_a_channel_is_a_text(lasting_client: Client, value: object) -> None:
    assert not is_taken(lasting_client, {**application(), "channel": value})
