"""A metric as a mapping's file has it, made of a choice and of what queries demand."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from simulator.adopt.boards.choice import Choice
from simulator.adopt.boards.label_words import CONSTANTS, OWN, ROWS, role_of
from simulator.adopt.boards.labelling import Labelled, Values, labelled
from simulator.adopt.boards.matching_values import value_for
from simulator.adopt.boards.needs import LabelNeed
from simulator.adopt.boards.scaling import is_of_one, scale_of
from simulator.adopt.boards.signals import signal_of
from simulator.adopt.boards.told_apart import told_apart_by
from simulator.adopt.boards.up_jobs import up_source
from simulator.adopt.boards.with_failures import failures_in, with_failures, without
from simulator.measures.catalogue import MEASURES

__all__ = ["Written", "written_metric"]

_LEVELS: Final = (
    "info",
    "low",
    "minor",
    "moderate",
    "warning",
    "medium",
    "high",
    "major",
    "critical",
    "severe",
)
_FROM: Final = (0.1, 0.2, 0.25)
_MOST_ROWS: Final = 12


@dataclass(slots=True)
class Written:
    """A metric: what is in the file, what is said of it, and which demands it does not meet."""

    choice: Choice
    content: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def written_metric(choice: Choice, values_of: Values) -> Written:
    """The metric that a choice is, with the labels that are demanded of it."""
    if choice.family.name == "up":
        content, notes = up_source(choice.family)
        return Written(choice, content, notes)
    if choice.library:
        return _of_library(choice, values_of)
    if choice.resource is not None:
        return _of_signal(choice)
    return _of_source(choice, values_of)


def _of_source(choice: Choice, values_of: Values) -> Written:
    family = choice.family
    source = deepcopy(dict(choice.source or {}))
    found = Written(choice, source)
    unit = choice.unit
    if unit == "score" and is_of_one(family):
        _as_share(source, found)
        unit = "share"
    needs = dict(family.need.labels)
    if "events" in source:
        _levels(source, needs)
    failures = failures_in(needs) if source == {"measure": "scored"} else None
    if failures is not None:
        needs[failures.label] = without(needs[failures.label], failures.word)
        if failures.other:
            del needs[failures.label]
    labels = labelled(needs, told_apart_by(source), values_of, where=source.get("where"))
    _fill(found, labels)
    if failures is not None:
        found.content = source = with_failures(source, failures)
    _fold(source, labels, found)
    scale, why = scale_of(family, unit)
    if scale != 1.0:
        source["scale"] = scale
        found.notes.append(f"times {scale:g}: {why}")
    _type(source, choice)
    _edges(source, family.need.bounds, scale)
    if family.need.quantiles:
        said = ", ".join(sorted(family.need.quantiles))
        found.missing.append(f"quantile: a summary has no quantiles here ({said})")
    if family.need.bounds & {"+Inf"} and family.kind != "histogram":
        found.missing.append("le: it has no buckets")
    return found


def _as_share(source: dict[str, Any], found: Written) -> None:
    """Scores that are held against numbers up to 1."""
    found.notes.append("it is between 0 and 1: the probability that scores stand for")
    if source.get("measure") == "scores":
        del source["measure"]
        source["transform"] = {"to": "default-probability"}
    elif source.get("last") == "score":
        source["last"] = "default-probability"
    elif "mean" in source:
        source["mean"] = {"of": {"transform": {"to": "default-probability"}}}


def _levels(source: dict[str, Any], needs: dict[str, LabelNeed]) -> None:
    """Levels of an event for the severities that are asked for."""
    label = next((one for one in needs if role_of(one) == "severity"), None)
    if label is None:
        return
    asked = needs.pop(label).values or ("warning", "critical")
    known = sorted(asked, key=lambda one: _LEVELS.index(one) if one in _LEVELS else 4)
    from_ = _FROM[-len(known) :] if len(known) <= len(_FROM) else _FROM
    source["events"]["levels"] = [
        {"above": limit, "labels": {label: name}} for name, limit in zip(known, from_, strict=False)
    ]


def _fill(found: Written, labels: Labelled) -> None:
    content = found.content
    if labels.labels:
        content["labels"] = {**content.get("labels", {}), **labels.labels}
    if labels.constant:
        content["constant"] = {**content.get("constant", {}), **labels.constant}
    if labels.job:
        content["job"] = labels.job
    found.notes += labels.notes
    found.missing += labels.missing


def _fold(source: dict[str, Any], labels: Labelled, found: Written) -> None:
    """How what is not told apart becomes one: of drift the largest."""
    told = {one if isinstance(one, str) else one.get("dimension") for one in labels.labels.values()}
    if source.get("measure") in {"psi", "drift_ks", "drift_js"} and "feature" not in told:
        source["fold"] = "max"
        found.notes.append("the largest of all features and the score")
    if source.get("measure") == "importance":
        source["where"] = {"feature": {"without": ["score"]}}
    if source.get("measure") == "importance" and "feature" not in told:
        found.missing.append("a label of the feature: importance does not add up without")
    is_of_measure = "measure" in source.get("flag", {}).get("of", {})
    if is_of_measure and "feature" not in told:
        source["flag"]["of"] = {**source["flag"]["of"], "fold": "max"}
    if "events" in source and "feature" not in told:
        source["events"]["of"] = {**source["events"]["of"], "fold": "max"}


def _type(source: dict[str, Any], choice: Choice) -> None:
    """The type, where the source has another one by itself."""
    kind = choice.family.kind
    measure = MEASURES.get(source.get("measure", ""))
    is_histogram = "transform" in source or (measure is not None and measure.kind == "histogram")
    if is_histogram and kind in {"counter", "summary"}:
        source["type"] = kind


def _edges(source: dict[str, Any], bounds: set[str], scale: float) -> None:
    """Buckets at the bounds that are asked for."""
    measure = MEASURES.get(source.get("measure", ""))
    asked = {float(one) for one in bounds if one.replace(".", "", 1).isdigit()}
    has = {edge * scale for edge in measure.edges} if measure is not None else set()
    if asked and has and not asked <= has:
        source["edges"] = sorted(has | asked)


def _of_signal(choice: Choice) -> Written:
    content, said = signal_of(choice)
    if said.startswith("assumed") or "; assumed" in said:
        content["assumed"] = True
    found = Written(choice, content, [said] if said else [])
    rows: dict[str, list[str]] = {}
    for label, need in choice.family.need.labels.items():
        exact = [value for one in need.conditions if (value := value_for(one)) is not None]
        values = list(dict.fromkeys((*exact, *need.chosen)))[:_MOST_ROWS]
        usual = _usual_rows(label)
        if label in OWN:
            content |= {"job": exact[0]} if label == "job" and exact else {}
        elif len(values) > 1 or (values and need.is_part):
            rows[label] = [*values, *(["other"] if need.is_part else [])]
        elif values or label.lower() in CONSTANTS:
            content.setdefault("constant", {})[label] = (values or [CONSTANTS[label.lower()]])[0]
        elif usual:
            rows[label] = usual
            found.notes.append(f"no query tells a value of {label}: these are usual ones")
        elif not need.is_shared:
            found.missing.append(f"{label}: nothing tells it apart here")
    if rows:
        level = {"base": content.pop("always")["value"]} if choice.is_limit else content["signal"]
        content["signal"] = {**level, "labels": rows}
    return found


def _usual_rows(label: str) -> list[str]:
    """Values of a signal's label, where no query tells one."""
    if role_of(label) == "replica" and label not in ROWS:
        return ["api-1", "api-2", "api-3", "api-4"]
    return ROWS.get(label, "").split()


def _of_library(choice: Choice, values_of: Values) -> Written:
    """What the library has, with what queries ask for beside it."""
    content: dict[str, Any] = deepcopy(dict(choice.source or {}))
    found = Written(choice, content)
    has = {*content.get("labels", {}), *content.get("constant", {})}
    has |= set(content.get("signal", {}).get("labels", {}))
    for part in content.get("union", ()):
        has |= {*part.get("labels", {}), *part.get("constant", {})}
    needs = {k: v for k, v in choice.family.need.labels.items() if k not in has}
    taken = [one for one in content.get("labels", {}).values() if isinstance(one, str)]
    _fill(found, labelled(needs, told_apart_by(content), values_of, taken))
    for label, need in choice.family.need.labels.items():
        dimension = content.get("labels", {}).get(label)
        shown = values_of.get(dimension, {}).values() if isinstance(dimension, str) else ()
        if shown:
            found.missing += [
                f"{label}: nothing is called {one}"
                for one in need.conditions
                if not any(one.takes(value) for value in shown)
            ]
    return found
