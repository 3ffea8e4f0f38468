"""What an alert would ask to see just the values that a panel colours."""

from dataclasses import dataclass

from simulator.checking.painted import painted_in, panel_place
from simulator.tuning.monitors.monitor import ThresholdPlace

__all__ = ["AlertQuery", "alert_query"]


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """A query; "" where no alert can ask what the panel shows, and `why_not`."""

    query: str
    why_not: str = ""


def alert_query(place: ThresholdPlace | None) -> AlertQuery:
    """The query of the panel for the thresholds at a place, with the values of its variables."""
    if place is None:
        return AlertQuery("", "it is no panel's")
    at = panel_place(place.dashboard, place.path)
    found = [one for one in painted_in(place.dashboard) if one.place == at]
    if len(found) != 1 or (target := found[0].target) is None:
        return AlertQuery("", f"it colours the values of {len(found)} queries")
    if not found[0].is_value:
        return AlertQuery("", "it colours what Grafana computes of the values")
    by_letter = {one.ref_id: one for one in place.panel.targets}
    query = " ".join(by_letter.get(target.ref_id, target).expr.split())
    if place.panel.time_shift or place.panel.time_from:
        return AlertQuery("", "it is drawn at another time")
    if "$" in query:
        return AlertQuery("", "its query has what only Grafana replaces, such as $__rate_interval")
    return AlertQuery(query)
