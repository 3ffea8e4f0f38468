"""`simulator backfill`: a scenario's history, ready for a Prometheus."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from simulator.cli.options import MOMENT, SECONDS, compress_option, mapping_option, seed_option
from simulator.cli.push_options import instance_option
from simulator.runtime.clock import unix_seconds
from simulator.timeline.durations import format_duration

if TYPE_CHECKING:
    from simulator.mapping.model import Mapping
    from simulator.runtime.history.writing import Form
    from simulator.scenario.model import Scenario
    from simulator.scenario.timed_run import TimedRun

__all__ = ["backfill"]

_LONGEST_STEP_SECONDS: Final = 3600.0
_SHORTEST_STEP_SECONDS: Final = 0.1
_MOST_TICKS: Final = 20_000_000
_LAST_PLANNED: Final = 253_370_764_800.0  # 9999 begins: a profile looks ahead, to where dates end


@click.command()
@click.argument("scenario")
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where to; a Prometheus started on it answers at once.",
)
@click.option(
    "--duration", type=SECONDS, help="How much of it, such as 7d.  [default: the scenario's own]"
)
@click.option(
    "--end",
    type=MOMENT,
    default="now",
    show_default=True,
    help="When the history ends, such as now-1h or 2026-11-24T10:00:00Z.",
)
@click.option(
    "--allow-future",
    is_flag=True,
    help="Take an --end that is still to come; a Prometheus on the folder drops what it scrapes "
    "until then.",
)
@click.option(
    "--step", type=SECONDS, default="15s", show_default=True, help="Time between samples."
)
@seed_option()
@compress_option()
@mapping_option
@instance_option("The instance label of all series.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["blocks", "openmetrics"]),
    default="blocks",
    show_default=True,
    help="Blocks of a Prometheus, or text that promtool makes them of, a file per six hours.",
)
@click.option(
    "--if-empty",
    is_flag=True,
    help="Write nothing where DIR has samples already, of whatever time; exit 0.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def backfill(  # noqa: PLR0913 - click passes one argument per option
    *,
    scenario: str,
    output: Path,
    duration: float | None,
    end: float,
    allow_future: bool,
    step: float,
    seed: int | None,
    compress: float,
    mapping: Mapping,
    instance: str,
    form: Form,
    if_empty: bool,
    as_json: bool,
) -> None:
    """Write SCENARIO's history, as if it had just ended: days of samples in seconds.

    With the samples goes truth.json: which episodes there were, from when until when. The end is
    rounded down to a multiple of the step. After the scenario's own duration the platform goes on
    without episodes.
    """
    from simulator.cli.draw_view import tell_left_out
    from simulator.cli.history_view import history_json, history_lines
    from simulator.cli.progress_view import ProgressView
    from simulator.mapping.chosen import chosen_plan
    from simulator.runtime.history.staging import has_samples
    from simulator.runtime.history.writing import History, write_history
    from simulator.scenario.draws.drawing import drawn_on_clock

    plan = chosen_plan(scenario, mapping, seed=seed, compress=compress)
    length = plan.duration if duration is None else duration
    timed = _truth(plan, length, end, step, instance)
    drawn = drawn_on_clock(plan, timed.start, seconds=length)
    tell_left_out(drawn.left_out)
    chosen = drawn.scenario
    timed = replace(timed, scenario=chosen)
    ahead = timed.end - unix_seconds()
    if ahead > 0.0:
        _allow_future(ahead, is_allowed=allow_future)
    if timed.end - timed.start > chosen.duration + step:
        click.echo(
            f"The {format_duration(chosen.duration)} of the scenario come first, and then time "
            "without episodes.",
            err=True,
        )
    try:
        with ProgressView() as view:
            if if_empty and has_samples(output):
                written = History(output, windows=0, is_new=False)
            else:
                written = write_history(
                    [timed],
                    output,
                    mapping=mapping,
                    form=form,
                    report=lambda p: view.show(replace(p, note=f"{p.done} of {p.total}")),
                )
    except KeyboardInterrupt:
        click.echo("stopped; nothing of it was written", err=True)
        sys.exit(130)
    if as_json:
        click.echo(json.dumps(history_json(written, timed, form)))
    elif if_empty and not written.is_new:
        click.echo(f"{written.folder} has samples already; nothing was written")
    else:
        name = scenario if ahead <= 0.0 else None
        for line in history_lines(written, timed, form, name_or_path=name):
            click.echo(line)


def _allow_future(ahead: float, *, is_allowed: bool) -> None:
    """Says what a history that is not over means, where it is asked for all the same.

    Raises:
        click.BadParameter: it is not asked for.
    """
    consequence = (
        f"the history ends in {format_duration(math.ceil(ahead))}, and until then a Prometheus on "
        "it drops every sample that it scrapes (out of bounds)"
    )
    if not is_allowed:
        raise click.BadParameter(
            f"{consequence}; leave --end out, or add --allow-future", param_hint="--end"
        )
    click.echo(f"{consequence[0].upper()}{consequence[1:]}.", err=True)


def _truth(scenario: Scenario, duration: float, end: float, step: float, instance: str) -> TimedRun:
    """The run on the clock, once everything asked for can be.

    Raises:
        click.BadParameter: it cannot; with the bounds.
    """
    if not _SHORTEST_STEP_SECONDS <= step <= _LONGEST_STEP_SECONDS:
        raise click.BadParameter(
            f"{format_duration(step)} is no step; from {format_duration(_SHORTEST_STEP_SECONDS)} "
            f"to {format_duration(_LONGEST_STEP_SECONDS)}",
            param_hint="--step",
        )
    if duration < step or duration / step > _MOST_TICKS:
        raise click.BadParameter(
            f"{format_duration(duration)} are not 1 to {_MOST_TICKS:,} steps of "
            f"{format_duration(step)}",
            param_hint="--duration",
        )
    last = end // step * step
    first = last - round(duration / step) * step
    planned = first + (last - first) * scenario.compression  # the day that the plan has come to
    if first < 0.0 or planned > _LAST_PLANNED:
        raise click.BadParameter(
            f"from {first:.0f} to {planned:.0f} in unix seconds of the scenario is not within the "
            "years 1970 to 9998",
            param_hint="--end",
        )
    from simulator.scenario.timed_run import TimedRun

    return TimedRun(scenario, first, last, step, instance)
