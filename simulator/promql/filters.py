"""A condition put into every selector of a query, as an ad-hoc filter of Grafana's is.

The parser has no positions, so the places are found in the text, and what was made of it is parsed
again: each selector must be the one that it was, with the condition.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from simulator.promql.selectors import Matcher, Selector, selectors_in_order

__all__ = ["filtered"]

_TOKEN: Final = re.compile(
    r"""(?P<skipped>\s+|\#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\[[^\]]*\]|[0-9][\w.]*)
      | (?P<word>[a-zA-Z_:][a-zA-Z0-9_:]*)
      | (?P<braces>\{(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[^}"'`])*\})
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_GROUPING: Final = frozenset(
    {"by", "without", "on", "ignoring", "group_left", "group_right"},
)
_OPERATORS: Final = frozenset(
    {"and", "or", "unless", "atan2", "bool", "offset", "inf", "nan", "start", "end"},
)


def filtered(query: str, matcher: Matcher) -> str | None:
    """The query with the condition on every selector; None where that cannot be told.

    >>> filtered('sum by (a) (rate(b{c="d"}[5m])) / e', Matcher("host", "=", "x"))
    'sum by (a) (rate(b{c="d",host="x"}[5m])) / e{host="x"}'
    """
    text = "".join(_pieces(query, str(matcher)))
    before, after = selectors_in_order(query), selectors_in_order(text)
    wanted = [Selector(one.metric, (*one.matchers, matcher)) for one in before]
    return text if list(after) == wanted else None


def _pieces(query: str, condition: str) -> Iterator[str]:
    """The text in pieces, with the condition in the braces of each selector or in new ones."""
    tokens = [(one.lastgroup or "", one[0]) for one in _TOKEN.finditer(query)]
    labels_end = -1
    for index, (kind, text) in enumerate(tokens):
        following = _following(tokens, index)
        if kind == "braces":
            inside = text[1:-1].rstrip().removesuffix(",")
            yield f"{{{inside},{condition}}}" if inside.strip() else f"{{{condition}}}"
            continue
        yield text
        if kind != "word" or index <= labels_end:
            continue
        if text in _GROUPING and following == "(":
            ends = (i for i in range(index, len(tokens)) if tokens[i][1] == ")")
            labels_end = next(ends, len(tokens))
        elif text.lower() not in _OPERATORS and not _is_no_metric(following):
            yield f"{{{condition}}}"


def _is_no_metric(following: str) -> bool:
    """Whether what comes after a word says that it is a function, or has braces already."""
    return following in {"(", "by", "without"} or following.startswith("{")


def _following(tokens: Sequence[tuple[str, str]], index: int) -> str:
    """The next token that is no blank, comment, number or text; "" at the end."""
    rest = (text for kind, text in tokens[index + 1 :] if kind != "skipped")
    return next(rest, "")
