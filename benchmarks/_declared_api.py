"""The platform's own routes as a mapping declares them: the same paths, bodies and answers."""

from typing import Any, Final

from simulator.api.schemas import Decision
from simulator.mapping.api_part import ApiPart
from simulator.scenario.vocabulary import FEATURES

__all__ = ["api_part"]

_FIVE: Final = (
    "age",
    "net_income",
    "job_tenure_months",
    "debt_to_income",
    "revolving_utilisation",
)
#: The features that each declared API takes; all others are looked up.
_TAKEN: Final = {"declared": FEATURES, "looked-up": _FIVE}


def api_part(which: str) -> ApiPart:
    """The API that a mapping declares; none for one of another name."""
    if which not in _TAKEN:
        return ApiPart()
    application: dict[str, Any] = {
        "applicant": "applicant.applicant_id",
        "features": {feature: {"at": f"features.{feature}"} for feature in _TAKEN[which]},
        "answer": {name: f"{{{name}}}" for name in Decision.model_fields},
    }
    batch = {"endpoint": "batch", "applications": "applications", "decisions": "decisions"}
    routes = [
        {"route": "POST /v1/score", "endpoint": "score"},
        {"route": "POST /v1/score/batch", **batch},
    ]
    return ApiPart.model_validate({"application": application, "routes": routes})
