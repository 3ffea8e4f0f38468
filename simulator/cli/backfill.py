"""`simulator backfill`: a scenario's history, ready for a Prometheus."""

import json
import sys
from pathlib import Path
from shlex import quote
from typing import Final

import click

from simulator.cli.options import MOMENT, SECONDS, compress_option, instance_option, seed_option
from simulator.cli.progress import ProgressView
from simulator.runtime.binaries import locate
from simulator.runtime.history.writing import Form, History, write_history
from simulator.runtime.processes import interrupt_on_termination
from simulator.runtime.stack import STORAGE_FOLDER
from simulator.scenario.loading import chosen_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.truth import Truth, timestamp
from simulator.timeline.durations import format_duration

__all__ = ["backfill"]

_LONGEST_STEP_SECONDS: Final = 3600.0
_SHORTEST_STEP_SECONDS: Final = 0.1
_MOST_TICKS: Final = 20_000_000
_LAST_MOMENT: Final = 253_402_300_799.0  # the end of the year 9999


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
    "--step", type=SECONDS, default="15s", show_default=True, help="Time between samples."
)
@seed_option()
@compress_option()
@instance_option("The instance label of all series.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["blocks", "openmetrics"]),
    default="blocks",
    show_default=True,
    help="Blocks of a Prometheus, or text that promtool makes them of, a file per two hours.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def backfill(  # noqa: PLR0913 - click passes one argument per option
    *,
    scenario: str,
    output: Path,
    duration: float | None,
    end: float,
    step: float,
    seed: int | None,
    compress: float,
    instance: str,
    form: Form,
    as_json: bool,
) -> None:
    """Write SCENARIO's history, as if it had just ended: days of samples in seconds.

    With the samples goes truth.json: which episodes there were, from when until when. The end is
    rounded down to a multiple of the step. After the scenario's own duration the platform goes on
    without episodes.
    """
    chosen = chosen_scenario(scenario, seed=seed, compress=compress)
    truth = _truth(chosen, chosen.duration if duration is None else duration, end, step, instance)
    if truth.end - truth.start > chosen.duration + step:
        click.echo(
            f"The {format_duration(chosen.duration)} of the scenario come first, and then time "
            "without episodes.",
            err=True,
        )
    try:
        with interrupt_on_termination(), ProgressView() as view:
            written = write_history(
                [truth],
                output,
                form=form,
                report=lambda p: view.tell("history", p.done, p.total, f"{p.done} of {p.total}"),
            )
    except KeyboardInterrupt:
        click.echo("stopped; nothing of it was written", err=True)
        sys.exit(130)
    _announce(written, truth, form, as_json=as_json)


def _truth(scenario: Scenario, duration: float, end: float, step: float, instance: str) -> Truth:
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
    if first < 0.0 or last > _LAST_MOMENT:
        raise click.BadParameter(
            f"from {first:.0f} to {last:.0f} in unix seconds is not within the years 1970 to 9999",
            param_hint="--end",
        )
    return Truth(scenario, first, last, step, instance)


def _announce(written: History, truth: Truth, form: Form, *, as_json: bool) -> None:
    start, end = timestamp(truth.start), timestamp(truth.end)
    if as_json:
        told = {
            "output": str(written.folder),
            "format": form,
            "start": start,
            "end": end,
            "step_seconds": truth.step,
            "scenario": truth.scenario.name,
            "seed": truth.scenario.seed,
            "instance": truth.instance,
            "series": written.series,
            "samples": written.samples,
            "files": written.windows,
            "is_new": written.is_new,
        }
        click.echo(json.dumps(told))
        return
    if not written.is_new:
        click.echo(f"{written.folder} holds this history already: {start} to {end}")
        return
    what = "blocks" if form == "blocks" else "OpenMetrics files"
    click.echo(
        f"{written.samples:,} samples of {written.series:,} series in {written.windows} {what}: "
        f"{start} to {end}"
    )
    folder = quote(str(written.folder))
    if form == "openmetrics":
        make = "promtool tsdb create-blocks-from openmetrics"
        click.echo(f'Make blocks of them:  for f in {folder}/*.om; do {make} "$f" DATA; done')
        return
    click.echo(f"Serve them:     {_serving(written.folder)}")
    click.echo(
        f"Go on from it:  simulator run --scenario {quote(truth.scenario.name)} --history {folder}"
    )


def _serving(folder: Path) -> str:
    """The command that serves the blocks: the whole stack where they are in its folder."""
    if folder.name == STORAGE_FOLDER:
        return f"simulator stack --keep {quote(str(folder.parent))}"
    program = quote(str(locate("prometheus") or "prometheus"))
    return (
        f"{program} --config.file=/dev/null --storage.tsdb.path={quote(str(folder))} "
        "--storage.tsdb.retention.time=10y --web.listen-address=127.0.0.1:9090"
    )
