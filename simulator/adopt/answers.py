"""Answers as templates: which of their fields say what the simulation knows of a decision."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pydantic import JsonValue

from simulator.adopt.answer_words import ANSWER_WORDS, ENTITY_KEYS, Kind
from simulator.adopt.openapi.samples import sample
from simulator.adopt.openapi.shapes import Shape
from simulator.adopt.words import words_of

__all__ = ["Answered", "answer_of", "cut", "scalar_named", "score_range", "value_named"]

_KINDS: Final[dict[str, Kind]] = {
    "integer": "number",
    "number": "number",
    "string": "text",
    "boolean": "truth",
    "array": "list",
    "object": "object",
}
_OF_DECISIONS: Final = {
    "score", "decision", "risk_level", "probability_of_default", "repayment_probability",
    "is_accepted", "is_refused", "refused_as_number", "accepted_as_number", "approved_amount",
    "contributions", "reasons",
}  # fmt: skip
_LEAST_SCORE, _MOST_SCORE = 300.0, 850.0
_RISK: Final = re.compile(r"\b(risk|risque|fraud|fraude|default|defaut|anomaly)\b")
_OF_REASONS: Final = re.compile(
    r"\b(feature|reason|motif|raison|factor|facteur|contribution|"
    r"impact|shap|weight|poids|importance)\b"
)
_IN_WORDS: Final = {"decision", "risk_level"}
_DEEPEST, _MOST_FIELDS = 8, 60

_Place: TypeAlias = tuple[str | int, ...]


@dataclass
class Answered:
    """An answer's template, and why each of its places says what it says.

    `named` has the value at each place, `words` the shapes of those that are in the platform's own
    words, and `kept` the places that stay as they are in an example.
    """

    template: JsonValue = None
    named: dict[_Place, str] = field(default_factory=dict)
    words: dict[str, Shape] = field(default_factory=dict)
    kept: list[_Place] = field(default_factory=list)
    reason: Shape | None = None

    @property
    def says(self) -> set[str]:
        """The values of a decision that it holds."""
        return set(self.named.values()) & _OF_DECISIONS


def answer_of(
    shape: Shape, known: Collection[str], echoed: Sequence[str] = (), own: str = ""
) -> Answered:
    """An answer of that shape, with the values that it can say.

    `known` are the names of values there are for it; `echoed` fields that hold the applicant's key;
    `own` the field that has the list of decisions of a batch, which is left out.

    >>> answered = answer_of(
    ...     Shape("object", fields={"scoreCredit": Shape("integer")}), ["score", "decision"]
    ... )
    >>> answered.template, answered.named
    ({'scoreCredit': '{score}'}, {('scoreCredit',): 'score'})
    """
    made = Answered()
    if (
        shape.items is not None
        and "reasons" in known
        and shape.items.fields
        and _is_reason(shape.items)
    ):
        made.named[()], made.reason, made.template = "reasons", shape.items, "{reasons}"
        return made
    keys = frozenset(words_of(one) for one in echoed)
    made.template = _template(shape, (), made, _Known(known, keys, own))
    return made


@dataclass(frozen=True, slots=True)
class _Known:
    """What an answer can say: names of values, and fields that hold the applicant's key."""

    values: Collection[str]
    keys: frozenset[str]
    own: str

    def value(self, name: str, shape: Shape) -> str:
        """The value that a field holds; empty where it is none of these."""
        said = words_of(name)
        is_key = said in self.keys or (self.keys and ENTITY_KEYS.words.fullmatch(said))
        is_plain = not shape.fields and shape.items is None
        found = "applicant_id" if is_key and is_plain else value_named(name, shape)
        return found if found in self.values else ""


def _template(shape: Shape, at: _Place, made: Answered, known: _Known) -> JsonValue:
    name = next((str(part) for part in reversed(at) if isinstance(part, str)), "")
    if at and (value := known.value(name, shape)) and _is_new(value, made):
        made.named[at] = value
        if value in _IN_WORDS:
            made.words[value] = shape
        if value == "reasons":
            made.reason = shape.items
        return f"{{{value}}}"
    if shape.fields and len(at) < _DEEPEST:
        fields = {key: inside for key, inside in shape.fields.items() if key != known.own or at}
        return {
            key: _template(inside, (*at, key), made, known)
            for key, inside in list(fields.items())[:_MOST_FIELDS]
        }
    if shape.items is not None and shape.items.fields and len(at) < _DEEPEST:
        return [_template(shape.items, (*at, 0), made, known)]
    value = scalar_named(name, shape.items) if at and shape.items is not None else ""
    if value and value in known.values:
        made.named[(*at, 0)] = value
        return [f"{{{value}}}"]
    if at:
        made.kept.append(at)
    return sample(shape)


def _is_reason(items: Shape) -> bool:
    """Whether an item is a reason: a word and perhaps a number, and nothing of a decision."""
    says = {value_named(name, inside) for name, inside in items.fields.items()}
    names = " ".join(words_of(name) for name in items.fields)
    return not says & (_OF_DECISIONS - {"reasons"}) and bool(_OF_REASONS.search(names))


def _is_new(value: str, made: Answered) -> bool:
    """Whether a value may stand once more: keys and times may, what is of a kind of words once."""
    return (
        value not in {"reasons", "decision_id", "contributions"} or value not in made.named.values()
    )


def scalar_named(name: str, items: Shape) -> str:
    """The value that each of a list of plain values is: of `predictions` a prediction."""
    if items.fields or items.items is not None or not name:
        return ""
    return value_named(words_of(name).removesuffix("s"), items)


def value_named(name: str, shape: Shape) -> str:
    """The value that a field of that name and type holds; empty where none is known.

    >>> [value_named(name, Shape("number")) for name in ("pd", "creditScore", "temperature")]
    ['probability_of_default', 'score', '']
    >>> value_named("score", Shape("number", most=1.0))
    'probability_of_default'
    """
    kind = _KINDS.get(shape.kind, "text" if shape.enum else None)
    said = words_of(name)
    for one in ANSWER_WORDS:
        if kind in one.kinds and one.names.words.fullmatch(said):
            fits = _FITTING.get(one.value)
            return fits(said, shape) if fits else one.value
    return ""


def _about(shape: Shape) -> str:
    return shape.says.lower()


def _top(shape: Shape) -> float | None:
    """The largest value there is of it, by its limit or an example; None where nothing is said."""
    if shape.most is not None:
        return shape.most
    return next((abs(float(one)) for one in shape.examples if isinstance(one, int | float)), None)


def _score(said: str, shape: Shape) -> str:
    top = _top(shape)
    is_risk = bool(_RISK.search(said))
    if top is not None and top <= 1.0:
        return "probability_of_default"
    if shape.most is None and shape.kind == "number" and top is None and is_risk:
        return "probability_of_default"
    return "score"


def score_range(name: str, shape: Shape) -> tuple[float, float] | None:
    """The worst score and the best of a field of that name; None where nothing says them.

    >>> score_range("risk_score", Shape("number", least=0.0, most=100.0))
    (100.0, 0.0)
    """
    example = None if shape.most is not None else _top(shape)
    most = shape.most
    if example is not None and not _LEAST_SCORE <= example <= _MOST_SCORE:
        most = next((top for top in (10.0, 100.0, 1000.0, 10_000.0) if example <= top), None)
    if most is None:
        return None
    least = shape.least if shape.least is not None and shape.least < most else 0.0
    return (most, least) if _RISK.search(words_of(name)) else (least, most)


def _probability(_: str, shape: Shape) -> str:
    """Nothing where it is in percent, which no value is."""
    top = _top(shape)
    return "" if top is not None and top > 1.0 else "probability_of_default"


def _number_decided(said: str, shape: Shape) -> str:
    about = _about(shape)
    if shape.kind == "number" and (shape.most == 1.0 or "predict" in said):
        return "probability_of_default"
    is_good = any(
        f"1 {sign} {word}" in about.replace(":", " =").replace("=", " = ").replace("  ", " ")
        for sign in ("=", "means", "for", "if")
        for word in ("approved", "accepted", "good", "accord", "eligible", "repaid")
    )
    return "accepted_as_number" if is_good or "approved" in said else "refused_as_number"


def _decided(said: str, shape: Shape) -> str:
    """A status or a result is a decision where its words are some, or nothing else is said."""
    words = [words_of(str(one)) for one in (*shape.enum, *shape.examples)]
    if words:
        return "decision" if any(_VERDICT.search(one) for one in words) else ""
    return (
        ""
        if said in {"status", "statut", "result", "resultat", "label", "action", "class"}
        else "decision"
    )


_VERDICT: Final = re.compile(
    r"approv|accept|accord|reject|refus|declin|deny|denied|review|"
    r"refer|grant|eligib|block|fraud|default|good|bad|"
    r"legit|favorable|allow|manual|risk"
)
_FITTING: Final[dict[str, Callable[[str, Shape], str]]] = {
    "score": _score,
    "probability_of_default": _probability,
    "refused_as_number": _number_decided,
    "decision": _decided,
}


def cut(template: JsonValue, most: int) -> tuple[JsonValue, bool]:
    """A template of at most so many bytes as JSON, and whether it is another one than before."""
    if len(json.dumps(template)) <= most:
        return template, False
    return ({} if isinstance(template, dict) else [] if isinstance(template, list) else None), True
