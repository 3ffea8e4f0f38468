"""Service times drawn part by part, as the API does: the oracle of their distribution."""

import numpy as np
from numpy.typing import NDArray

from simulator.scenario.platform.service_times import ServiceTimes, Times

Seconds = NDArray[np.floating]


def service_seconds(  # noqa: PLR0913 - what the times depend on
    n: int,
    *,
    bureau: float = 1.0,
    feature_store: float = 1.0,
    slow_share: float = 0.0,
    slow_factor: float = 1.0,
    seed: int = 5,
    parts: ServiceTimes | None = None,
) -> Seconds:
    """Seconds of work on `n` single requests, shape (n,)."""
    rng = np.random.default_rng(seed)
    parts = parts or ServiceTimes()

    def drawn(part: Times) -> Seconds:
        return part.median_seconds * np.exp(part.sigma * rng.standard_normal(n))

    own = np.where(rng.random(n) < slow_share, slow_factor, 1.0)
    called = np.minimum(drawn(parts.bureau) * bureau, parts.bureau.timeout_seconds)
    return np.asarray(
        own * (drawn(parts.prediction) * feature_store + drawn(parts.gateway))
        + own * (rng.random(n) < parts.stall.share) * drawn(parts.stall)
        + (rng.random(n) < parts.bureau.share) * called
    )
