"""Where a thing is shown, and what it is about."""

from collections.abc import Iterator

from simulator.drawing.words import duration_text
from simulator.tuning.results import WatchedTuning

__all__ = ["thing_facts"]


def thing_facts(part: WatchedTuning) -> tuple[tuple[str, str], ...]:
    """Names and values: dashboard, panel, alerts, signal, and how far its query looks back."""
    return tuple(_facts(part))


def _facts(part: WatchedTuning) -> Iterator[tuple[str, str]]:
    watched = part.watched
    if watched.place is not None:
        board, panel = watched.place.dashboard, watched.place.panel
        yield "dashboard", board.title or board.uid
        link = "" if panel.id is None else f" (/d/{board.uid}?viewPanel={panel.id})"
        yield "panel", (panel.title or "without a title") + link
    if watched.rules:
        yield "alerts", ", ".join(dict.fromkeys(rule.name for rule in watched.rules.values()))
    elif watched.place is not None:
        yield "alerts", "none"
    if watched.signal:
        yield "signal", watched.signal
    yield "worse", "the lower" if watched.alarms.is_lower_worse else "the higher"
    yield "query looks back", duration_text(watched.look_back)
