"""Mistakes in the labels of a query: in the braces of a selector, and in lists of labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from simulator.mutation.edits import Edit
from simulator.mutation.kinds import Kind
from simulator.mutation.names import Names
from simulator.promql.tokens import Token, tokens

__all__ = ["grouping_edits", "matcher_edits"]

_NEGATED: Final = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class _Written:
    """A condition as it is written, at a place in the query."""

    label: Token
    operator: Token
    value: Token
    base: int

    @property
    def text(self) -> str:
        return f"{self.label.text}{self.operator.text}{self.value.text}"


def matcher_edits(braces: Token, metric: str, names: Names) -> Iterator[Edit]:
    """A condition left out or turned around, and another value in place of its own."""
    written = _written(braces)
    for number, one in enumerate(written):
        operator, value = one.operator, one.value
        yield _at(operator, one, _NEGATED[operator.text], f"{one.text}")
        yield _left_out(braces, written, number)
        plain = value.text[1:-1]
        if operator.text in {"=", "!="} and "$" not in plain and plain:
            quote = value.text[0]
            for other in names.values_beside(one.label.text, plain, metric):
                if quote not in other and "\\" not in other:
                    yield _at(value, one, f"{quote}{other}{quote}", one.text)


def _written(braces: Token) -> Sequence[_Written]:
    """The conditions in braces; none where they are not plainly written."""
    inside = [one for one in tokens(braces.text[1:-1]) if one.text != ","]
    every = [inside[at : at + _PARTS] for at in range(0, len(inside), _PARTS)]
    base = braces.start + 1
    found = [_Written(one[0], one[1], one[2], base) for one in every if len(one) == _PARTS]
    is_plain = len(found) == len(every) and all(
        one.label.kind == "word" and one.operator.text in _NEGATED and one.value.kind == "string"
        for one in found
    )
    return found if is_plain else ()


def _at(token: Token, one: _Written, text: str, was: str) -> Edit:
    return Edit(Kind.LABEL, one.base + token.start, one.base + token.end, text, was)


def _left_out(braces: Token, written: Sequence[_Written], number: int) -> Edit:
    """A condition left out, with the comma that is beside it."""
    one = written[number]
    if len(written) == 1:
        return Edit(Kind.LABEL, braces.start + 1, braces.end - 1, "", one.text)
    start, end = one.label.start, one.value.end
    if number + 1 < len(written):
        end = written[number + 1].label.start
    elif number:
        start = written[number - 1].value.end
    return Edit(Kind.LABEL, one.base + start, one.base + end, "", one.text)


def grouping_edits(word: str, after: Sequence[Token], metric: str, names: Names) -> Iterator[Edit]:
    """A label of a list left out; another one in place of it, where series are put together."""
    if not after or after[0].text != "(":
        return
    listed = [one for one in takewhile(lambda one: one.text != ")", after[1:]) if one.text != ","]
    if any(one.kind != "word" for one in listed):
        return
    for number, one in enumerate(listed):
        start, end = one.start, one.end
        if number + 1 < len(listed):
            end = listed[number + 1].start
        elif number:
            start = listed[number - 1].end
        yield Edit(Kind.LABEL, start, end, "", f"{one.text} in {word}")
        if word in {"by", "without"}:
            there = {other.text for other in listed}
            for other in names.labels_beside(one.text, metric):
                if other not in there:
                    yield Edit(Kind.LABEL, one.start, one.end, other, f"{one.text} in {word}")
