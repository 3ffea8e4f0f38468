"""The coverage of one panel: its queries bound, what it showed, and what is absent named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator.coverage.absent import Absent, Probes, query_name
from simulator.coverage.judging import field_coverage
from simulator.coverage.verdicts import FieldCoverage, PanelCoverage, Verdict, worst
from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.model import Target
from simulator.observation.over_time import values_over_time
from simulator.observation.panel_values import FieldValues, PanelValues
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.queries import (
    BoundPanel,
    ForeignDataSourceError,
    require_prometheus,
    unreadable,
)
from simulator.observation.replay import Moments, Replayed, replayed
from simulator.scenario.timed_run import EpisodeSpan

__all__ = ["panel_coverage"]


@dataclass(frozen=True, slots=True)
class _Answers:
    """What came of a panel's queries: answers, fields that failed, and queries without data."""

    answers: list[Replayed] = field(default_factory=list)
    failed: list[FieldCoverage] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)


def panel_coverage(
    bound: BoundPanel,
    prometheus: Prometheus,
    moments: Moments,
    episodes: Sequence[EpisodeSpan] = (),
) -> PanelCoverage:
    """The verdicts on a panel and all its fields over the span of the moments.

    Each query must have data: one without is a field that has none, whatever the others have.

    Raises:
        UnreachablePrometheusError: nothing answers; a query that is refused is its field's ERROR.
    """
    if reason := unreadable(bound.panel):
        return _panel(bound, Verdict.UNSUPPORTED, reason=reason)
    if not any(not target.hide for target in bound.panel.targets):
        return _panel(bound, Verdict.NO_DATA, reason="it has no query")
    found = _answers(bound, prometheus, moments)
    seen = values_over_time(bound, found.answers, moments)
    if seen.unsupported:
        return _panel(bound, Verdict.UNSUPPORTED, reason=", ".join(seen.unsupported))
    probes = Probes(bound, found.answers, found.absent)
    absent = list(probes.absent_fields())
    known = {one.source for one in absent}
    judged = (
        one
        for one in _judged(bound, seen, episodes)
        if one.verdict is not Verdict.NO_DATA or one.source not in known
    )
    fields = [*judged, *absent, *found.failed]
    if not found.failed:  # else unmatched overrides may be for the fields that failed
        fields.extend(probes.unmatched_overrides(seen))
    return _panel(bound, worst(one.verdict for one in fields), fields=tuple(fields))


def _panel(
    bound: BoundPanel,
    verdict: Verdict,
    *,
    fields: tuple[FieldCoverage, ...] = (),
    reason: str = "",
) -> PanelCoverage:
    panel = bound.panel
    return PanelCoverage(
        path=panel.path,
        id=panel.id,
        title=bound.title,
        type=panel.type,
        verdict=verdict,
        fields=fields,
        reason=reason,
        row=panel.row,
    )


def _answers(bound: BoundPanel, prometheus: Prometheus, moments: Moments) -> _Answers:
    found = _Answers()
    for target in bound.panel.targets:
        if target.hide:
            continue
        try:
            require_prometheus(bound.panel, target)
            if not target.is_queried:
                found.absent.append(Absent(target, "the query is empty"))
                continue
            answers = list(replayed(bound, prometheus, moments, target))
        except UnreachablePrometheusError:
            raise
        except ForeignDataSourceError as error:
            found.failed.append(_failed(bound, target, Verdict.UNSUPPORTED, error))
        except (PrometheusError, DashboardError) as error:
            found.failed.append(_failed(bound, target, Verdict.ERROR, error))
        else:
            found.answers.extend(answers)
            if not any(one.answer.series for one in answers):
                found.absent.append(
                    Absent(answers[0].answer.target, "Prometheus has nothing for its query")
                )
    return found


def _failed(bound: BoundPanel, target: Target, verdict: Verdict, error: Exception) -> FieldCoverage:
    return FieldCoverage(query_name(bound, target), verdict, reason=str(error))


def _judged(
    bound: BoundPanel, seen: PanelValues, episodes: Sequence[EpisodeSpan]
) -> Iterator[FieldCoverage]:
    """The fields with numbers; those with texts only where there is no other."""
    numbers = [one for one in seen.fields if not one.is_text]
    for one in numbers or seen.fields:
        yield field_coverage(one, _name(bound, one), spacing=seen.spacing, episodes=episodes)


def _name(bound: BoundPanel, field_values: FieldValues) -> str:
    names = {one.name for one in field_values.series}
    key = field_values.key
    target = next((t for t in bound.panel.targets if t.ref_id == key.source), None)
    if len(names) == 1 and target is not None:
        return names.pop()
    name = query_name(bound, target) if target is not None else key.source
    return f"{name} ({key.calc})" if len(bound.panel.reduce.calcs) > 1 else name
