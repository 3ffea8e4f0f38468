"""`simulator demo`: the main job, shown."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import click
from rich.console import Console
from rich.text import Text

from simulator.cli.addresses import address_lines
from simulator.cli.dashboards import chosen_dashboards
from simulator.cli.demo_view import COLORS, limit_line, panel_table, plan_line, progress_line
from simulator.cli.options import SECONDS, seed_option
from simulator.cli.progress_view import ProgressView, can_redraw
from simulator.cli.reports import table_console
from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.shares import color_seconds
from simulator.coverage.verdicts import FieldCoverage, PanelCoverage
from simulator.errors import ScenarioError, StackError
from simulator.grafana.model import Dashboard
from simulator.observation.live_state import LiveState, live_state
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.readings import FieldReading, PanelReading, panel_readings
from simulator.runtime.demo import (
    SCRAPE_SECONDS,
    WINDOW,
    DemoPlan,
    RunningDemo,
    day_before,
    running_demo,
    staying_demo,
)
from simulator.scenario.loading import load_scenario
from simulator.scenario.rules import require_whole_ticks
from simulator.timeline.durations import format_duration

__all__ = ["PANELS", "demo"]

#: The panels that the two dashboards are about; others on them show details.
PANELS: Final = (
    "Model Performance Overview",
    "Prediction Latency",
    "Model Drift Detection",
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
_END_SECONDS: Final = 60.0


@click.command()
@click.option("--scenario", default="tour", show_default=True, metavar="NAME|FILE")
@click.option(
    "--length",
    type=SECONDS,
    help="Into how much time the scenario is compressed.  [default: 2m24s, with --stay 24m]",
)
@click.option("--users", type=click.IntRange(1, 5000), default=200, show_default=True)
@seed_option()
@click.option("--stay", is_flag=True, help="Leave everything running until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def demo(  # noqa: PLR0913 - click passes one argument per option
    *,
    scenario: str,
    length: float | None,
    users: int,
    seed: int | None,
    stay: bool,
    as_json: bool,
) -> None:
    """Run Locust against the simulated platform, and show what all panels show.

    Pushgateway and Prometheus run on free loopback ports and are stopped at the end, also on
    Ctrl-C. Exit code 1: a panel has no data, or Locust could not reach the platform.
    """
    seconds = length if length is not None else 1440.0 if stay else 144.0
    if seconds < 10.0:  # noqa: PLR2004 - said in the message
        raise click.BadParameter(f"{seconds:g} s is too short to see anything; at least 10s")
    compress = _compression(scenario, seconds)
    plan = DemoPlan(scenario, compress, users, seconds, seed)
    sys.exit(_stay(plan, as_json=as_json) if stay else _show(plan, as_json=as_json))


def _compression(name_or_path: str, seconds: float) -> float:
    """How many times as fast the scenario runs to take `seconds`; a shorter one is not slowed.

    Raises:
        ScenarioError: it cannot be that fast. The platform would refuse it too, but only once
            everything is started, and in Locust's log.
    """
    scenario = load_scenario(name_or_path)
    factor = max(scenario.duration / seconds, 1.0)
    try:
        require_whole_ticks(scenario.compressed(factor), SCRAPE_SECONDS)
    except ScenarioError as error:
        raise ScenarioError(
            f"{error}\n--length {format_duration(seconds)} is too short for the "
            f"{format_duration(scenario.duration)} of this scenario; give a longer one"
        ) from error
    return factor


def _show(plan: DemoPlan, *, as_json: bool) -> int:
    console = table_console(is_output_taken=as_json)
    dashboards = chosen_dashboards()
    console.print(Text(plan_line(plan)))
    with (
        _day_before(plan) as folder,
        running_demo(plan, folder) as running,
        Prometheus(running.stack.prometheus_url) as prometheus,
    ):
        _tell(console, running.stack.pages, running.stack.notes)
        end = _follow(running, prometheus, dashboards, console)
        readings = _of_panels(_readings(dashboards, prometheus, at=end))
        plan_of_cover = CoverPlan(
            start=end - plan.seconds + SCRAPE_SECONDS,  # both ends count
            end=end,
            resolution=SCRAPE_SECONDS,
            variables={"window": WINDOW},
            scrape_interval=f"{SCRAPE_SECONDS:g}s",
            time_range=_TIME_RANGE_SECONDS,
        )
        coverage = _of_panels(cover(dashboards, prometheus, plan_of_cover).panels)
        state = _live_state(prometheus, end)
        code = running.wait_for_locust(_END_SECONDS)
        log = running.locust.log_tail()
    if as_json:
        click.echo(json.dumps(_as_json(readings, coverage), indent=2, ensure_ascii=False))
    else:
        table = panel_table(readings, coverage, seconds=plan.seconds, width=console.width)
        console.print(table)
        console.print("[dim]To look around while it runs: make up, or simulator demo --stay[/dim]")
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
    """Shows progress until the scenario is over; Unix seconds then, while Locust still runs.

    Time is told by the platform's ticks, which start before Locust's users do.
    """
    is_drawn = can_redraw(console)
    every = _SECONDS_BETWEEN_LINES[is_drawn]
    deadline = running.started + running.plan.seconds + _END_SECONDS
    with console.status("waiting for the first metrics") as status:
        say: Callable[[Text], None] = (
            status.update if is_drawn else partial(console.print, soft_wrap=True)
        )
        while time.time() < deadline:
            running.require_running()
            now = time.time()
            state = _live_state(prometheus, now)
            if state is None or not state.applications_per_second:
                time.sleep(_SECONDS_BETWEEN_LINES[True])
                continue
            elapsed = state.ticks * SCRAPE_SECONDS
            if elapsed >= running.plan.seconds:
                return float(int(now))  # panels are looked at on whole seconds
            readings = _of_panels(_readings(dashboards, prometheus, at=now))
            with_data = sum(bool(r.fields) for r in readings)
            say(Text(progress_line(running.plan, elapsed, state, with_data, len(PANELS))))
            time.sleep(min(every, max(running.plan.seconds - elapsed, 0.1)))
    raise StackError(f"no end in sight after {time.time() - running.started:.0f} s")


def _live_state(prometheus: Prometheus, now: float) -> LiveState | None:
    try:
        return live_state(prometheus, at=now, window=WINDOW)
    except UnreachablePrometheusError:
        return None


def _stay(plan: DemoPlan, *, as_json: bool) -> int:
    console = table_console(is_output_taken=as_json)
    with _day_before(plan) as folder, staying_demo(plan, folder) as running:
        if as_json:
            click.echo(json.dumps({**running.pages, **running.urls}))
        else:
            _tell(console, {**running.pages, **running.urls}, running.notes)
            console.print("Ctrl-C stops everything.")
        while True:
            time.sleep(0.5)
            running.require_running()


def _tell(console: Console, addresses: Mapping[str, str], notes: Sequence[str]) -> None:
    for line in (*address_lines(addresses), *(Text(note, style="dim") for note in notes)):
        console.print(line, soft_wrap=True)


def _readings(
    dashboards: Sequence[Dashboard], prometheus: Prometheus, *, at: float
) -> tuple[PanelReading, ...]:
    return panel_readings(
        dashboards,
        prometheus,
        at=at,
        span=_TIME_RANGE_SECONDS,
        variables={"window": WINDOW},
        scrape_interval=f"{SCRAPE_SECONDS:g}s",
    )


def _of_panels(found: Sequence[_P]) -> list[_P]:
    return [p for p in found if p.title in PANELS]


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


def _field_json(field: FieldReading) -> dict[str, object]:
    shown = ("name", "row", "value", "text", "step_color")
    return {name: value for name, value in asdict(field).items() if name in shown}
