"""What the demo prints: its plan, a line of progress, the table of panels, addresses."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.cli.steps import step_chip
from simulator.coverage.shares import color_seconds
from simulator.coverage.verdicts import PanelCoverage
from simulator.grafana.shown import Shown
from simulator.observation.live_state import LiveState
from simulator.observation.readings import PanelReading
from simulator.quoting import printable
from simulator.runtime.demo import DemoPlan
from simulator.runtime.links import short_title
from simulator.timeline.durations import format_duration

__all__ = ["COLORS", "limit_line", "panel_table", "plan_line", "progress_line", "staying_line"]

_WIDE_FROM: Final = 100
_MOST_ENTRIES: Final = {True: 8, False: 4}  # of a panel, where there is room and where not
_LABEL_COLUMNS: Final = 2  # of a table: what tells its rows apart
_BESIDE: Final = 36
_BELOW: Final = 14
_MOST_EPISODES: Final = 4

COLORS: Final = ("green", "orange", "red")
"""What the panels' thresholds are drawn in, from the best to the worst."""


def plan_line(plan: DemoPlan) -> str:
    """What is about to run, in one sentence.

    >>> plan_line(DemoPlan("tour", 600.0, 200, 144.0))
    'tour: 1d of it in 144 s (600 times as fast), under the load of 200 users of Locust'
    """
    whole = format_duration(plan.seconds * plan.compress)
    pace = f" ({plan.compress:g} times as fast)" if plan.compress > 1.0 else ""
    return (
        f"{printable(plan.scenario)}: {whole} of it in {plan.seconds:.0f} s{pace}, "
        f"under the load of {plan.users} users of Locust"
    )


def staying_line(*, in_checkout: bool) -> str:
    """How to have it stay up: an installation has no Makefile.

    >>> staying_line(in_checkout=False)
    'To look around while it runs: simulator demo --stay'
    """
    return f"To look around while it runs: {'make up, or ' * in_checkout}simulator demo --stay"


def progress_line(plan: DemoPlan, elapsed: float, state: LiveState, with_data: int, n: int) -> str:
    """One line: how far, how much traffic, how many of `n` panels have data, which episodes."""
    within = min(elapsed, plan.seconds)
    into, whole = (
        format_duration(round(t * plan.compress / 60.0) * 60.0) for t in (within, plan.seconds)
    )
    names = [printable(name) for name in state.episodes[:_MOST_EPISODES]]
    more = len(state.episodes) - len(names)
    episodes = ", ".join(names) + (f" +{more}" if more > 0 else "") or "no incident"
    far = f"{within:4.0f} of {plan.seconds:.0f} s ({into} of {whole})"
    traffic = f"{state.applications_per_second:4.0f} scoring req/s"
    return f"{far}  {traffic}  panels {with_data}/{n} with data  {episodes}"


def limit_line(plan: DemoPlan, ticks_limited: int) -> str | None:
    """What the table shows of this machine rather than of the scenario, and what to do; or None.

    >>> limit_line(DemoPlan("tour", 600.0, 200, 144.0), 0)
    >>> print(limit_line(DemoPlan("tour", 600.0, 200, 144.0), 46)[:79])
    In 46 of 144 s this machine could not keep up: response times are then its own,
    """
    if not ticks_limited:
        return None
    fewer = f", or send less: --users {plan.users // 2}" if plan.users > 1 else ""
    return (
        f"In {min(ticks_limited, round(plan.seconds))} of {plan.seconds:.0f} s this machine could "
        "not keep up: response times are then its own, and not only the scenario's. "
        f"Close what else is running{fewer}."
    )


def panel_table(
    readings: Sequence[PanelReading],
    coverage: Sequence[PanelCoverage],
    *,
    seconds: float,
    width: int,
) -> RenderableType:
    """The panels, what each shows, and for how many of the `seconds` it was in each colour.

    A panel has the colour of the worst of its values. No name is cut: what is too long for `width`,
    the terminal's, goes on in the next line.
    """
    is_wide = width >= _WIDE_FROM
    titles = max(len(r.title) for r in readings) + 2
    steps = _BESIDE if is_wide else _BELOW
    table = Table(pad_edge=False, box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("panel", no_wrap=True, width=titles)
    table.add_column("shows at the end", overflow="fold", width=max(width - titles - steps - 6, 20))
    table.add_column(f"of {seconds:.0f} s", width=steps)
    dashboard = ""
    for reading, seen in zip(readings, coverage, strict=True):
        if reading.dashboard_title != dashboard:
            dashboard = reading.dashboard_title
            table.add_row(Text(short_title(dashboard), style="bold"))
        shown = _shown(reading, _MOST_ENTRIES[is_wide])
        chips = _chips(seen, seconds, between="  " if is_wide else "\n")
        table.add_row(Text(f"  {printable(reading.title)}"), shown, chips)
    return Group(table, Text(_LEGEND, style="dim"))


_LEGEND: Final = (
    "Right: for how many seconds the worst value of a panel was on each of its threshold steps. "
    "Panels without a number there have no thresholds."
)


def _shown(reading: PanelReading, most: int) -> Text:
    if reading.error:
        return Text(printable(reading.error), style="red")
    if not reading.fields:
        return Text("no data", style="red")
    entries = sorted(_entries(reading.fields), key=lambda entry: -entry[0])
    shown = Text(", ").join(text for _, text in entries[:most])
    return shown.append(f" +{len(entries) - most} more", "dim") if entries[most:] else shown


def _entries(fields: Sequence[Shown]) -> Iterator[tuple[int, Text]]:
    """How bad and what: a value each, or the values of a row together; the worst come first."""
    rows: dict[str, list[Shown]] = {}
    for field in fields:
        if not field.row:
            yield _badness(field), _value(field)
        else:
            rows.setdefault(field.row, []).append(field)
    for row, cells in rows.items():
        texts = [cell.text for cell in cells if isinstance(cell.value, str)]
        label = " ".join(texts[:_LABEL_COLUMNS]) or row
        numbers = [cell for cell in cells if not isinstance(cell.value, str)] or cells
        values = Text(" ").join(map(_value, numbers))
        badness = max(map(_badness, numbers))
        yield badness, Text.assemble((f"{printable(label)}: ", "dim"), values)


def _badness(field: Shown) -> int:
    color = field.step_color if field.is_color_seen else None
    return COLORS.index(color) if color in COLORS else 0


def _value(field: Shown) -> Text:
    """A value with its name, in the panel's colour.

    A series without a number is a share or a quantile of nothing: no request came in the window.
    A table's cell without one may only have no column to come from.
    """
    is_nan = isinstance(field.value, float) and math.isnan(field.value)
    style = {"green": "green", "orange": "dark_orange", "red": "red"}.get(
        field.step_color or "", ""
    )
    absent = "no value" if field.row else "no traffic yet"
    text = absent if is_nan else printable(field.text)
    return Text.assemble(
        (f"{printable(field.name)} ", "dim"), (text, style if field.is_color_seen else "")
    )


def _chips(seen: PanelCoverage, seconds: float, *, between: str) -> Text:
    """Seconds in each colour; the rest of all seconds had no value, which is said too."""
    if not any(field.steps for field in seen.fields):
        return Text("")
    found = color_seconds(seen, COLORS)
    chips = [step_chip(color, f"{found[color]:.0f}") for color in COLORS if found.get(color)]
    steps = Text(between).join(chips)
    without = round(seconds - sum(found.values()))
    if without > 0:
        steps.append(f"\nno value {without}" if chips else f"no value {without}", "dim")
    return steps
