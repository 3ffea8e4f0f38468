"""Texts in the order in which Grafana sorts them."""

import math
import re

__all__ = ["collated"]


def collated(text: str) -> tuple[bool, list[tuple[float, str]]]:
    """A key that sorts as a reader does: no case, digits by their number, "" last.

    >>> sorted(["v10", "V9", "", "v"], key=collated)
    ['v', 'V9', 'v10', '']
    """
    parts = re.findall(r"\d+|\D+", text.casefold())
    return not text, [(float(p), "") if p.isdecimal() else (math.inf, p) for p in parts]
