"""Where the expression and the hold of alert rules are written in a rule file."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from simulator.errors import TuningError
from simulator.quoting import quoted
from simulator.rules.model import Place

__all__ = ["RuleNodes", "ending", "literal_place", "rule_nodes"]

_MERGE: Final = "tag:yaml.org,2002:merge"
_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class RuleNodes:
    """A rule's nodes; `column` is where its keys begin, `is_flow` whether it is in braces."""

    expression: yaml.ScalarNode
    hold: yaml.ScalarNode | None
    column: int
    is_flow: bool


def rule_nodes(text: str, places: Iterable[Place]) -> Mapping[Place, RuleNodes]:
    """The nodes of the rules at the places, in a text that can be read.

    Raises:
        TuningError: a rule is not there, is not a mapping with one scalar `expr`, or is used
            twice by way of an alias.
    """
    roots = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    shared = _shared(roots)
    return {place: _rule(roots, place, shared) for place in places}


def ending(text: str, node: yaml.ScalarNode, end: str) -> tuple[int, int]:
    """Where the last characters of a scalar stand in the text, before any closing quote.

    Raises:
        ValueError: they are not written there as they read, but with escapes or line ends.
    """
    start = node.start_mark.index
    written = text[start : node.end_mark.index].rstrip()
    if node.style in {"'", '"'}:
        written = written[:-1].rstrip()
    if not end or not written.endswith(end):
        raise ValueError(f"{quoted(end)} is not how {quoted(written[-_SHOWN:])} ends")
    last = start + len(written)
    return last - len(end), last


def literal_place(text: str, node: yaml.ScalarNode, start: int, end: int) -> tuple[int, int]:
    """Where a piece of a scalar, from `start` to before `end` of its value, stands in the text.

    Raises:
        ValueError: it is not written there as often as it reads, but with escapes or line ends.
    """
    value, first = node.value, node.start_mark.index
    written = text[first : node.end_mark.index]
    if node.style in {"|", ">"}:  # whose first line says how it is written
        first += len(written.partition("\n")[0])
        written = text[first : node.end_mark.index]
    piece = value[start:end]
    places = [one.start() for one in re.finditer(re.escape(piece), written)]
    before = sum(1 for one in re.finditer(re.escape(piece), value) if one.start() < start)
    if len(places) != len(re.findall(re.escape(piece), value)):
        raise ValueError(f"{quoted(piece)} is not written as it reads in {quoted(written)}")
    return first + places[before], first + places[before] + len(piece)


def _shared(roots: Sequence[yaml.Node | None]) -> set[int]:
    """The ids of nodes that stand in more than one place."""
    seen: set[int] = set()
    shared: set[int] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            shared.add(id(node))
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting.extend(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
    return shared


def _rule(roots: Sequence[yaml.Node | None], place: Place, shared: set[int]) -> RuleNodes:
    where = str(place)
    if place.inside is not None:
        raise TuningError(f"{where}: is in a text within the file; take it out to edit it")
    node = roots[place.document] if place.document < len(roots) else None
    nodes = [node]
    for part in place.path:
        node = _child(node, part, where)
        nodes.append(node)
    if not isinstance(node, yaml.MappingNode):
        raise TuningError(f"{where}: no rule is there, but {_shown(node)}")
    if any(key.tag == _MERGE for key, _ in node.value):
        raise TuningError(f"{where}: takes keys from another mapping by <<; write them out")
    expression, hold = _scalar(node, "expr", where), _scalar(node, "for", where)
    if expression is None:
        raise TuningError(f"{where}: has no expr")
    if any(id(one) in shared for one in (*nodes, expression, hold)):
        raise TuningError(f"{where}: is used in another place by an alias; write it out there")
    column = next(key.start_mark.column for key, _ in node.value if key.value == "expr")
    return RuleNodes(expression, hold, column, bool(node.flow_style))


def _child(node: yaml.Node | None, part: str | int, where: str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        found = node.value[part : part + 1] if part >= 0 else []
    elif isinstance(node, yaml.MappingNode):
        found = [value for key, value in node.value if key.value == part]
    else:
        found = []
    if not found:
        raise TuningError(f"{where}: {quoted(part)} is not there; found {_shown(node)}")
    child: yaml.Node = found[0]
    return child


def _scalar(rule: yaml.MappingNode, key: str, where: str) -> yaml.ScalarNode | None:
    if all(name.value != key for name, _ in rule.value):
        return None
    node = _child(rule, key, where)
    if not isinstance(node, yaml.ScalarNode):
        raise TuningError(f"{where}: {key} is no scalar, but {_shown(node)}")
    return node


def _shown(node: yaml.Node | None) -> str:
    if isinstance(node, yaml.ScalarNode):
        return quoted(node.value)
    if isinstance(node, yaml.CollectionNode):
        return "a mapping" if isinstance(node, yaml.MappingNode) else "a list"
    return "nothing"
