"""Compliance violations: rare among their parent events, likelier when something else fails."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from simulator.scenario.model import Scenario
from simulator.scenario.platform.policy import Policy
from simulator.scenario.score_shares import share_below
from simulator.scenario.violation_rates import AUDIT_GAP_FACTOR, REFUSED_GAP_FACTOR, chances
from simulator.scenario.vocabulary import CHANNELS, VIOLATION_TYPES, ViolationType
from simulator.seeding import Draws
from simulator.simulation.arrays import Bools, Floats, Ints, Running, reflected_walk
from simulator.simulation.causes import FAULTS, Causes
from simulator.simulation.requests import OUTCOMES, Requests
from simulator.simulation.scorecard import DECISIONS
from simulator.timeline.grid import Grid
from simulator.timeline.localtime import local_hours

__all__ = ["Audit", "Compliance", "Violations"]

_NEW_CUSTOMERS: Final = 0.30
_SUSPICIOUS: Final = 0.01
#: Reviewers can take this share of scorings: healthy reviews and refusals, and 30 % to spare.
_REVIEW_CAPACITY: Final = 1.3 * 0.30
_USUAL_CUT_OFF: Final = Policy().decision_points()[0]
_PATIENCE_SECONDS: Final = 900.0  # of scenario time: a backlog that long doubles the pressure
_MOST_PRESSURE: Final = 5.0
# The nightly purge works from 2 to 4 o'clock, local time, when 0.9 % of a week's applications come;
# over all of them the mean factor is 1.
_PURGE_HOURS: Final = (2.0, 4.0)
_PURGE_FACTOR: Final = 4.0
_PURGE_TRAFFIC: Final = 0.009
_DAY_FACTOR: Final = (1.0 - _PURGE_FACTOR * _PURGE_TRAFFIC) / (1.0 - _PURGE_TRAFFIC)


@dataclass(frozen=True)
class Audit:
    """What becomes of the records of decisions, in each tick; all (ticks,).

    `is_archived` whether the object store takes them; `lost` how many the topic deleted before they
    were archived; `unwritable` the share of decisions that Kafka does not take.
    """

    is_archived: Bools
    lost: Ints
    unwritable: Floats


@dataclass(frozen=True)
class Violations:
    """Violations and the events that each could have come from, both (ticks, types)."""

    counts: Ints
    parents: Ints


class Compliance:
    """Carries the backlog of human reviews, and gaps in the audit log, from tick to tick."""

    def __init__(self, scenario: Scenario, origin: float) -> None:
        self._origin = origin
        self._compression = scenario.compression
        found = chances(scenario.platform)
        self._chances = np.array([found[v] for v in VIOLATION_TYPES])
        self._zone = ZoneInfo(scenario.traffic.time_zone)
        cut_off, *_ = scenario.platform.policy.decision_points()
        usual = share_below(cut_off) / share_below(_USUAL_CUT_OFF)
        self._review_capacity = _REVIEW_CAPACITY * usual
        self._backlog = np.array(0, dtype=np.int64)
        self._running = Running()
        self._gaps_found = 0

    def violations(  # noqa: PLR0913, PLR0917 - they come from everywhere
        self,
        requests: Requests,
        decisions: Ints,
        causes: Causes,
        grid: Grid,
        audit: Audit,
        draws: Draws,
    ) -> Violations:
        """Violations of each tick, given the `decisions` taken in it, shape (ticks, 3).

        A decision that will never be archived is a gap in the audit log, each of them. Records get
        lost more often than on an ordinary day while the archive takes none, and of decisions that
        Kafka does not take: most of these leave no gap, since the API refuses what it does not
        record.
        """
        parents = _parents(requests, decisions, draws)
        base = self._chances
        factors = causes.violation_factors.copy()
        factors[:, _column("automated_refusal_without_review")] *= self._review_pressure(
            decisions, grid.step
        )
        factors[:, _column("retention_exceeded")] *= self._purge_factor(grid)
        gap = _column("audit_log_gap")
        unrecorded = np.minimum(base[gap] * factors[:, gap] * REFUSED_GAP_FACTOR, 1.0)
        factors[:, gap] *= np.where(audit.is_archived, 1.0, AUDIT_GAP_FACTOR)
        at_risk = parents.copy()
        at_risk[:, gap] -= audit.lost
        counts = draws("compliance", Generator.binomial, at_risk, np.minimum(base * factors, 1.0))
        counts[:, gap] += audit.lost + _unwritten(requests, causes, audit, unrecorded, draws)
        counts[:, gap] = self._found(counts[:, gap], parents[:, gap])
        return Violations(counts, parents)

    def _found(self, gaps: Ints, decisions: Ints) -> Ints:
        """The gaps by the tick in which they are found, shape (ticks,): in most, all of them.

        Where next to nothing was decided since the start, because Kafka takes nothing, a gap is
        found once there is a record after it, so that there are never more gaps than decisions.
        """
        so_far = self._running("gaps", gaps), self._running("decisions", decisions)
        found = np.minimum(*so_far)
        before, self._gaps_found = self._gaps_found, int(found[-1])
        return np.diff(found, prepend=before)

    def _review_pressure(self, decisions: Ints, step: float) -> Floats:
        """How much likelier an unreviewed refusal is when reviewers are behind, shape (ticks,).

        Staff follows the traffic; a backlog grows when more than usual is refused or referred.
        """
        cases = decisions[:, 1:].sum(axis=1)
        capacity = np.ceil(self._review_capacity * decisions.sum(axis=1)).astype(np.int64)
        patience = _PATIENCE_SECONDS / self._compression / step  # in ticks
        limit = np.ceil((_MOST_PRESSURE - 1.0) * patience * capacity).astype(np.int64)
        backlog = reflected_walk(self._backlog, cases - capacity, ceiling=limit)
        self._backlog = backlog[-1] if len(backlog) else self._backlog
        return 1.0 + backlog / np.maximum(patience * capacity, 1.0)

    def _purge_factor(self, grid: Grid) -> Floats:
        hour = local_hours(self._origin + grid.elapsed * self._compression, self._zone)
        first, last = _PURGE_HOURS
        return np.where((hour >= first) & (hour < last), _PURGE_FACTOR, _DAY_FACTOR)


def _parents(requests: Requests, decisions: Ints, draws: Draws) -> Ints:
    """The events from which violations of each type could come, shape (ticks, types)."""
    scored = requests.scored
    refusals = decisions[:, DECISIONS.index("refused")]
    by_channel = requests.applications[:, :, 0]
    events: dict[ViolationType, Ints] = dict.fromkeys(VIOLATION_TYPES, scored)
    events["automated_refusal_without_review"] = refusals
    events["refusal_reason_missing"] = refusals
    events["legal_basis_missing"] = (
        by_channel[:, CHANNELS.index("mobile")] + by_channel[:, CHANNELS.index("partner")]
    )
    events["kyc_document_expired"] = _some(draws, "new_customers", scored, _NEW_CUSTOMERS)
    events["suspicion_report_late"] = _some(draws, "suspicious", scored, _SUSPICIOUS)
    events["ficp_check_missing"] = requests.bureau_failures
    return np.column_stack([events[v] for v in VIOLATION_TYPES])


def _unwritten(
    requests: Requests, causes: Causes, audit: Audit, chance: Floats, draws: Draws
) -> Ints:
    """Decisions that Kafka did not take and that left a gap, each by `chance`, shape (ticks,).

    They were answered as unavailable, as were those that met this fault earlier on: which it was
    is as likely as each of the two.
    """
    unavailable = requests.applications[:, :, OUTCOMES.index("unavailable")].sum(axis=1)
    passed, column = 1.0 - causes.faults, list(FAULTS).index("unavailable")
    at_the_fault = passed[:, :column].prod(axis=1) * causes.faults[:, column]
    at_kafka = passed.prod(axis=1) * audit.unwritable
    either = at_the_fault + at_kafka
    share = np.divide(at_kafka, either, out=np.zeros_like(either), where=either > 0.0)
    return draws("compliance.unwritten", Generator.binomial, unavailable, share * chance)


def _some(draws: Draws, name: str, scored: Ints, share: float) -> Ints:
    return draws(f"compliance.{name}", Generator.binomial, scored, np.full(len(scored), share))


def _column(violation: ViolationType) -> int:
    return VIOLATION_TYPES.index(violation)
