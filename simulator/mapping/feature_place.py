"""Where a feature of the model lies in an application, and how it is written there."""

from collections.abc import Mapping
from math import ceil, floor
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, JsonValue, StrictBool, StrictInt

from simulator.mapping.fields import Word
from simulator.mapping.places import Place, parsed
from simulator.scenario.fields import Described
from simulator.scenario.vocabulary import Feature

__all__ = ["FLAGS", "UNITS", "WHOLE", "Category", "FeaturePlace", "Unit"]

Unit: TypeAlias = Literal[
    "monthly", "yearly", "weekly", "share", "percent", "days", "weeks", "months", "years",
    "euros", "cents", "thousands",
]  # fmt: skip
_WEEKS_A_MONTH: Final = 365.25 / 7.0 / 12.0
_MONTHS: Final[Mapping[Unit, float]] = {
    "days": 12.0 / 365.25,
    "weeks": 1.0 / _WEEKS_A_MONTH,
    "months": 1.0,
    "years": 12.0,
}
_SHARES: Final[Mapping[Unit, float]] = {"share": 1.0, "percent": 0.01}
#: What a value in a unit is multiplied by to be in the model's, by the features that have it.
UNITS: Final[Mapping[Feature, Mapping[Unit, float]]] = {
    "revolving_utilisation": _SHARES,
    "debt_to_income": _SHARES,
    "job_tenure_months": _MONTHS,
    "duration_months": _MONTHS,
    "net_income": {"monthly": 1.0, "yearly": 1.0 / 12.0, "weekly": _WEEKS_A_MONTH},
    "age": {"years": 1.0, "months": 1.0 / 12.0},
    "amount": {"euros": 1.0, "cents": 0.01, "thousands": 1000.0},
}
#: Features that are 0 or 1; true and false stand for these.
FLAGS: Final[frozenset[Feature]] = frozenset({"ficp_flag", "permanent_contract", "home_owner"})
#: Features that are counted, or 0 or 1: whole numbers in JSON.
WHOLE: Final[frozenset[Feature]] = FLAGS | {"incidents_24m", "inquiries_6m"}


_Number = Annotated[float, Field(ge=-1e12, le=1e12)]
#: A word, a code, true or false, as it is in JSON.
Category: TypeAlias = StrictBool | StrictInt | Annotated[str, Field(min_length=1, max_length=200)]


class FeaturePlace(Described):
    """Where in an application a feature of the model lies, and in which unit or words."""

    at: Place
    """Names of fields, joined by dots; `[2]` is the third item of a list, `[name=age]` the one with
    such a field; `query:`, `header:` and `path:` are outside of the body."""
    unit: Unit | None = None
    """The unit that it is in, where that is not the model's."""
    scale: Annotated[float, Field(gt=0.0, le=1e9)] = 1.0
    """What it is multiplied by beside that: an exchange rate, 0.01 for cents."""
    values: Annotated[dict[Category, _Number], Field(max_length=200)] = Field(default_factory=dict)
    """The words, codes, true or false that it is, and what each is to the model; no others."""
    whole: bool = False
    """Whether clients send it as a whole number, whatever its unit."""
    text: bool = False
    """Whether clients send the number as a text."""
    step: Annotated[float, Field(gt=0.0, le=1e9)] | None = None
    """What clients send is a multiple of it, in its unit."""
    least: _Number | None = None
    """The least that clients send of it, in its unit; who has less sends that."""
    most: _Number | None = None
    """The most, likewise."""
    name: Word | None = None
    """What answers call it, where that is not the last name in `at`."""

    @property
    def shown_name(self) -> str | None:
        """What answers call it; None where the place is without a name.

        >>> [FeaturePlace(at=at).shown_name for at in ("a.age", "in[name=age].v", "in[2]")]
        ['age', 'age', None]
        """
        if self.name is not None:
            return self.name
        steps = parsed(self.at).steps
        named = [step.text for step in steps if isinstance(step, tuple)]
        if named:
            return named[-1]
        return steps[-1] if isinstance(steps[-1], str) else None

    def factor(self, feature: Feature) -> float:
        """What a number that is sent is multiplied by to be in the model's unit.

        >>> FeaturePlace(at="tenure", unit="years").factor("job_tenure_months")
        12.0
        """
        return UNITS[feature][self.unit] * self.scale if self.unit else self.scale

    def within(self, sent: float) -> float:
        """What clients send in place of a value in its unit.

        >>> [FeaturePlace(at="age", least=21, most=70).within(age) for age in (18.0, 30.0, 84.0)]
        [21.0, 30.0, 70.0]
        >>> FeaturePlace(at="amount", step=100).within(7012.0)
        7000.0
        """
        least, most = self.least, self.most
        if self.step is not None:
            sent = round(sent / self.step) * self.step
            least = None if least is None else ceil(least / self.step) * self.step
            most = None if most is None else floor(most / self.step) * self.step
        sent = sent if most is None else min(sent, most)
        return sent if least is None else max(sent, least)

    def as_sent(self, feature: Feature, value: float) -> JsonValue:
        """What a client sends for a value of the model's: the nearest of `values` where there are.

        >>> FeaturePlace(at="income", unit="yearly").as_sent("net_income", 2000.0)
        24000.0
        >>> FeaturePlace(at="job", values={"CDI": 1, "CDD": 0}).as_sent("permanent_contract", 1.0)
        'CDI'
        """
        if self.values:
            return min(self.values, key=lambda category: abs(self.values[category] - value))
        sent = value / self.factor(feature)
        return round(sent) if feature in WHOLE and sent == round(sent) else sent
