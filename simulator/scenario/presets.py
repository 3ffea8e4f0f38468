"""The named shifts of the applicant population."""

from collections.abc import Mapping
from typing import Final

from simulator.scenario.vocabulary import Feature

__all__ = ["PRESETS"]

#: Named shifts of the applicant population, in standard deviations of the copula's normals.
PRESETS: Final[Mapping[str, Mapping[Feature, float]]] = {
    "recession": {
        "net_income": -0.15,
        "revolving_utilisation": 0.25,
        "debt_to_income": 0.25,
        "inquiries_6m": 0.20,
        "incidents_24m": 0.15,
        "job_tenure_months": -0.15,
        "permanent_contract": -0.10,
    },
    "young-channel": {
        "age": -0.8,
        "job_tenure_months": -0.6,
        "home_owner": -0.7,
        "net_income": -0.35,
        "amount": -0.5,
        "inquiries_6m": 0.3,
        "permanent_contract": -0.3,
    },
}
