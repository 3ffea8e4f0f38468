"""Regular expressions of other languages, of JavaScript and Go, as Python's."""

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["of_go", "of_javascript"]

_NAMED: Final = re.compile(r"\(\?<(?![=!])")
_POSIX: Final = re.compile(r"\[:(\^?)(\w+):\]")
_CLASSES: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_SET_OPERATORS: Final = frozenset("-&|~[")
"""What Python may once take for an operation on sets, between brackets, and warns of."""


def of_javascript(text: str) -> str:
    r"""A pattern as it is in JavaScript, for `re`.

    >>> print(of_javascript("(?<name>[[a])"), of_javascript("[+--b]"))
    (?P<name>[\[a]) [+-\-b]
    """
    return "".join(_pieces(_NAMED.sub("(?P<", text), has_classes=False))


def of_go(text: str) -> str:
    """A pattern as it is in Go, and so in PromQL, for `re`: `[:digit:]` is a class there.

    >>> of_go("[[:digit:]x]+")
    '[0-9x]+'
    """
    return "".join(_pieces(_NAMED.sub("(?P<", text), has_classes=True))


def _pieces(text: str, *, has_classes: bool) -> Iterator[str]:
    """The text in pieces, with what Python may misread between brackets escaped."""
    at, opened = 0, -1
    while at < len(text):
        letter = text[at]
        found = _POSIX.match(text, at) if opened >= 0 and has_classes else None
        if letter == "\\":
            yield text[at : at + 2]
            at += 2
        elif found is not None and found[2] in _CLASSES and not found[1]:
            yield _CLASSES[found[2]]
            at = found.end()
        else:
            if opened < 0 and letter == "[":
                opened = at + (2 if text.startswith("[^", at) else 1)
            elif opened >= 0 and letter == "]" and at > opened:
                opened = -1
            elif _is_misread(text, at, opened):
                yield "\\"
            yield letter
            at += 1


def _is_misread(text: str, at: int, opened: int) -> bool:
    if opened < 0 or at < opened or text[at] not in _SET_OPERATORS:
        return False
    return text[at] == "[" or (at > opened and text[at - 1] == text[at])
