"""Answers: those of the API are read, and of all others it is said what is not in them."""

from __future__ import annotations

import doctest
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.load import answers
from simulator.load.answers import (
    UnexpectedAnswerError,
    batch_decided,
    decided,
    erased,
    explained,
    listed_models,
    refused,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DECISION = {"decision_id": "d-1", "applicant_id": "a-1"}
READERS: dict[str, Callable[[bytes], object]] = {
    "no decision_id": decided,
    "no decisions": lambda body: batch_decided(body, 2),
    "another decision_id|no decision_id": lambda body: shown(body, "d-9"),
    "no reasons|no decision_id": lambda body: explained(body, "d-1"),
    "no deleted": erased,
    "no version": listed_models,
    "no detail": refused,
}
OTHERS = {
    "html": b"<html>Welcome</html>",
    "null": b"null",
    "list": b"[]",
    "list of lists": b"[[]]",
    "number": b"17",
    "text": b'"decision_id"',
    "nothing": b"",
    "other": b'{"status": "ok"}',
    "other types": b'{"decision_id": 5, "decisions": 5, "deleted": true, "detail": 7}',
    "nulls": b'{"decision_id": null, "decisions": null, "deleted": null, "detail": null}',
    "not UTF-8": b'{"decision_id": "\xff"}',
    "nested": b"[" * 200_000,
    "a number of many digits": b"1" * 6000,
}


def as_json(content: object) -> bytes:
    return json.dumps(content).encode()


@pytest.mark.parametrize("missing", READERS)
@pytest.mark.parametrize("name", OTHERS)
def test_an_answer_of_another_shape_is_unexpected(missing: str, name: str) -> None:
    with pytest.raises(UnexpectedAnswerError, match=f"^({missing})$"):
        READERS[missing](OTHERS[name])


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists))
def test_no_json_without_the_fields_is_taken_for_an_answer(content: object) -> None:
    for read in READERS.values():
        with pytest.raises(UnexpectedAnswerError):
            read(as_json(content))


@pytest.mark.parametrize("key", ["", "a/b", "a b", "..", "d-1\n", "x" * 65, "é"])
@pytest.mark.parametrize("field", ["decision_id", "applicant_id"])
def test_a_key_that_would_be_another_address_is_none(field: str, key: str) -> None:
    with pytest.raises(UnexpectedAnswerError, match=f"^no {field}$"):
        decided(as_json({**DECISION, field: key}))


def test_a_batch_s_last_decision_is_remembered() -> None:
    decisions = [DECISION, {"decision_id": "d-2", "applicant_id": "a-2"}]
    assert batch_decided(as_json({"decisions": decisions}), 2) == ("d-2", "a-2")


@pytest.mark.parametrize("size", [1, 3])
def test_a_batch_with_a_decision_too_many_or_few_is_unexpected(size: int) -> None:
    body = as_json({"decisions": [DECISION] * 2})
    with pytest.raises(UnexpectedAnswerError, match="not a decision for each application"):
        batch_decided(body, size)


def test_every_decision_of_a_batch_is_looked_at() -> None:
    with pytest.raises(UnexpectedAnswerError, match="no decision_id"):
        batch_decided(as_json({"decisions": [{}, DECISION]}), 2)


def test_the_decision_that_was_asked_for_is_expected() -> None:
    shown(as_json(DECISION), "d-1")
    with pytest.raises(UnexpectedAnswerError, match="another decision_id"):
        shown(as_json(DECISION), "d-2")


def test_the_reasons_for_the_decision_asked_for_are_expected() -> None:
    body = as_json({"decision_id": "d-1", "reasons": [{"feature": "age"}]})
    explained(body, "d-1")
    with pytest.raises(UnexpectedAnswerError, match="another decision_id"):
        explained(body, "d-2")


def test_deletions_models_and_refusals_are_expected() -> None:
    erased(b'{"deleted": 0}')
    listed_models(b'[{"version": "1.0.0"}]')
    refused(b'{"detail": "there is no decision"}')
    refused(b'{"detail": [{"field": "age"}]}')


def test_the_examples_of_its_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(answers)
    assert (failed, tried > 0) == (0, True)
