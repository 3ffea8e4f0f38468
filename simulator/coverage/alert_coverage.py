"""What became of every alert: whether it fires, resolves, and is silent while nothing is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.alerting.alert_history import AlertHistory, Evaluations, Flags, alert_history
from simulator.alerting.grafana_history import grafana_history
from simulator.alerting.needed_metrics import needed_metrics
from simulator.checking.severities import severity_of
from simulator.coverage.causes.effects import Effects, causes_of
from simulator.coverage.verdicts import AlertCoverage, Verdict
from simulator.errors import PrometheusError, RuleError
from simulator.observation.known_series import KnownSeries
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.promql.selectors import Selector, selectors
from simulator.rules.model import Alert, AnyAlert, GrafanaAlert, Group
from simulator.scenario.timed_run import EpisodeSpan
from simulator.timeline.durations import format_duration

__all__ = ["Watch", "alert_coverage"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Watch:
    """When alerts are looked at, unix seconds: `calm` is a time in which nothing is wrong, if any.

    Groups without an interval of their own are evaluated every `interval` seconds. `effects` tell
    what the `episodes` do, `recordings` the queries of recorded metrics by name, and `panels` the
    titles of those that show an alert.
    """

    start: float
    end: float
    interval: float
    calm: tuple[float, float] | None = None
    episodes: tuple[EpisodeSpan, ...] = ()
    effects: Effects | None = None
    recordings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    panels: Callable[[AnyAlert], tuple[str, ...]] = lambda _: ()


def alert_coverage(
    groups: Sequence[Group], prometheus: Prometheus, watch: Watch, known: KnownSeries
) -> Iterator[AlertCoverage]:
    """The verdict on each alert of the groups, in order.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    for group in groups:
        for alert in group.alerts:
            yield _judged(alert, group, prometheus, watch, known)


def _judged(
    alert: AnyAlert, group: Group, prometheus: Prometheus, watch: Watch, known: KnownSeries
) -> AlertCoverage:
    def history(start: float, end: float) -> AlertHistory:
        when = Evaluations(
            start, end, group.interval or watch.interval, group.query_offset, group.limit
        )
        if isinstance(alert, Alert):
            return alert_history(alert, prometheus, when)
        return grafana_history(alert, prometheus, when)

    about = AlertCoverage(
        name=alert.name,
        severity=severity_of(alert.labels),
        place=str(alert.place),
        verdict=Verdict.NO_DATA,
        panels=watch.panels(alert),
    )
    try:
        found = history(watch.start, watch.end)
        calm = history(*watch.calm) if watch.calm else None
    except UnreachablePrometheusError:
        raise
    except PrometheusError as error:
        return replace(about, verdict=Verdict.ERROR, reason=f"{error}{_of_errors(alert)}")
    except RuleError as error:
        return replace(about, verdict=Verdict.UNSUPPORTED, reason=str(error))
    about = replace(about, history=found)
    seen = _seen(about, found, watch, _queries(alert, watch.recordings))
    seen = replace(seen, seconds_on_calm=None if calm is None else _seconds(_fires(calm), calm))
    verdict, reason = _verdict(seen, alert, found, known)
    return replace(seen, verdict=verdict, reason=reason)


def _of_errors(alert: AnyAlert) -> str:
    """What Grafana makes of a rule whose query is refused, at every evaluation."""
    if not isinstance(alert, GrafanaAlert):
        return ""
    tells = {"OK": "nobody is told", "KeepLast": "nobody is told", "Alerting": "it always fires"}
    told = tells.get(alert.error_state, "DatasourceError always fires")
    return f"; its state for errors is {alert.error_state}, so that {told}"


def _seen(
    about: AlertCoverage, found: AlertHistory, watch: Watch, queries: Sequence[str]
) -> AlertCoverage:
    """What an alert did: when it fired, how often, and which episodes can be why."""
    fires = _fires(found)
    about = replace(about, is_pending=bool((found.active & ~found.firing).any()))
    if not fires.any():
        return about
    times = found.times[fires]
    began = np.diff(np.concatenate([[False], fires]).astype(np.int8)) == 1
    meanwhile = [one for one in watch.episodes if _overlap(one, times)]
    causes = causes_of(queries, meanwhile, watch.effects)
    return replace(
        about,
        fires=True,
        resolves=bool((found.firing[:, :-1] & ~found.firing[:, 1:]).any()),
        first_seen=float(times[0]),
        seconds=_seconds(fires, found),
        firings=int(began.sum()),
        episodes=tuple(one.name for one in sorted(causes, key=lambda one: -_overlap(one, times))),
    )


def _verdict(
    seen: AlertCoverage, alert: AnyAlert, found: AlertHistory, known: KnownSeries
) -> tuple[Verdict, str]:
    if not seen.fires:
        return _why_not(alert, found, known)
    missing = _missing(alert, known) if isinstance(alert, GrafanaAlert) else []
    if missing:  # what fires is that it has no data
        return Verdict.NO_DATA, f"there is no metric {', '.join(missing)}"
    if seen.seconds_on_calm:
        held = format_duration(seen.seconds_on_calm)
        return Verdict.FINDING, f"it fires for {held} while nothing is wrong"
    if not seen.resolves:
        return Verdict.FINDING, "it does not resolve before the end"
    return Verdict.EXERCISED, ""


def _fires(found: AlertHistory) -> Flags:
    """At which evaluations any of a rule's alerts fires."""
    return np.asarray(found.firing.any(axis=0), dtype=np.bool_)


def _seconds(fires: Flags, found: AlertHistory) -> float:
    return float(fires.sum()) * _interval(found)


def _overlap(episode: EpisodeSpan, times: Floats) -> int:
    """At how many of the evaluations an episode was on."""
    return int(((times >= episode.start) & (times < episode.end)).sum())


def _interval(found: AlertHistory) -> float:
    return float(found.times[1] - found.times[0]) if len(found.times) > 1 else 0.0


def _why_not(alert: AnyAlert, found: AlertHistory, known: KnownSeries) -> tuple[Verdict, str]:
    """Why an alert never fired: it is paused, was too short, or a metric of it is not there."""
    if getattr(alert, "is_paused", False):
        return Verdict.NOT_REACHED, "it is paused"
    longest = max((_longest(row) for row in found.active), default=0) * _interval(found)
    if longest:
        held, wanted = format_duration(longest), format_duration(alert.hold)
        return Verdict.NOT_REACHED, f"it held for {held} at most, and fires after {wanted}"
    missing = _missing(alert, known)
    if missing:
        return Verdict.NO_DATA, f"there is no metric {', '.join(missing)}"
    return Verdict.NOT_REACHED, "its expression never held"


def _longest(row: Flags) -> int:
    """The most evaluations in a row at which a flag is up."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
    return int((ends[1::2] - ends[::2]).max(initial=0))


def _missing(alert: AnyAlert, known: KnownSeries) -> list[str]:
    """The metrics without which nothing can come of its queries, and that nobody has."""
    absent: set[str] = set()
    for query in _own_queries(alert):
        needed = needed_metrics(query)
        if all(any(not known.is_known(Selector(m)) for m in one) for one in needed):
            absent |= {m for m in chain.from_iterable(needed) if not known.is_known(Selector(m))}
    return sorted(absent)


def _own_queries(alert: AnyAlert) -> list[str]:
    if isinstance(alert, Alert):
        return [alert.expr]
    return [text for one in alert.nodes if isinstance(text := one.model.get("expr"), str)]


def _queries(alert: AnyAlert, recordings: Mapping[str, Sequence[str]]) -> list[str]:
    """Its queries, and those of the recordings that they read, however far back."""
    found = dict.fromkeys(_own_queries(alert))
    waiting = list(found)
    while waiting:
        for one in selectors(waiting.pop()):
            new = [query for query in recordings.get(one.metric, ()) if query not in found]
            found |= dict.fromkeys(new)
            waiting += new
    return list(found)
