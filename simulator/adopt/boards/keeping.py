"""What a person changed in a file that was written before, so that it stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from simulator.adopt.boards.written_file import BEFORE, MARK, digest_of
from simulator.errors import MappingError
from simulator.reading.yaml_text import yaml_in

__all__ = ["Kept", "kept_of"]

_OURS: Final = frozenset({"version", "name", "description", "platform", "metrics"})


@dataclass(slots=True)
class Kept:
    """Lines of a file that stay, by metric; "platform" is its part, and "" all other keys.

    `removed` are metrics that were written before and that a person took out.
    """

    lines: dict[str, list[str]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    name: str = ""


def kept_of(text: str, source: str) -> Kept:
    r"""What stays of a file.

    Raises:
        MappingError: it is no YAML, or no mapping.

    >>> theirs = "version: 1\nname: mine\nmetrics:\n  x:\n    measure: psi  # by hand\n"
    >>> kept_of(theirs, "a.yaml").lines["x"]
    ['x:', '  measure: psi  # by hand']
    """
    content = yaml_in(text, source, error=MappingError)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(content, dict) or not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise MappingError(f"{source}: holds no mapping that is written with a key a line")
    lines, found = text.splitlines(), Kept(name=str(content.get("name") or ""))
    for key, block in _blocks(root, lines):
        if key == "metrics":
            _of_metrics(found, root, content, lines)
        elif key == "platform":
            if not _is_ours(block, content["platform"]):
                found.lines["platform"] = block
        elif key not in _OURS:
            found.lines.setdefault("", []).extend(block)
    before = _written_before(lines)
    found.removed = frozenset(before) - frozenset(content.get("metrics") or {})
    return found


def _of_metrics(
    found: Kept, root: yaml.MappingNode, content: dict[str, Any], lines: Sequence[str]
) -> None:
    node = next(value for key, value in root.value if key.value == "metrics")
    metrics = content.get("metrics") or {}
    if not isinstance(node, yaml.MappingNode) or not isinstance(metrics, dict):
        return
    for name, block in _blocks(node, lines):
        if not _is_ours(block, metrics[name]):
            found.lines[name] = block


def _blocks(node: yaml.MappingNode, lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The keys of a node with their lines and the comments before them, without indentation."""
    starts = [key.start_mark.line for key, _ in node.value]
    firsts = [_with_comments(start, lines) for start in starts]
    for number, (key, value) in enumerate(node.value):
        end = firsts[number + 1] if number + 1 < len(firsts) else _end(value, lines)
        indent = key.start_mark.column
        block = [line[indent:].rstrip() for line in lines[firsts[number] : end]]
        while block and (not block[-1] or block[-1].startswith("#")) and len(block) > 1:
            block.pop()
        yield str(key.value), block


def _with_comments(start: int, lines: Sequence[str]) -> int:
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _end(node: yaml.Node, lines: Sequence[str]) -> int:
    """The line after the last one of a value."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark = node.end_mark
    return min(mark.line + (1 if mark.column else 0), len(lines)) or 1


def _is_ours(block: Sequence[str], content: object) -> bool:
    """Whether an entry is as it was written."""
    marks = [line.partition(MARK)[2].strip() for line in block if line.startswith(f"# {MARK}")]
    return bool(marks) and marks[-1] == digest_of(content)


def _written_before(lines: Sequence[str]) -> list[str]:
    """The metrics that the file had when it was written."""
    named = [line.removeprefix(BEFORE) for line in lines if line.startswith(BEFORE)]
    return [name for line in named for name in line.split()]
