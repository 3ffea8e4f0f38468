"""Whether an answer is one of the scoring API: what each endpoint gives, and what is missing."""

import json
import re
from typing import Any, Final, TypeAlias

__all__ = [
    "Key",
    "UnexpectedAnswerError",
    "batch_decided",
    "decided",
    "erased",
    "explained",
    "listed_models",
    "refused",
    "shown",
]

Key: TypeAlias = tuple[str, str]  # of a decision and of its applicant

_AS_IN_PATHS: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}").fullmatch


class UnexpectedAnswerError(ValueError):
    """An answer of another shape; its text says what is not in it."""


def decided(body: bytes) -> Key:
    """The keys of the decision that an application got.

    Raises:
        UnexpectedAnswerError: the body is no decision, but other JSON or none.

    >>> decided(b'{"decision_id": "d-1", "applicant_id": "a-1", "score": 700}')
    ('d-1', 'a-1')
    >>> decided(b"<html>Welcome</html>")
    Traceback (most recent call last):
    simulator.load.answers.UnexpectedAnswerError: no decision_id
    """
    return _key(_parsed(body))


def batch_decided(body: bytes, size: int) -> Key:
    """The keys of a batch's last decision.

    Raises:
        UnexpectedAnswerError: the body holds no decision for each of `size` applications.
    """
    decisions = _field(_parsed(body), "decisions", list)
    if len(decisions) != size:
        raise UnexpectedAnswerError("not a decision for each application")
    return [_key(each) for each in decisions][-1]


def shown(body: bytes, key: str) -> None:
    """Nothing, where the body is the decision of that key.

    Raises:
        UnexpectedAnswerError: it is not.
    """
    if _key(_parsed(body))[0] != key:
        raise UnexpectedAnswerError("another decision_id")


def explained(body: bytes, key: str) -> None:
    """Nothing, where the body holds the reasons for the decision of that key.

    Raises:
        UnexpectedAnswerError: it does not.
    """
    answer = _parsed(body)
    if _field(answer, "decision_id", str) != key:
        raise UnexpectedAnswerError("another decision_id")
    if not _field(answer, "reasons", list):
        raise UnexpectedAnswerError("no reasons")


def erased(body: bytes) -> None:
    """Nothing, where the body says how many decisions were deleted.

    Raises:
        UnexpectedAnswerError: it does not.

    >>> erased(b'{"applicant_id": "a-1", "deleted": 2}')
    """
    _field(_parsed(body), "deleted", int)


def listed_models(body: bytes) -> None:
    """Nothing, where the body lists model versions.

    Raises:
        UnexpectedAnswerError: it does not.
    """
    models = _parsed(body)
    if not isinstance(models, list) or not models:
        raise UnexpectedAnswerError("no version")
    for model in models:
        _field(model, "version", str)


def refused(body: bytes) -> None:
    """Nothing, where the body says why a request is not served.

    Raises:
        UnexpectedAnswerError: it does not.
    """
    _field(_parsed(body), "detail", str | list)


def _parsed(body: bytes) -> object:
    """What the body holds; None, which no endpoint gives, where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # also numbers of thousands of digits, endless brackets
        return None


def _field(answer: object, name: str, kind: Any) -> Any:  # noqa: ANN401 - of JSON
    """A field of an object, of that type and not empty.

    Raises:
        UnexpectedAnswerError: it has none.
    """
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, kind) or isinstance(found, bool):
        raise UnexpectedAnswerError(f"no {name}")
    return found


def _key(answer: object) -> Key:
    decision, applicant = _field(answer, "decision_id", str), _field(answer, "applicant_id", str)
    for name, value in (("decision_id", decision), ("applicant_id", applicant)):
        if not _AS_IN_PATHS(value):  # it becomes part of an address
            raise UnexpectedAnswerError(f"no {name}")
    return decision, applicant
