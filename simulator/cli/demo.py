"""`simulator demo`: the main job, shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from simulator.cli.check_options import rules_paths_option
from simulator.cli.options import SECONDS, dashboards_option, mapping_names_option, seed_option
from simulator.errors import ScenarioError
from simulator.installation import locustfile
from simulator.runtime.clock import unix_seconds
from simulator.timeline.durations import format_duration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.mapping.model import Mapping

__all__ = ["demo"]


@click.command()
@click.option("--scenario", default="tour", show_default=True, metavar="NAME|FILE")
@click.option(
    "--length",
    type=SECONDS,
    help="Into how much time the scenario is compressed.  [default: 2m24s, with --stay 24m]",
)
@click.option("--users", type=click.IntRange(1, 5000), default=200, show_default=True)
@seed_option()
@mapping_names_option
@dashboards_option
@rules_paths_option("those of this project; with --dashboards none")
@click.option("--stay", is_flag=True, help="Leave everything running until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def demo(  # noqa: PLR0913 - click passes one argument per option
    *,
    scenario: str,
    length: float | None,
    users: int,
    seed: int | None,
    mapping: tuple[str, ...],
    allow_series: int | None,
    dashboards: Sequence[Path],
    rules: Sequence[Path],
    stay: bool,
    as_json: bool,
) -> None:
    """Run Locust against the simulated platform, and show what all panels show.

    With --dashboards, yours are adopted into a mapping for the time being, and shown in place of
    this project's. Pushgateway and Prometheus run on free loopback ports and are stopped at the
    end, also on Ctrl-C. Exit code 1: a panel has no data, or Locust could not reach the platform.
    """
    from simulator.cli.demo_adopted import adopted_for_a_demo
    from simulator.cli.demo_run import show, stay_until_stopped
    from simulator.mapping.loading import load_mappings
    from simulator.runtime.demo import DemoPlan

    seconds = length if length is not None else 1440.0 if stay else 144.0
    if seconds < 10.0:  # noqa: PLR2004 - said in the message
        raise click.BadParameter(f"{seconds:g} s is too short to see anything; at least 10s")
    if rules and not dashboards:
        raise click.UsageError("--rules goes with --dashboards: what is to be shown of yours")
    locustfile()  # where there is no Locust, that is said before anything is started
    with adopted_for_a_demo(dashboards, rules, mapping) as (names, theirs):
        compress = _compression(scenario, load_mappings(names, allow_series=allow_series), seconds)
        plan = DemoPlan(scenario, compress, users, seconds, seed, names, allow_series, theirs)
        code = (stay_until_stopped if stay else show)(plan, as_json=as_json)
    sys.exit(code)


def _compression(name_or_path: str, mapping: Mapping, seconds: float) -> float:
    """How many times as fast the scenario runs to take `seconds`; a shorter one is not slowed.

    Raises:
        ScenarioError: it cannot be that fast. The platform would refuse it too, but only once
            everything is started, and in Locust's log.
    """
    from simulator.cli.draw_view import tell_left_out
    from simulator.mapping.chosen import chosen_draw
    from simulator.runtime.demo import SCRAPE_SECONDS
    from simulator.scenario.rules import require_whole_ticks

    drawn = chosen_draw(name_or_path, mapping, origin=unix_seconds())
    tell_left_out(drawn.left_out)
    scenario = drawn.scenario
    factor = max(scenario.duration / seconds, 1.0)
    try:
        require_whole_ticks(scenario.compressed(factor), SCRAPE_SECONDS)
    except ScenarioError as error:
        raise ScenarioError(
            f"{error}\n--length {format_duration(seconds)} is too short for the "
            f"{format_duration(scenario.duration)} of this scenario; give a longer one"
        ) from error
    return factor
