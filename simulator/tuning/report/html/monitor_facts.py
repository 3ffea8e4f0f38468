"""Where monitored thresholds are shown, and what they are about."""

from collections.abc import Iterator

from simulator.drawing.quantities import duration_text
from simulator.tuning.results import MonitorTuning

__all__ = ["monitor_facts"]


def monitor_facts(part: MonitorTuning) -> Iterator[tuple[str, str]]:
    """Names and values: dashboard, panel, alerts, signal, and how far its query looks back."""
    monitor = part.monitor
    if monitor.place is not None:
        board, panel = monitor.place.dashboard, monitor.place.panel
        yield "dashboard", board.title or board.uid
        link = "" if panel.id is None else f" (/d/{board.uid}?viewPanel={panel.id})"
        yield "panel", (panel.title or "without a title") + link
    if monitor.rules:
        yield "alerts", ", ".join(dict.fromkeys(rule.name for rule in monitor.rules.values()))
    elif monitor.place is not None:
        yield "alerts", "none"
    if monitor.signal:
        yield "signal", monitor.signal
    yield "worse", "the lower" if monitor.alarms.is_lower_worse else "the higher"
    yield "query looks back", duration_text(monitor.look_back)
