"""Which alarms an operator wants to see for an episode: the truth that thresholds are tuned by.

Defaults follow from what an episode does to applicants, decisions and data (the `consequences` of
its kind), never from a threshold or a query of any dashboard; its `alarms` come on top.
"""

from simulator.scenario.clock_traffic import ClockTraffic
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import SIGNALS, Severity, Signal

__all__ = ["settling_seconds", "wanted_alarms"]


def wanted_alarms(episode: EpisodeBase, scenario: Scenario) -> dict[Signal, Severity]:
    """The orange and red alarms that are right while an episode is on, in the order of SIGNALS.

    Args:
        episode: one of the scenario's, or any that its platform could meet.
        scenario: the platform and the traffic that the episode meets, at its mean rate.

    >>> from simulator.scenario.loading import load_scenario
    >>> tour = load_scenario("tour")
    >>> wanted_alarms(next(e for e in tour.episodes if e.name == "two-brokers-down"), tour)
    {'success-rate': 'red', 'replication': 'red', 'min-isr': 'red'}
    """
    found = episode.consequences(scenario) | episode.alarms
    return {s: found[s] for s in SIGNALS if found.get(s, "none") != "none"}


def settling_seconds(
    signal: Signal, traffic: ClockTraffic, episode: EpisodeBase, *, end: float
) -> float:
    """Seconds after an incident's end for which its effects rightly still show on a signal.

    What the platform itself takes, without the window of any query. Times of a compressed scenario
    are short already; windows that count applications last until so many have come.

    Args:
        signal: where the effects are looked for.
        traffic: of the scenario, on the clock.
        episode: the incident.
        end: its end on the clock, in unix seconds.

    >>> from simulator.scenario.loading import load_scenario
    >>> traffic = ClockTraffic(load_scenario("drive-loss"), 0.0)
    >>> settling_seconds("drives", traffic, traffic.scenario.episodes[0], end=7200.0)
    1800.0
    """
    scenario = traffic.scenario
    monitoring, kafka = scenario.platform.monitoring, scenario.platform.kafka
    match signal:
        case "accuracy" | "calibration":  # until outcomes are known, and a window of others
            window = traffic.seconds_until(monitoring.performance_window, after=end)
            seconds = monitoring.label_delay + window
        case "drift":
            seconds = traffic.seconds_until(monitoring.drift_window, after=end)
        case "consumer-lag":
            seconds = _catch_up(traffic, episode, end)
        case "replication" | "min-isr":  # the last copy is complete, and was late until then
            seconds = kafka.catch_up + kafka.replica_lag_time
        case "success-rate":
            seconds = episode.refusing_seconds(scenario)
        case "drives":
            seconds = scenario.platform.minio.healing
        case _:
            seconds = 0.0
    return seconds


def _catch_up(traffic: ClockTraffic, episode: EpisodeBase, end: float) -> float:
    """Until the backlog is read, in the busiest traffic from the episode's start until then."""
    scenario = traffic.scenario
    start, longest = traffic.origin + episode.start, end + scenario.duration
    until = end
    while until < longest:
        backlog = episode.backlog(traffic.crowded(start, until))
        caught_up = end + backlog.catch_up_seconds if backlog else end
        if caught_up <= until:
            break
        until = min(caught_up, longest)
    return until - end
