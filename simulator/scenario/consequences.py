"""What each kind of episode does that somebody on call would want to know: one function a kind.

They are judged by what is lost - people turned away, minutes, copies of the data - at the mean rate
of traffic and at full strength, never by a threshold of any dashboard.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from simulator.scenario import episodes as kinds
from simulator.scenario.impact import (
    ORDINARY_PER_10K,
    Backlog,
    applications_per_second,
    bureau_timeouts,
    busy,
    compliance_of,
    copies_left,
    free_space,
    graded,
    has_write_quorum,
    longest_seconds,
    service_seconds,
)
from simulator.scenario.misjudging import (
    Alarms,
    concept_drift,
    data_bug,
    model_release,
    population_shift,
)
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import SEVERITIES

__all__ = ["CONSEQUENCES", "backlog_of"]

# Applicants turned away: one in fifty is money and complaints by the end of the day, one in twelve
# is an outage to those who sell the loans.
_TURNED_AWAY: Final = (0.02, 1.0 / 12.0)
# What one applicant in twenty waits, in seconds: twice the ordinary is felt; after one second
# people lose the thread (J. Nielsen, Usability Engineering, 1993).
_WAIT: Final = (0.45, 1.0)
# The model's share of that wait, in times as slow as usual: it is as long as all the rest of the
# answer, or a wait in its own right (a third of a second).
_MODEL_SLOWER: Final = (5.0, 12.0)
# Minutes by which the archive or the risk figures are behind: old figures, or a hole in them.
_MINUTES_BEHIND: Final = (1.0, 10.0)
# Free share of the store, as what is taken: new drives take weeks to come, a backup takes a night.
_TAKEN: Final = (0.82, 0.92)
_LATE_SHARE: Final = 0.06  # enough in vain for one in twenty to wait for the whole timeout
_AUDIT_GAP: Final = 0.08 * 49.0  # audit records lost per 10 000 decisions without an archive


def _traffic_surge(e: kinds.TrafficSurge, s: Scenario) -> Alarms:
    return _worst(_overloaded(busy(s, factor=e.factor)), _behind(e, s))


def _slow_dependency(e: kinds.SlowDependency, s: Scenario) -> Alarms:
    if e.dependency == "bureau":
        # one request in ten asks it, so half of those are the slowest in twenty
        slow, seconds = 0.05 + 0.16 * e.factor, service_seconds(bureau=e.factor)
        # 5 % of answers that never came end as a loan without the check that the law asks for
        found: Alarms = {"compliance": compliance_of(500.0 * bureau_timeouts(e.factor))}
    else:
        slow, seconds = 0.17 + 0.03 * e.factor, service_seconds(feature_store=e.factor)
        found = {"prediction-latency": graded(e.factor, *_MODEL_SLOWER)}
    found["response-time"] = graded(slow, *_WAIT)
    return _worst(found, _overloaded(busy(s, seconds=seconds)))


def _errors(e: kinds.Errors, s: Scenario) -> Alarms:
    found: Alarms = {"success-rate": graded(e.ratio, *_TURNED_AWAY)}
    if e.status == 504 and e.ratio >= _LATE_SHARE:  # noqa: PLR2004 - the status of a timeout
        found["response-time"] = graded(s.platform.api.timeout_seconds, *_WAIT)
    return found


def _overload(e: kinds.Overload, s: Scenario) -> Alarms:
    return _overloaded(busy(s, lost=e.workers_lost_ratio))


def _broker_loss(e: kinds.BrokerLoss, s: Scenario) -> Alarms:
    kafka = s.platform.kafka
    if longest_seconds(e) <= kafka.replica_lag_time:
        return {}  # back before anybody counts it as gone
    copies = copies_left(s, e.brokers)
    refused = sum(c < kafka.min_isr for c in copies) / len(copies)
    found: Alarms = {"success-rate": graded(refused, *_TURNED_AWAY)}
    if min(copies) < kafka.replication:
        # with one copy left, the next failure loses decisions
        found["replication"] = "red" if min(copies) <= 1 else "orange"
    if refused > 0.0:
        found["min-isr"] = "red"  # what needs to be safe is not accepted any more
    return found


def _drives_lost(e: kinds.DriveLoss | kinds.NodeLoss, s: Scenario) -> Alarms:
    drives = _drives(e, s)
    found: Alarms = {
        # all data whole and drives to spare, or none to spare
        "drives": "red" if drives >= s.platform.minio.parity else "orange",
        "free-space": graded(1.0 - free_space(s, drives_lost=drives), *_TAKEN),
    }
    if has_write_quorum(s, drives):
        return found
    # the archiver stops, and audit records are lost
    return found | _behind(e, s) | {"write-quorum": "red", "compliance": compliance_of(_AUDIT_GAP)}


def _capacity_filling(e: kinds.CapacityFilling, s: Scenario) -> Alarms:
    return {"free-space": graded(1.0 - free_space(s, used=e.used_ratio), *_TAKEN)}


def _compliance_incident(e: kinds.ComplianceIncident, _: Scenario) -> Alarms:
    usual = ORDINARY_PER_10K[e.violation]
    return {"compliance": compliance_of(usual * (e.factor - 1.0))}


def _behind(e: kinds.EpisodeBase, s: Scenario) -> Alarms:
    """Consumers that fall behind; minutes are of the plan, however fast it runs."""
    backlog = backlog_of(e, s)
    minutes = backlog.seconds_behind * s.compression / 60.0 if backlog else 0.0
    return {"consumer-lag": graded(minutes, *_MINUTES_BEHIND)}


def backlog_of(episode: kinds.EpisodeBase, scenario: Scenario) -> Backlog | None:
    """The consumer that an episode makes fall behind most; None where it touches none.

    >>> from simulator.scenario.loading import load_scenario
    >>> s = load_scenario("consumer-slowdown")
    >>> round(backlog_of(s.episodes[0], s).catch_up_seconds)
    219
    """
    groups = {g.name: g.messages_per_second for g in scenario.platform.kafka.consumer_groups}
    rate = applications_per_second(scenario)
    seconds = longest_seconds(episode)
    match episode:
        case kinds.ConsumerSlowdown(group=group):
            taken = groups[group] * episode.capacity_ratio
            return Backlog(rate, taken, rate, groups[group], seconds)
        case kinds.Rebalance(group=group):
            taken = groups[group] * (1.0 - episode.pause / episode.every)
            return Backlog(rate, taken, rate, groups[group], seconds, min(episode.pause, seconds))
        case kinds.HotPartition():
            each, most = rate / scenario.platform.kafka.partitions, min(groups.values())
            one = most / scenario.platform.kafka.partitions
            hot = rate * episode.share + each * (1.0 - episode.share)
            return Backlog(hot, one, each, one, seconds)
        case kinds.TrafficSurge():
            # what the API cannot serve never reaches a consumer
            scored = rate * episode.factor / max(busy(scenario, factor=episode.factor), 1.0)
            most = min(groups.values())
            return Backlog(scored, most, rate, most, seconds)
        case kinds.DriveLoss() | kinds.NodeLoss():
            if not has_write_quorum(scenario, _drives(episode, scenario)):
                return Backlog(rate, 0.0, rate, groups["archiver"], seconds)
    return None


def _drives(e: kinds.DriveLoss | kinds.NodeLoss, s: Scenario) -> int:
    return (
        e.drives if isinstance(e, kinds.DriveLoss) else e.nodes * s.platform.minio.drives_per_node
    )


def _overloaded(load: float) -> Alarms:
    """Above 1, what does not fit is turned away after it has waited for the whole timeout."""
    if load < 1.0:
        return {}
    return {"success-rate": graded(1.0 - 1.0 / load, *_TURNED_AWAY), "response-time": "red"}


def _worst(*found: Alarms) -> Alarms:
    worst: Alarms = {}
    for alarms in found:
        for signal, severity in alarms.items():
            so_far = worst.get(signal, "none")
            worst[signal] = max(so_far, severity, key=SEVERITIES.index)
    return worst


#: What somebody on call wants to know of an episode, by its kind; `none` says it was thought of.
CONSEQUENCES: Final[Mapping[type[kinds.EpisodeBase], Callable[[Any, Scenario], Alarms]]] = (
    MappingProxyType(
        {
            kinds.PopulationShift: population_shift,
            kinds.DataBug: data_bug,
            kinds.ConceptDrift: concept_drift,
            kinds.TrafficSurge: _traffic_surge,
            kinds.SlowDependency: _slow_dependency,
            kinds.Errors: _errors,
            kinds.Overload: _overload,
            kinds.ConsumerSlowdown: _behind,
            kinds.Rebalance: _behind,
            kinds.BrokerLoss: _broker_loss,
            kinds.HotPartition: _behind,
            kinds.DriveLoss: _drives_lost,
            kinds.NodeLoss: _drives_lost,
            kinds.CapacityFilling: _capacity_filling,
            kinds.ComplianceIncident: _compliance_incident,
            kinds.ModelRelease: model_release,
        }
    )
)
