"""Which fields of what is sent are which features of the model."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from simulator.adopt.categories import categories_of
from simulator.adopt.feature_words import FEATURE_WORDS, FeatureWords
from simulator.adopt.guess import grade_of
from simulator.adopt.openapi.shapes import Shape
from simulator.adopt.units import UnitGuess, unit_of
from simulator.adopt.words import known, words_of
from simulator.mapping.feature_place import FLAGS, UNITS
from simulator.scenario.vocabulary import FEATURES, Feature

__all__ = ["PlacedFeature", "Sent", "features_among", "graded"]


class Sent(NamedTuple):
    """A value that is sent: where, what is said of it, its name where that is not in its place."""

    place: str
    shape: Shape
    name: str = ""

    @property
    def steps(self) -> list[str]:
        """The names on the way to it."""
        if self.name:
            return [self.name]
        path = self.place.partition(":")[2] if ":" in self.place else self.place
        return [step.partition("[")[0] for step in path.split(".")]


@dataclass(frozen=True, slots=True)
class PlacedFeature:
    """A feature, where it lies and how it is written there, and why that is believed."""

    feature: Feature
    place: str
    surely: float
    why: str
    unit: UnitGuess | None = None
    values: dict[Any, float] = field(default_factory=dict)
    is_whole: bool = False
    is_text: bool = False
    step: float | None = None
    least: float | None = None
    most: float | None = None


#: Somebody or something else than the applicant and the credit.
_OTHERS: Final = known(
    "co ?applicant|co ?borrower|co ?emprunteur|spouse|conjoint|guarantor|garant|caution|vehicle|"
    "vehicule|device|merchant|company|entreprise|account|compte|card|carte|employer name|co debtor|"
    "joint applicant|second applicant|third party|previous loan|existing loans?",
    1.0,
)
_BIRTH: Final = known("birth|dob|birthdate|birthday|naissance", 1.0)
_LEAST: Final = 0.4
_OF_A_CODE: Final = 0.6  # a number without limits is a code as likely as 0 or 1
_LARGEST: Final = 1e12
_LONGEST_WORD: Final = 200
_BY_PLACE, _BY_TITLE = 0.9, 0.55  # how much what lies around it counts, and what is said of it
_NO_NUMBER: Final = {"date", "date-time", "email", "uri", "uuid", "time"}

_Reasons: TypeAlias = dict[str, str]


def features_among(sent: Sequence[Sent]) -> tuple[list[PlacedFeature], _Reasons]:
    """The features that lie in what is sent, in the model's order; why other values are none.

    Each feature has one place and each place one feature: the surest go first.

    >>> placed, others = features_among([
    ...     Sent("demandeur.revenuMensuel", Shape("number")), Sent("demandeur.nom", Shape("string"))
    ... ])
    >>> [(one.feature, one.place, one.unit.unit) for one in placed]
    [('net_income', 'demandeur.revenuMensuel', 'monthly')]
    >>> others
    {'demandeur.nom': 'no feature has a name like it'}
    """
    names = [one.steps[-1] for one in sent]
    others: _Reasons = {}
    found: list[PlacedFeature] = []
    for one in sent:
        candidates = list(_candidates(one, names))
        found += [each for each in candidates if isinstance(each, PlacedFeature)]
        refused = [each for each in candidates if isinstance(each, str)]
        others[one.place] = refused[0] if refused else "no feature has a name like it"
    taken: dict[Feature, PlacedFeature] = {}
    places: set[str] = set()
    for placed in sorted(found, key=lambda each: -each.surely):
        if placed.place in places:
            continue
        before = taken.setdefault(placed.feature, placed)
        if before is placed:
            places.add(placed.place)
        else:
            others[placed.place] = f"{placed.feature} is taken from {before.place}, which is surer"
    kept = {place: why for place, why in others.items() if place not in places}
    return [taken[feature] for feature in FEATURES if feature in taken], kept


def _candidates(sent: Sent, beside: Sequence[str]) -> Iterator[PlacedFeature | str]:
    """What a value may be, and for what it is not taken though its name is like it."""
    steps = sent.steps
    name, around = words_of(steps[-1]), words_of(" ".join(steps[:-1]))
    if _OTHERS.words.search(around):
        yield "it is of somebody or something else than the applicant"
        return
    for feature, words in FEATURE_WORDS.items():
        surely, why = _named(words, name, around, sent.shape)
        if surely >= _LEAST:
            yield _fitting(feature, sent, surely, why, beside)


def _named(words: FeatureWords, name: str, around: str, shape: Shape) -> tuple[float, str]:
    """How surely a name, with what is around it, means a feature, and by what."""
    if words.unless.words.search(name):
        return 0.0, ""
    said = words_of(shape.says)[:120]
    options: list[tuple[float, str]] = []
    for text, share, of in (
        (name, 1.0, "its name"),
        (f"{around} {name}", _BY_PLACE, "its name and where it lies"),
        (said, _BY_TITLE, "what is said of it"),
    ):
        for one in words.names:
            found = one.words.search(text)
            is_new = found is not None and (
                of != "its name and where it lies" or found.end() > len(around)
            )
            if (
                found
                and is_new
                and not (of == "what is said of it" and words.unless.words.search(said))
            ):
                covered = len(found[0]) / max(len(text if of == "its name" else name), 1)
                surely = one.surely * share * (0.8 + 0.2 * min(covered, 1.0))
                options.append((surely, f"{of}: {found[0].strip()}"))
    return max(options, default=(0.0, ""))


def _fitting(
    feature: Feature, sent: Sent, surely: float, why: str, beside: Sequence[str]
) -> PlacedFeature | str:
    """The feature at that place, if a value of that type can be it."""
    shape, name = sent.shape, sent.steps[-1]
    if odd := _odd(feature, words_of(name), shape, beside) or _no_number(feature, shape):
        return f"like {feature}, but {odd}"
    options = _options(feature, shape)
    if options or (shape.kind == "string" and shape.examples):
        return _worded(feature, sent, surely, why, options)
    if feature in FLAGS and shape.is_number and shape.most is None:
        surely *= _OF_A_CODE
        if surely < _LEAST:
            return f"like {feature}, but a number that is not said to be 0 or 1"
    unit = unit_of(feature, name, shape, beside)
    least, most = _limits(shape)
    return PlacedFeature(
        feature,
        sent.place,
        surely,
        why,
        unit,
        is_whole=shape.kind == "integer" or _is_whole_text(shape),
        is_text=shape.kind == "string",
        step=None if shape.step in {None, 1.0} else _short(shape.step),
        least=least,
        most=most,
    )


def _is_number_text(shape: Shape) -> bool:
    """Whether its pattern takes numbers, and no words."""
    return bool(shape.pattern) and _takes(shape, "12345") and not _takes(shape, "text")


def _is_whole_text(shape: Shape) -> bool:
    return shape.kind == "string" and bool(shape.pattern) and not _takes(shape, "0.12")


def _takes(shape: Shape, text: str) -> bool:
    try:
        return re.search(shape.pattern, text) is not None
    except (re.error, OverflowError, RecursionError):
        return False


def _limits(shape: Shape) -> tuple[float | None, float | None]:
    """The least and the most that are taken, where there is anything between them."""
    least, most = (
        None if limit is None or abs(limit) > _LARGEST else _short(limit)
        for limit in (shape.least, shape.most)
    )
    return (
        (None, None) if least is not None and most is not None and least > most else (least, most)
    )


def _options(feature: Feature, shape: Shape) -> Sequence[Any]:
    """The words or codes that it can be; none where it is a number as the model has it."""
    if shape.kind == "boolean":
        return [True, False]
    found = [one for one in shape.enum if isinstance(one, str | int | float)]
    is_flag = shape.is_number and feature in FLAGS and {0, 1} >= set(found)
    return [] if is_flag else found


def _no_number(feature: Feature, shape: Shape) -> str:
    """Why a value is none that the model can have, by its type alone."""
    if shape.fields or shape.kind in {"array", "object"}:
        return "it holds others" if shape.fields else "it is no number"
    if shape.kind == "string" and shape.format in _NO_NUMBER:
        return f"it is a {shape.format}, and the model takes a number"
    if shape.kind == "string" and not (shape.enum or shape.examples or _is_number_text(shape)):
        return "it is a text, and its words are not listed"
    if feature in FLAGS and shape.is_number and shape.most not in {1.0, None} and not shape.enum:
        return f"its maximum is {shape.most:g}: codes that are not said"
    return ""


def _odd(feature: Feature, name: str, shape: Shape, beside: Sequence[str]) -> str:
    """Why a value of that name is not in any unit in which the feature can be read."""
    if feature == "age" and _BIRTH.words.search(name):
        return "it is a date of birth, and the model takes years"
    numbers = [one for one in (shape.most, *shape.examples) if isinstance(one, int | float)]
    is_backwards = name.startswith("days ") and any(words_of(one) == "days birth" for one in beside)
    if is_backwards or (numbers and max(numbers) < 0):
        return "it counts backwards, below 0"
    return ""


def _worded(
    feature: Feature, sent: Sent, surely: float, why: str, options: Sequence[Any]
) -> PlacedFeature | str:
    """The same of a value that is one of some words or codes."""
    shape, name = sent.shape, sent.steps[-1]
    if not options and all(_is_written_number(one) for one in shape.examples):
        unit = unit_of(feature, name, shape)
        return PlacedFeature(feature, sent.place, surely * 0.9, why, unit, is_text=True)
    if not options:
        shown = ", ".join(str(one)[:30] for one in shape.examples[:3])
        return f"like {feature}, but a text such as {shown!r}, and its words are not listed"
    if not all(str(one).isprintable() and 0 < len(str(one)) <= _LONGEST_WORD for one in options):
        return f"like {feature}, but its words cannot be written on a line"
    values = (
        None
        if shape.kind == "boolean" and feature not in FLAGS
        else categories_of(feature, name, options)
    )
    if values is None:
        shown = ", ".join(str(one)[:30] for one in options[:4])
        return f"like {feature}, but what {shown} are to the model is not known"
    unit = unit_of(feature, name, shape)
    factor = _factor(feature, unit)
    scaled = {word: _short(number * factor) for word, number in values.items()}
    return PlacedFeature(feature, sent.place, surely * 0.95, f"{why}, and its words", values=scaled)


def _factor(feature: Feature, unit: UnitGuess | None) -> float:
    return UNITS[feature][unit.unit] * unit.scale if unit is not None else 1.0


def _short(number: float) -> float:
    rounded = float(f"{number:.6g}")
    return int(rounded) if rounded == int(rounded) else rounded


def _is_written_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def graded(one: PlacedFeature) -> str:
    """The grade of a placed feature, of its unit, too."""
    unit = 1.0 if one.unit is None else one.unit.surely
    return grade_of(min(one.surely, unit))
