"""The coverage of one panel: the verdicts on what it showed, and what is absent named."""

from collections.abc import Iterator, Sequence

from simulator.coverage.absent import Absent, Probes, query_name
from simulator.coverage.judging import field_coverage
from simulator.coverage.verdicts import FieldCoverage, PanelCoverage, Verdict, worst
from simulator.grafana.bound_panels import ForeignDataSourceError
from simulator.grafana.model import Panel
from simulator.observation.every_panel import Observation, QueryResult, Unreadable
from simulator.observation.panel_values import FieldValues, PanelValues
from simulator.quoting import shortened
from simulator.scenario.timed_run import EpisodeSpan

__all__ = ["panel_coverage"]


def panel_coverage(
    observed: Observation[PanelValues] | Unreadable, episodes: Sequence[EpisodeSpan] = ()
) -> PanelCoverage:
    """The verdicts on a panel and all its fields over the span in which it was looked at.

    Each query must have data: one without is a field that has none, whatever the others have. A
    query that is refused is its field's ERROR.
    """
    panel = observed.panel
    if isinstance(observed, Unreadable):
        return _panel(panel, Verdict.UNSUPPORTED, reason=observed.reason)
    if not observed.results:
        return _panel(panel, Verdict.NO_DATA, reason="it has no query")
    if observed.seen.unsupported:
        return _panel(panel, Verdict.UNSUPPORTED, reason=", ".join(observed.seen.unsupported))
    fields = tuple(_fields(observed, episodes))
    return _panel(panel, worst(one.verdict for one in fields), fields=fields)


def _panel(
    panel: Panel,
    verdict: Verdict,
    *,
    fields: tuple[FieldCoverage, ...] = (),
    reason: str = "",
) -> PanelCoverage:
    return PanelCoverage(
        path=panel.path,
        id=panel.id,
        title=panel.title,
        type=panel.type,
        verdict=verdict,
        fields=fields,
        reason=reason,
        row=panel.row,
    )


def _fields(
    observed: Observation[PanelValues], episodes: Sequence[EpisodeSpan]
) -> Iterator[FieldCoverage]:
    """The fields that were seen, then those without data, then those that failed."""
    results = observed.results
    answers = [answer for one in results for answer in one.answers]
    probes = Probes(observed.panel, answers, [one for r in results for one in _absent(r)])
    absent = list(probes.absent_fields())
    known = {one.source for one in absent}
    for one in _judged(observed.panel, observed.seen, episodes):
        if one.verdict is not Verdict.NO_DATA or one.source not in known:
            yield one
    yield from absent
    failed = [one for result in results for one in _failed(result)]
    yield from failed
    if not failed:  # else unmatched overrides may be for the fields that failed
        yield from probes.unmatched_overrides(observed.seen)


def _absent(result: QueryResult) -> Iterator[Absent]:
    if result.error is None and not any(one.answer.series for one in result.answers):
        is_asked = result.target.is_queried
        reason = "Prometheus has nothing for its query" if is_asked else "the query is empty"
        yield Absent(result.target, reason)


def _failed(result: QueryResult) -> Iterator[FieldCoverage]:
    if result.error is not None:
        is_foreign = isinstance(result.error, ForeignDataSourceError)
        verdict = Verdict.UNSUPPORTED if is_foreign else Verdict.ERROR
        yield FieldCoverage(query_name(result.target), verdict, reason=str(result.error))


def _judged(
    panel: Panel, seen: PanelValues, episodes: Sequence[EpisodeSpan]
) -> Iterator[FieldCoverage]:
    """The fields with numbers; those with texts only where there is no other."""
    numbers = [one for one in seen.fields if not one.is_text]
    fields = numbers or list(seen.fields)
    names = [_name(panel, one) for one in fields]
    for one, name in zip(fields, names, strict=True):
        told = name if names.count(name) == 1 else f"{name}: {_series_names(one)}"
        yield field_coverage(one, told, spacing=seen.spacing, episodes=episodes)


def _series_names(field: FieldValues) -> str:
    """What tells apart two fields of one query, of which each is painted in its own way."""
    return shortened(", ".join(sorted({one.name for one in field.series})))


def _name(panel: Panel, field: FieldValues) -> str:
    names = {one.name for one in field.series}
    key = field.key
    target = next((t for t in panel.targets if t.ref_id == key.source), None)
    if len(names) == 1 and target is not None:
        return names.pop()
    name = query_name(target) if target is not None else key.source
    return f"{name} ({key.calc})" if len(panel.reduce.calcs) > 1 else name
