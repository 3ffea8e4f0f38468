"""The least that a Locust user can do: one constant body, as fast as its answer is read."""

import json
from typing import Final

import _test_cost  # noqa: F401 - listens
from locust import FastHttpUser, constant, task

from simulator.load.platform_calls import calls_of
from simulator.mapping.api_part import ApiPart
from simulator.scenario.baseline import Platform

_OK: Final = 200
_EXPECTED: Final = calls_of(ApiPart(), Platform()).by_task["score"].expected
_HEADERS = {"Content-Type": "application/json"}
_BODY = json.dumps(
    {
        "channel": "web",
        "applicant": {"applicant_id": "constant-1"},
        "features": {
            "revolving_utilisation": 0.3,
            "incidents_24m": 0,
            "debt_to_income": 0.25,
            "job_tenure_months": 60,
            "net_income": 2100,
            "ficp_flag": 0,
            "inquiries_6m": 1,
            "duration_months": 36,
            "permanent_contract": 1,
            "home_owner": 0,
            "age": 41,
            "amount": 6000,
        },
    }
)


class BareUser(FastHttpUser):
    """Posts the same application again and again."""

    wait_time = constant(0)

    @task
    def score(self) -> None:
        """One request, and its decision as the project's own users read it."""
        answer = self.client.post("/v1/score", data=_BODY, headers=_HEADERS)
        if answer.status_code == _OK:
            _EXPECTED.read(answer.content)
