"""The coverage of one panel: its queries asked, what it showed, and every gap named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator.coverage.gaps import Absent, Gaps, query_name
from simulator.coverage.judging import field_coverage
from simulator.coverage.verdicts import FieldCoverage, PanelCoverage, Verdict, worst
from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.model import Target
from simulator.observation.observed import Observed, ObservedField
from simulator.observation.observing import observed
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.questions import (
    AskedPanel,
    ForeignDataSourceError,
    require_prometheus,
    unreadable,
)
from simulator.observation.replay import Moments, Replayed, replayed
from simulator.scenario.timed_run import EpisodeSpan

__all__ = ["panel_coverage"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What came of a panel's queries: answers, fields that failed, and queries without data."""

    answers: list[Replayed] = field(default_factory=list)
    failed: list[FieldCoverage] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)


def panel_coverage(
    asked: AskedPanel,
    prometheus: Prometheus,
    moments: Moments,
    episodes: Sequence[EpisodeSpan] = (),
) -> PanelCoverage:
    """The verdicts on a panel and all its fields over the span of the moments.

    Each query must have data: one without is a field that has none, whatever the others have.

    Raises:
        UnreachablePrometheusError: nothing answers; a query that is refused is its field's ERROR.
    """
    if reason := unreadable(asked.panel):
        return _panel(asked, Verdict.UNSUPPORTED, reason=reason)
    if not any(not target.hide for target in asked.panel.targets):
        return _panel(asked, Verdict.NO_DATA, reason="it has no query")
    found = _answers(asked, prometheus, moments)
    seen = observed(asked, found.answers, moments)
    if seen.unsupported:
        return _panel(asked, Verdict.UNSUPPORTED, reason=", ".join(seen.unsupported))
    gaps = Gaps(asked, found.answers, found.absent)
    absent = list(gaps.absent_fields())
    known = {one.source for one in absent}
    judged = (
        one
        for one in _judged(asked, seen, episodes)
        if one.verdict is not Verdict.NO_DATA or one.source not in known
    )
    fields = [*judged, *absent, *found.failed]
    if not found.failed:  # else unmatched overrides may be for the fields that failed
        fields.extend(gaps.unmatched_overrides(seen))
    return _panel(asked, worst(one.verdict for one in fields), fields=tuple(fields))


def _panel(
    asked: AskedPanel,
    verdict: Verdict,
    *,
    fields: tuple[FieldCoverage, ...] = (),
    reason: str = "",
) -> PanelCoverage:
    panel = asked.panel
    return PanelCoverage(
        path=panel.path,
        id=panel.id,
        title=asked.title,
        type=panel.type,
        verdict=verdict,
        fields=fields,
        reason=reason,
        row=panel.row,
    )


def _answers(asked: AskedPanel, prometheus: Prometheus, moments: Moments) -> _Asked:
    found = _Asked()
    for target in asked.panel.targets:
        if target.hide:
            continue
        try:
            require_prometheus(asked.panel, target)
            if not target.is_queried:
                found.absent.append(Absent(target, "the query is empty"))
                continue
            answers = list(replayed(asked, prometheus, moments, target))
        except UnreachablePrometheusError:
            raise
        except ForeignDataSourceError as error:
            found.failed.append(_failed(asked, target, Verdict.UNSUPPORTED, error))
        except (PrometheusError, DashboardError) as error:
            found.failed.append(_failed(asked, target, Verdict.ERROR, error))
        else:
            found.answers.extend(answers)
            if not any(one.answer.series for one in answers):
                bound = answers[0].answer.target
                found.absent.append(Absent(bound, "Prometheus has nothing for its query"))
    return found


def _failed(asked: AskedPanel, target: Target, verdict: Verdict, error: Exception) -> FieldCoverage:
    return FieldCoverage(query_name(asked, target), verdict, reason=str(error))


def _judged(
    asked: AskedPanel, seen: Observed, episodes: Sequence[EpisodeSpan]
) -> Iterator[FieldCoverage]:
    """The fields with numbers; those with texts only where there is no other."""
    numbers = [one for one in seen.fields if not one.is_text]
    for one in numbers or seen.fields:
        yield field_coverage(one, _name(asked, one), spacing=seen.spacing, episodes=episodes)


def _name(asked: AskedPanel, observed_field: ObservedField) -> str:
    names = {one.name for one in observed_field.series}
    key = observed_field.key
    target = next((t for t in asked.panel.targets if t.ref_id == key.source), None)
    if len(names) == 1 and target is not None:
        return names.pop()
    name = query_name(asked, target) if target is not None else key.source
    return f"{name} ({key.calc})" if len(asked.panel.reduce.calcs) > 1 else name
