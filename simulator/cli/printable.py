"""Text from files on a terminal."""

__all__ = ["printable"]


def printable(text: str) -> str:
    r"""The text without what would steer a terminal.

    >>> printable("red\x1b[31m")
    'red�[31m'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
