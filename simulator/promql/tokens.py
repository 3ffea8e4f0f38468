"""The tokens of a query with their places, which the parser's trees do not have."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Token", "tokens"]

_TOKEN: Final = re.compile(
    r"""(?P<skipped>\s+|\#[^\n]*)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
      | (?P<range>\[[^\]]*\])
      | (?P<braces>\{(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[^}"'`])*\})
      | (?P<number>(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
          (?![\w.:]))
      | (?P<word>[\w.:]+)
      | (?P<sign>==|!=|>=|<=|=~|!~|.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query, from `start` to before `end`; without blanks and comments.

    `kind` is "string", "range" (in brackets), "braces", "number", "word" or "sign".
    """

    kind: str
    text: str
    start: int
    end: int


def tokens(query: str) -> Sequence[Token]:
    """All of a query's.

    >>> [one.text for one in tokens("rate(a{b='#'}[5m]) >= 1.5 # why")]
    ['rate', '(', 'a', "{b='#'}", '[5m]', ')', '>=', '1.5']
    """
    return [
        Token(str(one.lastgroup), one[0], *one.span())
        for one in _TOKEN.finditer(query)
        if one.lastgroup != "skipped"
    ]
