"""What is found wrong with a dashboard as a whole: variables without a value, its time zone."""

from collections.abc import Iterator, Mapping

from simulator.coverage.findings import Code
from simulator.grafana.calendars import Calendar
from simulator.grafana.model import Dashboard
from simulator.grafana.variables import Binding
from simulator.observation.known_series import KnownSeries
from simulator.observation.variable_queries import label_asked_for
from simulator.promql.selectors import NAME, selectors
from simulator.quoting import quoted, shortened
from simulator.spelling import did_you_mean, nearest_names

__all__ = ["board_notes"]


def board_notes(
    dashboard: Dashboard, bindings: Mapping[str, Binding], known: KnownSeries
) -> Iterator[str]:
    """A note, with its code in front, for each thing that is not as its author meant.

    Raises:
        UnreachablePrometheusError: nothing answers.
    """
    where = f"dashboard {quoted(dashboard.title or dashboard.uid)}"
    if not Calendar.knows(dashboard.timezone):
        zone = quoted(dashboard.timezone)
        said = f"time zone {zone} is none, and taken for UTC, as in Grafana"
        yield f"{Code.UNKNOWN_TIME_ZONE}: {where}: {said}"
    for variable in dashboard.variables:
        found = bindings.get(variable.name)
        if found is None or not found.query or found.error or found.options:
            continue
        said = f"its query {quoted(found.query)} gives nothing"
        why = _why(found.query, variable.regex, known)
        told = ": ".join(filter(None, (f"variable {quoted(variable.name)}", said, why)))
        yield f"{Code.EMPTY_VARIABLE}: {where}: {told}"


def _why(query: str, regex: str, known: KnownSeries) -> str:
    """Why the query of a variable gives nothing, as far as that can be told."""
    found = label_asked_for(query)
    if found is None:
        return ""
    text, label = found
    read = selectors(text) if text else ()
    for one in read:
        if not known.is_known(one):
            guess = nearest_names(one.metric, known.metrics)
            return f"there is no metric {quoted(one.metric)}{guess}"
        labels = known.labels(one)
        if labels is not None and label not in labels and label != NAME:
            there = shortened(", ".join(sorted(labels))) or "no labels"
            guess = did_you_mean(label, sorted(labels))
            return f"label {label} is on no series of {one}: it has {there}{guess}"
        if known.values(label, one):
            return f"its regex {quoted(regex)} takes none of the values" if regex else ""
    return "" if read else f"label {label} is on no series"
