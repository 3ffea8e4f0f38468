"""What the API takes and gives."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from simulator.scenario.vocabulary import Channel

__all__ = [
    "MAX_BATCH",
    "Applicant",
    "Application",
    "Batch",
    "BatchResult",
    "Decision",
    "Erasure",
    "Explanation",
    "Features",
    "Health",
    "Invalid",
    "ModelVersion",
    "Problem",
    "Reason",
    "Refusal",
    "Review",
]

MAX_BATCH = 100

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


def _whole(value: object) -> object:
    """To JSON Schema 3.0 is an integer (2020-12, section 6.1.1): JSON has one kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_WHOLE = BeforeValidator(_whole)


class _Strict(BaseModel):
    """Takes what its schema allows and nothing that could be made into it, such as "3" for 3."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)


class Applicant(_Strict):
    """Who applies: a pseudonym, and nothing that scoring does not need (RGPD art. 5-1-c).

    Kept only as long as the decision, and deleted on request.
    """

    applicant_id: Identifier


class Features(_Strict):
    """The twelve inputs of the model, in natural units."""

    revolving_utilisation: Annotated[float, Field(ge=0, le=1)]
    incidents_24m: Annotated[int, Field(ge=0, le=100), _WHOLE]
    debt_to_income: Annotated[float, Field(ge=0, le=10)]
    job_tenure_months: Annotated[float, Field(ge=0, le=720)]
    net_income: Annotated[float, Field(ge=0, le=1_000_000)]
    ficp_flag: Annotated[int, Field(ge=0, le=1), _WHOLE]
    inquiries_6m: Annotated[int, Field(ge=0, le=100), _WHOLE]
    duration_months: Annotated[float, Field(ge=1, le=120)]
    permanent_contract: Annotated[int, Field(ge=0, le=1), _WHOLE]
    home_owner: Annotated[int, Field(ge=0, le=1), _WHOLE]
    age: Annotated[float, Field(ge=18, le=120)]
    amount: Annotated[float, Field(ge=200, le=75_000)]


class Application(_Strict):
    """One credit application."""

    channel: Channel
    applicant: Applicant
    features: Features


class Batch(_Strict):
    """Several applications of one channel, decided together."""

    channel: Channel
    applications: Annotated[list[Application], Field(min_length=1, max_length=MAX_BATCH)]


class Decision(BaseModel):
    """What was decided, and on what grounds."""

    decision_id: str
    applicant_id: str
    score: int | float
    probability_of_default: float
    risk_level: str
    decision: Literal["accepted", "review", "refused"]
    model_version: str
    reviewed_by: str | None = None


class BatchResult(BaseModel):
    """The decisions of a batch, in the order of its applications."""

    decisions: list[Decision]


class Reason(BaseModel):
    """What one feature added to the log-odds of default; positive speaks against the applicant."""

    feature: str
    value: float
    contribution: float


class Explanation(BaseModel):
    """The reasons for a decision, strongest first (RGPD art. 15 and 22)."""

    decision_id: str
    decision: str
    score: int | float
    reasons: list[Reason]
    human_review: str


class Problem(BaseModel):
    """What is wrong with a field of a request; `body` is the whole of it."""

    field: str
    problem: str


class Refusal(BaseModel):
    """Why a request was not served."""

    detail: str


class Invalid(BaseModel):
    """Why a request cannot be used: the first of its problems."""

    detail: list[Problem]


class Review(_Strict):
    """A person's own decision on an application (RGPD art. 22)."""

    reviewer: Identifier
    decision: Literal["accepted", "refused"]
    comment: Annotated[str, Field(max_length=1000)] = ""


class Erasure(BaseModel):
    """How many decisions of an applicant were deleted (RGPD art. 17)."""

    applicant_id: str
    deleted: int


class ModelVersion(BaseModel):
    """A deployed model version, its stage and its share of the traffic."""

    model: str
    version: str
    stage: str
    traffic_share: float


class Health(BaseModel):
    """Whether the API is up, and its version."""

    status: Literal["ok"]
    version: str
