"""How a live run is doing, asked of Prometheus in four queries."""

from dataclasses import dataclass

from simulator.observation.prometheus import Prometheus

__all__ = ["LiveState", "live_state"]


@dataclass(frozen=True)
class LiveState:
    """Ticks since the start, episodes that are on, by name, and applications per second.

    `ticks_limited` of the ticks had the simulator itself as their limit: what was measured in them
    is the machine's, and not only the scenario's.
    """

    ticks: int
    episodes: tuple[str, ...]
    applications_per_second: float
    ticks_limited: int = 0


def live_state(prometheus: Prometheus, *, at: float, window: str) -> LiveState:
    """The state at `at` (Unix seconds); rates over `window`, such as 5s."""
    ticks = prometheus.query("max(simulator_ticks_total)", at=at)
    active = prometheus.query("simulator_episode_active == 1", at=at)
    rate = prometheus.query(f"sum(rate(scoring_requests_total[{window}]))", at=at)
    limited = prometheus.query("max(simulator_ticks_limited_total)", at=at)
    return LiveState(
        ticks=int(ticks[0].values[-1]) if ticks else 0,
        episodes=tuple(sorted(s.labels["episode"] for s in active)),
        applications_per_second=float(rate[0].values[-1]) if rate else 0.0,
        ticks_limited=int(limited[0].values[-1]) if limited else 0,
    )
