"""Which mappings a test is on: each option names one, and an environment variable several."""

import os
from collections.abc import Sequence

__all__ = ["mapping_names"]


def mapping_names(given: Sequence[str] | None) -> tuple[str, ...]:
    """Names of mappings; an environment variable lists several in one.

    >>> mapping_names([f"default{os.pathsep}mine.yaml"]), mapping_names(None)
    (('default', 'mine.yaml'), ())
    """
    return tuple(name for some in given or () for name in some.split(os.pathsep) if name)
