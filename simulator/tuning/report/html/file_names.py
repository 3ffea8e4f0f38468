"""The names of the report's files."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from simulator.tuning.results import MonitorTuning

__all__ = ["INDEX", "file_names", "lead_files"]

INDEX: Final = "index.html"
_LONGEST: Final = 60


def file_names(names: Sequence[str]) -> tuple[str, ...]:
    """A file name for each, in ASCII; numbered, so that equal names do not meet.

    >>> file_names(["API Response Times", "Délai (p95)", "!"])
    ('01-api-response-times.html', '02-delai-p95.html', '03-thresholds.html')
    """
    digits = max(2, len(str(len(names))))
    return tuple(f"{n:0{digits}}-{_slug(name)}.html" for n, name in enumerate(names, start=1))


def lead_files(parts: Sequence[MonitorTuning], files: Sequence[str]) -> tuple[str, ...]:
    """For each part the page of that whose proposal it takes; "" where it takes none."""
    leading = {
        (part.monitor.name, part.monitor.signal): file
        for part, file in zip(parts, files, strict=True)
        if part.chosen is not None
    }
    return tuple(
        leading.get((part.follows, part.monitor.signal), "") if part.follows else ""
        for part in parts
    )


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug[:_LONGEST].rstrip("-") or "thresholds"
