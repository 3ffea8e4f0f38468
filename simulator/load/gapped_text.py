"""Texts with gaps, made once and filled for each request."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, TypeAlias

__all__ = ["GappedText", "Part"]

#: A text of its own, or a gap: what fills it, and how that is written.
Part: TypeAlias = str | tuple[str, str]
_Getter: TypeAlias = Callable[[Any], tuple[object, ...]]


class GappedText:
    """A text with gaps, which are looked up by their names.

    Args:
        parts: texts, and gaps: a name, and how what it stands for is written, such as `.2f`; `s` is
            as it is.

    >>> text = GappedText(["100 % of ", ("share", ".2f"), " at ", ("age", "s")])
    >>> text.fill({"share": 1, "age": 41})
    '100 % of 1.00 at 41'
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._text: Final = "".join(
            part.replace("%", "%%") if isinstance(part, str) else f"%{part[1]}" for part in parts
        )
        self._values = _values([part[0] for part in parts if not isinstance(part, str)])

    def fill(self, filling: dict[str, object]) -> str:
        """The text; by position, since names in it would be read anew each time."""
        return self._text % self._values(filling)


def _values(names: Sequence[str]) -> _Getter:
    if len(names) > 1:
        return itemgetter(*names)  # also asks a dict for what it makes when asked
    return lambda filling: tuple(filling[name] for name in names)
