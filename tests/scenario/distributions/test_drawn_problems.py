"""What is wrong with a distribution is said where it is, with what was found, all at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator

from simulator.errors import ScenarioError
from simulator.scenario.loading import load_scenario, parse_scenario, scenario_text
from simulator.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

LASTING: Final = {"median": "1h", "least": "10m", "most": "5h"}
ENTRY: Final[dict[str, Any]] = {
    "name": "fails",
    "kind": "errors",
    "a_week": 7,
    "duration": LASTING,
    "parameters": {"ratio": {"log_uniform": [0.01, 0.5]}},
}


def parsed(*entries: object, **fields: object) -> Scenario:
    content = {"name": "x", "description": "x", "duration": "24h", **fields, "drawn": entries}
    return parse_scenario(json.dumps(content), "x.yaml")


def with_parameters(**parameters: object) -> dict[str, Any]:
    return {**ENTRY, "parameters": parameters}


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ({"kind": "error"}, "kind", "none of .*did you mean 'errors'"),
        ({"a_week": 0}, "a_week", "above 0"),
        ({"a_week": "yes"}, "a_week", "number"),
        ({"a_month": 1}, "a_month", "is no key here"),
        ({"weekdays": ["mon", "mon"]}, "weekdays", "listed twice"),
        ({"weekdays": ["lundi"]}, "weekdays.0", "'mon'"),
        ({"onset": {"abrupt": 0}}, "onset", "all weights are 0"),
        ({"onset": {"sudden": 1}}, "onset", "abrupt"),
        ({"hours": {"start": 9}}, "hours.start", "with its unit"),
        ({"duration": {**LASTING, "least": "2h"}}, "duration", "not in order"),
        ({"duration": {**LASTING, "most": "25h"}}, "duration.most", "86400"),
        ({"duration": {**LASTING, "spread": 0.5}}, "duration.spread", "at least"),
        ({"alarms": {"drifts": "red"}}, "alarms", "drift"),
    ],
)
def test_an_entry_that_cannot_be_says_where(
    changes: dict[str, object], where: str, said: str
) -> None:
    with pytest.raises(ScenarioError, match=rf"drawn\.0\.{where}.*{said}"):
        parsed({**ENTRY, **changes})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"log_uniform": [0, 0.5]}, "begins above 0"),
        ({"log_uniform": [0.5, 0.1]}, "the lower one comes first"),
        ({"uniform": 0.5}, "a lowest and a highest value"),
        ({"uniform": [0.1, "x"]}, "no number"),
        ({"uniform": ["1m", "x"]}, "not a duration"),
        ({"uniform": [0.1, float("inf")]}, "no number"),
        ({"uniform": [0.1, 0.5], "dense": 1}, "dense: beside uniform"),
        ({"uniform": [0.1, 1.5]}, r"should be at most 1 \(found 1.5\)"),
        ({"whole": [1.5, 2]}, "two whole numbers"),
        ({"one_of": []}, "a list of values"),
        ({"one_of": [0.1, 2.0]}, r"\(found 2.0\)"),
        ({"one_of": [0.1], "weights": [1, 1]}, "a number for each of the 1"),
        ({"one_of": [0.1], "weights": [0]}, "not all 0"),
        ({"one_of": [True, 0.1]}, "truth value"),
        ({"evenly": [0.1, 0.5]}, "a number"),
    ],
)
def test_a_distribution_that_is_none_says_why(content: object, said: str) -> None:
    with pytest.raises(ScenarioError, match=rf"x\.yaml: drawn\.0\.parameters\.ratio.*{said}"):
        parsed(with_parameters(ratio=content))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (with_parameters(), r"parameters\.ratio: is missing"),
        (with_parameters(ratio=0.1, share=2), r"parameters\.share: is no key here"),
        (
            {**ENTRY, "kind": "broker-loss", "parameters": {"brokers": {"whole": [1, 9]}}},
            r"parameters\.brokers: 9 lost of only 5",
        ),
        (
            {**ENTRY, "kind": "counter-reset", "onset": {"gradual": 1},
             "parameters": {"jobs": ["minio"]}},
            r"drawn\.0\.onset: .*is a restart, which is abrupt",
        ),
        ({**ENTRY, "look_alike": True}, r"look_alike: with .* it calls for .*red success-rate"),
    ],
)  # fmt: skip
def test_what_the_kind_or_the_platform_does_not_allow_is_said(
    entry: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScenarioError, match=said):
        parsed(entry)


def test_all_that_is_wrong_is_said_at_once() -> None:
    other = {**with_parameters(ratio=9, status=200), "name": "other"}
    with pytest.raises(ScenarioError) as refused:
        parsed(with_parameters(ratio={"whole": 3}), other, ENTRY, {**ENTRY, "kind": "errors"})

    text = str(refused.value)
    for part in ("drawn.0.parameters.ratio", "drawn.1.parameters.ratio", "drawn.1.parameters.st"):
        assert part in text
    assert "3 entries are named 'fails'" in text


def test_an_entry_may_not_outlast_its_scenario() -> None:
    with pytest.raises(ScenarioError, match="lasts 10m or more, and the scenario 5m"):
        parsed(ENTRY, duration="5m")


def is_valid(content: object) -> bool:
    validator = Draft202012Validator(Scenario.model_json_schema())
    return bool(validator.is_valid(content))


def _in_a_file(**changes: object) -> object:
    entry = {**ENTRY, **changes}
    return {"name": "x", "description": "x", "duration": "24h", "drawn": [entry]}


@pytest.mark.parametrize(
    ("changes", "is_fine"),
    [
        ({}, True),
        ({"parameters": {"ratio": {"uniform": [0.1, 0.2]}, "status": {"one_of": [500]}}}, True),
        ({"parameters": {"ratio": {"uniform": [0.1]}}}, False),
        ({"parameters": {"ratio": {"evenly": [0.1, 0.2]}}}, False),
        ({"parameters": {"ratio": 0.1, "share": 0.1}}, False),
        ({"parameters": {"ratio": 0.1, "status": {"one_of": [200]}}}, False),
        ({"parameters": {}}, False),
        ({"kind": "error"}, False),
    ],
)
def test_the_schema_takes_what_is_read(changes: dict[str, object], is_fine: bool) -> None:  # noqa: FBT001 - a table
    assert is_valid(_in_a_file(**changes)) == is_fine


def test_the_schema_takes_the_scenario_on_call(yaml_of: Callable[[str], object]) -> None:
    assert is_valid(yaml_of(scenario_text("on-call")))
    assert load_scenario("on-call").drawn


@pytest.fixture
def yaml_of() -> Callable[[str], object]:
    import yaml  # noqa: PLC0415 - one test needs it

    return yaml.safe_load
