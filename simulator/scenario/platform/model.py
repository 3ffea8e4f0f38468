"""The model in production, its inputs, and what monitoring looks at."""

from typing import Annotated

from pydantic import Field

from simulator.scenario.fields import Described, Duration, Label, LabelText, Names
from simulator.scenario.vocabulary import FEATURES, Feature

__all__ = ["FeatureNames", "Model", "Monitoring"]


class FeatureNames(Names):
    """What the model's inputs are called, as values of a label."""

    revolving_utilisation: LabelText = "revolving_utilisation"
    """Used share of revolving credit lines."""
    incidents_24m: LabelText = "incidents_24m"
    """Payment incidents in the last 24 months."""
    debt_to_income: LabelText = "debt_to_income"
    """Monthly instalments as a share of monthly income."""
    job_tenure_months: LabelText = "job_tenure_months"
    """Months with the present employer."""
    net_income: LabelText = "net_income"
    """Net income a month, in euros."""
    ficp_flag: LabelText = "ficp_flag"
    """Whether the register of payment incidents has the applicant."""
    inquiries_6m: LabelText = "inquiries_6m"
    """Credit inquiries in the last 6 months."""
    duration_months: LabelText = "duration_months"
    """Months over which the credit is paid back."""
    permanent_contract: LabelText = "permanent_contract"
    """Whether the applicant has a permanent contract of employment."""
    home_owner: LabelText = "home_owner"
    """Whether the applicant owns the home."""
    age: LabelText = "age"
    """Age in years."""
    amount: LabelText = "amount"
    """Credit applied for, in euros."""


class Model(Described):
    """The model in production when the scenario starts."""

    name: LabelText = "consumer-credit"
    """What the model is called, all its versions together."""
    version: Label = "3.2.0"
    """The version in production."""
    algorithm: Label = "logistic-regression"
    """How that version was fitted."""
    trained_on: Label = "2026-06-30"
    """When that version was trained."""
    feature_names: FeatureNames = FeatureNames()
    """What its inputs are called; those that are not named keep their names."""
    hidden_features: tuple[Feature, ...] = ()
    """Inputs that are not monitored, by the names they have here: no drift, no importance."""

    def monitored_features(self) -> tuple[Feature, ...]:
        """The inputs that are monitored, in the order of FEATURES.

        >>> len(Model(hidden_features=("age", "amount")).monitored_features())
        10
        """
        return tuple(f for f in FEATURES if f not in self.hidden_features)


class Monitoring(Described):
    """What the model's monitoring looks at, counted in applications, and how late labels are."""

    drift_window: Annotated[int, Field(ge=100, le=1_000_000)] = 2000
    """Latest scored applications whose features are held against the development sample."""
    performance_window: Annotated[int, Field(ge=500, le=10_000_000)] = 5000
    """Latest labels that accuracy and AUC are worked out from."""
    label_delay: Duration = 3600.0
    """How long after a decision it is known whether the applicant defaults."""
    back_test_every: Duration = 3600.0
    """How often it is worked out anew what the model decides by (`ml_feature_importance`)."""
