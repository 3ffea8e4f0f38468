"""`simulator run`: the live platform."""

from __future__ import annotations

import json
import logging
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from simulator.api.control_token import control_token
from simulator.cli.options import PUSH_SECONDS, SECONDS, mapping_option, scenario_options
from simulator.cli.push_options import pushgateway_option
from simulator.runtime.clock import unix_seconds
from simulator.timeline.durations import format_duration

if TYPE_CHECKING:
    from simulator.mapping.model import Mapping
    from simulator.pushing.refusals import Refusals
    from simulator.runtime.history.handing_over import HandoverFile
    from simulator.scenario.model import Scenario

__all__ = ["run"]

_REFUSED: Final = 1
_DRAWN_SECONDS: Final = 14 * 86400.0
"""Of a run without an end: what is drawn of its scenario's time; each release is a label more."""


@click.command()
@scenario_options
@mapping_option
@pushgateway_option
@click.option("--duration", type=SECONDS, help="End by itself after this long.")
@click.option(
    "--push-interval",
    type=SECONDS,
    default=f"{PUSH_SECONDS:g}s",
    show_default=True,
    envvar="SIMULATOR_PUSH_INTERVAL",
    help="Length of a tick: how often metrics are simulated and pushed.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--no-synthetic", is_flag=True, help="Only real requests count, as from Locust.")
@click.option(
    "--keep-groups",
    is_flag=True,
    envvar="SIMULATOR_KEEP_GROUPS",
    help="Leave the pushed groups in the Pushgateway at the end.",
)
@click.option(
    "--take-over",
    is_flag=True,
    envvar="SIMULATOR_TAKE_OVER",
    help="Replace the run that pushes as this instance, without looking whether it is alive.",
)
@click.option(
    "--fail-on-refusal",
    is_flag=True,
    envvar="SIMULATOR_FAIL_ON_REFUSAL",
    help="Exit code 1 where the Pushgateway refused something of what was pushed.",
)
@click.option(
    "--history",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SIMULATOR_HISTORY",
    metavar="DIR",
    help="Go on where this history stopped, which `simulator backfill` wrote.",
)
@click.option(
    "--history-max-age",
    type=SECONDS,
    help="Only from a history that ended at most this long ago, such as 5m; else start anew.",
)
@click.option("--json", "as_json", is_flag=True, help="Say where it listens as a line of JSON.")
def run(  # noqa: PLR0913 - click passes one argument per option
    *,
    name_or_path: str,
    seed: int | None,
    compress: float,
    mapping: Mapping,
    pushgateway: str,
    instance: str,
    duration: float | None,
    push_interval: float,
    host: str,
    port: int,
    no_synthetic: bool,
    keep_groups: bool,
    take_over: bool,
    fail_on_refusal: bool,
    history: Path | None,
    history_max_age: float | None,
    as_json: bool,
) -> None:
    """Run the simulated platform until Ctrl-C, SIGTERM, SIGHUP or the end of --duration.

    The scoring API answers under /v1 (see /docs), the state of the simulation is under /simulation,
    all metrics under /metrics. Traffic is synthetic unless --no-synthetic is given.

    Where --host is no loopback address, /simulation asks for the value of SIMULATOR_CONTROL_TOKEN
    in the header X-Simulator-Token; without that variable it is closed.
    """
    from simulator.cli.draw_view import tell_left_out
    from simulator.mapping.chosen import chosen_draw
    from simulator.mapping.export import Export
    from simulator.runtime.live_run import LiveSettings, run_live
    from simulator.runtime.sinks import PushgatewaySink
    from simulator.scenario.notes import live_notes

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if push_interval <= 0.0:
        raise click.BadParameter(
            f"{push_interval:g} s is no length for a tick", param_hint="--push-interval"
        )
    drawn = chosen_draw(
        name_or_path,
        mapping,
        origin=unix_seconds(),
        seconds=_DRAWN_SECONDS / compress if duration is None else duration,
        seed=seed,
        compress=compress,
    )
    tell_left_out(drawn.left_out)
    scenario = drawn.scenario
    left = None if history is None else _handover(history, instance, mapping, history_max_age)
    if left is not None and (changes := list(left.differences(scenario))):
        click.echo(f"Goes on from another run's history: {', '.join(changes)}.", err=True)
    gateway = None
    if pushgateway != "none":
        for _, note in live_notes(scenario):
            click.echo(f"Note: {note}.", err=True)
        gateway = PushgatewaySink.at(
            pushgateway,
            instance=instance,
            interval_seconds=push_interval,
            takes_over=take_over,
            keeps_groups=keep_groups,
        )
    settings = LiveSettings(
        scenario=scenario,
        api=mapping.api,
        export=Export(mapping, scenario, before=None if left is None else left.metrics),
        before=None if left is None else left.state,
        step=push_interval,
        duration=duration,
        host=host,
        port=port,
        token=control_token(),
        is_synthetic=not no_synthetic,
        announce=partial(_announce, scenario, is_synthetic=not no_synthetic, as_json=as_json),
        pushgateway=gateway,
    )
    run_live(settings)
    if gateway is not None:
        _show_refusals(gateway.pusher.refusals, fails=fail_on_refusal)


def _handover(
    history: Path, instance: str, mapping: Mapping, max_age: float | None
) -> HandoverFile | None:
    from simulator.runtime.history.handing_over import read_handover, read_recent_handover

    if max_age is None:
        return read_handover(history, instance=instance, mapping=mapping)
    left = read_recent_handover(history, instance=instance, mapping=mapping, most_seconds=max_age)
    if left is None:
        click.echo(
            f"The history in {history} ended more than {format_duration(max_age)} ago: "
            "counters start anew.",
            err=True,
        )
    return left


def _announce(scenario: Scenario, url: str, *, is_synthetic: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"url": url, "scenario": scenario.name, "seed": scenario.seed}))
        return
    traffic = "synthetic traffic" if is_synthetic else "real requests only"
    length = format_duration(scenario.duration)
    click.echo(f"Scenario {scenario.name} ({length}), seed {scenario.seed}, {traffic}.")
    click.echo(f"Scoring API  {url}/docs")
    click.echo(f"Metrics      {url}/metrics")
    click.echo(f"Simulation   {url}/simulation")


def _show_refusals(refusals: Refusals, *, fails: bool) -> None:
    """What the gateway refused, on the error output: whole jobs may be missing because of it."""
    for line in refusals.summary():
        click.echo(line, err=True)
    if fails and refusals.are_there:
        sys.exit(_REFUSED)
