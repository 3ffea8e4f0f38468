"""From which loss on it is worth somebody's look, and from which on somebody has to act."""

import math
from typing import Final

from simulator.scenario.backlog import Backlog
from simulator.scenario.baseline import Baseline
from simulator.scenario.violation_rates import AUDIT_GAP_FACTOR, ordinary_per_10k
from simulator.scenario.vocabulary import SEVERITIES, Alarms, Severity
from simulator.scenario.waits import ordinary_seconds

__all__ = [
    "behind",
    "calibration_of",
    "compliance_of",
    "graded",
    "model_slower",
    "overloaded",
    "space_taken",
    "turned_away",
    "unarchived",
    "unrecorded",
    "unstored",
    "waiting",
    "worst",
]

# Applicants turned away: one in fifty is money and complaints by the end of the day, one in twelve
# is an outage to those who sell the loans.
_TURNED_AWAY: Final = (0.02, 1.0 / 12.0)
# What one applicant in twenty waits, in seconds: twice the ordinary is felt; after one second
# people lose the thread (J. Nielsen, Usability Engineering, 1993).
_WAIT: Final = (0.45, 1.0)
# And in times the ordinary, where that is long itself.
_WAITS: Final = (2.5, 5.5)
# The model's share of a wait, in times as slow as usual: it is as long as all the rest of the
# answer, or a wait in its own right (a third of a second).
_MODEL_SLOWER: Final = (5.0, 12.0)
# Minutes by which the archive or the risk figures are behind: old figures, or a hole in them.
_MINUTES_BEHIND: Final = (1.0, 10.0)
# Free share of the store, as what is taken: new drives take weeks to come, a backup takes a night.
_TAKEN: Final = (0.82, 0.92)
# Times as many defaults as the price of the loans allows for: half as many again eat the margin,
# twice as many the capital.
_TIMES_EXPECTED: Final = (1.5, 2.0)
# Times the ordinary: three is no coincidence any more, six fills an ordinary week in a day.
_TIMES_ORDINARY: Final = (3.0, 6.0)


def graded(value: float, orange: float, red: float) -> Severity:
    """The severity of a value of which more is worse, from two boundaries that belong to theirs.

    >>> graded(0.5, 1.0, 2.0), graded(1.0, 1.0, 2.0), graded(2.0, 1.0, 2.0)
    ('none', 'orange', 'red')
    """
    return "red" if value >= red else "orange" if value >= orange else "none"


def worst(*found: Alarms) -> Alarms:
    """The strongest alarm on each signal.

    >>> worst({"drives": "red"}, {"drives": "none", "drift": "orange"})
    {'drives': 'red', 'drift': 'orange'}
    """
    strongest: Alarms = {}
    for alarms in found:
        for signal, severity in alarms.items():
            so_far = strongest.get(signal, "none")
            strongest[signal] = max(so_far, severity, key=SEVERITIES.index)
    return strongest


def turned_away(share: float) -> Severity:
    """How grave it is that a share of the applicants is turned away."""
    return graded(share, *_TURNED_AWAY)


def model_slower(times: float) -> Severity:
    """How grave it is that one prediction in twenty takes so many times as long as usual."""
    return graded(times, *_MODEL_SLOWER)


def waiting(seconds: float, base: Baseline) -> Severity:
    """How grave it is that one applicant in twenty waits so long."""
    ordinary = ordinary_seconds(base.platform.api.service_times)
    return graded(seconds, *(max(w, t * ordinary) for w, t in zip(_WAIT, _WAITS, strict=True)))


def overloaded(load: float) -> Alarms:
    """Above 1, what does not fit is turned away after it has waited for the whole timeout."""
    if load < 1.0:
        return {}
    return {"success-rate": turned_away(1.0 - 1.0 / load), "response-time": "red"}


def behind(backlog: Backlog | None, base: Baseline) -> Alarms:
    """Consumers that fall behind; minutes are of the plan, however fast it runs."""
    minutes = backlog.seconds_behind * base.compression / 60.0 if backlog else 0.0
    return {"consumer-lag": graded(minutes, *_MINUTES_BEHIND)}


def unarchived(backlog: Backlog | None, base: Baseline) -> Alarms:
    """Decisions that the topic deletes before the archiver gets to them are in no audit log."""
    if backlog is None:
        return {}
    behind_by = backlog.seconds_behind * backlog.arriving / base.platform.kafka.partitions
    return {"compliance": "red"} if behind_by > base.platform.kafka.retention_messages else {}


def unstored(backlog: Backlog | None, base: Baseline) -> Alarms:
    """While nothing is archived, the archiver falls behind, and some records are lost."""
    if backlog is None:
        return {}
    gaps = unrecorded(AUDIT_GAP_FACTOR, base)
    return worst(behind(backlog, base), gaps, unarchived(backlog, base))


def unrecorded(factor: float, base: Baseline, *, per_decision: float = 1.0) -> Alarms:
    """While audit logs have gaps `factor` times as often, for so many records by decision taken.

    >>> x = Baseline(name="x", description="x", duration="1h")
    >>> unrecorded(50.0, x), unrecorded(50.0, x, per_decision=0.0)
    ({'compliance': 'orange'}, {'compliance': 'none'})
    """
    per_10k = ordinary_per_10k(base.platform)["audit_log_gap"]
    gaps = per_10k * (factor - 1.0) * per_decision if per_10k else 0.0
    return {"compliance": compliance_of(gaps, base)}


def calibration_of(times: float) -> Severity:
    """How grave it is that so many times as many loans go bad as their scores say.

    >>> calibration_of(0.5), calibration_of(1.7), calibration_of(2.5)
    ('none', 'orange', 'red')
    """
    return graded(times, *_TIMES_EXPECTED)


def space_taken(share: float) -> Severity:
    """How grave it is that a share of the object store is taken."""
    return graded(share, *_TAKEN)


def compliance_of(added: float, base: Baseline) -> Severity:
    """How grave added violations per 10 000 decisions are, beside the ordinary, such as 1.46.

    >>> x = Baseline(name="x", description="x", duration="1h")
    >>> compliance_of(1.0, x), compliance_of(4.0, x), compliance_of(30.0, x)
    ('none', 'orange', 'red')
    """
    if added <= 0.0:
        return "none"
    ordinary = sum(ordinary_per_10k(base.platform).values())
    times = (ordinary + added) / ordinary if ordinary > 0.0 else math.inf
    return graded(times, *_TIMES_ORDINARY)
