"""A foreign API's own document is enough for users to drive it: nothing is edited by hand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from simulator.adopt.from_openapi import mapping_from_openapi
from tests.support.foreign_lender import CLIENT, ForeignLender, foreign_app, serving
from tests.support.locust_runs import Locust

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

BUSY = ("--headless", "-u", "10", "-r", "10", "-t", "3s", "--pacing", "100ms")


class _Loan(BaseModel):
    """Whole numbers, words, and fields that no applicant of the simulation has."""

    model_config = ConfigDict(extra="forbid", strict=True)

    client_id: int
    full_name: Annotated[str, Field(min_length=3)]
    purpose: Literal["car", "home"]
    requested_at: str
    monthly_income: int
    loan_amount: Annotated[int, Field(gt=0)]
    dti: Annotated[float, Field(ge=0, le=100)]
    home_ownership: Literal["RENT", "OWN"]


class _Loans(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    source: str
    loans: Annotated[list[_Loan], Field(max_length=5)]


class _Verdict(BaseModel):
    client_id: int
    decision: str
    risk_level: str
    approved: bool
    score: float


def bureau() -> tuple[FastAPI, list[_Loan]]:
    """An API whose words are not in its document, and what it was sent."""
    app, taken = FastAPI(title="Bureau"), []

    def decided(loan: _Loan, key: str) -> _Verdict:
        if key != "k-1":
            raise HTTPException(401)
        taken.append(loan)
        return _Verdict(
            client_id=loan.client_id, decision="go", risk_level="B2", approved=True, score=61.5
        )

    @app.post("/predict/")
    def predict(loan: _Loan, x_api_key: Annotated[str, Header()]) -> _Verdict:
        return decided(loan, x_api_key)

    @app.post("/predict/batch")
    def batch(asked: _Loans, x_api_key: Annotated[str, Header()]) -> list[_Verdict]:
        return [decided(loan, x_api_key) for loan in asked.loans]

    return app, taken


def proposal(app: FastAPI, folder: Path) -> tuple[str, str]:
    file = folder / "theirs.yaml"
    document: Any = app.openapi()
    file.write_text(mapping_from_openapi(json.dumps(document), "openapi.json"), encoding="utf-8")
    return "--mapping", str(file)


def test_users_drive_a_lender_by_its_document_without_a_failure(tmp_path: Path) -> None:
    lender = ForeignLender()
    app = foreign_app(lender)
    mapping = proposal(app, tmp_path)
    with (
        serving(app) as url,
        Locust(tmp_path, "--host", url, *mapping, *BUSY, env=CLIENT) as locust,
    ):
        assert locust.exit_code() == 0, locust.log
    assert re.search(r"Aggregated +\d+ +0\(0\.00%\)", locust.log), locust.log
    assert len(lender.proposals) > 50
    incomes = [one.customer.employment.annualNetIncome for one in lender.proposals]
    assert 15_000 < sum(incomes) / len(incomes) < 50_000, "by the year"


def test_what_is_not_in_a_document_and_what_has_no_place_fails_nothing(tmp_path: Path) -> None:
    app, taken = bureau()
    mapping = proposal(app, tmp_path)
    with (
        serving(app) as url,
        Locust(
            tmp_path, "--host", url, *mapping, *BUSY, env={"SIMULATOR_API_KEY": "k-1"}
        ) as locust,
    ):
        assert locust.exit_code() == 0, locust.log
    assert re.search(r"Aggregated +\d+ +0\(0\.00%\)", locust.log), locust.log
    assert len({loan.client_id for loan in taken}) > 20
