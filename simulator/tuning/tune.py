"""All monitors judged against the alarms that were wanted, with a proposal for each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from simulator.errors import TuningError
from simulator.grafana.model import Dashboard
from simulator.grafana.static_queries import static_query
from simulator.grafana.variables import Given
from simulator.mapping.assumed import assumed_among
from simulator.mapping.signals import Signals, measures_of
from simulator.observation.prometheus import Prometheus
from simulator.progress import Progress, Report, unreported
from simulator.rules.model import Alert, Group
from simulator.rules.model import Recording as Recordings
from simulator.tuning.choosing.proposing import Chosen, Proposal, proposals
from simulator.tuning.decisions import as_decided, decided
from simulator.tuning.judging.judgements import Judgement, Setting, judgement
from simulator.tuning.judging.objectives import Search
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.alert_outcomes import alert_outcomes
from simulator.tuning.monitors.alert_query import alert_query
from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.drift_noise import DriftNoise
from simulator.tuning.monitors.monitor import Monitor, Sampling, Skipped, Span, leads
from simulator.tuning.monitors.paired_rules import PairedRules
from simulator.tuning.monitors.panel_monitors import panel_monitors
from simulator.tuning.monitors.rule_monitors import rule_monitors
from simulator.tuning.results import LevelTuning, MonitorTuning, Tuning
from simulator.tuning.truth.incidents import LEVELS, Incident, WantedAlarm, incidents_of

__all__ = ["Question", "tune", "tune_recorded"]

_CHOSEN_ON: Final = (3, 5)
_EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class Question:
    """What is tuned: thresholds of dashboards and rules, looked at every `step` seconds.

    `groups` are those of the rules, with the recordings that alerts may read; `severities` says
    more words for "orange" and "red", `noise` what drift scores are by chance. Where it
    `gets_rules`, panels without an alert get one, and holds are chosen for these too. Of metrics in
    `assumed` the range was taken from thresholds, which are not judged by it.
    """

    dashboards: Sequence[Dashboard]
    rules: Sequence[AlertRule]
    groups: Sequence[Group]
    variables: Given
    step: float
    search: Search
    signals: Signals
    severities: Mapping[str, str] = field(default_factory=dict)
    gets_rules: bool = False
    assumed: frozenset[str] = frozenset()
    noise: DriftNoise | None = None


def tune_recorded(  # noqa: PLR0913 - what is asked, and what it is asked about
    prometheus: Prometheus,
    question: Question,
    spans: Sequence[Span],
    wanted: Sequence[WantedAlarm],
    *,
    subject: str,
    report: Report,
    n_chosen_on: int | None = None,
) -> Tuning:
    """The tuning on what a Prometheus has of the spans.

    The first `n_chosen_on` are chosen on and the others only judged, or three of five without; with
    a single one there is nothing else to judge on.

    Raises:
        PrometheusError: nothing answers, or a variable's query is refused.
        TuningError: there is nothing with thresholds.
    """
    sampling = Sampling(spans, question.step, question.variables, question.signals)
    paired = PairedRules(question.dashboards, question.groups, question.rules, question.severities)
    found = panel_monitors(question.dashboards, prometheus, sampling, paired, report=report)
    taken = {id(rule) for one in found if isinstance(one, Monitor) for rule in one.rules.values()}
    found += rule_monitors(
        [rule for rule in question.rules if id(rule) not in taken],
        prometheus,
        sampling,
        longest_hold=question.search.most_hold,
        report=report,
    )
    found = tuple(_unless_assumed(one, question) for one in found)
    if not question.rules and not any(isinstance(one, Monitor) for one in found):
        reasons = [f"{one.name}: {one.reason}" for one in found if isinstance(one, Skipped)]
        why = "; ".join(reasons) or "no orange or red threshold is written in the dashboards"
        raise TuningError(f"nothing to tune: {why}")
    return tune(
        found,
        wanted=wanted,
        search=question.search,
        n_chosen_on=_usual_part(len(spans)) if n_chosen_on is None else n_chosen_on,
        subject=subject,
        report=report,
        rules=question.rules,
        gets_rules=question.gets_rules,
        noise=question.noise,
    )


def _unless_assumed(one: Monitor | Skipped, question: Question) -> Monitor | Skipped:
    """The monitor, unless it reads a metric whose range was taken from thresholds."""
    if isinstance(one, Skipped):
        return one
    recordings: dict[str, list[str]] = {}
    for rule in (rule for group in question.groups for rule in group.rules):
        if isinstance(rule, Recordings):
            recordings.setdefault(rule.name, []).append(rule.expr)
    place = one.place
    queries = [
        query.text
        for target in (place.panel.targets if place is not None else ())
        if place and (query := static_query(target.expr, place.dashboard)) is not None
    ]
    queries += [r.alert.expr for r in one.rules.values() if isinstance(r.alert, Alert)]
    names = assumed_among(queries, question.assumed, recordings)
    if not names:
        return one
    why = f"the range of {', '.join(names)} is assumed: it was taken from thresholds"
    return Skipped(one.name, why, tuple(one.rules.values()), is_assumed=True)


def tune(  # noqa: PLR0913 - the parts of the question, all by keyword
    found: Iterable[Monitor | Skipped],
    *,
    wanted: Sequence[WantedAlarm],
    search: Search,
    n_chosen_on: int,
    subject: str = "",
    report: Report = unreported,
    rules: Sequence[AlertRule] = (),
    gets_rules: bool = False,
    noise: DriftNoise | None = None,
) -> Tuning:
    """The tuning of all monitors; `rules` are all alerts, the rest is as in a question.

    The first `n_chosen_on` recordings are chosen on.
    """
    everything = list(found)
    monitors = [one for one in everything if isinstance(one, Monitor)]
    lead_of = leads(monitors)
    task = _Task(wanted, search, n_chosen_on, gets_rules, noise)
    done: dict[int, MonitorTuning] = {}
    for one in sorted(monitors, key=lambda one: lead_of[id(one)] is not one):
        done[id(one)] = task.monitor_tuning(one, done.get(id(lead_of[id(one)])))
        report(Progress("thresholds", len(done), len(monitors), one.name))
    parts = tuple(done[id(one)] for one in monitors)
    return Tuning(
        parts=parts,
        alerts=alert_outcomes(rules, monitors, everything),
        skipped=tuple(one for one in everything if isinstance(one, Skipped)),
        unknown=_unknown(monitors, wanted),
        objective=search.objective,
        n_recordings=max((len(one.recordings) for one in monitors), default=0),
        n_chosen_on=n_chosen_on,
        subject=subject,
    )


def _usual_part(n_spans: int) -> int:
    """On how many of the spans the choice is made.

    >>> [_usual_part(n) for n in (1, 2, 3, 5, 10)]
    [1, 1, 2, 3, 6]
    """
    part, whole = _CHOSEN_ON
    return max(min(round(n_spans * part / whole), n_spans - 1), 1)


def _names(monitor: Monitor) -> set[str]:
    """What an incident may call it: names, its signal, or a measure that tells of that."""
    return {n.casefold() for n in monitor.names} | measures_of(monitor.signal) | {_EVERYTHING}


def _unknown(monitors: Sequence[Monitor], wanted: Sequence[WantedAlarm]) -> tuple[str, ...]:
    known = {_EVERYTHING}.union(*map(_names, monitors))
    return tuple(sorted({w.signal for w in wanted if w.signal.casefold() not in known}))


@dataclass(frozen=True, slots=True)
class _Task:
    """What is the same for all monitors."""

    wanted: Sequence[WantedAlarm]
    search: Search
    n_chosen_on: int
    gets_rules: bool
    noise: DriftNoise | None

    def monitor_tuning(self, monitor: Monitor, lead: MonitorTuning | None) -> MonitorTuning:
        names = _names(monitor)
        wanted = [one for one in self.wanted if one.signal.casefold() in names]
        incidents = {
            level: incidents_of(wanted, level, settling=monitor.look_back) for level in LEVELS
        }
        chosen = None if lead or monitor.is_as_it_is else self._chosen(monitor, incidents)
        found = chosen.proposals if chosen else _proposals_of(lead)
        levels = [
            self._level(monitor, level, setting, incidents[level], found.get(level))
            for level, setting in _today(monitor)
        ]
        return MonitorTuning(
            monitor,
            as_decided(levels, lead.levels)
            if lead
            else decided(levels, is_lower_worse=monitor.alarms.is_lower_worse),
            incidents,
            chosen,
            lead.monitor.name if lead else "",
        )

    def _chosen(self, monitor: Monitor, incidents: Mapping[str, Sequence[Incident]]) -> Chosen:
        return proposals(
            monitor.recordings[: self.n_chosen_on],
            incidents,
            dict(_today(monitor)),
            self.search,
            is_lower_worse=monitor.alarms.is_lower_worse,
            with_hold=self._with_hold(monitor),
        )

    def _with_hold(self, monitor: Monitor) -> Collection[str]:
        """The levels whose hold an alert carries, or will."""
        may_get = self.gets_rules and alert_query(monitor.place).query
        return LEVELS if may_get else monitor.rules.keys()

    def _level(
        self,
        monitor: Monitor,
        level: str,
        today: Setting,
        incidents: Sequence[Incident],
        proposal: Proposal | None,
    ) -> LevelTuning:
        def judged(recordings: Sequence[Recording], setting: Setting) -> Judgement:
            return judgement(
                recordings,
                incidents,
                setting,
                is_lower_worse=monitor.alarms.is_lower_worse,
                objective=self.search.objective,
            )

        by_chance = self._by_chance(monitor, level, today)
        settings = {"today": today} | ({"proposal": proposal.setting} if proposal else {})
        settings |= {"chance": by_chance} if by_chance else {}
        seen, unseen = (
            monitor.recordings[: self.n_chosen_on],
            monitor.recordings[self.n_chosen_on :],
        )
        chosen_on = {name: judged(seen, one) for name, one in settings.items()}
        return LevelTuning(
            level=level,
            today=today,
            proposal=proposal,
            overall=judged(monitor.recordings, today),
            chosen_on=chosen_on,
            unseen={name: judged(unseen, one) for name, one in settings.items() if unseen},
            rule=monitor.rules.get(level),
            by_chance=by_chance,
            note=""
            if proposal or monitor.is_as_it_is
            else _why_not(incidents, chosen_on["today"].n_incidents),
        )

    def _by_chance(self, monitor: Monitor, level: str, today: Setting) -> Setting | None:
        """Today's setting at what a healthy drift score reaches once a week, of the first level."""
        is_first = level == next((one for one in LEVELS if one in monitor.alarms.values), "")
        threshold = self.noise.threshold(monitor) if self.noise and is_first else None
        return replace(today, threshold=threshold) if threshold is not None else None


def _today(monitor: Monitor) -> Iterator[tuple[str, Setting]]:
    """Today's setting of each level, from orange to red."""
    for level in LEVELS:
        if level in monitor.alarms.values:
            rule = monitor.rules.get(level)
            threshold = monitor.alarms.values[level]
            if rule is None or monitor.is_as_it_is:  # whose recordings have its hold in them
                yield level, Setting(threshold, 0.0)
            else:
                yield level, Setting(threshold, rule.hold, rule.keep_firing)


def _proposals_of(lead: MonitorTuning | None) -> Mapping[str, Proposal]:
    levels = lead.levels if lead else ()
    return {one.level: one.proposal for one in levels if one.proposal is not None}


def _why_not(incidents: Sequence[Incident], n_chosen_on: int) -> str:
    if not incidents:
        return "no incident asks for it"
    if not n_chosen_on:
        return "no incident for it in what is chosen on"
    return "no threshold finds incidents and keeps the constraints"
