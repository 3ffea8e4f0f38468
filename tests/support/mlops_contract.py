"""A load test of an MLOps scoring platform, as its documents describe the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

#: Method, path, body, and how many applications are scored by it.
Sent = tuple[str, str, Any, int]

LOGIN: Final = "/auth/realms/mlops-scoring-platform/protocol/openid-connect/token"
SCORING: Final = ("/score", "/api/v1/scoring", "/score/")
BATCHES: Final = ("/score/batch", "/v1/scoring/batch")
RISKS: Final = {"LOW", "MEDIUM", "HIGH", "VERY_HIGH"}
#: What a healthy platform fails at, at its own rate.
PLANNED: Final = {401, 429, 500, 503, 504}


def customer(rng: Random) -> dict[str, Any]:
    return {
        "customer_id": f"CUST{rng.randint(1000, 9999)}",
        "features": {
            "age": rng.randint(18, 75),
            "income": rng.randint(15_000, 120_000),
            "employment_years": rng.randint(0, 30),
            "debt_ratio": round(rng.uniform(0.0, 0.9), 2),
            "revolving_utilization": round(rng.uniform(0.0, 1.0), 2),
        },
    }


def one_of_each(rng: Random) -> Iterator[Sent]:
    """Every kind of request once, in each of its forms."""
    for path in SCORING:
        yield "POST", path, customer(rng), 1
    for path in BATCHES:
        size = rng.randint(5, 20)
        yield "POST", path, {"customers": [customer(rng) for _ in range(size)]}, size
    key = customer(rng)["customer_id"]
    pushed = {
        "current_balance": rng.uniform(0, 10_000),
        "last_transaction_amount": rng.uniform(1, 500),
        "login_attempts_24h": rng.randint(0, 5),
        "device_fingerprint_score": rng.random(),
        "ip_risk_score": rng.random(),
    }
    yield "GET", "/health", None, 0
    yield "GET", f"/features/{key}", None, 0
    yield "POST", "/features/update", {"customer_id": key, "features": pushed}, 0
    yield "POST", LOGIN, {"grant_type": "password", "username": "u", "password": "p"}, 0
    yield "GET", "/api/2.0/mlflow/experiments/list", None, 0
    yield "GET", "/api/2.0/mlflow/registered-models/list", None, 0
    asked = {"features": ["customer:income"], "entities": {"customer_id": [key]}}
    yield "POST", "/api/v1/online-features", asked, 0
    message = {"records": [{"value": {"customer_id": key, "amount": 12.5}}]}
    yield "POST", "/kafka/topics/transactions/messages", message, 0
    yield "GET", "/kafka/topics/transactions/messages?limit=10", None, 0


def problems(sent: Sent, status: int, answer: Any) -> list[str]:  # noqa: ANN401 - JSON
    """What is wrong with an answer that is none of the planned errors."""
    _, path, body, _ = sent
    if status not in {200, 201}:
        return [f"{path}: status {status}"]
    if path in SCORING:
        return _of_score(path, body, answer)
    if path in BATCHES:
        results, asked = answer["results"], body["customers"]
        if len(results) != len(asked):
            return [f"{path}: {len(results)} results for {len(asked)} customers"]
        pairs = zip(asked, results, strict=True)
        return [wrong for one, result in pairs for wrong in _of_score(path, one, result)]
    field = {
        LOGIN: "access_token",
        "/api/2.0/mlflow/experiments/list": "experiments",
        "/api/2.0/mlflow/registered-models/list": "registered_models",
        "/api/v1/online-features": "results",
        "/kafka/topics/transactions/messages?limit=10": "messages",
    }.get(path, "features" if path.startswith("/features/CUST") else None)
    return [] if field is None or field in answer else [f"{path}: no {field}"]


def _of_score(path: str, sent: Any, answer: Any) -> list[str]:  # noqa: ANN401 - JSON
    is_right = (
        answer["customer_id"] == sent["customer_id"]
        and 300 <= answer["credit_score"] <= 850
        and answer["risk_level"] in RISKS
        and answer["approved_amount"] >= 0
        and 0.5 <= answer["confidence"] <= 1
        and answer["processing_time_ms"] > 0
        and isinstance(answer["model_version"], str)
        and {"income", "age", "debt_ratio"} <= answer["feature_contributions"].keys()
    )
    return [] if is_right else [f"{path}: {answer}"]
