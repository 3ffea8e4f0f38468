"""Limits and holds of alert rules replaced in place in the YAML of a rule file."""

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from simulator.errors import TuningError
from simulator.promql.limits import limit
from simulator.quoting import quoted
from simulator.reading.yaml_text import yaml_documents_in
from simulator.rules.durations import prometheus_seconds
from simulator.rules.model import Place
from simulator.tuning.writing.edits import Edit, edited, utf8_text
from simulator.tuning.writing.plain_numbers import plain_duration, plain_number
from simulator.tuning.writing.rule_nodes import RuleNodes, ending, literal_place, rule_nodes

__all__ = ["RuleChange", "with_changes"]

_LINE_END: Final = re.compile(r"\r\n|\r|\n|\Z")


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A limit and a hold in seconds for the rule at a place; None leaves what is there."""

    place: Place
    threshold: float | None
    hold: float | None


@dataclass(frozen=True, slots=True)
class _Change:
    """One key of a rule: the edit, and what the key reads afterwards."""

    edit: Edit
    key: str
    value: str


def with_changes(content: bytes, changes: Sequence[RuleChange], file: Path) -> bytes:
    """The content with other limits and holds; what has its value already stays as written.

    A rule without `for` gets one below its expression, unless the hold is 0.

    Raises:
        TuningError: a rule is not there, shares a node with another one, or is not written in a
            way that can be edited in place. The text has the file, the path and the value.

    >>> text = b"groups: [{name: g, rules: [{alert: A, expr: up > 1, for: '90s'}]}]"
    >>> place = Place(Path("a.yml"), ("groups", 0, "rules", 0))
    >>> with_changes(text, [RuleChange(place, threshold=0.5, hold=300.0)], Path("a.yml"))
    b"groups: [{name: g, rules: [{alert: A, expr: up > 0.5, for: '5m'}]}]"
    """
    text = utf8_text(content, file)
    before = _loaded(text, file)
    if len({change.place for change in changes}) < len(changes):
        raise TuningError(f"{file}: two changes for one rule")
    nodes = rule_nodes(text, [change.place for change in changes])
    found = [
        (change.place, one)
        for change in changes
        for one in _changes(text, nodes[change.place], change)
    ]
    after = edited(text, [one.edit for _, one in found])
    wanted = copy.deepcopy(before)
    for place, one in found:
        _at(wanted, place)[one.key] = one.value
    if not _same(_loaded(after, file), wanted, [change.place for change in changes]):
        raise TuningError(f"{file}: more than limits and holds would change; nothing is written")
    return after.encode()


def _changes(text: str, nodes: RuleNodes, change: RuleChange) -> Iterator[_Change]:
    try:
        if change.threshold is not None:
            yield from _limit(text, nodes.expression, change.threshold)
        if change.hold is not None and nodes.hold is not None:
            yield from _hold(text, nodes.hold, change.hold)
        elif change.hold:
            yield _new_hold(text, nodes, change.hold)
    except ValueError as error:
        raise TuningError(f"{change.place}: {error}") from error


def _limit(text: str, expression: yaml.ScalarNode, threshold: float) -> Iterator[_Change]:
    value: str = expression.value
    wanted = plain_number(threshold)
    found = limit(value)
    if found is None:
        raise ValueError(f"expr: has no number that can move: {quoted(value.strip())}")
    if found.literal != threshold:
        edit = Edit(*literal_place(text, expression, found.start, found.end), wanted)
        yield _Change(edit, "expr", value[: found.start] + wanted + value[found.end :])


def _hold(text: str, node: yaml.ScalarNode, seconds: float) -> Iterator[_Change]:
    wanted = plain_duration(seconds)
    if prometheus_seconds(node.value) != seconds:
        yield _Change(Edit(*ending(text, node, node.value), wanted), "for", wanted)


def _new_hold(text: str, nodes: RuleNodes, seconds: float) -> _Change:
    """A line of its own after the one that the expression ends in, with any comment there."""
    wanted = plain_duration(seconds)
    if nodes.is_flow:
        raise ValueError(f"for: a rule in braces without one cannot get {wanted}; write it there")
    node = nodes.expression
    written = text[node.start_mark.index : node.end_mark.index].rstrip()
    line_end = next(_LINE_END.finditer(text, node.start_mark.index + len(written)))
    # where the file ends here there is no line end to copy but that of its first line
    newline = line_end[0] or next(_LINE_END.finditer(text))[0] or "\n"
    line = f"{newline}{' ' * nodes.column}for: {wanted}"
    at = line_end.start()
    return _Change(Edit(at, at, line), "for", wanted)


# Any: YAML documents, of which only the rules at known places are known
def _at(documents: Any, place: Place) -> Any:  # noqa: ANN401 - see above
    found = documents
    for part in (place.document, *place.path):
        found = found[part]
    return found


def _same(found: object, wanted: object, places: Sequence[Place]) -> bool:
    """Whether the documents are equal, but for white space at the end of the expressions.

    A block scalar loses or gains its last line end when a line is put in below it.
    """
    try:
        for rule in [_at(one, place) for one in (found, wanted) for place in places]:
            rule["expr"] = rule["expr"].rstrip()
        are_equal = found == wanted
    except (LookupError, TypeError, AttributeError, RecursionError):
        return False
    else:
        return are_equal


def _loaded(text: str, file: Path) -> list[object]:
    return yaml_documents_in(text, file, error=TuningError, has_aliases=True)
