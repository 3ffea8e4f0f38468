"""The command that runs a platform for real requests, as a process of its own."""

import sys
from collections.abc import Sequence

__all__ = ["platform_command"]


def platform_command(  # noqa: PLR0913 - its options
    *,
    port: int,
    scenario: str,
    seed: int | None,
    compress: float,
    push_interval: str,
    mappings: Sequence[str] = (),
    allow_series: int | None = None,
) -> list[str]:
    """The command line; where to push to is for the environment.

    An address may hold a password, and arguments are there for all to see.

    >>> _, *rest = platform_command(
    ...     port=8000, scenario="tour", seed=7, compress=60.0, push_interval="1s"
    ... )
    >>> print(*rest)
    -m simulator run --no-synthetic --json --port 8000 --scenario tour --compress 60.0 \
--push-interval 1s --seed 7
    """
    argv = [sys.executable, "-m", "simulator", "run", "--no-synthetic", "--json"]
    argv += ["--port", str(port), "--scenario", scenario, "--compress", f"{compress!r}"]
    argv += ["--push-interval", push_interval]
    argv += [word for name in mappings for word in ("--mapping", name)]
    argv += [] if allow_series is None else ["--allow-series", str(allow_series)]
    return [*argv, *(() if seed is None else ("--seed", str(seed)))]
