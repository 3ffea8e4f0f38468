"""A monitor: the thresholds of a panel or of alert rules, and the recorded values they meet."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from simulator.errors import TuningError
from simulator.grafana.alarm_steps import AlarmSteps
from simulator.grafana.model import Dashboard, Panel
from simulator.grafana.variables import Given
from simulator.mapping.signals import Signals
from simulator.observation.replay import Moments
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.alert_rules import AlertRule

__all__ = ["Monitor", "Sampling", "Skipped", "Span", "ThresholdPlace", "leads", "require_moments"]

_MOST_MOMENTS: Final = 200_000
"""Ten weeks in steps of 30 s."""

_SHORTEST_STEP_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """An uninterrupted time that is judged, unix seconds; there are data from `since` on.

    It counts `weight` times: less than once where more happened in it than usual.
    """

    start: float
    end: float
    since: float = -math.inf
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Sampling:
    """When monitors are sampled: in spans, every `step` seconds; and with which variables.

    `signals` says what metrics tell of.
    """

    spans: Sequence[Span]
    step: float
    variables: Given
    signals: Signals

    def __post_init__(self) -> None:
        require_moments([span.end - span.start for span in self.spans], self.step)

    @property
    def moments(self) -> Moments:
        """All the moments from the first span's start to the last one's end."""
        return Moments(self.spans[0].start, self.spans[-1].end, self.step)


def require_moments(lengths: Sequence[float], step: float) -> None:
    """Refuses times, in seconds, that hold too few or too many moments to judge.

    Raises:
        TuningError: so it is, or the step is too short.
    """
    if not step >= _SHORTEST_STEP_SECONDS:
        raise TuningError(f"a step of {step:g} s is too short; take 1 s or more")
    shortest, count = min(lengths), sum(lengths) / step
    if shortest < 2 * step:
        raise TuningError(f"a time of {shortest:g} s is less than two steps of {step:g} s")
    if count > _MOST_MOMENTS:
        raise TuningError(
            f"{count:,.0f} moments in steps of {step:g} s are more than {_MOST_MOMENTS:,}; "
            "take a longer step, or less time"
        )


@dataclass(frozen=True, slots=True, eq=False)
class ThresholdPlace:
    """Where thresholds are written in a dashboard's JSON.

    `path` is such as `panels[3].fieldConfig.defaults.thresholds`.
    """

    dashboard: Dashboard
    panel: Panel
    path: str

    def is_at(self, link: str) -> bool:
        """Whether a link to Grafana leads to this panel: `.../d/UID/...?viewPanel=ID`."""
        parts = urlsplit(link)
        viewed = parse_qs(parts.query).get("viewPanel", [""])[0].removeprefix("panel-")
        is_of_board = f"/d/{self.dashboard.uid}/" in f"{parts.path}/"
        return is_of_board and viewed == str(self.panel.id)


@dataclass(frozen=True, slots=True, eq=False)
class Monitor:
    """The values that share thresholds: those of one place of a panel, or those of alert rules.

    `place` is None for rules that no panel shows; `rules` has by level the alert with just this
    threshold. An incident may mean it by any of `names`. `signal` is what its query is about, ""
    where that is unknown, and `look_back` how many seconds the query sees back. Of one that is
    judged `is_as_it_is` the recordings are 1 where its alert fires: nothing in it moves. `queries`
    are those that its values come from.
    """

    name: str
    names: frozenset[str]
    place: ThresholdPlace | None
    rules: Mapping[str, AlertRule]
    alarms: AlarmSteps
    signal: str
    unit: str
    look_back: float
    recordings: tuple[Recording, ...]
    is_as_it_is: bool = False
    queries: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """How values compare with a threshold that is reached."""
        rule = None if self.place else next(iter(self.rules.values()), None)
        if rule is None or rule.limit is None:
            return "<" if self.alarms.is_lower_worse else "≥"
        return {"<=": "≤", ">=": "≥"}.get(rule.limit.sign, rule.limit.sign)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not judged, and why; `rules` are the alerts that it is.

    `is_refused` says that their expressions are no good, not that there is no data for them, and
    `is_assumed` that the range of their metric was taken from thresholds.
    """

    name: str
    reason: str
    rules: tuple[AlertRule, ...] = ()
    is_refused: bool = False
    is_assumed: bool = False


def leads(monitors: Sequence[Monitor]) -> dict[int, Monitor]:
    """For each, by identity, the one whose proposal it takes; often itself.

    Panels with the same thresholds and the same alerts are one alarm: the one that an alert links
    to leads, else the first.
    """
    groups: dict[object, list[Monitor]] = {}
    for one in monitors:
        groups.setdefault(_alarm(one), []).append(one)
    found: dict[int, Monitor] = {}
    for group in groups.values():
        lead = next((one for one in group if _is_linked(one)), group[0])
        found.update({id(one): lead for one in group})
    return found


def _alarm(monitor: Monitor) -> object:
    if monitor.place is None or not monitor.rules:
        return id(monitor)
    values = tuple(sorted(monitor.alarms.values.items()))
    alerts = frozenset(rule.place for rule in monitor.rules.values())
    return values, alerts, monitor.signal, monitor.place.panel.time_shift


def _is_linked(monitor: Monitor) -> bool:
    place = monitor.place
    return place is not None and any(place.is_at(one.panel) for one in monitor.rules.values())
