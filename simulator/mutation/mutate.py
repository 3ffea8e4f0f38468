"""Mistakes made on purpose, and which of them `cover` and `check` notice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from simulator.checking.material import Facts, Material
from simulator.coverage.cover import CoverPlan, known_series
from simulator.grafana.model import Dashboard
from simulator.mutation.advice import would_notice
from simulator.mutation.alert_mutants import alert_mutants
from simulator.mutation.drawing import drawn
from simulator.mutation.equivalence import without_effect
from simulator.mutation.mutants import AlertMutant, Mutant
from simulator.mutation.names import Names
from simulator.mutation.panel_mutants import panel_mutants
from simulator.mutation.results import Fate, Mutation, Tried
from simulator.mutation.same_answers import AskedSpan, same_answers
from simulator.mutation.trial import Trial
from simulator.observation.known_series import KnownSeries
from simulator.observation.prometheus import Prometheus
from simulator.progress import Progress, Report, unreported
from simulator.promql.selectors import Selector, selectors
from simulator.rules.model import Group, Recording

__all__ = ["LEAST_NOTICED", "mutation"]

LEAST_NOTICED: Final = 0.9


def mutation(  # noqa: PLR0913 - what is changed, where it is asked, and how much of it
    dashboards: Sequence[Dashboard],
    prometheus: Prometheus,
    plan: CoverPlan,
    facts: Facts,
    *,
    count: int,
    seed: int,
    least: float = LEAST_NOTICED,
    report: Report = unreported,
) -> Mutation:
    """What becomes of `count` mistakes, drawn by the seed.

    Each is noticed where a verdict, a finding or what an alert does changes. What a check notices
    without data is not asked of the Prometheus; of the rest only what has the mistake in it is.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    plan = replace(plan, effects=None)
    known = known_series(prometheus, plan)
    names = Names(_metrics(dashboards, plan.rules, known), known)
    possible = list(_possible(dashboards, plan.rules, names))
    chosen = drawn(possible, count=count, seed=seed)
    material = Material(dashboards, plan.rules, facts)
    trial = Trial(material, prometheus, plan, known, report)
    return Mutation(
        tried=tuple(_tried(chosen, trial)),
        seed=seed,
        n_possible=len(possible),
        least=least,
        notes=tuple(_notes(plan.rules, known)),
    )


def _metrics(
    dashboards: Sequence[Dashboard], groups: Sequence[Group], known: KnownSeries
) -> frozenset[str]:
    """The metrics that are read and that there are."""
    alerts = [query for group in groups for one in group.alerts for query in _queries(one)]
    read = Material(dashboards).queries
    panels = [one.query.text for one in read if one.query is not None]
    found = {one.metric for query in (*alerts, *panels) for one in selectors(query)}
    return frozenset(one for one in found if one and known.is_known(Selector(one)))


def _queries(alert: object) -> Iterator[str]:
    nodes = getattr(alert, "nodes", ())
    texts = [getattr(alert, "expr", None), *(one.model.get("expr") for one in nodes)]
    yield from (one for one in texts if isinstance(one, str))


def _possible(
    dashboards: Sequence[Dashboard], groups: Sequence[Group], names: Names
) -> Iterator[Mutant]:
    for board in dashboards:
        yield from panel_mutants(board, names)
    for group in groups:
        yield from (one for one in alert_mutants(group, names) if _has_data(one, names))


def _has_data(mutant: AlertMutant, names: Names) -> bool:
    """Whether all metrics of the alert are there: else nothing can come of it, right or wrong."""
    read = {one.metric for query in _queries(mutant.original) for one in selectors(query)}
    return read <= names.metrics


def _notes(groups: Sequence[Group], known: KnownSeries) -> Iterator[str]:
    recordings = sum(isinstance(one, Recording) for group in groups for one in group.rules)
    if recordings:
        yield f"{recordings} recording rules are not changed: their samples are recorded once"
    silent = [
        one.name
        for group in groups
        for one in group.alerts
        if not all(
            known.is_known(Selector(s.metric)) for query in _queries(one) for s in selectors(query)
        )
    ]
    if silent:
        yield f"not changed, as their metrics are not there: {', '.join(silent)}"


def _tried(mutants: Sequence[Mutant], trial: Trial) -> list[Tried]:
    """Each with its fate: what checks notice, then what coverage does, then the rules."""
    said: dict[Mutant, str] = {}
    for done, one in enumerate(mutants, start=1):
        said[one] = trial.noticed_by_check(one)
        trial.report(Progress("checks", done, len(mutants)))
    without = {one: without_effect(one, trial.plan.resolution) for one in mutants}
    said |= trial.noticed_by_cover([one for one in mutants if not said[one] and not without[one]])
    span = AskedSpan(trial.prometheus, trial.plan.start, trial.plan.end)
    found = []
    for one in mutants:
        if said[one]:
            found.append(Tried(one, Fate.NOTICED, said[one]))
            continue
        rule = without[one] or (same_answers(*trial.asked(one), span) if one.change.query else "")
        fate = Fate.EQUIVALENT if rule else Fate.SURVIVED
        found.append(Tried(one, fate, rule or would_notice(one)))
    return found
