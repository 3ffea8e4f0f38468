"""Groups of rules as Prometheus's rule files have them."""

from typing import Final

from simulator.rules.fields import Fields
from simulator.rules.model import Alert, Group, Recording

__all__ = ["prometheus_group"]

_OF_GROUP: Final = frozenset(
    {"name", "interval", "query_offset", "limit", "labels", "rules", "evaluation_delay"}
)
_OF_RULE: Final = frozenset(
    {"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"}
)


def prometheus_group(group: Fields) -> Group:
    """The group at a place; what is wrong in it is among the problems of its fields.

    >>> from pathlib import Path
    >>> from simulator.rules.model import Place
    >>> rule = {"alert": "Down", "expr": "up == 0", "for": "5m", "labels": {"team": "b"}}
    >>> fields = {"name": "g", "labels": {"team": "a", "dc": "x"}, "rules": [rule]}
    >>> found = prometheus_group(Fields(fields, Place(Path("a.yml"))))
    >>> found.rules[0].hold, found.rules[0].labels
    (300.0, {'team': 'b', 'dc': 'x'})
    """
    labels, unknown = group.texts("labels"), group.unknown(_OF_GROUP)
    if "rules" not in group.values and unknown:
        group.problems.append(f"{group.place}: rules are wanted, found {', '.join(unknown)}")
    rules = [(one, _rule(one, labels)) for one in group.each("rules")]
    ignored = [*unknown, *(key for one, _ in rules for key in one.unknown(_OF_RULE))]
    return Group(
        name=group.text("name"),
        rules=tuple(found for _, found in rules if found is not None),
        place=group.place,
        interval=group.seconds("interval") or None,
        query_offset=group.seconds("query_offset", "evaluation_delay"),
        limit=group.count("limit"),
        ignored=tuple(dict.fromkeys(ignored)),
    )


def _rule(rule: Fields, labels: dict[str, str]) -> Alert | Recording | None:
    name, recorded, expr = rule.text("alert"), rule.text("record"), rule.text("expr")
    hold, keep_firing = rule.seconds("for"), rule.seconds("keep_firing_for")
    own, annotations = {**labels, **rule.texts("labels")}, rule.texts("annotations")
    if bool(name) == bool(recorded):
        rule.problems.append(f"{rule.place}: one of alert and record is wanted")
    elif not expr.strip():
        rule.problems.append(f"{rule.place}: has no expr")
    elif recorded:
        return Recording(recorded, expr, own, rule.place)
    else:
        return Alert(name, expr, hold, keep_firing, own, annotations, rule.place)
    return None
