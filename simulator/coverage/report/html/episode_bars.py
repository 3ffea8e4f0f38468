"""The episodes as bars on the time axis."""

from simulator.coverage.report.verdict_text import clock_text
from simulator.coverage.verdicts import Coverage
from simulator.drawing.lanes import Bar, Lanes, first_free_lanes
from simulator.drawing.quantities import duration_text
from simulator.scenario.timed_run import EpisodeSpan

__all__ = ["episode_bars"]


def episode_bars(coverage: Coverage) -> Lanes:
    """The episodes in the order they began, numbered from 1."""
    spans = sorted(coverage.episodes, key=lambda span: (span.start, span.end))
    lanes = first_free_lanes([(span.start, span.end) for span in spans])
    return Lanes(
        tuple(
            Bar(
                number,
                span.name,
                "" if span.kind == span.name else span.kind,
                span.start,
                span.end,
                lane,
                _title(span, coverage),
            )
            for number, (span, lane) in enumerate(zip(spans, lanes, strict=True), start=1)
        )
    )


def _title(span: EpisodeSpan, coverage: Coverage) -> str:
    begin, end = clock_text(span.start, coverage), clock_text(span.end, coverage)
    lasted = duration_text(span.end - span.start)
    return f"{span.name} ({span.kind}), {begin} to {end}, {lasted}"
