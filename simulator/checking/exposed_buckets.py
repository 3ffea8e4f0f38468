"""How far the buckets of histograms reach, from what an exporter says."""

import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from simulator.errors import RuleError
from simulator.reading.files import read_text

__all__ = ["top_buckets", "top_buckets_in"]

_MOST_BYTES: Final = 64 * 1024 * 1024
_SAMPLE: Final = re.compile(
    r"^[a-zA-Z_:](?:[\w:]*\w)?(?:\{.*\})?[ \t]+[-+]?(?:[\d.]|NaN|Inf)", re.MULTILINE
)
_BUCKET: Final = re.compile(
    r"^(?P<name>[a-zA-Z_:][\w:]*_bucket)\{[^\n]*?\ble=\"(?P<bound>[^\"]*)\"", re.MULTILINE
)


def top_buckets(files: Iterable[Path]) -> dict[str, float]:
    """The highest finite bounds by the names of the buckets, of files in the text format.

    Raises:
        RuleError: a file cannot be read, or names no metric.
    """
    found: dict[str, float] = {}
    for file in files:
        text = read_text(file, most=_MOST_BYTES, error=RuleError)
        if not _SAMPLE.search(text):
            raise RuleError(f"{file}: no metric in it; what an exporter's /metrics says is wanted")
        for name, bound in top_buckets_in(text).items():
            found[name] = max(bound, found.get(name, -math.inf))
    return found


def top_buckets_in(text: str) -> dict[str, float]:
    r"""The same of a text.

    >>> top_buckets_in('a_bucket{le="0.5"} 1\na_bucket{le="2"} 1\na_bucket{le="+Inf"} 3\n')
    {'a_bucket': 2.0}
    """
    found: dict[str, float] = {}
    for line in _BUCKET.finditer(text):
        try:
            bound = float(line["bound"])
        except ValueError:
            continue
        if math.isfinite(bound):
            found[line["name"]] = max(bound, found.get(line["name"], -math.inf))
    return found
