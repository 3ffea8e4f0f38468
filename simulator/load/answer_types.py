"""The types of the values that answers name: which numbers they can be, and which words."""

from typing import Annotated, Final

import msgspec

from simulator.api.json_types import TypeForm
from simulator.load.expected import ListOf, one_of
from simulator.mapping.api_part import ApiPart
from simulator.mapping.application import Application
from simulator.scenario.platform.policy import Policy

__all__ = ["answer_types"]

_Share: Final = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
_NotNegative: Final = Annotated[float, msgspec.Meta(ge=0.0)]
_Word: Final = str | float | bool  # in words of its own, or a code
_Text: Final = str | float  # versions of others may be numbers
#: It becomes part of an address, where it is escaped; nothing there stands for "." and "..".
_Key: Final = Annotated[str, msgspec.Meta(pattern=r"^(?!\.{1,2}\Z)[!-~]{1,200}\Z")] | int


def answer_types(api: ApiPart, application: Application, policy: Policy) -> dict[str, TypeForm]:
    """By the names that stand for values in a mapping's templates.

    What is not here may be anything. An amount that is approved may be null where none is. Of a
    platform whose mapping says neither its words nor its range of scores, they may be any.
    """
    words = api.words
    said = words.model_fields_set
    is_ranged = "score_range" in policy.model_fields_set
    named = [words.risk_level.get(level.name, level.name) for level in policy.levels()]
    least, most = sorted(policy.score_range)
    return {
        "applicant_id": str | int,
        "decision_id": _Key,
        "score": Annotated[float, msgspec.Meta(ge=least, le=most)] if is_ranged else float,
        "decision": one_of(words.decision.in_order()) if "decision" in said else _Word,
        "risk_level": one_of(named) if words.risk_level or policy.risk_levels else _Word,
        "model": str,
        "model_version": _Text,
        "probability_of_default": _Share,
        "repayment_probability": _Share,
        "confidence": _Share,
        "amount": _NotNegative,
        "approved_amount": _NotNegative | None,
        "contributions": dict[str, float],
        "reasons": ListOf(application.reason),
        "feature": str,
        "reason": str,
        "contribution": float,
        "rank": float,
        "features": dict,
        "reviewed_by": str | None,
        "count": _NotNegative,
        "n_accepted": _NotNegative,
        "n_review": _NotNegative,
        "n_refused": _NotNegative,
        "mean_score": float,
        "deleted": _NotNegative,
        "version": _Text,
        "traffic_share": _Share,
        "status": str,
        "processing_time_ms": _NotNegative,
        "processing_time_seconds": _NotNegative,
    }
