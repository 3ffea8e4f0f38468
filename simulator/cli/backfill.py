"""`simulator backfill`: a scenario's history, ready for a Prometheus."""

import json
import math
import sys
import time
from dataclasses import replace
from pathlib import Path
from shlex import join, quote
from shutil import which
from typing import Final

import click

from simulator.cli.options import (
    MOMENT,
    PUSH_SECONDS,
    SECONDS,
    compress_option,
    seed_option,
)
from simulator.cli.progress_view import ProgressView
from simulator.cli.push_options import instance_option
from simulator.pushing.instance import INSTANCE
from simulator.runtime.binaries import locate
from simulator.runtime.history.staging import has_samples
from simulator.runtime.history.writing import Form, History, write_history
from simulator.runtime.stack import STORAGE_FOLDER
from simulator.scenario.loading import chosen_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import TimedRun, timestamp
from simulator.timeline.durations import format_duration

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
@instance_option("The instance label of all series.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["blocks", "openmetrics"]),
    default="blocks",
    show_default=True,
    help="Blocks of a Prometheus, or text that promtool makes them of, a file per two hours.",
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
    chosen = chosen_scenario(scenario, seed=seed, compress=compress)
    truth = _truth(chosen, chosen.duration if duration is None else duration, end, step, instance)
    ahead = truth.end - time.time()
    if ahead > 0.0:
        _allow_future(ahead, is_allowed=allow_future)
    if truth.end - truth.start > chosen.duration + step:
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
                    [truth],
                    output,
                    form=form,
                    report=lambda p: view.show(replace(p, note=f"{p.done} of {p.total}")),
                )
    except KeyboardInterrupt:
        click.echo("stopped; nothing of it was written", err=True)
        sys.exit(130)
    if as_json:
        click.echo(json.dumps(_as_json(written, truth, form)))
    elif if_empty and not written.is_new:
        click.echo(f"{written.folder} has samples already; nothing was written")
    else:
        _announce(written, truth, form)
        if form == "blocks" and written.is_new:
            click.echo(f"Serve them:     {_serving(written.folder)}")
            if ahead <= 0.0:
                click.echo(f"Go on from it:  {join(going_on(written.folder, truth, scenario))}")


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
    return TimedRun(scenario, first, last, step, instance)


def _as_json(written: History, truth: TimedRun, form: Form) -> dict[str, object]:
    return {
        "output": str(written.folder),
        "format": form,
        "start": timestamp(truth.start),
        "end": timestamp(truth.end),
        "step_seconds": truth.step,
        "scenario": truth.scenario.name,
        "seed": truth.scenario.seed,
        "instance": truth.instance,
        "series": written.series,
        "samples": written.samples,
        "files": written.windows,
        "is_new": written.is_new,
    }


def _announce(written: History, truth: TimedRun, form: Form) -> None:
    start, end = timestamp(truth.start), timestamp(truth.end)
    if not written.is_new:
        click.echo(f"{written.folder} holds this history already: {start} to {end}")
        return
    what = "blocks" if form == "blocks" else "OpenMetrics files"
    click.echo(
        f"{written.samples:,} samples of {written.series:,} series in {written.windows} {what}: "
        f"{start} to {end}"
    )
    if form == "openmetrics":
        make = "promtool tsdb create-blocks-from openmetrics"
        files = f"{quote(str(written.folder))}/*.om"
        click.echo(f'Make blocks of them:  for f in {files}; do {make} "$f" DATA; done')


def going_on(folder: Path, truth: TimedRun, name_or_path: str) -> list[str]:
    """The command that goes on from a history: the same platform, whose series are the same."""
    seed, compression = truth.scenario.seed, truth.scenario.compression
    argv = [*_program(), "run", "--scenario", name_or_path, "--history", str(folder)]
    argv += ["--seed", str(seed)]
    argv += ["--compress", _shortest(compression)] if compression != 1.0 else []
    argv += ["--instance", truth.instance] if truth.instance != INSTANCE else []
    # its episodes are whole ticks of the history, which may be shorter than those of a run
    is_short = truth.step < PUSH_SECONDS
    return argv + (["--push-interval", format_duration(truth.step)] if is_short else [])


def _shortest(number: float) -> str:
    """The number in as few digits as give it again.

    >>> [_shortest(n) for n in (600.0, 0.1, 10 / 3)]
    ['600', '0.1', '3.3333333333333335']
    """
    return repr(number).removesuffix(".0")


def _program() -> list[str]:
    """What was typed to start this program, as far as that can be typed again."""
    program = Path(sys.argv[0])
    if program.name != "simulator":
        return [sys.executable, "-m", "simulator"]
    on_path = which("simulator")
    return ["simulator"] if on_path and Path(on_path) == program.absolute() else [str(program)]


def _serving(folder: Path) -> str:
    """The command that serves the blocks: the whole stack where they are in its folder.

    On the usual ports, because that is where a run pushes that goes on from them.
    """
    if folder.name == STORAGE_FOLDER:
        return join([*_program(), "stack", "--keep", str(folder.parent), "--fixed-ports"])
    program = quote(str(locate("prometheus") or "prometheus"))
    return (
        f"{program} --config.file=/dev/null --storage.tsdb.path={quote(str(folder))} "
        "--storage.tsdb.retention.time=10y --web.listen-address=127.0.0.1:9090"
    )
