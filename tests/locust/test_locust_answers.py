"""Answers: those that are as a mapping has them are read; of others it is said what is not."""

from __future__ import annotations

import copy
import doctest
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.load import expected, mismatches, platform_calls
from simulator.load.answer_types import answer_types
from simulator.load.expected import Expected, Found, UnexpectedAnswerError
from simulator.load.platform_calls import calls_of
from simulator.load.request_shape import Filling
from simulator.mapping.api_part import ApiPart
from simulator.mapping.application import Application
from simulator.mapping.loading import load_mapping
from simulator.scenario.baseline import Platform
from simulator.scenario.platform.policy import Policy
from tests.support.checkout import CHECKOUT
from tests.support.fake_api import MODEL, decision

if TYPE_CHECKING:
    from simulator.load.calls import Call
    from simulator.scenario.vocabulary import Endpoint

OWN: Final = calls_of(ApiPart(), Platform()).by_task
MAPPING: Final = load_mapping(str(CHECKOUT / "tests/support/foreign_mapping.yaml"))
THEIRS: Final = calls_of(MAPPING.api, Platform(policy=MAPPING.platform.policy)).by_task
REASON: Final = {"feature": "age", "value": 41, "contribution": -0.2}
ANSWERS: Final[dict[Endpoint, Any]] = {
    "score": decision(),
    "batch": {"decisions": [decision(), decision("a-2", "d-2")]},
    "decision": decision(),
    "explanation": {
        "decision_id": "d-1",
        "decision": "accepted",
        "score": 712,
        "reasons": [REASON],
        "human_review": "ask",
    },
    "review": decision(),
    "erasure": {"applicant_id": "a-1", "deleted": 0},
    "models": [MODEL],
}
OTHERS: Final = {
    "html": b"<html>Welcome</html>",
    "null": b"null",
    "list": b"[]",
    "list of lists": b"[[]]",
    "number": b"17",
    "text": b'"decision_id"',
    "nothing": b"",
    "other": b'{"status": "ok"}',
    "other types": b'{"decision_id": [], "decisions": 5, "deleted": true, "applicant_id": {}}',
    "nulls": b'{"decision_id": null, "decisions": null, "deleted": null, "applicant_id": null}',
    "not UTF-8": b'{"decision_id": "\xff"}',
    "nested": b"[" * 200_000,
    "a number of many digits": b"1" * 6000,
}
THEIR_ANSWER: Final = {
    "assessmentId": "AS-1",
    "customerNumber": "c7",
    "result": {
        "outcome": "REFER",
        "points": 601,
        "riskBand": "HIGH",
        "probabilityOfDefault": 0.1,
        "approvedAmount": None,
    },
    "modelVersion": 7.5,
    "processingTimeMs": 3,
}


def as_json(content: object) -> bytes:
    return json.dumps(content).encode()


def changed(place: str, value: object) -> bytes:
    """Their answer with another value there; without one where it is `...`."""
    answer: Any = copy.deepcopy(THEIR_ANSWER)
    *way, last = place.split(".")
    inside = answer
    for name in way:
        inside = inside[name]
    del inside[last]
    return as_json(answer) if value is ... else as_json(_with(answer, way, last, value))


def _with(answer: Any, way: list[str], last: str, value: object) -> Any:  # noqa: ANN401 - JSON
    inside = answer
    for name in way:
        inside = inside[name]
    inside[last] = value
    return answer


def said_of(raw: bytes, call: Call = THEIRS["score"]) -> str:
    with pytest.raises(UnexpectedAnswerError) as caught:
        call.expected.read(raw)
    return str(caught.value)


@pytest.mark.parametrize("endpoint", ANSWERS)
def test_the_simulation_s_own_answers_are_expected(endpoint: Endpoint) -> None:
    OWN[endpoint].expected.read(as_json(ANSWERS[endpoint]))


@pytest.mark.parametrize("endpoint", ANSWERS)
@pytest.mark.parametrize("name", OTHERS)
def test_an_answer_of_another_shape_is_unexpected(endpoint: Endpoint, name: str) -> None:
    assert said_of(OTHERS[name], OWN[endpoint])


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists))
def test_no_json_without_the_fields_is_taken_for_an_answer(content: object) -> None:
    for call in OWN.values():
        with pytest.raises(UnexpectedAnswerError):
            call.expected.read(as_json(content))


@pytest.mark.parametrize("endpoint", ANSWERS)
def test_each_field_that_is_missing_is_named(endpoint: Endpoint) -> None:
    answer = ANSWERS[endpoint]
    (fields,) = answer if isinstance(answer, list) else [answer]
    for field in fields:
        rest = {name: value for name, value in fields.items() if name != field}
        is_list = isinstance(answer, list)
        said = said_of(as_json([rest] if is_list else rest), OWN[endpoint])
        assert said == f"no {'[].' if is_list else ''}{field}"


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("result.points", ..., "no result.points"),
        ("assessmentId", "", "assessmentId is no key"),
        ("assessmentId", "..", "assessmentId is no key"),
        ("assessmentId", "a b", "assessmentId is no key"),
        ("customerNumber", None, "customerNumber is null, not a whole number or a text"),
        ("result", [], "result is a list, not an object"),
        ("result.points", "601", "result.points is a text, not a number"),
        ("result.points", True, "result.points is true or false, not a number"),
        ("result.points", 299, "result.points is not a number >= 300.0"),
        ("result.points", 851, "result.points is not a number <= 850.0"),
        ("result.outcome", "ACCEPT", "result.outcome is none of APPROVE, REFER, DECLINE"),
        ("result.riskBand", "low", "result.riskBand is none of LOW, MEDIUM, HIGH, VERY_HIGH"),
        ("result.probabilityOfDefault", 10.0, "result.probabilityOfDefault is not a number <= 1.0"),
        ("processingTimeMs", -1, "processingTimeMs is not a number >= 0.0"),
    ],
)
def test_a_value_that_cannot_be_is_said_with_its_place(
    place: str, value: object, said: str
) -> None:
    assert said_of(changed(place, value)) == said


def test_only_who_asks_for_reasons_has_to_get_some() -> None:
    without = as_json({**ANSWERS["explanation"], "reasons": []})
    types = answer_types(ApiPart(), Application(answer={}), Policy())

    assert said_of(without, OWN["explanation"]) == "reasons is not a list of length >= 1"
    for body in (without, b'{"reasons": null}'):
        Expected({"reasons": "{reasons}"}, types).read(body)


def test_what_stands_for_itself_is_there_of_its_type_or_null() -> None:
    template = {"a": "EUR", "b": 1, "c": {"d": True, "e": []}, "f": {"score": "{score}"}}
    constants = Expected(template, {"score": float})
    answer = {"a": "CHF", "b": 2.5, "c": {"d": False, "e": [1]}, "f": {"score": 3}}

    constants.read(as_json(answer))
    constants.read(as_json({**answer, "a": None, "b": None, "c": None}))
    for field, wrong, said in (
        ("a", 1, "a is a whole number, not a text or null"),
        ("c", {"d": 1, "e": []}, "c.d is a whole number, not true or false or null"),
        ("c", {"e": []}, "no c.d"),
        ("f", None, "f is null, not an object"),
    ):
        with pytest.raises(UnexpectedAnswerError) as caught:
            constants.read(as_json({**answer, field: wrong}))
        assert str(caught.value) == said


def test_what_an_answer_has_beside_its_template_is_no_matter() -> None:
    answer = {**THEIR_ANSWER, "more": [1], "result": {**THEIR_ANSWER["result"], "x": {}}}  # type: ignore[dict-item]

    assert THEIRS["score"].expected.read(as_json(answer)) == [Found("AS-1", "c7")]


def test_a_batch_has_a_decision_for_each_application_and_its_last_one_is_remembered() -> None:
    sent = [Filling(applicant='"a-1"'), Filling(applicant='"a-2"')]
    call, body = OWN["batch"], as_json(ANSWERS["batch"])

    assert call.read_decisions(sent, body) == ("d-2", '"a-2"')
    for wrong in (sent[:1], [*sent, *sent]):
        with pytest.raises(UnexpectedAnswerError, match=r"^not a decision for each application$"):
            call.read_decisions(wrong, body)
    with pytest.raises(UnexpectedAnswerError, match=r"^another decisions\[\].applicant_id$"):
        call.read_decisions(sent[::-1], body)


@pytest.mark.parametrize(("sent", "answered"), [("17", "17"), ('"17"', 17), ('"Zo\\u00eb"', "Zoë")])
def test_a_key_may_come_back_as_a_text_or_as_a_number(sent: str, answered: object) -> None:
    call, filling = OWN["score"], Filling(applicant=sent)

    call.read_decisions([filling], as_json({**decision(), "applicant_id": answered}))
    with pytest.raises(UnexpectedAnswerError, match=r"^another applicant_id$"):
        call.read_decisions([filling], as_json({**decision(), "applicant_id": "x"}))


def test_every_decision_of_a_batch_is_looked_at() -> None:
    answer = {"decisions": [decision(), {}]}

    assert said_of(as_json(answer), OWN["batch"]) == "no decisions[].decision_id"


@pytest.mark.parametrize("endpoint", ["decision", "explanation", "review", "erasure"])
def test_an_answer_is_about_what_was_asked_for(endpoint: Endpoint) -> None:
    key = "applicant_id" if endpoint == "erasure" else "decision_id"
    asked = ANSWERS[endpoint][key]
    OWN[endpoint].read_about(Filling(key=f'"{asked}"'), as_json(ANSWERS[endpoint]))

    with pytest.raises(UnexpectedAnswerError, match=f"^another {key}$"):
        OWN[endpoint].read_about(Filling(key='"x-9"'), as_json(ANSWERS[endpoint]))


def test_a_refusal_says_why_as_far_as_it_is_known_how() -> None:
    OWN["score"].read_refusal(b'{"detail": "there is no decision"}')
    OWN["score"].read_refusal(b'{"detail": [{"field": "age"}]}')
    THEIRS["score"].read_refusal(b"anything")
    with pytest.raises(UnexpectedAnswerError, match=r"^no detail$"):
        OWN["score"].read_refusal(b"{}")


@pytest.mark.parametrize("module", [expected, mismatches, platform_calls])
def test_the_examples_of_docstrings_are_true(module: Any) -> None:  # noqa: ANN401 - a module
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)
