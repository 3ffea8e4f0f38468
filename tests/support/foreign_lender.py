# ruff: noqa: N815 - fields are called as they are on the wire
"""A lender's API that knows nothing of the simulator: FastAPI, its own paths, words and units.

Vehicle finance: proposals are assessed. Money is by the year, shares are in percent, a job and a
home are words, a listing at the bureau is true or false; tokens come from `POST /oauth2/token` and
end. Its OpenAPI document is what FastAPI makes of it.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from urllib.parse import parse_qs

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import OAuth2
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

__all__ = ["CLIENT", "ForeignLender", "foreign_app", "serving"]

#: The environment in which users can log in.
CLIENT: Final = {
    "SIMULATOR_API_CLIENT_ID": "load-test",
    "SIMULATOR_API_CLIENT_SECRET": "s3cret&of=the lender",
}
TOKEN: Final = "/oauth2/token"  # noqa: S105 - a path
_FLOW: Final = OAuthFlowClientCredentials(tokenUrl=TOKEN)
_SCHEME: Final = OAuth2(flows=OAuthFlows(clientCredentials=_FLOW), auto_error=False)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Finance(_Strict):
    amountFinanced: Annotated[float, Field(ge=200, le=75_000)]
    termMonths: Annotated[int, Field(ge=1, le=120)]


class Employment(_Strict):
    contractType: Literal["PERMANENT", "TEMPORARY"]
    yearsWithEmployer: Annotated[float, Field(ge=0, le=60)]
    annualNetIncome: Annotated[float, Field(ge=0)]


class Customer(_Strict):
    customerNumber: Annotated[str, Field(min_length=3, max_length=40)]
    ageYears: Annotated[int, Field(ge=18, le=100)]
    housing: Literal["OWNER", "TENANT"]
    employment: Employment


class Exposure(_Strict):
    debtRatioPercent: Annotated[float, Field(ge=0, le=1000)]
    cardUtilisationPercent: Annotated[float, Field(ge=0, le=100)]
    latePayments24m: Annotated[int, Field(ge=0)]
    creditChecks6m: Annotated[int, Field(ge=0)]
    listedAtBureau: bool


class Proposal(_Strict):
    customer: Customer
    finance: Finance
    exposure: Exposure


class Proposals(_Strict):
    proposals: Annotated[list[Proposal], Field(min_length=1, max_length=10)]


class Result(BaseModel):
    outcome: Literal["APPROVE", "REFER", "DECLINE"]
    points: Annotated[int, Field(ge=300, le=850)]
    riskBand: Literal["LOW", "MEDIUM", "HIGH", "VERY_HIGH"]
    probabilityOfDefault: Annotated[float, Field(ge=0, le=1)]
    approvedAmount: float


class Assessment(BaseModel):
    assessmentId: str
    customerNumber: str
    result: Result
    modelVersion: str
    processingTimeMs: float


class Assessments(BaseModel):
    assessments: list[Assessment]


class Reason(BaseModel):
    feature: str
    contribution: float


class Rationale(BaseModel):
    assessmentId: str
    reasons: list[Reason]


class Health(BaseModel):
    status: str


@dataclass
class ForeignLender:
    """What it was sent and keeps; `renamed` has other names for fields of its answers.

    Tokens are good for `good_seconds`, and said to last `lasts_seconds`. Nothing is
    assessed while it `is_down`.
    """

    lasts_seconds: float = 300.0
    good_seconds: float = 300.0
    is_down: bool = False
    renamed: dict[str, str] = field(default_factory=dict)
    assessments: dict[str, dict[str, Any]] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    logins: int = 0
    refused: list[str] = field(default_factory=list)

    def token(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        said = {name: values[0] for name, values in asked.items()}
        expected = {
            "grant_type": "client_credentials",
            "client_id": CLIENT["SIMULATOR_API_CLIENT_ID"],
            "client_secret": CLIENT["SIMULATOR_API_CLIENT_SECRET"],
        }
        if said != expected:
            raise HTTPException(401, "invalid_client")
        self.logins += 1
        token = secrets.token_urlsafe(24)
        self.tokens[token] = time.monotonic() + min(self.lasts_seconds, self.good_seconds)
        return {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts_seconds}

    def admit(self, authorization: str | None) -> None:
        token = (authorization or "").removeprefix("Bearer ")
        if self.tokens.get(token, 0.0) < time.monotonic():
            raise HTTPException(401, "invalid_token", {"WWW-Authenticate": "Bearer"})

    def assess(self, proposal: Proposal) -> Assessment:
        if self.is_down:
            raise HTTPException(503, "later")
        self.proposals.append(proposal)
        burden = proposal.exposure.debtRatioPercent + 40.0 * proposal.exposure.latePayments24m
        points = int(min(max(760.0 - 2.0 * burden, 300.0), 850.0))
        bands = ((740, "LOW"), (670, "MEDIUM"), (580, "HIGH"), (0, "VERY_HIGH"))
        outcome = "APPROVE" if points >= 640 else "REFER" if points >= 580 else "DECLINE"
        amount = proposal.finance.amountFinanced if outcome == "APPROVE" else 0.0
        made: dict[str, Any] = {
            "assessmentId": f"AS-{len(self.assessments) + 1}-{secrets.token_hex(3)}",
            "customerNumber": proposal.customer.customerNumber,
            "result": {
                "outcome": outcome,
                "points": points,
                "riskBand": next(band for least, band in bands if points >= least),
                "probabilityOfDefault": round(1.0 - points / 1000.0, 3),
                "approvedAmount": amount,
            },
            "modelVersion": "2026.3",
            "processingTimeMs": 3.5,
        }
        self.assessments[made["assessmentId"]] = made
        return Assessment.model_validate(made)

    def found(self, assessment_id: str) -> Assessment:
        if assessment_id not in self.assessments:
            raise HTTPException(404, "no such assessment")
        return Assessment.model_validate(self.assessments[assessment_id])


def foreign_app(lender: ForeignLender) -> FastAPI:
    """The API over what a lender keeps."""
    app = FastAPI(title="Vehicle finance", version="3.1")
    _rename(app, lender)
    _add_open_routes(app, lender)
    _add_assessments(app, lender)
    return app


def _rename(app: FastAPI, lender: ForeignLender) -> None:
    @app.middleware("http")
    async def renamed(
        request: Request, answered: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response: Any = await answered(request)
        body = b"".join([part async for part in response.body_iterator])
        if response.status_code >= 400:
            lender.refused.append(f"{request.method} {request.url.path}: {response.status_code}")
        for name, other in lender.renamed.items():
            body = body.replace(f'"{name}":'.encode(), f'"{other}":'.encode())
        kept = {k: v for k, v in response.headers.items() if k != "content-length"}
        return Response(body, response.status_code, kept)


def _add_open_routes(app: FastAPI, lender: ForeignLender) -> None:
    @app.post(TOKEN, include_in_schema=False)
    async def token(request: Request) -> dict[str, Any]:
        return lender.token(parse_qs((await request.body()).decode()))

    @app.get("/health")
    async def health() -> Health:
        return Health(status="UP")


def _add_assessments(app: FastAPI, lender: ForeignLender) -> None:
    def admitted(shown: Annotated[str | None, Depends(_SCHEME)]) -> None:
        lender.admit(shown)

    guarded: Any = {"dependencies": [Depends(admitted)]}

    @app.post("/v3/proposals/assess", **guarded)
    async def assess(proposal: Proposal) -> Assessment:
        """Assesses a proposal for credit."""
        return lender.assess(proposal)

    @app.post("/v3/proposals/assess-many", status_code=201, **guarded)
    async def assess_many(asked: Proposals) -> Assessments:
        """Assesses several proposals."""
        return Assessments(assessments=[lender.assess(each) for each in asked.proposals])

    @app.get("/v3/assessments/{assessment_id}", **guarded)
    async def assessment(assessment_id: str) -> Assessment:
        """An assessment made before."""
        return lender.found(assessment_id)

    @app.get("/v3/assessments/{assessment_id}/reasons", **guarded)
    async def reasons(assessment_id: str) -> Rationale:
        """The reasons for an assessment."""
        lender.found(assessment_id)
        reason = Reason(feature="debtRatioPercent", contribution=0.4)
        return Rationale(assessmentId=assessment_id, reasons=[reason])


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The URL at which an app is served, in a thread."""
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10.0
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10.0)
