"""What a query asks for and what is not there: metrics, labels, values of labels, time."""

from collections.abc import Iterator
from typing import Final

from simulator.coverage.findings import Code, Finding
from simulator.grafana.legends import legend_labels
from simulator.grafana.model import Target
from simulator.observation.known_series import KnownSeries
from simulator.promql.labels import LabelUse, label_flow
from simulator.promql.selectors import Matcher, Selector, ranges, selectors
from simulator.quoting import quoted, shortened
from simulator.spelling import did_you_mean, nearest_names

__all__ = ["absence", "query_findings"]

_WHERE: Final = {"group_left": "group_left or group_right"}


def query_findings(target: Target, known: KnownSeries) -> tuple[Finding, ...]:
    """All findings about the query of a target whose variables and macros have been replaced.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    found = (_of_selectors(target, known), _of_labels(target, known))
    return tuple(dict.fromkeys(one for some in found for one in some))


def absence(target: Target, known: KnownSeries) -> str:
    """Why the query of a target gave nothing, as far as that can be told.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    order = (Code.UNKNOWN_METRIC, Code.UNKNOWN_LABEL, Code.OTHER_SPELLING, Code.UNKNOWN_VALUE)
    found = query_findings(target, known)
    for code in order:
        for one in found:
            if one.code is code:
                return f"{code}: {one.message}"
    shortest, every = min(ranges(target.expr), default=None), known.scrape_seconds
    if shortest is not None and shortest < 2 * every:
        return (
            f"{Code.SHORT_WINDOW}: its range of {shortest:g} s holds no two samples, which come "
            f"every {every:g} s; take {4 * every:g} s or more"
        )
    read = selectors(target.expr)
    if read and all(known.labels(one) for one in read):
        return "its series are there, but the query gives nothing: no traffic in its time?"
    return "Prometheus has nothing for its query"


def _of_selectors(target: Target, known: KnownSeries) -> Iterator[Finding]:
    for selector in selectors(target.expr):
        if not known.is_known(selector):
            guess = nearest_names(selector.metric, known.metrics)
            said = f"there is no metric {quoted(selector.metric)}{guess}"
            yield Finding(Code.UNKNOWN_METRIC, said, target.ref_id)
            continue
        for matcher in selector.matchers:
            yield from _of_value(target, selector, matcher, known)


def _of_value(
    target: Target, selector: Selector, matcher: Matcher, known: KnownSeries
) -> Iterator[Finding]:
    if matcher.operator not in {"=", "=~"} or matcher.takes(""):
        return
    values = known.values(matcher.label, Selector(selector.metric))
    if not selector.metric or not values or any(map(matcher.takes, values)):
        return
    same = [value for value in values if _is_same_number(value, matcher.value)]
    if same:
        said = f"{matcher} of {selector.metric}: it is written {quoted(same[0])} there"
        yield Finding(Code.OTHER_SPELLING, said, target.ref_id)
        return
    there = shortened(", ".join(values))
    said = f"no series of {selector.metric} has {shortened(str(matcher))}: values are {there}"
    yield Finding(Code.UNKNOWN_VALUE, said, target.ref_id)


def _is_same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _of_labels(target: Target, known: KnownSeries) -> Iterator[Finding]:
    flow = label_flow(target.expr, known.labels)
    for use in flow.missed:
        code = Code.UNUSED_LABEL if use.is_lenient else Code.UNKNOWN_LABEL
        yield Finding(code, _missed(use), target.ref_id, is_failure=not use.is_lenient)
    if flow.labels is None or not flow.selectors:
        return
    for label in legend_labels(target.legend_format):
        if label not in flow.labels and label != "__name__":
            said = f"{label} in the legend stays empty: its series have {_all(flow.labels)}"
            yield Finding(Code.UNUSED_LABEL, said, target.ref_id)


def _missed(use: LabelUse) -> str:
    metrics = shortened(", ".join(dict.fromkeys(_name(one) for one in use.selectors)))
    guess = did_you_mean(use.label, sorted(use.labels))
    where = _WHERE.get(use.place, use.place)
    return (
        f"label {use.label} (in {where}) is on no series of {metrics}: "
        f"it has {_all(use.labels)}{guess}"
    )


def _name(selector: Selector) -> str:
    return selector.metric or str(selector)


def _all(labels: frozenset[str]) -> str:
    return shortened(", ".join(sorted(labels))) or "no labels"
