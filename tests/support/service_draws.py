"""Service times drawn part by part, as the API does: the oracle of their distribution."""

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.service_times import (
    BUREAU,
    BUREAU_SHARE,
    BUREAU_TIMEOUT_SECONDS,
    GATEWAY,
    PREDICTION,
    STALL,
    STALL_SHARE,
    LogNormal,
)

Seconds = NDArray[np.floating]


def service_seconds(  # noqa: PLR0913 - what the times depend on
    n: int,
    *,
    bureau: float = 1.0,
    feature_store: float = 1.0,
    slow_share: float = 0.0,
    slow_factor: float = 1.0,
    seed: int = 5,
) -> Seconds:
    """Seconds of work on `n` single requests, shape (n,)."""
    rng = np.random.default_rng(seed)

    def drawn(part: LogNormal) -> Seconds:
        return part.median * np.exp(part.sigma * rng.standard_normal(n))

    own = np.where(rng.random(n) < slow_share, slow_factor, 1.0)
    called = np.minimum(drawn(BUREAU) * bureau, BUREAU_TIMEOUT_SECONDS)
    return np.asarray(
        own * (drawn(PREDICTION) * feature_store + drawn(GATEWAY))
        + own * (rng.random(n) < STALL_SHARE) * drawn(STALL)
        + (rng.random(n) < BUREAU_SHARE) * called
    )
