"""The texts of several jobs as one page."""

from collections.abc import Iterable
from typing import Final

__all__ = ["one_page"]

_HELP: Final = b"\n# HELP "  # no label has a line break of its own
_HEAD_LINES: Final = 2


def one_page(texts: Iterable[bytes]) -> bytes:
    r"""The families of all texts; those of one name stand together, and are described once.

    >>> head = b"# HELP up Is it?\n# TYPE up gauge\n"
    >>> api, minio = head + b'up{job="api"} 1.0\n', head + b'up{job="minio"} 1.0\n'
    >>> print(one_page([api, minio]).decode(), end="")
    # HELP up Is it?
    # TYPE up gauge
    up{job="api"} 1.0
    up{job="minio"} 1.0
    """
    families: dict[bytes, list[bytes]] = {}
    for text in texts:
        for family in (b"\n" + text.removesuffix(b"\n")).split(_HELP)[1:]:
            name, _, _ = family.partition(b" ")
            if name not in families:
                families[name] = [b"# HELP " + family]
            else:
                families[name] += family.split(b"\n", _HEAD_LINES)[_HEAD_LINES:]
    return b"".join(part + b"\n" for parts in families.values() for part in parts)
