"""Decisions beside failures: one metric of what was scored and of what was not."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from simulator.adopt.boards.label_words import role_of
from simulator.adopt.boards.needs import LabelNeed

__all__ = ["Failures", "failures_in", "with_failures", "without"]

_FAILED: Final = frozenset({"error", "failed", "failure", "fail", "exception", "errors"})
_SCORED: Final = frozenset({"success", "ok", "succeeded", "successful", "completed"})
_OF_BOTH: Final = frozenset({"outcome", "status"})


class Failures(NamedTuple):
    """The label that tells failures, its word for them, and that for others if it has one."""

    label: str
    word: str
    other: str = ""


def failures_in(needs: Mapping[str, LabelNeed]) -> Failures | None:
    """Where labels tell failures apart from what was decided; None where they do not.

    >>> failures_in({"status": LabelNeed(chosen=["error"]), "class": LabelNeed(chosen=["fraud"])})
    Failures(label='status', word='error', other='success')
    >>> failures_in({"outcome": LabelNeed(chosen=["approved", "error"])})
    Failures(label='outcome', word='error', other='')
    """
    for label, need in needs.items():
        words = [one for one in need.values if one.lower() in _FAILED]
        if not words or role_of(label) not in {*_OF_BOTH, "decision", "result"}:
            continue
        others = [one for one in need.values if one not in words]
        scored = [one for one in others if one.lower() in _SCORED]
        if len(scored) == len(others):
            return Failures(label, words[0], scored[0] if scored else "success")
        return Failures(label, words[0])
    return None


def with_failures(source: Mapping[str, Any], failures: Failures) -> dict[str, Any]:
    """The union of a source of what was scored with what was not.

    >>> with_failures({"measure": "scored"}, Failures("status", "error", "ok"))["union"][1]
    {'measure': 'unscored', 'constant': {'status': 'error'}}
    """
    content = dict(source)
    labels = content.pop("labels", {})
    scored = {"measure": content.pop("measure")}
    if failures.other:
        scored["constant"] = {failures.label: failures.other}
    if labels:
        scored["labels"] = labels
    failed = {"measure": "unscored", "constant": {failures.label: failures.word}}
    return {"union": [scored, failed], **content}


def without(need: LabelNeed, word: str) -> LabelNeed:
    """What is demanded of a label beside that word."""
    conditions = [one for one in need.conditions if one.value != word]
    chosen = [one for one in need.chosen if one != word]
    mentioned = [one for one in need.mentioned if one != word]
    return LabelNeed(conditions, chosen, mentioned, need.is_shared, need.is_part)
