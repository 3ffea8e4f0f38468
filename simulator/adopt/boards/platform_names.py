"""What a platform calls its parts, from the values that queries ask for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.adopt.boards.families import Family
from simulator.adopt.boards.label_words import role_of
from simulator.adopt.boards.matching_values import value_for
from simulator.adopt.feature_words import FEATURE_WORDS
from simulator.adopt.words import words_of
from simulator.scenario.vocabulary import FEATURES

__all__ = ["platform_names"]

_MOST: Final = 20
_OWN_GROUPS: Final = ("archiver", "risk-monitoring")
_DECISIONS: Final = ("decision", "result", "scored", "prediction", "scoring", "output", "score")
_ROUTE_WORDS: Final = (
    "score",
    "predict",
    "scoring",
    "credit",
    "loan",
    "fraud",
    "evaluate",
    "infer",
)
_SPECIAL: Final = frozenset({"+Inf", "score"})


def platform_names(families: Sequence[Family]) -> tuple[dict[str, Any], dict[str, str]]:
    """The part of a platform that names its parts, and why, by the place in it."""
    named = {role: tuple(_asked(families, role)) for role in ("model", "version", "feature")}
    found: dict[str, Any] = {}
    why: dict[str, str] = {}
    model: dict[str, Any] = {
        key: named[role][0]
        for key, role in (("name", "model"), ("version", "version"))
        if named[role]
    }
    if features := _features(named["feature"]):
        model["feature_names"] = features
        why["model.feature_names"] = "queries ask for these features"
    if model:
        found["model"] = model
        why["model"] = "so queries call the model"
    if kafka := _kafka(families):
        found["kafka"] = kafka
        why["kafka"] = "so queries call topics and groups"
    if routes := _routes(tuple(_asked(families, "route"))):
        found["api"] = {"routes": routes}
        why["api"] = "so queries call the routes"
    return found, why


def _asked(families: Sequence[Family], role: str) -> Iterator[str]:
    """Values that are asked for of labels of a role, the most frequent first."""
    counts: Counter[str] = Counter()
    for family in families:
        for label, need in family.need.labels.items():
            if role_of(label, need.values) != role:
                continue
            for one in need.conditions:
                known = value_for(one, need.values)
                counts.update([known] if known else [])
            counts.update(dict.fromkeys(need.chosen, 1))
    return (value for value, _ in counts.most_common(_MOST) if value and value not in _SPECIAL)


def _features(asked: Sequence[str]) -> dict[str, str]:
    """The model's features, by the names that are asked for; unknown ones take what is left."""
    found: dict[str, str] = {}
    for name in asked:
        words = words_of(name)
        known = [
            (one.surely, feature)
            for feature, each in FEATURE_WORDS.items()
            if feature not in found and not each.unless.words.search(words)
            for one in each.names
            if one.words.fullmatch(words)
        ]
        left = [one for one in FEATURES if one not in found]
        feature = max(known)[1] if known else next(iter(left), None)
        if feature is not None:
            found[feature] = name
    return found


def _kafka(families: Sequence[Family]) -> dict[str, Any]:
    topics, groups = tuple(_asked(families, "topic")), tuple(_asked(families, "group"))
    found: dict[str, Any] = {}
    if topics:
        main = next((t for word in _DECISIONS for t in topics if word in t.lower()), topics[0])
        found["topic"] = main
        others = [one for one in topics if one != main]
        if others:
            found["further_topics"] = [{"name": one, "fed_by": "applications"} for one in others]
    if groups:
        known: list[dict[str, Any]] = [
            {"name": own, "label": label} for own, label in zip(_OWN_GROUPS, groups, strict=False)
        ]
        known[0]["archives"] = True
        more = [{"name": one} for one in groups[len(_OWN_GROUPS) :]]
        rest = [{"name": one} for one in _OWN_GROUPS[len(groups) :]]
        found["consumer_groups"] = [*known, *rest, *more]
    return found


def _routes(asked: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for path in asked:
        if not path.startswith("/"):
            continue
        low = path.lower()
        if "batch" in low or "bulk" in low:
            found.setdefault("batch", f"POST {path}")
        elif any(word in low for word in _ROUTE_WORDS):
            found.setdefault("score", f"POST {path}")
        elif "model" in low or "health" in low:
            found.setdefault("models", f"GET {path}")
    return found
