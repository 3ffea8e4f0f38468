"""Which measure, form or extra signal a metric is of, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from simulator.adopt.boards.concepts import Concept, Resource, concepts, resources
from simulator.adopt.boards.exporters import known_metric
from simulator.adopt.boards.families import Family
from simulator.adopt.boards.label_words import role_of
from simulator.adopt.boards.name_words import MEANT, NEUTRAL, UNITS, tokens_of

__all__ = ["Choice", "choices", "leads_of", "roles_in"]

#: Words in front of a name that are a scoring platform's own.
_OWN_LEADS: Final = frozenset(
    {"fraud", "scoring", "score", "prediction", "application", "transaction", "decision", "process"}
    | {"detected"}
)
#: Words of what makes models, and is no platform that runs.
_ELSEWHERE: Final = frozenset(
    {"training", "train", "trainer", "test", "testing", "experiment", "experiments", "mlflow"}
    | {"hyperparameter", "epoch", "epochs", "etl", "airflow", "dag"}
)
#: Words that no other platform's metrics have.
_TELLING: Final = frozenset(
    {"prediction", "scoring", "score", "probability", "confidence", "drift", "psi", "accuracy"}
    | {"precision", "recall", "f1", "auc", "roc", "gini", "importance", "decision", "fraud"}
    | {"approved"}
)
_QUANTILES: Final = frozenset({"p50", "p90", "p95", "p99", "p999", "median"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What a metric is of.

    `source` is that in the words of a mapping's file, None where nothing is known that it could be;
    `why` then says so. `unit` is that of the source's values; `resource` is given for an extra
    signal, and `is_limit` says that it is the most which that can be. `library` names the mapping
    that has the whole metric.
    """

    family: Family
    source: Mapping[str, Any] | None
    surely: float
    why: str
    unit: str = ""
    resource: Resource | None = None
    is_limit: bool = False
    library: str = ""


def roles_in(family: Family) -> frozenset[str]:
    """What its labels tell apart."""
    return frozenset(
        role for label, need in family.need.labels.items() if (role := role_of(label, need.values))
    )


def choices(families: Sequence[Family]) -> Iterator[Choice]:
    """What each of them is, in order; names of one namespace vouch for each other."""
    blessed = leads_of(families)
    return (_choice(one, blessed) for one in families)


def leads_of(families: Sequence[Family]) -> frozenset[tuple[str, ...]]:
    """Unknown words in front of names which surely are of a scoring platform: its namespaces.

    A word of the field in front of another is told by another metric than its own.
    """
    by_lead: dict[tuple[str, ...], int] = {}
    for family in families:
        best = _best(family)
        if best is not None and best[0].surely >= 0.7 and best[0].words & _TELLING:  # noqa: PLR2004 - what is likely
            by_lead[best[1]] = by_lead.get(best[1], 0) + 1
    return frozenset(lead for lead, n in by_lead.items() if n > 1 or not set(lead) & MEANT)


def _choice(family: Family, blessed: frozenset[tuple[str, ...]]) -> Choice:
    for name in (family.name, *family.names):
        if known := known_metric(name):
            return Choice(family, known[1], 1.0, f"{known[0]} has it", library=known[0])
    best, unsure = _best(family), ""
    if best is not None:
        concept, lead = best
        if _is_own(lead, blessed):
            words = ", ".join(sorted(concept.words))
            said = f"{concept.about}: {words} in its name; {family.why}"
            return Choice(family, concept.source, concept.surely, said, concept.unit)
        unsure = f"{' '.join(lead)}: no other metric tells that this is the platform's"
    if found := _resource(family, blessed):
        return found
    return Choice(family, None, 0.0, unsure or _unknown(family))


def _is_own(lead: tuple[str, ...], blessed: frozenset[tuple[str, ...]]) -> bool:
    return set(lead) <= _OWN_LEADS or lead in blessed or lead[-1:] in blessed


def _unknown(family: Family) -> str:
    unknown = [t for t in tokens_of(family.name) if t not in NEUTRAL and t not in UNITS]
    return f"nothing that is simulated is called {' '.join(unknown) or family.name}"


def _best(family: Family) -> tuple[Concept, tuple[str, ...]] | None:
    """The concept that explains most of a name, and the words in front that it does not explain."""
    tokens, roles = tokens_of(family.name), roles_in(family)
    if _ELSEWHERE & set(tokens):
        return None
    found = []
    for one in concepts():
        if family.kind not in one.kinds or (one.roles and not one.roles & roles):
            continue
        lead = _lead(tokens, one.words, one.may, one.unless)
        if lead is not None:
            weight = len(one.words) + (0.5 if one.roles else 0.0) - 0.4 * len(lead)
            found.append((weight, one.surely, one, lead))
    if not found:
        return None
    _, _, best, lead = max(found, key=lambda each: each[:2])
    return best, lead


def _lead(
    tokens: tuple[str, ...], words: frozenset[str], may: frozenset[str], unless: frozenset[str]
) -> tuple[str, ...] | None:
    """The words in front that nothing explains; None where a word stands elsewhere or is wrong."""
    has = set(tokens)
    if not words <= has or unless & has:
        return None
    first = min(tokens.index(one) for one in words)
    extra = [
        (at, one)
        for at, one in enumerate(tokens)
        if one not in words and one not in may and not _says_nothing(one)
    ]
    if any(at > first for at, _ in extra):
        return None
    return tuple(one for _, one in extra)


def _says_nothing(token: str) -> bool:
    return token in NEUTRAL or token in UNITS or token.isdigit() or token in _QUANTILES


def _resource(family: Family, blessed: frozenset[tuple[str, ...]]) -> Choice | None:
    """The extra signal that it is, or the most of one."""
    tokens = tokens_of(family.name)
    if _ELSEWHERE & set(tokens):
        return None
    is_limit = "limit" in tokens and family.kind == "gauge"
    has = tuple(one for one in tokens if one != "limit") if is_limit else tokens
    found = []
    for one in resources():
        if family.kind not in one.kinds:
            continue
        for words in one.words:
            lead = _lead(has, words, one.may, one.unless)
            if lead is not None and _is_own(lead, blessed):
                found.append((len(words), one, words))
    if not found:
        return None
    _, best, words = max(found, key=lambda each: each[0])
    said = f"{best.about}: {', '.join(sorted(words))} in its name; {family.why}"
    what = f"the most that there is of {said}" if is_limit else said
    return Choice(family, {}, 0.5, what, best.unit, best, is_limit)
