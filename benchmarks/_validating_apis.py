"""APIs that validate an application and return one answer to everybody, and do no more."""

from typing import Annotated, Any, Literal

import msgspec
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.api.schemas import MAX_BATCH, Application, Batch

__all__ = ["fastapi_app", "starlette_app"]

_ANSWER = {
    "decision_id": "0a1b2c3d-1",
    "applicant_id": "worker-0-1",
    "score": 712,
    "probability_of_default": 0.0213,
    "risk_level": "medium",
    "decision": "accepted",
    "model_version": "3.2.0",
    "reviewed_by": None,
}
_Flag = Annotated[int, msgspec.Meta(ge=0, le=1)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=100)]


class _Applicant(msgspec.Struct, forbid_unknown_fields=True):
    applicant_id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class _Features(msgspec.Struct, forbid_unknown_fields=True):
    revolving_utilisation: Annotated[float, msgspec.Meta(ge=0, le=1)]
    incidents_24m: _Count
    debt_to_income: Annotated[float, msgspec.Meta(ge=0, le=10)]
    job_tenure_months: Annotated[float, msgspec.Meta(ge=0, le=720)]
    net_income: Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]
    ficp_flag: _Flag
    inquiries_6m: _Count
    duration_months: Annotated[float, msgspec.Meta(ge=1, le=120)]
    permanent_contract: _Flag
    home_owner: _Flag
    age: Annotated[float, msgspec.Meta(ge=18, le=120)]
    amount: Annotated[float, msgspec.Meta(ge=200, le=75_000)]


class _Application(msgspec.Struct, forbid_unknown_fields=True):
    channel: Literal["web", "mobile", "partner", "branch"]
    applicant: _Applicant
    features: _Features


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    channel: Literal["web", "mobile", "partner", "branch"]
    applications: Annotated[list[_Application], msgspec.Meta(min_length=1, max_length=MAX_BATCH)]


def _answers(n: int) -> dict[str, Any]:
    return {"decisions": [_ANSWER] * n}


def fastapi_app() -> FastAPI:
    """FastAPI with the product's own schema."""
    app = FastAPI()

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/v1/score")
    async def score(application: Application) -> Response:
        del application
        return JSONResponse(_ANSWER)

    @app.post("/v1/score/batch")
    async def score_batch(batch: Batch) -> Response:
        return JSONResponse(_answers(len(batch.applications)))

    return app


def starlette_app() -> Starlette:
    """Starlette with the same schema, read and written by msgspec."""
    read = msgspec.json.Decoder(_Application).decode
    read_batch = msgspec.json.Decoder(_Batch).decode
    write = msgspec.json.Encoder().encode

    def answered(content: Any) -> Response:  # noqa: ANN401 - JSON
        return Response(write(content), media_type="application/json")

    async def health(_: Request) -> Response:
        return answered({"status": "ok"})

    async def score(request: Request) -> Response:
        try:
            read(await request.body())
        except msgspec.ValidationError as error:
            return Response(str(error), 422)
        return answered(_ANSWER)

    async def score_batch(request: Request) -> Response:
        try:
            batch = read_batch(await request.body())
        except msgspec.ValidationError as error:
            return Response(str(error), 422)
        return answered(_answers(len(batch.applications)))

    return Starlette(
        routes=[
            Route("/health", health),
            Route("/v1/score", score, methods=["POST"]),
            Route("/v1/score/batch", score_batch, methods=["POST"]),
        ],
    )
