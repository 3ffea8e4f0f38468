"""YAML of others: any text is read with the safe tags only, or refused in one line."""

import math
from collections.abc import Iterator
from typing import Any, Final

import yaml
from yaml.constructor import ConstructorError
from yaml.reader import ReaderError

from simulator.errors import SimulatorError
from simulator.quoting import quoted, shortened

__all__ = ["yaml_documents_in", "yaml_in"]

_MERGE: Final = "tag:yaml.org,2002:merge"
_VALUE: Final = "tag:yaml.org,2002:value"
"""Of a lone =: a sign, such as a matcher's, and text to every other reader of YAML."""

_LONGEST_NUMBER: Final = 400  # characters; the largest double has 309 digits
_MOST_NODES: Final = 1_000_000
"""Of a document, with what its aliases stand for: nested ones stand for billions in few lines."""


class _Loader(yaml.SafeLoader):
    """Safe YAML in which no key is given twice, with every complaint at its place."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - PyYAML's own signature
        """The value of a node."""
        if isinstance(node, yaml.ScalarNode):
            _require_usual(node)
            if node.tag == _VALUE:
                return node.value
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, TypeError, OverflowError) as error:
            # what PyYAML's constructors raise for values that do not fit their tag
            tag = node.tag.rpartition(":")[2]
            raise _refusal(f"{_written(node)} is no {quoted(tag)}", node) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        """The mapping of a node."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refusal(f"a key is wanted, found {_written(key)}", key)
            if key.value in seen:
                raise _refusal(f"the key {quoted(key.value)} is given twice", key)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _PlainLoader(_Loader):
    """The same without aliases and merging."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # untyped in the stubs
            raise ConstructorError(None, None, "aliases are not supported", mark)
        return super().compose_node(parent, index)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Nothing, as there is nothing to merge."""
        for key, _ in node.value:
            if key.tag == _MERGE:
                raise _refusal("merging with << is not supported", key)


def yaml_in(
    text: str, source: object, *, error: type[SimulatorError], has_aliases: bool = False
) -> object:
    r"""The value that a YAML text holds; `source` names it in messages.

    Without aliases there is no merging with `<<` either.

    Raises:
        SimulatorError: of the type `error`: it is not YAML, has a tag that is not safe or does not
            fit its value, says a key twice, has an alias that is not allowed or stands for too
            much, or is nested too deeply.

    >>> yaml_in("a: [1, 2.5]", "a.yaml", error=SimulatorError)
    {'a': [1, 2.5]}
    >>> yaml_in("a: 1\na: 2", "a.yaml", error=SimulatorError)
    Traceback (most recent call last):
    simulator.errors.SimulatorError: a.yaml: not YAML: the key 'a' is given twice, line 2 column 1
    """
    found = yaml_documents_in(text, source, error=error, has_aliases=has_aliases, is_single=True)
    return found[0] if found else None


def yaml_documents_in(
    text: str,
    source: object,
    *,
    error: type[SimulatorError],
    has_aliases: bool = False,
    is_single: bool = False,
) -> list[object]:
    r"""The values of all documents of a YAML text, those that are empty among them as None.

    Raises:
        SimulatorError: of the type `error`, as of `yaml_in`, or there are several and `is_single`.

    >>> yaml_documents_in("a: 1\n---\nb: 2", "a.yaml", error=SimulatorError)
    [{'a': 1}, {'b': 2}]
    """
    try:
        loader = (_Loader if has_aliases else _PlainLoader)(text)
        return [loader.construct_document(root) for root in _roots(loader, is_single=is_single)]
    except yaml.MarkedYAMLError as cause:
        said = _with_place(cause)
    except ReaderError as cause:
        line = text.count("\n", 0, cause.position) + 1
        said = f"the character {quoted(chr(int(cause.character)))} is not allowed, line {line}"
    except RecursionError:
        said = "nested too deeply to be read"
    raise error(f"{source}: not YAML: {said}")


def _roots(loader: yaml.SafeLoader, *, is_single: bool) -> Iterator[yaml.Node]:
    """The root of each document, all of them together of bounded size."""
    size = 0.0
    for root in _only_root(loader) if is_single else _each_root(loader):
        size += _size(root, {})
        if size > _MOST_NODES:
            raise _refusal(f"more than {_MOST_NODES:,} values, with what aliases stand for", root)
        yield root


def _only_root(loader: yaml.SafeLoader) -> Iterator[yaml.Node]:
    root = loader.get_single_node()
    if root is not None:
        yield root


def _each_root(loader: yaml.SafeLoader) -> Iterator[yaml.Node]:
    while loader.check_node():
        root = loader.get_node()
        if root is not None:
            yield root


def _with_place(error: yaml.MarkedYAMLError) -> str:
    said = shortened(error.problem or error.context or "it cannot be read")
    mark = error.problem_mark or error.context_mark
    return f"{said}, line {mark.line + 1} column {mark.column + 1}" if mark else said


def _refusal(problem: str, node: yaml.Node) -> ConstructorError:
    return ConstructorError(None, None, problem, node.start_mark)


def _require_usual(node: yaml.ScalarNode) -> None:
    """Nothing, for a number that a computer can have, or text that can be written out."""
    is_number = node.tag.endswith((":int", ":float"))
    if is_number and len(node.value) > _LONGEST_NUMBER:
        raise _refusal(f"a number of {len(node.value):,} characters, such as nothing has", node)
    if not node.value.isascii() and any("\ud800" <= c <= "\udfff" for c in node.value):
        raise _refusal(f"{quoted(node.value)} has half of a character", node)


def _size(node: yaml.Node, sizes: dict[int, float]) -> float:
    """How many values a node stands for; infinitely many where it is in itself."""
    if id(node) not in sizes:
        sizes[id(node)] = math.inf
        sizes[id(node)] = 1 + sum(_size(child, sizes) for child in _children(node))
    return sizes[id(node)]


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        yield from (part for pair in node.value for part in pair)


def _written(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return quoted(node.value)
    return "a mapping" if isinstance(node, yaml.MappingNode) else "a list"
