"""What coverage says: per panel, field and threshold step a verdict with its witness."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from simulator.alerting.alert_history import AlertHistory
from simulator.coverage.findings import Finding
from simulator.notifying.results import NotificationCoverage
from simulator.scenario.timed_run import EpisodeSpan

__all__ = [
    "AlertCoverage",
    "Coverage",
    "DashboardCoverage",
    "Excluded",
    "FieldCoverage",
    "Nearest",
    "PanelCoverage",
    "StepCoverage",
    "Track",
    "Verdict",
    "worst",
]


class Verdict(StrEnum):
    """What is known of a step, a field or a panel; nothing unknown is ever EXERCISED."""

    EXERCISED = "EXERCISED"
    NOT_REACHED = "NOT_REACHED"
    FINDING = "FINDING"
    NO_DATA = "NO_DATA"
    UNSUPPORTED = "UNSUPPORTED"
    ERROR = "ERROR"


_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of the verdicts; NO_DATA where there is none.

    >>> worst([Verdict.EXERCISED, Verdict.NOT_REACHED])
    <Verdict.NOT_REACHED: 'NOT_REACHED'>
    """
    return max(verdicts, key=_SEVERITY.__getitem__, default=Verdict.NO_DATA)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The value that came closest to a step's band, when (unix seconds), and how far it was."""

    value: float
    at: float
    distance: float


@dataclass(frozen=True, slots=True)
class StepCoverage:
    """One threshold step of a field: its band, and when values were in it.

    The band is [`low`, `high`), in percent where the field's thresholds are percentages; `value` is
    the step's own as in the JSON, None for the first one, which has no lower end. `first_seen` and
    `last_seen` in unix seconds, None where it never was; `seconds` in which any series was in the
    band; `seen_in` names the series that was first; `episodes` that were on meanwhile and that can
    be why, the best match first; none of the step that the field is on by itself. `nearest` is
    given where the band was not reached. `is_allowed` says that somebody expects this step not to
    be exercised.
    """

    index: int
    color: str
    value: float | None
    low: float
    high: float
    verdict: Verdict
    first_seen: float | None = None
    last_seen: float | None = None
    seconds: float = 0.0
    seen_in: str = ""
    episodes: tuple[str, ...] = ()
    nearest: Nearest | None = None
    reason: str = ""
    is_allowed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One series of a field over time; `times` in unix seconds and `values`, shape (points,)."""

    name: str
    times: NDArray[np.float64]
    values: NDArray[np.float64]

    def at(self, moment: float) -> float:
        """The value nearest to a moment; nan where there is none."""
        if not len(self.times):
            return math.nan
        return float(self.values[np.argmin(np.abs(self.times - moment))])


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """The values that share a query and how they are painted.

    Series of one query are one field: its thresholds are written once, and exercised when any of
    its series gets there. Those that an override paints in another way are a field of their own.
    `source` is that query's letter or the column of a table, and the reducer's name where there is
    one. `steps` is empty where the panel draws no thresholds; then data alone decides. `reason`
    says why the verdict is what it is, where the steps do not; `unit` is Grafana's id of the unit,
    and `is_percentage` says that steps and tracks are in percent of a range.
    """

    name: str
    verdict: Verdict
    steps: tuple[StepCoverage, ...] = ()
    tracks: tuple[Track, ...] = ()
    unit: str = ""
    is_percentage: bool = False
    reason: str = ""
    is_allowed: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class PanelCoverage:
    """A panel as drawn once; `path` is its place in the JSON, and `reason` speaks of all of it.

    `findings` are what its queries ask for and what is not there, though they have data.
    """

    path: str
    id: int | None
    title: str
    type: str
    verdict: Verdict
    fields: tuple[FieldCoverage, ...] = ()
    reason: str = ""
    row: str = ""
    is_allowed: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def has_data(self) -> bool:
        """Whether any of its fields had a value."""
        return any(len(track.times) for field in self.fields for track in field.tracks)


@dataclass(frozen=True, slots=True)
class AlertCoverage:
    """What became of an alert; `place` is where it is written, `panels` show what it compares.

    `seconds` it fired in all, in `firings` times of which the first was at `first_seen` (unix
    seconds), while these `episodes` were on. `is_pending` says that its `for` ever kept it waiting.
    `seconds_on_calm` it fired while nothing was wrong; None where nobody looked. `history` is what
    its alerts did, where that is known.
    """

    name: str
    severity: str
    place: str
    verdict: Verdict
    panels: tuple[str, ...] = ()
    reason: str = ""
    fires: bool = False
    resolves: bool = False
    seconds_on_calm: float | None = None
    first_seen: float | None = None
    seconds: float = 0.0
    firings: int = 0
    is_pending: bool = False
    episodes: tuple[str, ...] = ()
    is_allowed: bool = False
    history: AlertHistory | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A panel that is not judged, and why: it asks nothing, or nobody sees it."""

    path: str
    title: str
    type: str
    reason: str

    @property
    def name(self) -> str:
        """Its title, else its place in the file; and its type, where it has one."""
        return " ".join(filter(None, (self.title or self.path, self.type and f"({self.type})")))


@dataclass(frozen=True, slots=True)
class DashboardCoverage:
    """The panels of one dashboard, in drawing order, and those that are not judged."""

    uid: str
    title: str
    panels: tuple[PanelCoverage, ...]
    excluded: tuple[Excluded, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a span of time exercised: `start`, `end` and `resolution` in (unix) seconds.

    `notifications` are None where nobody looked at them.
    """

    start: float
    end: float
    resolution: float
    dashboards: tuple[DashboardCoverage, ...]
    episodes: tuple[EpisodeSpan, ...] = ()
    scenario: str = ""
    notes: tuple[str, ...] = field(default=())
    alerts: tuple[AlertCoverage, ...] = ()
    notifications: NotificationCoverage | None = None

    @property
    def panels(self) -> tuple[PanelCoverage, ...]:
        """All panels."""
        return tuple(panel for board in self.dashboards for panel in board.panels)

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """All panels that are not judged."""
        return tuple(one for board in self.dashboards for one in board.excluded)

    @property
    def steps(self) -> tuple[StepCoverage, ...]:
        """All threshold steps."""
        return tuple(step for p in self.panels for field in p.fields for step in field.steps)

    @property
    def n_panels_with_data(self) -> int:
        """How many panels had any value."""
        return sum(panel.has_data for panel in self.panels)

    @property
    def n_steps_exercised(self) -> int:
        """How many threshold steps were exercised."""
        return sum(step.verdict is Verdict.EXERCISED for step in self.steps)

    @property
    def is_complete(self) -> bool:
        """Whether all that is not allowed to be missing is exercised; no panel is no proof."""
        return (
            bool(self.panels)
            and all(one.verdict is Verdict.EXERCISED or one.is_allowed for one in self._judged)
            and (self.notifications is None or self.notifications.is_complete)
        )

    @property
    def _judged(self) -> tuple[PanelCoverage | AlertCoverage, ...]:
        return (*self.panels, *self.alerts)

    @property
    def n_alerts_exercised(self) -> int:
        """How many alerts fire, resolve, and are silent while nothing is wrong."""
        return sum(one.verdict is Verdict.EXERCISED for one in self.alerts)
