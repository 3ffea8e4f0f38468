"""What messages quote of the values they refuse: one line, bounded, harmless on a terminal."""

import math
from typing import Final

__all__ = ["MOST_QUOTED", "printable", "printable_lines", "quoted", "shortened"]

MOST_QUOTED: Final = 200
"""Characters of a refused value in a message: enough to find it by, however large it is."""

_MORE: Final = "..."
_LARGEST_BITS: Final = 4096  # Python refuses to write larger integers out, as that takes long


def quoted(value: object) -> str:
    """The value as Python writes it, in at most 200 characters.

    What cannot be written out, such as an integer of 5,000 digits, is described instead.

    >>> quoted("clam"), quoted([1, 2.5, None])
    ("'clam'", '[1, 2.5, None]')
    >>> quoted(10**5000)
    'an integer of about 5,001 digits'
    >>> len(quoted("x" * 1_000_000))
    200
    """
    if isinstance(value, int) and value.bit_length() > _LARGEST_BITS:
        digits = math.floor(value.bit_length() * math.log10(2)) + 1
        return f"an integer of about {digits:,} digits"
    if isinstance(value, str | bytes | bytearray):
        value = value[: MOST_QUOTED + 1]  # before it is written out, which takes its length
    try:
        written = repr(value)
    except (ValueError, RecursionError):  # an integer too large, or too many levels, within it
        return f"{type(value).__name__} with values too large to show"
    return printable(_cut(written))


def shortened(text: str) -> str:
    r"""The text as one line of at most 200 characters, without what would steer a terminal.

    >>> shortened("two\nlines, \x1b[31mred")
    'two lines, �[31mred'
    >>> shortened("x" * 1000) == "x" * 197 + "..."
    True
    """
    return printable(_cut(" ".join(text.split())))


def printable(text: str) -> str:
    r"""The text without what would steer a terminal.

    >>> printable("red\x1b[31m")
    'red�[31m'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def printable_lines(text: str) -> str:
    r"""The same for text of several lines, which stay.

    >>> printable_lines("a:\x1b\n\tb")
    'a:�\n        b'
    """
    return "\n".join(printable(line.expandtabs()) for line in text.splitlines())


def _cut(text: str) -> str:
    return text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - len(_MORE)] + _MORE
