# ruff: noqa: N815 - fields are called as they are on the wire
"""Small lenders' APIs that differ in what clients have to send and show, and in how they answer.

Each is FastAPI and strict: what is not as its document says is refused.
"""

import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from fastapi.security import (
    APIKeyCookie,
    APIKeyQuery,
    HTTPAuthorizationCredentials,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
)
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["FOREIGN_KINDS", "SECRETS"]

#: The environment in which users can log in to all of them.
SECRETS: Final = {
    "SIMULATOR_API_USERNAME": "u",
    "SIMULATOR_API_PASSWORD": "p: w",
    "SIMULATOR_API_KEY": "k~1",
    "SIMULATOR_API_CLIENT_ID": "me",
    "SIMULATOR_API_CLIENT_SECRET": "s",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _require(is_good: bool) -> None:  # noqa: FBT001 - reads as what it requires
    if not is_good:
        raise HTTPException(401)


def asked_beside() -> FastAPI:
    """Name and password, a query and headers that have to be there, UUIDs, times, 201."""
    app = FastAPI()

    class Ask(_Strict):
        request_id: uuid.UUID
        submitted_at: datetime
        customer_uuid: uuid.UUID
        birth_date: date
        monthly_net_income: Decimal
        requested_amount: Decimal
        term_in_months: int
        employment_type: Literal["permanent", "fixed_term"]

    class Told(BaseModel):
        customer_uuid: uuid.UUID
        decision: Literal["ACCEPT", "REFER", "REJECT"]
        score: Annotated[int, Field(ge=0, le=10)]
        probability_of_default: float

    @app.post("/credit/assessments", status_code=201)
    def assess(
        ask: Ask,
        tenant: Annotated[str, Query(min_length=2)],  # noqa: ARG001 - it has to be there
        locale: Annotated[Literal["fr", "en"], Query()],  # noqa: ARG001 - the same
        x_correlation_id: Annotated[uuid.UUID, Header()],  # noqa: ARG001 - the same
        who: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())],
    ) -> Told:
        _require((who.username, who.password) == ("u", "p: w"))
        return Told(
            customer_uuid=ask.customer_uuid, decision="REFER", score=7, probability_of_default=0.2
        )

    return app


def one_in_a_list() -> FastAPI:
    """A key in the query, the applicant in a list, answers without a body."""
    app, key = FastAPI(), APIKeyQuery(name="api_key")

    class Person(_Strict):
        age: Annotated[int, Field(ge=18, le=99)]
        income: float
        loan_amount: float
        home_ownership: Literal["OWN", "RENT", "MORTGAGE"]

    class Ask(_Strict):
        applicants: Annotated[list[Person], Field(min_length=1, max_length=2)]
        loan_purpose: str

    class Told(BaseModel):
        credit_score: int
        risk: Literal["low", "high"]
        approved: bool

    @app.post("/score")
    def score(ask: Ask, shown: Annotated[str, Depends(key)]) -> Told:
        _require(shown == "k~1" and len(ask.applicants) == 1)
        return Told(credit_score=700, risk="low", approved=True)

    return app


def numbers_as_texts() -> FastAPI:
    """A key in a cookie, numbers as texts, keys of a pattern, five marks, 202."""
    app, key = FastAPI(), APIKeyCookie(name="session")

    class Person(_Strict):
        customerId: Annotated[str, Field(pattern=r"^C\d{6}$")]
        ageYears: int
        salary: Annotated[str, Field(pattern=r"^\d+(\.\d{2})?$", description="yearly, gross")]

    class Ask(_Strict):
        person: Person
        loan: dict[str, float]

    class Told(BaseModel):
        customerId: str
        outcome: Literal["yes", "no"]
        points: Annotated[int, Field(ge=1, le=5)]

    @app.post("/v1/evaluate", status_code=202)
    def evaluate(ask: Ask, shown: Annotated[str, Depends(key)]) -> Told:
        _require(shown == "k~1")
        return Told(customerId=ask.person.customerId, outcome="yes", points=3)

    return app


def decisions_by_key() -> FastAPI:
    """The applicant in the path; what was decided is read, overridden and erased, with 204."""
    app, kept = FastAPI(), dict[str, Any]()

    class Ask(_Strict):
        age: int
        annualIncome: int
        debtToIncomeRatio: Annotated[float, Field(ge=0, le=1)]
        channel: Literal["WEB", "APP"]

    class Told(BaseModel):
        decisionId: uuid.UUID
        decision: Literal["APPROVED", "DECLINED", "MANUAL"]
        score: Annotated[int, Field(ge=300, le=850)]
        reasons: list[str]
        createdAt: datetime

    class Verdict(_Strict):
        decision: Literal["APPROVED", "DECLINED"]
        reviewer: str

    def found(key: str) -> Told:
        if key not in kept:
            raise HTTPException(404)
        told: Told = kept[key]
        return told

    @app.post("/customers/{customerId}/decisions", status_code=201)
    def decide(customerId: str, ask: Ask) -> Told:  # noqa: ARG001, N803 - as they are on the wire
        told = Told(
            decisionId=uuid.uuid4(),
            decision="MANUAL",
            score=600,
            reasons=["INCOME"],
            createdAt=datetime.now(UTC),
        )
        kept[str(told.decisionId)] = told
        return told

    @app.get("/decisions/{decisionId}")
    def read(decisionId: str) -> Told:  # noqa: N803 - the same
        return found(decisionId)

    @app.put("/decisions/{decisionId}/override", status_code=204)
    def override(decisionId: str, verdict: Verdict) -> None:  # noqa: ARG001, N803 - the same
        found(decisionId)

    @app.delete("/customers/{customerId}", status_code=204)
    def erase(customerId: str) -> None:  # noqa: N803 - the same
        """Nothing is said."""

    return app


def token_in_json() -> FastAPI:
    """A token for a body of JSON with a scope, marks from 0 to 100, whole numbers as keys."""
    app, good = FastAPI(), set[str]()

    class Secrets(_Strict):
        clientId: str
        clientSecret: str
        scope: str

    class Token(BaseModel):
        accessToken: str
        expiresIn: int

    class Ask(_Strict):
        customer_id: int
        income: float
        age: int
        employment_years: float
        requested: Annotated[float, Field(ge=1000, le=50_000, description="loan amount in EUR")]

    class Told(BaseModel):
        customer_id: int
        score: Annotated[float, Field(ge=0, le=100)]
        risk_level: str

    @app.post("/auth/token")
    def token(asked: Secrets) -> Token:
        _require((asked.clientId, asked.clientSecret) == ("me", "s"))
        good.add(made := secrets.token_hex(8))
        return Token(accessToken=made, expiresIn=3600)

    @app.post("/risk/score")
    def score(
        ask: Ask, shown: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
    ) -> Told:
        _require(shown.credentials in good)
        return Told(customer_id=ask.customer_id, score=55.2, risk_level="B")

    return app


def choices_and_patterns() -> FastAPI:
    """One of several objects, patterns, multiples, lists of words, values that may be null."""
    app = FastAPI()

    class Employed(_Strict):
        kind: Literal["employed"]
        monthlyIncome: float
        yearsEmployed: float | None = None

    class Unemployed(_Strict):
        kind: Literal["unemployed"]
        benefits: float

    class Contact(_Strict):
        email: Annotated[str, Field(pattern=r"^[^@]+@[^@]+$")]
        phone: Annotated[str, Field(pattern=r"^\+\d{8,15}$")]
        country: Annotated[str, Field(min_length=2, max_length=2)]

    class Loan(_Strict):
        amount: Annotated[float, Field(gt=0, multiple_of=100)]
        durationMonths: Annotated[int, Field(ge=6, le=84, multiple_of=6)]
        currency: Literal["EUR"] = "EUR"
        items: Annotated[list[Literal["car", "home"]], Field(min_length=1)]

    class Ask(_Strict):
        reference: Annotated[str, Field(min_length=8, max_length=12)]
        employment: Annotated[Employed | Unemployed, Field(discriminator="kind")]
        contact: Contact
        loan: Loan
        consent: Literal[True]

    class Told(BaseModel):
        reference: str
        result: str | None = None
        score: int | None = None
        offer: dict[str, float] | None = None

    @app.post("/loans/decision")
    def decide(ask: Ask) -> Told:
        return Told(reference=ask.reference, result="APPROVED", score=77)

    return app


FOREIGN_KINDS: Final[tuple[Callable[[], FastAPI], ...]] = (
    asked_beside,
    one_in_a_list,
    numbers_as_texts,
    decisions_by_key,
    token_in_json,
    choices_and_patterns,
)
