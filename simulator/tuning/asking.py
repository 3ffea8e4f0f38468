"""A Prometheus asked for what panels and rules saw, and their thresholds tuned by it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.errors import TuningError
from simulator.grafana.model import Dashboard
from simulator.observation.prometheus import Prometheus
from simulator.tuning.choosing.search import Search
from simulator.tuning.results import Tuning
from simulator.tuning.truth.incidents import Wanted
from simulator.tuning.tuned import tuned
from simulator.tuning.watching.panels import watched_panels
from simulator.tuning.watching.rule_queries import watched_rules
from simulator.tuning.watching.rules import AlertRule
from simulator.tuning.watching.watched import Skipped, Watched, Watching

__all__ = ["Listener", "Subject", "tune"]

Listener = Callable[[str, float, float, str], None]
"""Told a stage, how much of it is done, of how much, and what the latest was."""

_CHOSEN_ON: tuple[int, int] = (3, 5)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tuned: thresholds of dashboards and rules, against alarms that were wanted."""

    dashboards: Sequence[Dashboard]
    rules: Sequence[AlertRule]
    wanted: Sequence[Wanted]
    name: str = ""


def tune(
    prometheus: Prometheus,
    subject: Subject,
    watching: Watching,
    search: Search,
    *,
    report: Listener,
) -> Tuning:
    """The tuning on what a Prometheus has of the spans watched.

    Three spans of five are chosen on and the others only judged; with a single one there is
    nothing else to judge on.

    Raises:
        PrometheusError: nothing answers, or a variable's query is refused.
        TuningError: there is nothing with thresholds.
    """
    found = watched_panels(
        subject.dashboards,
        prometheus,
        watching,
        subject.rules,
        report=lambda done, count, name: report("panels", done, count, name),
    )
    taken = {id(rule) for one in found if isinstance(one, Watched) for rule in one.rules.values()}
    found += watched_rules(
        [rule for rule in subject.rules if id(rule) not in taken],
        prometheus,
        watching,
        report=lambda done, count, name: report("rules", done, count, name),
    )
    if not any(isinstance(one, Watched) for one in found):
        reasons = [f"{one.name}: {one.reason}" for one in found if isinstance(one, Skipped)]
        why = "; ".join(reasons) or "no orange or red threshold is written in the dashboards"
        raise TuningError(f"nothing to tune: {why}")
    return tuned(
        found,
        wanted=subject.wanted,
        search=search,
        n_chosen_on=n_chosen_on(len(watching.spans)),
        subject=subject.name,
        report=lambda done, count, name: report("thresholds", done, count, name),
    )


def n_chosen_on(n_spans: int) -> int:
    """On how many of the spans the choice is made.

    >>> [n_chosen_on(n) for n in (1, 2, 3, 5, 10)]
    [1, 1, 2, 3, 6]
    """
    part, whole = _CHOSEN_ON
    return max(min(round(n_spans * part / whole), n_spans - 1), 1)
