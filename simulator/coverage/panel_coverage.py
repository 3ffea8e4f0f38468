"""The coverage of one panel: the verdicts on what it showed, and what is absent named."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.coverage.absent import Absent, Probes, query_name
from simulator.coverage.causes.effects import Effects, causes_of
from simulator.coverage.column_findings import column_findings
from simulator.coverage.findings import Code, Finding
from simulator.coverage.judging import field_coverage, is_judged
from simulator.coverage.query_findings import absence, query_findings
from simulator.coverage.reach import bucket_notes, within_reach
from simulator.coverage.verdicts import FieldCoverage, PanelCoverage, Verdict, worst
from simulator.grafana.bound_panels import UnreadQueryError
from simulator.grafana.model import Panel, Target
from simulator.observation.every_panel import Observation, QueryResult, Unreadable
from simulator.observation.known_series import KnownSeries
from simulator.observation.panel_values import FieldValues, PanelValues
from simulator.promql.metricsql import metricsql_hint
from simulator.quoting import quoted, shortened
from simulator.scenario.timed_run import EpisodeSpan

__all__ = ["panel_coverage"]


def panel_coverage(
    observed: Observation[PanelValues] | Unreadable,
    episodes: Sequence[EpisodeSpan] = (),
    known: KnownSeries | None = None,
    effects: Effects | None = None,
) -> PanelCoverage:
    """The verdicts on a panel and all its fields over the span in which it was looked at.

    Each query must have data: one without is a field that has none, whatever the others have. A
    query that is refused is its field's ERROR. What queries ask for is held against the `known`
    series, where these are given. Beside a step stand the episodes that were on and that can touch
    what the field asks, as far as their `effects` are known.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    panel = observed.panel
    if isinstance(observed, Unreadable):
        verdict = Verdict.ERROR if observed.is_refused else Verdict.UNSUPPORTED
        return _panel(panel, verdict, reason=observed.reason)
    if not observed.results:
        return _panel(panel, Verdict.NO_DATA, reason="it has no query")
    if observed.seen.unsupported:
        return _panel(panel, Verdict.UNSUPPORTED, reason=", ".join(observed.seen.unsupported))
    fields = tuple(_fields(observed, episodes, known, effects))
    if known is None:
        return _panel(panel, worst(one.verdict for one in fields), fields=fields)
    return _with_findings(observed.results, fields, known, panel)


def _with_findings(
    results: Sequence[QueryResult],
    fields: tuple[FieldCoverage, ...],
    known: KnownSeries,
    panel: Panel,
) -> PanelCoverage:
    targets = {one.target.ref_id: one.target for one in results}
    findings = [found for one in results for found in _found(one, known)]
    reached = []
    for field in fields:
        target = targets.get(field.source.partition(" ")[0])
        reached.append(within_reach(field, target, known) if target else field)
        findings += bucket_notes(field, target, known) if target else ()
    findings += [*column_findings(panel, results), *_not_looked_at(panel)]
    verdicts = [one.verdict for one in fields]
    verdicts += [Verdict.FINDING] * any(one.is_failure for one in findings)
    return _panel(
        panel,
        worst(verdicts),
        fields=tuple(reached),
        findings=tuple(dict.fromkeys(findings)),
    )


def _not_looked_at(panel: Panel) -> Iterator[Finding]:
    if panel.time_compare:
        ago = quoted(panel.time_compare)
        said = (
            f"it shows its queries once more, {ago} before; only those of its own time are judged"
        )
        yield Finding(Code.NOT_COMPARED, said, "")


def _found(result: QueryResult, known: KnownSeries) -> Iterator[Finding]:
    """The findings on a query; one that gave nothing fails already, and its findings say why."""
    if result.error is not None:
        return
    is_failing = any(one.answer.series for one in result.answers)
    for one in query_findings(result.target, known):
        yield replace(one, is_failure=one.is_failure and is_failing)


def _panel(
    panel: Panel,
    verdict: Verdict,
    *,
    fields: tuple[FieldCoverage, ...] = (),
    findings: tuple[Finding, ...] = (),
    reason: str = "",
) -> PanelCoverage:
    return PanelCoverage(
        path=panel.path,
        id=panel.id,
        title=panel.title,
        type=panel.type,
        verdict=verdict,
        fields=fields,
        findings=findings,
        reason=reason,
        row=panel.row,
    )


def _fields(
    observed: Observation[PanelValues],
    episodes: Sequence[EpisodeSpan],
    known: KnownSeries | None,
    effects: Effects | None,
) -> Iterator[FieldCoverage]:
    """The fields that were seen, then those without data, then those that failed."""
    results = observed.results
    answers = [answer for one in results for answer in one.answers]
    probes = Probes(observed.panel, answers, [one for r in results for one in _absent(r, known)])
    absent = list(probes.absent_fields())
    without = {one.source for one in absent}
    for one in _judged(observed, episodes, effects):
        if one.verdict is not Verdict.NO_DATA or one.source not in without:
            yield one
    yield from absent
    failed = [one for result in results for one in _failed(result)]
    yield from failed
    if not failed:  # else unmatched overrides may be for the fields that failed
        yield from probes.unmatched_overrides(observed.seen)


def _absent(result: QueryResult, known: KnownSeries | None) -> Iterator[Absent]:
    if result.error is None and not any(one.answer.series for one in result.answers):
        yield Absent(result.target, _why(result.target, known))


def _why(target: Target, known: KnownSeries | None) -> str:
    if not target.is_queried:
        return "the query is empty"
    if target.expression is not None:
        return "its expression gives nothing"
    return "Prometheus has nothing for its query" if known is None else absence(target, known)


def _failed(result: QueryResult) -> Iterator[FieldCoverage]:
    if result.error is not None:
        is_unread = isinstance(result.error, UnreadQueryError)
        verdict = Verdict.UNSUPPORTED if is_unread else Verdict.ERROR
        reason = f"{result.error}{metricsql_hint(result.target.expr, str(result.error))}"
        yield FieldCoverage(query_name(result.target), verdict, reason=reason)


def _judged(
    observed: Observation[PanelValues],
    episodes: Sequence[EpisodeSpan],
    effects: Effects | None,
) -> Iterator[FieldCoverage]:
    """The fields with numbers; those with texts only where there is no other."""
    panel, seen = observed.panel, observed.seen
    numbers = [one for one in seen.fields if not one.is_text]
    fields = numbers or list(seen.fields)
    names = [_name(panel, one) for one in fields]
    for one, name in zip(fields, names, strict=True):
        told = name if names.count(name) == 1 else f"{name}: {_series_names(one)}"
        queries = _queries(one, observed.results)
        able = causes_of(queries, episodes, effects) if _has_steps(one) else ()
        yield field_coverage(one, told, spacing=seen.spacing, episodes=able)


def _has_steps(field: FieldValues) -> bool:
    key = field.key
    return key.thresholds is not None and is_judged(key.thresholds, is_painted=key.is_painted)


def _queries(field: FieldValues, results: Sequence[QueryResult]) -> tuple[str, ...]:
    """The queries that a field's values come from; a column may be of any of the panel's."""
    own = [one for one in results if one.target.ref_id == field.key.source]
    return tuple(dict.fromkeys(query for one in own or results for query in one.queries))


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
