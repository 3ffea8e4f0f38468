"""Labels of a metric: what each tells apart, and what values are called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from simulator.adopt.boards.label_words import CONSTANTS, MEANINGS, OWN, meaning_of, role_of
from simulator.adopt.boards.matching_values import satisfied, value_for
from simulator.adopt.boards.needs import LabelNeed
from simulator.measures.dimensions import DIMENSIONS

__all__ = ["Labelled", "Values", "labelled"]

#: The dimensions that a role may be, the likeliest first.
_DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "route": ("route",),
    "method": ("method",),
    "status": ("status", "class", "outcome"),
    "class": ("class", "status_class", "outcome"),
    "model": ("model",),
    "algorithm": ("algorithm",),
    "version": ("version",),
    "stage": ("stage",),
    "trained_on": ("trained_on",),
    "feature": ("feature",),
    "channel": ("channel",),
    "decision": ("decision", "predicted", "level"),
    "outcome": ("outcome", "class", "decision"),
    "result": ("decision", "outcome", "class"),
    "level": ("level",),
    "reason": ("reason", "outcome"),
    "type": ("violation", "reason", "decision"),
    "topic": ("topic",),
    "partition": ("partition",),
    "group": ("group",),
    "broker": ("broker",),
    "server": ("server", "node"),
    "drive": ("drive",),
    "bucket": ("bucket",),
    "api": ("api", "route"),
    "replica": ("instance", "node"),
    "violation": ("violation",),
    "regulation": ("regulation",),
    "severity": ("severity",),
}
#: Words of a pair, for what is not named when the other is.
_PAIRS: Final = (
    ("approved", "rejected"),
    ("accepted", "rejected"),
    ("approve", "reject"),
    ("accept", "reject"),
    ("approve", "decline"),
    ("approved", "declined"),
    ("approved", "denied"),
    ("legitimate", "fraud"),
    ("legit", "fraud"),
    ("normal", "fraud"),
    ("non_fraud", "fraud"),
    ("good", "bad"),
    ("no_default", "default"),
    ("low_risk", "high_risk"),
    ("allow", "block"),
    ("yes", "no"),
    ("0", "1"),
    ("false", "true"),
    ("success", "error"),
    ("success", "failure"),
    ("success", "failed"),
    ("ok", "error"),
    ("true", "false"),
    ("pass", "fail"),
)
#: Values of dimensions that others call as they like, the most usual first.
_OPEN: Final[Mapping[str, tuple[str, ...]]] = {
    "reason": ("internal", "unavailable", "timeout", "validation", "unauthorized", "rate_limited"),
    "channel": ("web", "mobile", "partner", "branch"),
}
#: What stands before a word for its opposite.
_NO: Final = ("no_", "non_", "not_", "no-", "non-", "not-", "non")
_STATUSES: Final = frozenset({"status", "class", "status_class"})
_GOOD_OF: Final = {"decision": ("accepted", "refused"), "outcome": ("success", "*")}


#: Of each dimension its values, and what the platform calls them.
Values: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class Labelled:
    """Labels as a mapping's file has them, and what cannot be had of what was demanded."""

    labels: dict[str, Any] = field(default_factory=dict)
    constant: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    job: str = ""


def labelled(
    needs: Mapping[str, LabelNeed],
    dimensions: Sequence[str],
    values_of: Values,
    taken: Iterable[str] = (),
    where: Mapping[str, Any] | None = None,
) -> Labelled:
    """The labels of a source with these dimensions, whose values are called as `values_of` has it.

    `where` says which values it has at all.

    >>> found = labelled({"status": LabelNeed(), "env": LabelNeed()}, ("status", "class"), {})
    >>> found.labels, found.constant
    ({'status': 'status'}, {'env': 'production'})
    """
    found, used = Labelled(), set(taken)
    one_value = {name for name, said in (where or {}).items() if isinstance(said, str)}
    for label in sorted(
        needs, key=lambda name: (needs[name].is_shared, not needs[name].conditions, _vague(name))
    ):
        need = needs[label]
        if label in OWN:
            _own(found, label, need)
            continue
        role = role_of(label, need.values)
        free = [
            one
            for one in _DIMENSIONS.get(role, ())
            if one in dimensions and not _is_used(one, used)
        ]
        if free:
            dimension = _best(free, need, values_of)
            used.add(dimension)
            exact = [v for one in need.conditions if (v := value_for(one)) is not None]
            if dimension in one_value and exact:
                found.labels[label] = {"dimension": dimension, "values": {"*": exact[0]}}
            else:
                found.labels[label] = _written(found, label, dimension, need, values_of)
        elif not (need.is_shared and role) and not _constant(found, label, need):
            if need.is_shared:
                continue
            known = [one for one in _DIMENSIONS.get(role, ()) if one in used]
            why = f"another label has the {known[0]}" if known else "nothing tells it apart here"
            found.missing.append(f"{label}: {why}")
    return found


def _vague(label: str) -> bool:
    """Whether a label's name may mean several things, so that others choose first."""
    return role_of(label) in {"type", "outcome", "reason", "status"}


def _is_used(dimension: str, used: set[str]) -> bool:
    """Whether it is taken, or the same as what is: a status and its class are one."""
    return dimension in used or bool(dimension in _STATUSES and _STATUSES & used)


def _own(found: Labelled, label: str, need: LabelNeed) -> None:
    """Labels that are written elsewhere."""
    if label == "job":
        exact = [value for one in need.conditions if (value := value_for(one)) is not None]
        if exact:
            found.job = exact[0]
            found.notes.extend(f"of job {one} nothing is made" for one in exact[1:])
    elif need.conditions:
        found.missing.append(f"{label}: it is the run's own, see --instance")


def _best(free: Sequence[str], need: LabelNeed, values_of: Values) -> str:
    """The dimension of whose values most are asked for; the first where none is."""
    return max(
        free,
        key=lambda one: (
            satisfied(need.conditions, tuple(values_of.get(one, {}).values()))
            + sum(meaning_of(one, value) is not None for value in need.values),
            -free.index(one),
        ),
    )


def _written(
    found: Labelled,
    label: str,
    dimension: str,
    need: LabelNeed,
    values_of: Values,
) -> Any:  # noqa: ANN401 - as it is written in a file
    """A label of a dimension, with what its values are called where that is asked for."""
    has = values_of.get(dimension, {})
    values = dict(_words(dimension, need, tuple(has.values())))
    shown = [values.get(one, values.get("*", called)) for one, called in has.items()]
    for condition in need.conditions:
        if has and not any(condition.takes(one) for one in shown):
            found.missing.append(f"{label}: nothing is called {condition}")
    return {"dimension": dimension, "values": values} if values else dimension


def _words(dimension: str, need: LabelNeed, has: Sequence[str]) -> list[tuple[str, str]]:
    """Values of a dimension with the words that queries have for them."""
    if dimension in {"class", "status_class"} and need.values:
        return _of_classes(need)
    if dimension == "predicted":
        called = dict(_words("decision", need, ()))
        return [(to, called.get(of, of)) for of, to in (("accepted", "good"), ("refused", "bad"))]
    named: dict[str, str] = {}
    words = list(need.values)
    words += [v for c in need.conditions if c.operator == "=~" and (v := _by_meaning(dimension, c))]
    for word in words:
        meaning = meaning_of(dimension, word)
        if meaning is not None:
            named.setdefault(meaning, word)
    if dimension == "decision" and not named:
        named.update(_opposites(words))
    if dimension in _OPEN:
        _name_the_rest(dimension, named, need)
    if not named:
        return _alike(dimension, need, has)
    if dimension == "level" and "very_high" not in named and len(named) > 1:
        named["very_high"] = named.get("high", "very_high")
    return list(_completed(dimension, named).items())


def _opposites(words: Sequence[str]) -> dict[str, str]:
    """What nobody knows, with its opposite: `churn` and `no_churn` are the bad and the good one.

    What queries single out is the bad one where they name no opposite.

    >>> _opposites(["churn"])
    {'accepted': 'no_churn', 'refused': 'churn'}
    """
    for word in words:
        good = next((one for no in _NO if (one := f"{no}{word}") in words), None)
        if good is not None:
            return {"accepted": good, "refused": word}
    if not words:
        return {}
    bad, *others = words
    return {"accepted": others[0] if others else f"no_{bad}", "refused": bad}


def _name_the_rest(dimension: str, named: dict[str, str], need: LabelNeed) -> None:
    """Words that nobody knows, for values that are called nothing yet, the most usual first."""
    odd = [one for one in need.values if meaning_of(dimension, one) is None]
    left = [one for one in _OPEN[dimension] if one not in named]
    named.update(zip(left, odd, strict=False))


def _by_meaning(dimension: str, condition: Any) -> str | None:  # noqa: ANN401 - a matcher
    """A word of the field that a pattern takes."""
    table = MEANINGS.get(dimension, {})
    known = [one for words in table.values() for one in words.split()]
    return value_for(condition, known)


def _of_classes(need: LabelNeed) -> list[tuple[str, str]]:
    named = {}
    for value in need.values:
        meaning = meaning_of("outcome", value)
        if meaning is not None and not value[:1].isdigit():
            named["2xx" if meaning == "success" else "*"] = value
    if named and len(named) == 1:
        good, bad = _partner(named.get("2xx"), named.get("*"))
        named = {"2xx": good, "*": bad}
    return list(named.items())


def _completed(dimension: str, named: dict[str, str]) -> dict[str, str]:
    """Words for the other values of a dimension in the same language, where some are named."""
    if dimension not in _GOOD_OF:
        return named
    best, worst = _GOOD_OF[dimension]
    if (best in named) != (worst in named):
        good, bad = _partner(named.get(best), named.get(worst))
        named = {**named, best: good, worst: bad}
    has_own_word = named.get(best, "").lower() in {"approved", "accepted", "approve", "accept"}
    if dimension == "decision" and "review" not in named and best in named and not has_own_word:
        named = {**named, "review": named[best]}
    return {key: named[key] for key in (best, "review", worst) if key in named}


def _partner(good: str | None, bad: str | None) -> tuple[str, str]:
    """Both words of a pair of which one is known, written in the same case."""
    known = good or bad or ""
    at = 0 if good else 1
    pair = next((one for one in _PAIRS if one[at] == known.lower()), None)
    if pair is None:
        pair = ("other", known) if bad else (known, "other")
    written = [
        one.upper() if known.isupper() else one.title() if known.istitle() else one for one in pair
    ]
    written[at] = known
    return written[0], written[1]


def _alike(dimension: str, need: LabelNeed, has: Sequence[str]) -> list[tuple[str, str]]:
    """The one value of all, where another than there is is asked for."""
    exact = [one.value for one in need.conditions if one.operator == "="]
    exact += [v for one in need.conditions if one.operator == "=~" and (v := value_for(one, has))]
    odd = [one for one in dict.fromkeys(exact) if one not in has]
    if not odd or len(has) > 1 or DIMENSIONS[dimension].fixed:
        return []
    return [("*", odd[0])]


def _constant(found: Labelled, label: str, need: LabelNeed) -> bool:
    """Whether it is the same on all series: a value that is asked for, or one that is usual."""
    exact = [value for one in need.conditions if (value := value_for(one)) is not None]
    values = list(dict.fromkeys((*exact, *need.chosen)))
    if need.is_part and label.lower() not in CONSTANTS:
        return False  # a share of what has it would be all
    if not values and label.lower() not in CONSTANTS:
        return False
    found.constant[label] = values[0] if values else CONSTANTS[label.lower()]
    if len(exact) > 1:
        rest = [one for one in need.conditions if not one.takes(found.constant[label])]
        found.missing.extend(f"{label}: only one value is written, not {one}" for one in rest)
    return True
