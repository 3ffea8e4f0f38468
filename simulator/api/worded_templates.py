"""Answers as a mapping writes them: in its words, units and names of features."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from pydantic import JsonValue

from simulator.api.routes import Each, Joined, Of, Template
from simulator.mapping.api_part import ApiRoute, MappedEndpoint
from simulator.mapping.application import Application, Words
from simulator.mapping.feature_place import FeaturePlace
from simulator.mapping.templates import parts_of
from simulator.scenario.vocabulary import Feature
from simulator.simulation.scorecard import DECISIONS

__all__ = [
    "answer_of",
    "decision_template",
    "plain_template",
    "written_answer",
    "written_model",
]

_DIGITS: Final = 6  # of a feature that is shown in other units
#: What endpoints answer to which their route says nothing of that.
_DEFAULTS: Final[Mapping[MappedEndpoint, JsonValue]] = {
    "explanation": {
        "decision_id": "{decision_id}",
        "decision": "{decision}",
        "score": "{score}",
        "reasons": "{reasons}",
    },
    "erasure": {"applicant_id": "{applicant_id}", "deleted": "{deleted}"},
    "models": "{models}",
    "health": {"status": "{status}", "version": "{version}"},
}
_MODEL: Final[JsonValue] = {
    name: f"{{{name}}}" for name in ("model", "version", "stage", "traffic_share")
}

#: What stands for a name in a template.
_Meaning: TypeAlias = Callable[[str], Template]
_Shown: TypeAlias = dict[str, Callable[[float], JsonValue]]


def answer_of(route: ApiRoute, application: Application | None, words: Words) -> Template:
    """The answer of a route that is none of those that score."""
    said = written_answer(route, application)
    if route.endpoint == "models":
        each = written_model(route)
        item = _template(each, lambda name: Of(name, _of_stages(words) if name == "stage" else {}))
        return _template(said, lambda name: Each(name, item) if name == "models" else Of(name))
    if route.endpoint in {"erasure", "health"}:
        return plain_template(said)
    return decision_template(said, application, words)


def written_answer(route: ApiRoute, application: Application | None) -> JsonValue:
    """The answer of such a route, as it is written or else is meant."""
    if "answer" in route.model_fields_set or route.endpoint is None:
        return route.answer
    return _DEFAULTS.get(route.endpoint, application.answer if application else None)


def written_model(route: ApiRoute) -> JsonValue:
    """One of the versions in an answer, as it is written or else is meant."""
    return route.each if "each" in route.model_fields_set else _MODEL


def plain_template(written: JsonValue) -> Template:
    """A template of values that need no other words."""
    return _template(written, Of)


def decision_template(
    written: JsonValue, application: Application | None, words: Words
) -> Template:
    """The template of an answer about a decision."""
    features = {} if application is None else application.features
    shown: _Shown = {f: partial(_shown, f, where) for f, where in features.items()}
    called: dict[str, str] = {f: where.shown_name or f for f, where in features.items()}
    money = {name: shown["amount"] for name in ("amount", "approved_amount") if "amount" in shown}
    spoken: dict[str, dict[str, str]] = {"feature": called, "reason": dict(called)}
    spoken["reason"].update((feature, word) for feature, word in words.reason.items())
    item: JsonValue = "" if application is None else application.reason
    found: dict[str, Template] = {
        "decision": Of("decision", dict(zip(DECISIONS, words.decision.in_order(), strict=True))),
        "risk_level": Of("risk_level", words.risk_level),
        "contributions": Of("contributions", called),
        "features": Of("named_features", called, shown),
        "amount": Of("amount", shown=money),
        "approved_amount": Of("approved_amount", shown=money),
        "reasons": Each(
            "reasons",
            _template(item, lambda name: Of(name, spoken.get(name, {}))),
            None if application is None else application.most_reasons,
            shown,
        ),
    }
    return _template(written, lambda name: found.get(name) or Of(name))


def _of_stages(words: Words) -> Mapping[str, str]:
    return {str(stage): word for stage, word in words.stage.items()}


def _shown(feature: Feature, where: FeaturePlace, value: float) -> JsonValue:
    sent = where.as_sent(feature, value)
    return round(sent, _DIGITS) if isinstance(sent, float) else sent


def _template(written: JsonValue, meaning: _Meaning) -> Template:
    match written:
        case dict():
            return {key: _template(inside, meaning) for key, inside in written.items()}
        case list():
            return [_template(inside, meaning) for inside in written]
        case str():
            parts = parts_of(written)
            found = [meaning(part) if i % 2 else part for i, part in enumerate(parts)]
            kept = [part for part in found if part != ""] or [""]
            return kept[0] if len(kept) == 1 else Joined(tuple(kept))
    return written
