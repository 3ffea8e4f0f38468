"""What was reached on ranges that were taken from the thresholds themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from simulator.coverage.findings import Code, Finding
from simulator.coverage.verdicts import AlertCoverage, Coverage, PanelCoverage
from simulator.grafana.model import Dashboard
from simulator.grafana.static_queries import static_query
from simulator.mapping.assumed import assumed_among
from simulator.rules.model import Alert, AnyAlert, GrafanaAlert, Group, Recording

__all__ = ["with_assumed"]


def with_assumed(
    found: Coverage,
    dashboards: Sequence[Dashboard],
    rules: Sequence[Group],
    assumed: frozenset[str],
) -> Coverage:
    """The same, with a note on each panel and alert that reads a metric of an assumed range."""
    if not assumed:
        return found
    recordings: dict[str, list[str]] = {}
    for rule in (rule for group in rules for rule in group.rules):
        if isinstance(rule, Recording):
            recordings.setdefault(rule.name, []).append(rule.expr)
    boards = []
    for board, covered in zip(dashboards, found.dashboards, strict=True):
        queries = _queries(board)
        panels = (
            _panel(one, assumed_among(queries.get(one.path, ()), assumed, recordings))
            for one in covered.panels
        )
        boards.append(replace(covered, panels=tuple(panels)))
    by_place = {str(one.place): one for group in rules for one in group.alerts}
    alerts = (
        _alert(one, assumed_among(_asked(by_place.get(one.place)), assumed, recordings))
        for one in found.alerts
    )
    return replace(found, dashboards=tuple(boards), alerts=tuple(alerts))


def _queries(board: Dashboard) -> Mapping[str, Sequence[str]]:
    return {
        panel.path: [
            query.text
            for target in panel.targets
            if (query := static_query(target.expr, board)) is not None
        ]
        for panel in board.panels
    }


def _asked(alert: AnyAlert | None) -> list[str]:
    if isinstance(alert, Alert):
        return [alert.expr]
    nodes = alert.nodes if isinstance(alert, GrafanaAlert) else ()
    return [text for one in nodes if isinstance(text := one.model.get("expr"), str)]


def _panel(panel: PanelCoverage, names: Sequence[str]) -> PanelCoverage:
    if not names:
        return panel
    said = f"its steps are reached on an assumed range: that of {', '.join(names)}"
    return replace(panel, findings=(*panel.findings, Finding(Code.ASSUMED_RANGE, said, "")))


def _alert(alert: AlertCoverage, names: Sequence[str]) -> AlertCoverage:
    if not names:
        return alert
    said = f"reached on an assumed range: that of {', '.join(names)}"
    return replace(alert, reason="; ".join(filter(None, (alert.reason, said))))
