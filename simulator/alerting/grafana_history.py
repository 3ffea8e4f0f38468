"""What an alert that Grafana evaluates did over a time, with the data of a Prometheus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulator.alerting.alert_history import AlertHistory, Evaluations, Flags
from simulator.alerting.grafana_conditions import conditions_of, meets, threshold_result
from simulator.alerting.grafana_math import math_result
from simulator.alerting.grafana_values import REDUCERS, Floats, Numbers, reduced
from simulator.alerting.grids import grid_values
from simulator.alerting.states import firing, steps_of
from simulator.errors import RuleError
from simulator.observation.prometheus import Prometheus
from simulator.rules.model import GrafanaAlert, GrafanaNode
from simulator.timeline.durations import format_duration

__all__ = ["grafana_history"]

_SCRAPE_SECONDS: Final = 15.0
"""What Grafana's data source takes for the scrape interval, and asks for no more points than."""

_NO_DATA: Final = "DatasourceNoData"
"""What Grafana calls the alert of a rule that has no data."""

_MOST_POINTS: Final = 11_000


def grafana_history(alert: GrafanaAlert, prometheus: Prometheus, when: Evaluations) -> AlertHistory:
    """The alerts of a rule at each evaluation, as Grafana's states have them.

    Pending, alerting and recovering are as Prometheus's; a series that is gone stays as it was
    until it has been missing for some evaluations. Without any data the rule's own state for that
    holds: no data is an alert of its own, after `for` like any other, and alerting, OK and the last
    state are those of each alert that there was (ngalert/state/manager.go, setNextStateForRule).

    Raises:
        PrometheusError: a query is refused.
        RuleError: a node asks something else than Prometheus, or is of a kind that is not known.
    """
    hold = steps_of(alert.hold, when.interval)
    keep = steps_of(alert.keep_firing, when.interval)
    lead = when.lead(hold + keep + alert.missing_evaluations + 1)
    steps = np.arange(-lead, len(when.times))
    times = np.asarray(when.start + when.interval * steps, dtype=np.float64)
    found = _Nodes(alert, prometheus, times).result(alert.condition, ())
    shape = (len(found), len(times))
    there = np.array([one.is_there for one in found], dtype=np.bool_).reshape(shape)
    values = np.array([one.values for one in found], dtype=np.float64).reshape(shape)
    active = there & (np.nan_to_num(values) != 0.0)
    active, of_nobody = _without_data(alert, active, there, lead)
    labels: list[Mapping[str, str]] = [
        {**one.labels, **alert.labels, "alertname": alert.name} for one in found
    ]
    if of_nobody.any():
        name = alert.name if alert.no_data_state == "Alerting" else _NO_DATA
        active = np.concatenate([active, of_nobody[np.newaxis]])
        labels.append({**alert.labels, "alertname": name})
    fires = firing(active, hold, keep) & (not alert.is_paused)
    return AlertHistory(when.times, labels, active[:, lead:], fires[:, lead:])


def _without_data(
    alert: GrafanaAlert, active: Flags, there: Flags, lead: int
) -> tuple[Flags, Flags]:
    """The alerts where some or all data are missing, and the one that has no series.

    Of the `lead` evaluations before the first one nobody knows whether there were data.
    """
    is_empty = np.asarray(~there.any(axis=0))
    places = np.arange(len(is_empty))
    with_data = np.maximum.accumulate(np.where(is_empty, -1, places))
    is_known = is_empty & ((with_data >= 0) | (places >= lead))
    nobody = np.zeros_like(is_empty)
    if alert.no_data_state == "NoData":
        return _as_before(active, ~there, alert.missing_evaluations), is_known
    active = _as_before(active, ~there & ~is_empty, alert.missing_evaluations)
    if alert.no_data_state == "KeepLast":
        return _as_before(active, np.broadcast_to(is_empty, active.shape), len(places)), nobody
    if alert.no_data_state != "Alerting":
        return active, nobody
    latest = np.maximum.accumulate(np.where(there, places, -len(places)), axis=1)
    has_state = (places - latest) < alert.missing_evaluations
    had_state = has_state[:, np.maximum(with_data, 0)] & (with_data >= 0) & is_empty
    return active | had_state, is_known & ~had_state.any(axis=0)


def _as_before(active: Any, unknown: Any, most: int) -> Any:  # noqa: ANN401 - arrays of flags
    """Flags with those of unknown moments as they were before, for fewer than `most` moments."""
    places = np.arange(active.shape[1])
    known = np.maximum.accumulate(np.where(unknown, -1, places), axis=1)
    is_recent = (known >= 0) & (places - known < most)
    filled = np.take_along_axis(active, np.maximum(known, 0), axis=1)
    return np.where(unknown, filled & is_recent, active)


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """The queries and expressions of a rule, worked out for all its evaluations."""

    alert: GrafanaAlert
    prometheus: Prometheus
    times: Floats

    def result(self, name: str, below: tuple[str, ...]) -> Sequence[Numbers]:
        """The numbers of a node; `below` are those that ask for it."""
        node = next((one for one in self.alert.nodes if one.ref_id == name), None)
        if node is None or name in below:
            raise RuleError(f"{self.alert.place}: there is no query {name} to begin with")
        try:
            return self._of(node, (*below, name))
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            # what is not as Grafana writes it, such as a text where a mapping is wanted
            raise RuleError(f"{node.place}: {node.kind}: {error}") from error

    def _of(self, node: GrafanaNode, below: tuple[str, ...]) -> Sequence[Numbers]:
        model = node.model
        if node.kind == "classic_conditions":
            return self._classic(model, below)
        if node.kind == "query":
            return _reduced(self._points(node), "last")
        text = str(model.get("expression", ""))
        if node.kind == "math":
            others = {one.ref_id for one in self.alert.nodes} - set(below)
            used = {
                n: self.result(n, below) for n in others if f"${n}" in text or f"${{{n}}}" in text
            }
            return math_result(text, used, len(self.times))
        if node.kind not in {"reduce", "threshold"}:
            raise ValueError("this kind of expression is not worked out here")
        source = text.strip().strip("${}")
        if node.kind == "threshold":
            return threshold_result(self.result(source, below), model)
        return self._windows(source, str(model.get("reducer", "last")), below)

    def _windows(self, name: str, reducer: str, below: tuple[str, ...]) -> Sequence[Numbers]:
        """A value of each series' latest points; of numbers the numbers themselves."""
        if reducer not in REDUCERS:
            raise ValueError(f"there is no reducer {reducer}")
        node = next((one for one in self.alert.nodes if one.ref_id == name), None)
        if node is not None and node.kind == "query":
            return _reduced(self._points(node), reducer)
        return self.result(name, below)

    def _classic(self, model: Mapping[str, Any], below: tuple[str, ...]) -> Sequence[Numbers]:
        """One alert for all: where any series meets each condition, joined from left to right."""
        fires, is_there = None, np.zeros(len(self.times), dtype=np.bool_)
        for condition in conditions_of(model):
            name = str(((condition.get("query") or {}).get("params") or [""])[0])
            reducer = str((condition.get("reducer") or {}).get("type", "last"))
            of = self._windows(name, reducer, below)
            met = np.zeros(len(self.times), dtype=np.bool_)
            for one in of:
                met |= meets(one.values, condition.get("evaluator") or {}) & one.is_there
                is_there |= one.is_there
            is_or = (condition.get("operator") or {}).get("type") == "or"
            fires = met if fires is None else (fires | met if is_or else fires & met)
        return [Numbers({}, np.asarray(fires, dtype=np.float64), is_there)]

    def _points(self, node: GrafanaNode) -> Sequence[tuple[Mapping[str, str], Floats]]:
        """The points of each series that every evaluation sees, shape (evaluations, points)."""
        expr = node.model.get("expr")
        if not isinstance(expr, str) or not expr.strip():
            raise ValueError("it asks no PromQL")
        interval = float(self.times[1] - self.times[0]) if len(self.times) > 1 else _SCRAPE_SECONDS
        span = max(node.since - node.until, 0.0)
        is_instant = bool(node.model.get("instant")) and not node.model.get("range")
        step = _step(span, interval)
        n_points = 1 if is_instant else max(round(span / step) + 1, 1)
        per_evaluation = round(interval / step)
        back = (n_points - 1) * step
        series = self.prometheus.query_range(
            _with_intervals(expr, step, span),
            start=float(self.times[0]) - node.until - back,
            end=float(self.times[-1]) - node.until,
            step_seconds=step,
        )
        first, found = float(self.times[0]) - node.until - back, []
        for one in series:
            count = (len(self.times) - 1) * per_evaluation + n_points
            row = grid_values(one, first, step, count)
            windows = np.lib.stride_tricks.sliding_window_view(row, n_points)[::per_evaluation]
            labels = {name: v for name, v in one.labels.items() if name != "__name__"}
            found.append((labels, windows))
        return found


def _reduced(points: Sequence[tuple[Mapping[str, str], Floats]], reducer: str) -> Sequence[Numbers]:
    return [Numbers(labels, *reduced(windows, reducer)) for labels, windows in points]


def _step(span: float, interval: float) -> float:
    """The time between points: the scrape interval or more, and a part of the rule's interval."""
    least = max(min(_SCRAPE_SECONDS, interval), span / _MOST_POINTS)
    return interval / max(int(interval / least), 1) if least <= interval else interval


def _with_intervals(expr: str, step: float, span: float) -> str:
    """Grafana's own variables replaced; the rate interval is four scrapes at least."""
    rate = max(4 * _SCRAPE_SECONDS, step + _SCRAPE_SECONDS)
    for name, seconds in (("rate_interval", rate), ("interval", step), ("range", span)):
        for written in (f"$__{name}", f"${{__{name}}}"):
            expr = expr.replace(f"{written}_ms", f"{seconds * 1000:.0f}")
            expr = expr.replace(f"{written}_s", f"{seconds:.0f}")
            expr = expr.replace(written, format_duration(seconds))
    return expr
