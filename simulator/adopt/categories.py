"""What words and codes of a field are to the model: an owner, a permanent contract, a number."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from simulator.adopt.words import words_of
from simulator.scenario.vocabulary import Feature

__all__ = ["categories_of"]

_YES: Final = "yes|true|oui|y|o|vrai|1"
_NO: Final = "no|false|non|n|faux|0"
#: Words for 1, and words that make 0 of them.
_ONE: Final[Mapping[Feature, tuple[re.Pattern[str], re.Pattern[str]]]] = {
    "home_owner": (
        re.compile(
            rf"\b(own|owner|owned|owns|proprietaire|proprio|mortgage|mortgaged|homeowner|"
            rf"hypotheque|accedant|outright|eigentum|propietario|{_YES})\b"
        ),
        re.compile(r"\b(rent|rents|renter|renting|tenant|locataire|not|non|parents?|landlord)\b"),
    ),
    "permanent_contract": (
        re.compile(
            rf"\b(permanent|cdi|indefinite|open ended|fonctionnaire|titulaire|civil servant|"
            rf"full time|fulltime|salaried|salarie|salariee|employed|employee|government|public|"
            rf"regular|unlimited|{_YES})\b"
        ),
        re.compile(
            r"\b(self|un|unemployed|non|not|temporary|temp|cdd|part|fixed|interim|"
            r"contractor|independant|freelance|retired|student)\b"
        ),
    ),
    "ficp_flag": (
        re.compile(
            rf"\b(listed|fiche|fichee|inscrit|inscrite|defaulted|default|"
            rf"adverse|bad|blacklisted|{_YES})\b"
        ),
        re.compile(r"\b(not|non|no|never|none|clean)\b"),
    ),
}
#: Names of which a yes is a 0.
_INVERSE: Final[Mapping[Feature, re.Pattern[str]]] = {
    "home_owner": re.compile(r"\b(tenant|locataire|renter|rents|renting)\b"),
    "permanent_contract": re.compile(r"\b(self|un|unemployed|temporary|cdd|interim|freelance)\b"),
    "ficp_flag": re.compile(r"\b(clean|no)\b"),
}
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def categories_of(feature: Feature, name: str, values: Sequence[Any]) -> dict[Any, float] | None:
    """What each of the values of a field is to the model; None where that is not known.

    >>> categories_of("home_owner", "home_ownership", ["RENT", "OWN", "MORTGAGE", "OTHER"])
    {'RENT': 0, 'OWN': 1, 'MORTGAGE': 1, 'OTHER': 0}
    >>> categories_of("duration_months", "term", ["36 months", "60 months"])
    {'36 months': 36, '60 months': 60}
    >>> categories_of("home_owner", "home", ["A121", "A122"]) is None
    True
    """
    if not all(isinstance(one, str | bool | int) for one in values) or not values:
        return None
    if feature in _ONE:
        return _flags(feature, name, values)
    found = {one: _number(one) for one in values if not isinstance(one, bool)}
    numbers = {one: number for one, number in found.items() if number is not None}
    return numbers if len(numbers) == len(values) else None


def _flags(feature: Feature, name: str, values: Sequence[Any]) -> dict[Any, float] | None:
    ones, zeros = _ONE[feature]
    inverse = bool(_INVERSE[feature].search(words_of(name)))
    found: dict[Any, float] = {}
    for value in values:
        words = str(value).lower() if isinstance(value, bool | int) else words_of(str(value))
        is_one = bool(ones.search(words)) and not zeros.search(words)
        found[value] = int(is_one != inverse)
    return found if len(set(found.values())) > 1 else None


def _number(word: str | int) -> float | None:
    """What a word such as "10+ years", "< 1 year" or "25-34" stands for; None without a number."""
    if isinstance(word, int):
        return word
    found = [float(number) for number in _NUMBER.findall(word)]
    if not found or len(word) > 40:  # noqa: PLR2004 - a sentence is no band
        return None
    if len(found) > 1:
        return sum(found[:2]) / 2
    number = found[0] / 2 if "<" in word else found[0]
    return int(number) if number == int(number) else number
