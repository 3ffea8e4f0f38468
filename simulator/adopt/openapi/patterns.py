"""A text that a schema's pattern takes: the shortest that is easily found, or none."""

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["text_like"]

#: Characters that are tried where a pattern takes one of several.
_TRIED: Final = "1aA0 -_.@/+:#,;"
_ESCAPED: Final = {"d": "1", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "b": "", "B": ""}
_TIMES: Final = re.compile(r"\{(\d{1,3})(?:(,)(\d{0,4}))?\}")
_GROUP: Final = re.compile(r"\(\?(?::|P?<[A-Za-z_]\w*>)")
_LONGEST: Final = 100


class _UnknownError(ValueError):
    """A part of a pattern from which no text is made."""


def text_like(pattern: str, shortest: int = 0, longest: int | None = None) -> str | None:
    r"""A text of a length that a pattern matches; None where none is found.

    >>> text_like(r"^\+33[67]\d{8}$"), text_like(r"^[A-Z]{2}-(?:web|app)$"), text_like("^(?=a)")
    ('+33611111111', 'AA-web', None)
    >>> text_like("^[a-z]+$", shortest=8)
    'aaaaaaaa'
    """
    most = _LONGEST if longest is None else min(longest, _LONGEST)
    for more in range(_LONGEST):
        try:
            found = _Reader(pattern, more).text()
        except _UnknownError:
            return None
        if len(found) > most:
            return None
        if len(found) >= shortest:
            return found if _matches(pattern, found) else None
    return None


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except (re.error, OverflowError, RecursionError):
        return False


class _Reader:
    """Reads a pattern once; what may come more often does so `more` times beyond the least."""

    def __init__(self, pattern: str, more: int) -> None:
        self._pattern = pattern
        self._at = 0
        self._more = more

    def text(self) -> str:
        """What it makes of the whole."""
        found = self._alternatives()
        if self._at < len(self._pattern):
            raise _UnknownError
        return found

    def _alternatives(self) -> str:
        """The first of what is between bars."""
        found = "".join(self._several())
        while self._next("|"):
            "".join(self._several())
        return found

    def _several(self) -> Iterator[str]:
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            one = self._one()
            yield one * self._times(can_be_more=bool(one))

    def _one(self) -> str:
        char = self._pattern[self._at]
        self._at += 1
        match char:
            case "^" | "$":
                return ""
            case ".":
                return "a"
            case "(":
                return self._group()
            case "[":
                return self._class()
            case "\\":
                return self._escaped()
            case "*" | "+" | "?" | "{":
                raise _UnknownError
        return char

    def _group(self) -> str:
        self._at -= 1
        start = _GROUP.match(self._pattern, self._at)
        self._at = start.end() if start else self._at + 1
        if self._pattern[self._at : self._at + 1] == "?":
            raise _UnknownError  # it looks ahead or behind, or changes how is matched
        found = self._alternatives()
        if not self._next(")"):
            raise _UnknownError
        return found

    def _class(self) -> str:
        begin, at = self._at - 1, self._at + (self._pattern[self._at : self._at + 1] == "^")
        end = self._pattern.find("]", at + 1)
        while end > 0 and self._pattern[end - 1] == "\\":
            end = self._pattern.find("]", end + 1)
        if end < 0:
            raise _UnknownError
        self._at = end + 1
        try:
            one = re.compile(self._pattern[begin : self._at])
        except re.error:
            raise _UnknownError from None
        listed = _TRIED + self._pattern[begin + 1 : end]
        found = next((char for char in listed if one.fullmatch(char)), None)
        if found is None:
            raise _UnknownError
        return found

    def _escaped(self) -> str:
        char = self._pattern[self._at : self._at + 1]
        self._at += 1
        if char in _ESCAPED:
            return _ESCAPED[char]
        if not char or char.isalnum():
            raise _UnknownError
        return char

    def _times(self, *, can_be_more: bool) -> int:
        """How often what was read comes: the least, and some more where that may be."""
        least, most = 1, 1
        if found := _TIMES.match(self._pattern, self._at):
            self._at = found.end()
            least = int(found[1])
            most = int(found[3] or _LONGEST) if found[2] else least
        elif self._next("*"):
            least, most = 0, _LONGEST
        elif self._next("+"):
            least, most = 1, _LONGEST
        elif self._next("?"):
            least, most = 0, 1
        self._next("?")  # as few as there can be, which is what is made anyway
        if can_be_more:
            more = min(self._more, max(most - least, 0))
            self._more -= more
            return least + more
        return least

    def _next(self, char: str) -> bool:
        if self._pattern[self._at : self._at + 1] != char:
            return False
        self._at += 1
        return True
