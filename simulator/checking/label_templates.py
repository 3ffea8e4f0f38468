"""Which labels of an alert its texts show, as Go's templates in them have it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["shown_labels"]

_ACTION: Final = re.compile(r"\{\{-?(?P<inside>.*?)-?\}\}", re.DOTALL)
_WORD: Final = re.compile(r"\s*(?P<word>range|with|if|else|end|define|block)\b")
_OF_ALERT: Final = re.compile(r"\$labels\.(\w+)|index \$labels \"(\w+)\"")
_OF_DOT: Final = re.compile(r"(?<![\w)$])\.Labels\.(\w+)|index \.Labels \"(\w+)\"")


@dataclass(slots=True)
class _Block:
    """An `if`, `range` or `with` that is open: whether the dot is another, and what it asks for."""

    has_other_dot: bool
    asked: frozenset[str]


def shown_labels(text: str) -> tuple[str, ...]:
    """The labels that stand in a text whatever they are, each once.

    Within `range` and `with` the dot is something else, such as the answer to a query. What an `if`
    or `with` has asked for is shown only where it is there.

    >>> shown_labels("{{ $labels.a }} {{ range query $q }}{{ .Labels.b }}{{ end }}")
    ('a',)
    >>> shown_labels("{{ if $labels.a }}{{ $labels.a }}{{ end }} {{ .Labels.c }}")
    ('c',)
    """
    return tuple(dict.fromkeys(_shown(text)))


def _shown(text: str) -> Iterator[str]:
    open_blocks: list[_Block] = []
    for action in _ACTION.finditer(text):
        inside = action["inside"]
        named = _WORD.match(inside)
        word = named["word"] if named else ""
        has_own_dot = not any(one.has_other_dot for one in open_blocks)
        labels = list(_labels(inside, has_own_dot=has_own_dot))
        if word in {"if", "with"}:
            open_blocks.append(_Block(word == "with", frozenset(labels)))
            continue
        asked = {label for one in open_blocks for label in one.asked}
        yield from (label for label in labels if label not in asked)
        if word in {"range", "define", "block"}:
            open_blocks.append(_Block(has_other_dot=True, asked=frozenset()))
        elif word == "end" and open_blocks:
            open_blocks.pop()


def _labels(inside: str, *, has_own_dot: bool) -> Iterator[str]:
    patterns = (_OF_ALERT, _OF_DOT) if has_own_dot else (_OF_ALERT,)
    for pattern in patterns:
        yield from (match[1] or match[2] for match in pattern.finditer(inside))
