"""An API as another lender has it: other paths, bodies and words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.api.access import guard_of
from simulator.api.app import create_app
from simulator.mapping.loading import parse_mapping

if TYPE_CHECKING:
    from tests.support.scoring_client import Client

APPLICATION = {
    "applicant": "customer.id",
    "features": {
        "age": {"at": "features.age"},
        "net_income": {"at": "features.json", "scale": 0.1},  # a name that models have, too
        "job_tenure_months": {"at": "features.employment_years", "scale": 12},
    },
    "channel": "partner",
    "answer": {
        "id": "{applicant_id}",
        "result": {"points": "{score}", "risk": "{risk_level}", "scale": [300, 850, True, None]},
        "text": "{decision} with {score} points",
        "parts": "{contributions}",
    },
}
ROUTES: list[dict[str, Any]] = [
    {"route": "POST /scoring", "also": ["PUT /api/scoring"], "endpoint": "score"},
    {
        "route": "POST /scoring/many",
        "endpoint": "batch",
        "applications": "people.listed",
        "decisions": "results",
        "most": 5,
    },
    {"route": "GET /health", "stub": {"body": {"fine": True}}},
    {
        "route": "GET /limits/{id}/of/{kind}",
        "stub": {
            "status": 203,
            "body": {"of": "{id}", "texts": ["a {kind} of {id}", 7]},
            "time": {"median_seconds": 0.5, "sigma": 0.01},
            "counts_as": "decision",
        },
    },
]
API: dict[str, Any] = {
    "application": APPLICATION,
    "words": {"decision": {"accepted": "YES", "refused": "NO"}, "risk_level": {"low": "L"}},
    "routes": ROUTES,
}


def written(api: dict[str, Any]) -> str:
    """A mapping with that API."""
    return json.dumps({"version": 1, "name": "theirs", "api": api})


def answering(client: Client, api: dict[str, Any] | None = None) -> Client:
    """The client, whose API answers as the mapping has it."""
    mapping = parse_mapping(written(api or API), "theirs.yaml")
    client.app = create_app(client.backend, guard_of("127.0.0.1"), (), mapping.api)
    return client


def customer(number: int = 1, **features: object) -> dict[str, Any]:
    """What a customer of that lender sends."""
    sent = {"age": 41, "json": 30_000, "employment_years": 6.5, **features}
    return {"customer": {"id": f"CUST{number}", "name": "Ada"}, "features": sent, "source": 7}
