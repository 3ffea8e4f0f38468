"""What `simulator demo` does and shows: progress, the panels in the end, links where it stays."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import click
from rich.console import Console
from rich.text import Text

from simulator.cli.addresses import address_lines
from simulator.cli.demo_view import (
    COLORS,
    limit_line,
    panel_table,
    plan_line,
    progress_line,
    staying_line,
)
from simulator.cli.progress_view import ProgressView, can_redraw
from simulator.cli.reports import table_console
from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.shares import color_seconds
from simulator.coverage.verdicts import FieldCoverage, PanelCoverage
from simulator.grafana.model import Dashboard
from simulator.grafana.shown import Shown
from simulator.installation import is_checkout
from simulator.observation.every_panel import Opened
from simulator.observation.live_state import LiveState
from simulator.observation.prometheus import Prometheus
from simulator.observation.readings import PanelReading, panel_readings
from simulator.runtime.demo import (
    SCRAPE_SECONDS,
    WINDOW,
    DemoPlan,
    RunningDemo,
    day_before,
    follow,
    live_state_of,
    running_demo,
    staying_demo,
)
from simulator.runtime.processes import watch
from simulator.runtime.stack_files import shown_dashboards

__all__ = ["PANELS", "show", "stay_until_stopped"]

#: The panels that the two dashboards are about; others on them show details.
PANELS: Final = (
    "Model Performance Overview",
    "Prediction Latency",
    "Model Drift Detection",
    "Observed vs Expected Defaults",
    "Feature Importance",
    "Model Versions",
    "Daily Scoring Requests",
    "Scoring Success Rate",
    "Credit Score Distribution",
    "Risk Level Breakdown",
    "API Response Times",
    "Data Pipeline Health",
    "Compliance Violations per 10,000",
)
_P = TypeVar("_P", PanelReading, PanelCoverage)
_TIME_RANGE_SECONDS: Final = 300.0  # that panels are asked with, as if opened in Grafana
_SECONDS_BETWEEN_LINES: Final = {True: 0.5, False: 10.0}  # on a terminal, and elsewhere


def show(plan: DemoPlan, *, as_json: bool) -> int:
    """Runs the demo to its end, shows all panels, and gives the exit code."""
    console = table_console(is_output_taken=as_json)
    dashboards = shown_dashboards(plan.theirs)
    are_own = plan.theirs is None
    console.print(Text(plan_line(plan)))
    with (
        _day_before(plan) as folder,
        running_demo(plan, folder) as running,
        Prometheus(running.stack.prometheus_url) as prometheus,
    ):
        _tell(console, running.stack.pages, running.stack.notes)
        end = _follow(running, prometheus, dashboards, console)
        readings = _of_panels(_readings(dashboards, prometheus, at=end), are_own=are_own)
        plan_of_cover = CoverPlan(
            start=end - plan.seconds + SCRAPE_SECONDS,  # both ends count
            end=end,
            resolution=SCRAPE_SECONDS,
            variables={"window": WINDOW},
            scrape_interval=f"{SCRAPE_SECONDS:g}s",
            time_range=_TIME_RANGE_SECONDS,
        )
        found = cover(dashboards, prometheus, plan_of_cover)
        coverage = _of_panels(found.panels, are_own=are_own)
        state = live_state_of(prometheus, at=end)
        code = running.wait_for_locust()
        log = running.locust.log_tail()
    if as_json:
        click.echo(json.dumps(_as_json(readings, coverage), indent=2, ensure_ascii=False))
    else:
        table = panel_table(readings, coverage, seconds=plan.seconds, width=console.width)
        console.print(table)
        console.print(Text(staying_line(in_checkout=is_checkout()), style="dim"))
    limit = limit_line(plan, state.ticks_limited if state else 0)
    if limit:
        console.print(Text(limit, style="dark_orange"))
    if code != 0:
        console.print(f"[red]Locust ended with exit code {code}:[/red]")
        console.print(Text(log), soft_wrap=True)
    empty = [r.title for r in readings if not r.fields]
    if empty:
        console.print(f"[red]No data: {', '.join(empty)}[/red]")
    return 1 if empty or code else 0


@contextmanager
def _day_before(plan: DemoPlan) -> Iterator[Path]:
    """A folder with a day of history, so that daily panels are full from the first second."""
    with ExitStack() as stack:
        with ProgressView() as view:
            made = day_before(plan, lambda p: view.show(replace(p, stage="a day of history")))
            folder = stack.enter_context(made)
        yield folder


def _follow(
    running: RunningDemo,
    prometheus: Prometheus,
    dashboards: Sequence[Dashboard],
    console: Console,
) -> float:
    """Shows progress until the scenario is over; Unix seconds then, while Locust still runs."""
    is_drawn = can_redraw(console)
    with console.status("waiting for the first metrics") as status:
        say: Callable[[Text], None] = (
            status.update if is_drawn else partial(console.print, soft_wrap=True)
        )

        def show_state(now: float, elapsed: float, state: LiveState) -> None:
            are_own = running.plan.theirs is None
            readings = _of_panels(_readings(dashboards, prometheus, at=now), are_own=are_own)
            with_data = sum(bool(r.fields) for r in readings)
            say(Text(progress_line(running.plan, elapsed, state, with_data, len(readings))))

        every = _SECONDS_BETWEEN_LINES[is_drawn]
        return follow(running, prometheus, show_state, every_seconds=every)


def stay_until_stopped(plan: DemoPlan, *, as_json: bool) -> NoReturn:
    """Runs the demo until Ctrl-C."""
    console = table_console(is_output_taken=as_json)
    with _day_before(plan) as folder, staying_demo(plan, folder) as running:
        if as_json:
            click.echo(json.dumps({**running.pages, **running.urls}))
        else:
            _tell(console, {**running.pages, **running.urls}, running.notes)
            console.print("Ctrl-C stops everything.")
        watch(running.require_running)


def _tell(console: Console, addresses: Mapping[str, str], notes: Sequence[str]) -> None:
    for line in (*address_lines(addresses), *(Text(note, style="dim") for note in notes)):
        console.print(line, soft_wrap=True)


def _readings(
    dashboards: Sequence[Dashboard], prometheus: Prometheus, *, at: float
) -> tuple[PanelReading, ...]:
    opened = Opened(
        at,
        time_range=_TIME_RANGE_SECONDS,
        variables={"window": WINDOW},
        scrape_interval=f"{SCRAPE_SECONDS:g}s",
    )
    return panel_readings(dashboards, prometheus, opened)


def _of_panels(found: Sequence[_P], *, are_own: bool) -> list[_P]:
    """Of the project's own dashboards the panels that they are about, else all."""
    return [p for p in found if p.title in PANELS or not are_own]


def _as_json(
    readings: Sequence[PanelReading], coverage: Sequence[PanelCoverage]
) -> list[dict[str, object]]:
    """Per panel its fields as they are now, and the threshold steps that each went through."""
    return [
        {
            "dashboard": reading.dashboard_uid,
            "panel": reading.title,
            "error": reading.error,
            "fields": [_field_json(field) for field in reading.fields],
            "steps": [step for field in seen.fields for step in _steps_json(field)],
            "seconds_by_color": color_seconds(seen, COLORS),
        }
        for reading, seen in zip(readings, coverage, strict=True)
    ]


def _steps_json(field: FieldCoverage) -> list[dict[str, object]]:
    shown = ("index", "color", "value", "verdict", "seconds", "first_seen", "last_seen")
    return [
        {"field": field.name, **{name: getattr(step, name) for name in shown}}
        for step in field.steps
    ]


def _field_json(field: Shown) -> dict[str, object]:
    shown = ("name", "value", "step_color", "text", "row")
    return {name: getattr(field, name) for name in shown}
