"""Which endpoint of the simulation an operation is, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from simulator.adopt.answers import Answered, answer_of
from simulator.adopt.openapi.operations import Operation
from simulator.adopt.openapi.shapes import Shape
from simulator.adopt.sent import Taken, taken_by
from simulator.adopt.words import known, words_of
from simulator.mapping.answer_values import ANSWER_VALUES
from simulator.mapping.api_part import MappedEndpoint
from simulator.scenario.vocabulary import Endpoint

__all__ = ["Role", "Seen", "keys_of", "role_of", "seen"]

_SCORES: Final = known(
    "score|scores|scoring|predict|predicts|prediction|predictions|"
    "predire|evaluate|evaluation|evaluer|assess|"
    "assessment|assessments|decision|decisions|decide|underwrite|"
    "underwriting|eligibility|eligibilite|infer|inference|"
    "invocations|classify|risk|risque|credit|loan|loans|apply|"
    "applications?|octroi|simuler|simulation|noter|notation|"
    "pret|demandes?|prequalify|analy[sz]e|calculate|approve|"
    "approval|check|detect|fraud|proposals?|quote|offers?",
    1.0,
)
_INFERS: Final = known("infer|inference|invocations|predict", 1.0)
_SURELY_SCORES: Final = known(
    "score|scoring|predict|predictions?|predire|infer|inference|"
    "invocations|underwrite|evaluate|evaluer|assess",
    1.0,
)
_BATCH: Final = known("batch|bulk|many|lot|lots|multiple|several|portfolio|csv|list|masse", 1.0)
_NOT_SCORED: Final = known(
    "train|training|retrain|feedback|upload|fit|login|register|"
    "signup|user|users|drift|monitor\\w*|metrics|reload|"
    "compare|logs?|webhook|notify|export|report|simulate scenarios?|outcome|outcomes|actuals?",
    1.0,
)
_EXPLAINS: Final = known(
    "explain|explanation|explanations|reasons?|shap|lime|why|"
    "motifs?|explication|explications|expliquer|factors|"
    "contributions?|interpret|interpretation|justification|adverse action|importance|drivers",
    1.0,
)
_HEALTH: Final = known(
    "health|healthz|healthcheck|health check|live|liveness|livez|"
    "ready|readiness|readyz|ping|status|statut|up|alive|"
    "sante|heartbeat|actuator health|heart beat|etat|disponibilite",
    1.0,
)
_MODELS: Final = known("models?|model versions?|versions?|modeles?|registry|model info|info", 1.0)
_TOKEN: Final = known(
    "token|tokens|oauth2? token|login|signin|sign in|connect token|"
    "authenticate|auth|connexion|jwt|jeton",
    1.0,
)
_PEOPLE: Final = known(
    "customers?|clients?|applicants?|borrowers?|users?|persons?|"
    "people|demandeurs?|emprunteurs?|personal|gdpr|rgpd|erase|"
    "erasure|forget|data subjects?|individus?",
    1.0,
)
_REVIEWS: Final = known(
    "review|reviews|override|manual|revue|validation|valider|"
    "approve|reject|refuse|adjudicate|decide|decision|arbitrage",
    1.0,
)
_FEATURES: Final = known("features?|online features|feature store|variables|caracteristiques", 1.0)
_PAST: Final = known(
    "history|historique|latest|last|log|logs|recent|stats|statistics|evolution|list", 1.0
)
_TWO, _THREE = 2, 3

Of: TypeAlias = MappedEndpoint | Literal["token", "stub"]


@dataclass(frozen=True, slots=True)
class Role:
    """What an operation is, how surely, why; a stub's requests may count as an endpoint's."""

    of: Of
    surely: float
    why: str
    counts_as: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An operation, with what it takes and what its answer says."""

    operation: Operation
    taken: Taken
    answered: Answered
    words: str
    last: str

    @property
    def keys(self) -> list[str]:
        """The names of the path's keys."""
        return keys_of(self.operation.path)


def keys_of(path: str) -> list[str]:
    """The names in braces in a path.

    >>> keys_of("/a/{b}/c/{d}")
    ['b', 'd']
    """
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def seen(operation: Operation) -> Seen:
    """An operation as it is looked at."""
    parts = [part for part in operation.path.split("/") if part and "{" not in part]
    last = next((words_of(part) for part in reversed(parts) if words_of(part)), "")
    told = f"{' '.join(parts)} {operation.name} {operation.summary} {' '.join(operation.tags)}"
    answered = answer_of(_one_answer(operation.answer), ANSWER_VALUES)
    taken = taken_by(operation, is_alone=_is_alone(operation, answered))
    return Seen(operation, taken, answered, words_of(told), last)


def _is_alone(operation: Operation, answered: Answered) -> bool:
    """Whether an answer is of one decision, and no list of several."""
    if operation.answer.items is not None:
        return False
    of_decisions = [place for place, value in answered.named.items() if value in answered.says]
    is_listed = any(isinstance(step, int) for place in of_decisions for step in place)
    return bool(of_decisions) and not is_listed


def _one_answer(shape: Shape) -> Shape:
    return shape.items if shape.items is not None else shape


def role_of(one: Seen) -> Role:
    """The first of the endpoints that fits, the most certain ones before others; else a stub."""
    found = (guess for rule in _RULES for guess in rule(one))
    return next(found, Role("stub", 0.9, "nothing in it is of scoring"))


def _token(one: Seen) -> Iterator[Role]:
    says = {words_of(name) for name in one.operation.answer.fields}
    is_named = _TOKEN.words.fullmatch(one.last) is not None
    if one.operation.method != "POST" or one.keys:
        return
    if says & {"access token", "id token"} or (is_named and says & {"token", "jwt", "access"}):
        yield Role("token", 0.95, "the token in its answer")
    elif is_named and one.operation.is_form:
        yield Role("token", 0.6, "its path and the form that it takes")


def _health(one: Seen) -> Iterator[Role]:
    if one.operation.method != "GET" or one.keys:
        return
    if _HEALTH.words.fullmatch(one.last) or (one.last == "" and one.operation.path == "/"):
        needed = [each.name for each in one.operation.parameters if each.is_required]
        if not needed:
            yield Role("health", 0.95 if one.last else 0.6, f"its path: {one.operation.path}")


def _scored(one: Seen) -> Iterator[Role]:
    """One application, or several: by what it takes, what it answers, and its words."""
    operation, count = one.operation, len(one.taken.features)
    if operation.method not in {"POST", "PUT", "PATCH", "GET"} or _NOT_SCORED.words.search(
        one.last
    ):
        return
    says = one.answered.says - {"approved_amount"}
    answers = len(_decided_in(one))
    is_named = bool(_SCORES.words.search(one.words))
    is_surely = bool(
        _SURELY_SCORES.words.search(f"{words_of(operation.path)} {words_of(operation.name)}")
    )
    of: Of = "score" if one.taken.at is None else "batch"
    grounds = [f"{count} feature{'' if count == 1 else 's'} in what it takes"] if count else []
    grounds += [f"{', '.join(sorted(says)[:3])} in its answer"] if answers else []
    grounds += ["its path or name"] if is_named else []
    why = "; ".join(grounds)
    if operation.method == "GET":
        if count >= _TWO and answers:
            yield Role(of, 0.7, why)
        elif (
            is_surely
            and (answers or not operation.answer.fields)
            and len(one.keys) == 1
            and not _PAST.words.search(one.words)
            and _is_person(one)
        ):
            yield Role(
                "score", 0.5, f"{why}; it has only the key of an applicant, and looks up the rest"
            )
        return
    is_keyed = bool(one.keys) and count < _TWO and not _INFERS.words.fullmatch(one.last)
    if operation.is_form or not operation.media or is_keyed:
        return
    if count >= _TWO and (answers or is_surely):
        yield Role(of, 0.95 if answers and is_named else 0.75, why)
    elif (count or of == "batch" or is_surely) and answers and is_named:
        yield Role(of, 0.6, why)
    elif is_surely and not operation.answer.fields and (count or not operation.body.fields):
        yield Role(of, 0.45, f"{why}; what it answers is not said")
    elif _INFERS.words.search(one.last):
        yield Role(of, 0.5, "its path, as servers of models have it")


def _decided_in(one: Seen) -> set[str]:
    return one.answered.says


def _is_person(one: Seen) -> bool:
    return bool(
        _PEOPLE.words.search(" ".join(words_of(key) for key in one.keys))
        or words_of(one.keys[0]) in {"id", "sk id curr"}
    )


def _explained(one: Seen) -> Iterator[Role]:
    if (
        len(one.keys) == 1
        and _EXPLAINS.words.search(one.last)
        and one.operation.method in {"GET", "POST"}
    ):
        if _PEOPLE.words.search(" ".join(map(words_of, one.keys))):
            yield Role(
                "stub",
                0.6,
                "it explains by an applicant's key, and decisions have their own",
                "explanation",
            )
        elif "reasons" in one.answered.says or "contributions" in one.answered.says:
            yield Role("explanation", 0.9, "its path and the reasons in its answer")
        else:
            yield Role("explanation", 0.6, "its path")


def _reviewed(one: Seen) -> Iterator[Role]:
    if (
        len(one.keys) == 1
        and one.operation.method in {"POST", "PUT", "PATCH"}
        and _REVIEWS.words.search(one.last)
    ):
        yield Role("review", 0.7, "its path")


def _erased(one: Seen) -> Iterator[Role]:
    if one.operation.method == "DELETE" and len(one.keys) == 1:
        said = f"{one.words} {' '.join(map(words_of, one.keys))}"
        if _PEOPLE.words.search(said):
            yield Role("erasure", 0.7, "it deletes what is somebody's")


def _read(one: Seen) -> Iterator[Role]:
    """A decision that is read back, by its own key."""
    if (
        one.operation.method != "GET"
        or len(one.keys) != 1
        or one.operation.answer.items is not None
    ):
        return
    is_last = one.operation.path.endswith("}")
    if (
        is_last
        and len(_decided_in(one)) >= _TWO
        and not _PEOPLE.words.search(words_of(one.keys[0]))
    ):
        yield Role(
            "decision", 0.85, f"a key, and {', '.join(sorted(_decided_in(one))[:3])} in its answer"
        )


def _listed_models(one: Seen) -> Iterator[Role]:
    if one.operation.method == "GET" and not one.keys and _MODELS.words.fullmatch(one.last):
        if any(items.fields for items in _lists_of(one.operation.answer)):
            yield Role("models", 0.85, "its path and the list in its answer")
        elif "model" in one.words:
            yield Role("stub", 0.7, "it tells of the model, and lists no versions", "models")


def _lists_of(shape: Shape) -> Iterator[Shape]:
    if shape.items is not None:
        yield shape.items
    yield from (inside.items for inside in shape.fields.values() if inside.items is not None)


def _beside(one: Seen) -> Iterator[Role]:
    """A stub whose requests are among those of an endpoint."""
    if one.taken.features and _EXPLAINS.words.search(one.last):
        yield Role("stub", 0.6, "it explains what it is sent, and decides nothing", "explanation")
    if one.keys and one.operation.method == "GET" and _FEATURES.words.search(one.words):
        yield Role("stub", 0.7, "it looks up features", "decision")
    elif (
        one.operation.method == "GET"
        and _decided_in(one)
        and (one.keys or one.operation.answer.items)
    ):
        yield Role(
            "stub", 0.6, "it reads what was decided, and by no key of a decision", "decision"
        )


_RULES: Final[tuple[Callable[[Seen], Iterator[Role]], ...]] = (
    _token, _health, _scored, _explained, _reviewed, _erased, _read, _listed_models, _beside,
)  # fmt: skip
