"""A target asked over a span of time: in one go where its panel's range slides with now."""

from collections.abc import Iterator

from simulator.grafana.bound_panels import BoundPanel, names_the_time, with_macros
from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Target
from simulator.grafana.whole_series import draws_points
from simulator.observation.asked_at_moments import asked_at_moments
from simulator.observation.asked_once import Queries
from simulator.observation.replay import Moments, Replayed, aligned

__all__ = ["replayed"]


def replayed(
    bound: BoundPanel, target: Target, queries: Queries, *, moments: Moments
) -> Iterator[Replayed]:
    """The answers to each kind of query that a target makes.

    Times are the viewer's: a panel with a time shift shows what was earlier.

    Raises:
        PrometheusError: the query is refused, or nothing answers.
        DashboardError: the query's settings.
    """
    behind = bound.query_options.viewed.sliding(moments.samples)
    if behind is None or names_the_time(target):
        yield from asked_at_moments(bound, target, queries, moments)
        return
    for kind in target.kinds:
        if kind == "instant":
            yield _instants(bound, target, queries, moments, behind[1])
        else:
            yield _sliding(bound, target, queries, moments, behind)


def _instants(
    bound: BoundPanel, target: Target, queries: Queries, moments: Moments, behind: float
) -> Replayed:
    query, _ = with_macros(bound, target)
    series = queries.query_range(
        query.expr,
        start=moments.first - behind,
        end=moments.last - behind,
        step_seconds=moments.every,
    )
    return Replayed(Answer(query, _later(series, behind)), moments.every, 0.0)


def _sliding(
    bound: BoundPanel,
    target: Target,
    queries: Queries,
    moments: Moments,
    behind: tuple[float, float],
) -> Replayed:
    query, intervals = with_macros(bound, target)
    step, options = intervals.step / 1000, bound.query_options
    window = None if draws_points(bound.panel) else options.span
    offset = options.utc_offset
    series = queries.query_range(
        query.expr,
        start=aligned(moments.first - behind[1] - (window or 0.0), step, offset),
        end=moments.last - behind[1],
        step_seconds=step,
    )
    answer = Answer(query, _later(series, behind[1]))
    return Replayed(answer, step, window, offset - behind[1])


def _later(every: tuple[Series, ...], seconds: float) -> tuple[Series, ...]:
    return tuple(Series(one.labels, one.times + seconds, one.values) for one in every)
