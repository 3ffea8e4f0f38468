"""What the demo prints: a line of progress, the table of panels, the table of addresses."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from simulator.coverage.verdicts import PanelCoverage
from simulator.observation.progress import Progress
from simulator.observation.readings import FieldReading, PanelReading
from simulator.runtime.demo import DemoPlan
from simulator.timeline.durations import format_duration

__all__ = ["panel_table", "progress_line", "url_table"]

_MOST_FIELDS: Final = 4
_LONGEST_ROW: Final = 34
_STEPS_WIDTH: Final = 16
_MOST_EPISODES: Final = 4
_COLOURS: Final = {"green": "green", "orange": "dark_orange", "red": "red"}


def progress_line(
    plan: DemoPlan, elapsed: float, state: Progress, with_data: int, n_panels: int
) -> str:
    """One line: how far, which episodes are on, requests per second, panels with data."""
    scenario_time = format_duration(round(elapsed * plan.compress / 60.0) * 60.0)
    names = list(state.episodes[:_MOST_EPISODES])
    more = len(state.episodes) - len(names)
    episodes = ", ".join(names) + (f" +{more}" if more > 0 else "") or "no episode"
    return (
        f"{elapsed:4.0f}/{plan.seconds:.0f} s ({scenario_time})  {state.requests_per_second:4.0f} "
        f"req/s  panels {with_data}/{n_panels}  {escape(episodes)}"
    )


def panel_table(
    readings: Sequence[PanelReading], coverage: Sequence[PanelCoverage], *, width: int
) -> Table:
    """The panels, what each shows, and for how many seconds it showed each threshold step.

    What they show is cut to what is left of `width`, the terminal's.
    """
    titles = max(len(r.title) for r in readings) + 2
    table = Table(pad_edge=False, box=None, header_style="dim")
    table.add_column("panel", no_wrap=True, width=titles)
    table.add_column(
        "shows now",
        no_wrap=True,
        overflow="ellipsis",
        width=max(width - titles - _STEPS_WIDTH - 4, 12),
    )
    table.add_column("seconds per step", no_wrap=True, width=_STEPS_WIDTH)
    dashboard = ""
    for reading, seen in zip(readings, coverage, strict=True):
        if reading.dashboard_title != dashboard:
            dashboard = reading.dashboard_title
            table.add_row(Text(dashboard.rpartition(" - ")[2], style="bold"))
        table.add_row(f"  {escape(reading.title)}", _shown(reading), _seen(seen))
    return table


def url_table(urls: Mapping[str, str]) -> Table:
    """Where everything answers."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, url in urls.items():
        table.add_row(Text(name, style="bold"), url)
    return table


def _shown(reading: PanelReading) -> Text:
    if reading.error:
        return Text(reading.error, style="red")
    if not reading.fields:
        return Text("no data", style="red")
    numbers = [f for f in reading.fields if isinstance(f.value, float)]
    return Text(", ").join(_field(f) for f in (numbers or reading.fields)[:_MOST_FIELDS])


def _field(field: FieldReading) -> Text:
    """A field's name, or what its row is about, and its value in the panel's colour."""
    style = _COLOURS.get(field.step_color or "", "") if field.is_color_seen else ""
    about = field.row or field.name
    if len(about) > _LONGEST_ROW:
        about = about.split(" ", maxsplit=1)[0]  # a table's row: its first column tells it apart
    return Text.assemble((f"{about} ", "dim"), (field.text, style))


def _seen(seen: PanelCoverage) -> Text:
    """Seconds of the longest field in each colour; nothing for a panel without thresholds."""
    longest: dict[str, float] = {}
    for field in seen.fields:
        for step in field.steps:
            longest[step.color] = max(longest.get(step.color, 0.0), step.seconds)
    shown = [c for c in _COLOURS if longest.get(c)]
    return Text(" ").join(Text(f"■{longest[c]:.0f}", style=_COLOURS[c]) for c in shown)
