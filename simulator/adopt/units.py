"""The unit in which a field has a feature: by its name, description, limits and examples."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from simulator.adopt.openapi.shapes import Shape
from simulator.adopt.words import words_of
from simulator.mapping.feature_place import UNITS, Unit
from simulator.scenario.vocabulary import Feature

__all__ = ["UnitGuess", "unit_of"]


@dataclass(frozen=True, slots=True)
class UnitGuess:
    """A unit, how sure it is from 1 to 0, and why."""

    unit: Unit
    surely: float
    why: str
    scale: float = 1.0


#: Words of names and descriptions that say a unit; the first that is found is meant.
_SAID: Final[Sequence[tuple[Unit, re.Pattern[str]]]] = [
    (cast("Unit", unit), re.compile(rf"\b(?:{words})\b"))
    for unit, words in (
        (
            "yearly",
            "annual|annually|annum|yearly|per year|a year|par an|annuels?|"
            "annuelles?|year|an|p a|pa",
        ),
        ("monthly", "monthly|per month|a month|par mois|mensuels?|mensuelles?|month|mois"),
        ("weekly", "weekly|per week|a week|hebdomadaires?|semaine"),
        ("share", "0 1|0 to 1|between 0 and 1|fraction|decimal|0 0 1 0|0 0 to 1 0|share"),
        (
            "percent",
            "percent|percentage|pct|perc|pourcent|pourcentage|pc|0 100|0 to 100|between 0 and 100",
        ),
        ("days", "days?|jours?"),
        ("weeks", "weeks?|semaines?"),
        ("months", "months?|mths?|mois|mensualites|mo|mos|monthly"),
        ("years", "years?|yrs?|ans?|annees?|annual"),
        ("cents", "cents?|centimes?|minor units?|pence|minor"),
        ("thousands", "thousands?|milliers|keur|kusd|k eur|in k"),
    )
]
#: What money is multiplied by that is in other units than euros.
_MONEY: Final = [
    (factor, words)
    for unit, words in _SAID
    for name, factor in (("cents", 0.01), ("thousands", 1000.0))
    if unit == name
]
_PERCENT: Final = re.compile(r"%|\bper ?cent|\bpct\b|pourcent")
#: What a unit is by where ordinary values lie: below the first number the first unit.
_USUAL: Final[Mapping[Feature, tuple[float, Unit, Unit]]] = {
    "net_income": (9000.0, "monthly", "yearly"),
    "debt_to_income": (1.5, "share", "percent"),
    "revolving_utilisation": (1.5, "share", "percent"),
    "job_tenure_months": (46.0, "years", "months"),
    "duration_months": (8.0, "years", "months"),
    "amount": (200.0, "thousands", "euros"),
    "age": (130.0, "years", "months"),
}
#: The same of the largest value that is allowed.
_LARGEST: Final[Mapping[Feature, tuple[float, Unit, Unit]]] = {
    "net_income": (60_000.0, "monthly", "yearly"),
    "debt_to_income": (12.0, "share", "percent"),
    "revolving_utilisation": (12.0, "share", "percent"),
    "job_tenure_months": (75.0, "years", "months"),
    "duration_months": (41.0, "years", "months"),
    "amount": (1000.0, "thousands", "euros"),
    "age": (200.0, "years", "months"),
}
_SHARES: Final = {"debt_to_income", "revolving_utilisation"}
_MOST_SHARE: Final = 1.5
#: What is usual where nothing says it, and how surely.
_UNSAID: Final[Mapping[Feature, tuple[Unit, float]]] = {
    "net_income": ("yearly", 0.5),
    "debt_to_income": ("share", 0.5),
    "revolving_utilisation": ("share", 0.5),
    "job_tenure_months": ("years", 0.5),
    "duration_months": ("months", 0.6),
    "amount": ("euros", 0.9),
    "age": ("years", 1.0),
}
_FRENCH: Final = re.compile(r"\b(revenus?|salaires?|ressources|remuneration)\b")
#: Names of LendingClub's loan book, whose shares are percentages.
_OF_LENDING_CLUB: Final = {"annual inc", "revol util", "inq last 6 mths", "loan amnt", "int rate"}


def unit_of(
    feature: Feature, name: str, shape: Shape, beside: Sequence[str] = ()
) -> UnitGuess | None:
    """The unit of a field of that name; None of a feature that has none.

    `beside` are the names of the other fields.

    >>> unit_of("net_income", "revenuMensuel", Shape("number")).unit
    'monthly'
    >>> unit_of("debt_to_income", "dti", Shape("number", most=60.0))
    UnitGuess(unit='percent', surely=0.8, why='its maximum is 60', scale=1.0)
    """
    if feature not in UNITS:
        return None
    found = next(_guesses(feature, words_of(name), shape, beside))
    for scale, words in _MONEY if feature == "net_income" else ():
        if words.search(f"{words_of(name)} {words_of(shape.says)}"):
            return replace(found, scale=scale)
    return found


def _guesses(
    feature: Feature, name: str, shape: Shape, beside: Sequence[str]
) -> Iterator[UnitGuess]:
    """The surest first."""
    yield from _said_in(feature, name, 1.0, "its name")
    if feature in _SHARES and shape.most is not None and 0.0 < shape.most <= _MOST_SHARE:
        yield UnitGuess("share", 0.95, f"its maximum is {shape.most:g}")
    about = words_of(shape.says)
    if feature in _SHARES and _PERCENT.search(shape.says.lower()) and "decimal" not in about:
        yield UnitGuess("percent", 0.95, "its description says percent")
    yield from _said_in(feature, about, 0.9, "its description")
    if shape.most is not None and shape.most > 0.0:
        yield _by_size(_LARGEST[feature], shape.most, 0.8, "its maximum is")
    sizes = [float(one) for one in shape.examples if _is_number(one) and one > 0.0]
    if sizes:
        yield _by_size(_USUAL[feature], sizes[0], 0.7, "an example is")
    percents = {words_of(one) for one in beside} & _OF_LENDING_CLUB
    if feature in _SHARES and percents:
        yield UnitGuess("percent", 0.6, f"beside {min(percents)}, as in LendingClub's data")
    if feature == "net_income" and _FRENCH.search(name):
        yield UnitGuess("monthly", 0.5, "nothing says it; in French by the month, as a rule")
    unit, surely = _UNSAID[feature]
    yield UnitGuess(unit, surely, "nothing says it; what is usual")


def _said_in(feature: Feature, text: str, surely: float, where: str) -> Iterator[UnitGuess]:
    for unit, words in _SAID:
        if unit in UNITS[feature] and (found := words.search(text)):
            yield UnitGuess(unit, surely, f"{where} says {found[0]}")


def _by_size(edges: tuple[float, Unit, Unit], size: float, surely: float, what: str) -> UnitGuess:
    edge, low, high = edges
    return UnitGuess(low if size <= edge else high, surely, f"{what} {size:g}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
