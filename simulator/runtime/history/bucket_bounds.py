"""How the Prometheus that a history is for keeps the bounds of buckets."""

import re
import subprocess
from functools import cache
from pathlib import Path

from simulator.metrics.columns import Bound, plain_bound, pointed_bound
from simulator.runtime.binaries import locate

__all__ = ["bucket_bound"]

_POINTED_SINCE = 3
_VERSION_SECONDS = 20.0


def bucket_bound() -> Bound:
    """How the installed Prometheus keeps them; where there is none, as 3.x does.

    Up to version 2 a bound is kept as it is exposed, and the Pushgateway exposes "1". From version
    3 on the same is "1.0". History and live samples are one series where both are the same.
    """
    program = locate("prometheus")
    major = _major_version(program) if program is not None else None
    return plain_bound if major is not None and major < _POINTED_SINCE else pointed_bound


@cache
def _major_version(program: Path) -> int | None:
    try:
        said = subprocess.run(  # noqa: S603 - a program that was looked up
            [str(program), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_VERSION_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"version v?(\d+)\.", said.stdout + said.stderr)
    return int(found[1]) if found else None
