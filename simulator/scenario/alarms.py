"""Which alarms an operator wants to see for an episode: the truth that thresholds are tuned by.

Defaults follow from what an episode does to applicants, decisions and data (the `consequences` of
its kind), never from a threshold or a query of any dashboard; its `alarms` come on top.
"""

from simulator.scenario.episode import EpisodeBase
from simulator.scenario.impact import applications_per_second
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import SIGNALS, Severity, Signal

__all__ = ["settling_seconds", "wanted_alarms"]


def wanted_alarms(episode: EpisodeBase, scenario: Scenario) -> dict[Signal, Severity]:
    """The orange and red alarms that are right while an episode is on, in the order of SIGNALS.

    Args:
        episode: one of the scenario's, or any that its platform could meet.
        scenario: the platform and the traffic that the episode meets.

    >>> from simulator.scenario.loading import load_scenario
    >>> tour = load_scenario("tour")
    >>> wanted_alarms(next(e for e in tour.episodes if e.name == "two-brokers-down"), tour)
    {'success-rate': 'red', 'replication': 'red', 'min-isr': 'red'}
    """
    found = episode.consequences(scenario) | episode.alarms
    return {s: found[s] for s in SIGNALS if found.get(s, "none") != "none"}


def settling_seconds(
    signal: Signal, scenario: Scenario, episode: EpisodeBase | None = None
) -> float:
    """Seconds after an incident's end for which its effects rightly still show on a signal.

    What the platform itself takes, without the window of any query. Times of a compressed scenario
    are short already; windows that count applications last as long as ever.

    Args:
        signal: where the effects are looked for.
        scenario: the platform, and the traffic at its mean rate.
        episode: the incident; without one, the longest catch-up of all the scenario's.

    >>> x = Scenario(name="x", description="x", duration="1h")
    >>> settling_seconds("drives", x), settling_seconds("success-rate", x)
    (1800.0, 0.0)
    """
    monitoring, kafka = scenario.platform.monitoring, scenario.platform.kafka
    match signal:
        case "accuracy":  # until outcomes are known, and others have filled the window
            window = _seconds_of(monitoring.performance_window, scenario)
            seconds = monitoring.label_delay + window
        case "drift":
            seconds = _seconds_of(monitoring.drift_window, scenario)
        case "consumer-lag":
            incidents = scenario.episodes if episode is None else (episode,)
            seconds = max((_catch_up(e, scenario) for e in incidents), default=0.0)
        case "replication" | "min-isr":  # the last copy is complete, and was late until then
            seconds = kafka.catch_up + kafka.replica_lag_time
        case "success-rate" if episode:
            seconds = episode.refusing_seconds(scenario)
        case "drives":
            seconds = scenario.platform.minio.healing
        case _:
            seconds = 0.0
    return seconds


def _seconds_of(applications: int, scenario: Scenario) -> float:
    """How long so many take to come; never longer than the scenario, which hardly any may reach."""
    rate = applications_per_second(scenario)
    return min(applications / rate, scenario.duration) if rate > 0.0 else scenario.duration


def _catch_up(episode: EpisodeBase, scenario: Scenario) -> float:
    backlog = episode.backlog(scenario)
    return min(backlog.catch_up_seconds, scenario.duration) if backlog else 0.0
