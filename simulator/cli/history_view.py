"""What `simulator backfill` says of a history, and how to serve it and go on from it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import join, quote
from shutil import which

from simulator.cli.options import PUSH_SECONDS
from simulator.pushing.instance import INSTANCE
from simulator.runtime.binaries import locate
from simulator.runtime.history.staging import STORAGE_FOLDER
from simulator.runtime.history.writing import Form, History
from simulator.scenario.timed_run import TimedRun, timestamp
from simulator.timeline.durations import format_duration

__all__ = ["going_on", "history_json", "history_lines"]


def history_json(written: History, timed: TimedRun, form: Form) -> dict[str, object]:
    """What was written, for programs."""
    return {
        "output": str(written.folder),
        "format": form,
        "start": timestamp(timed.start),
        "end": timestamp(timed.end),
        "step_seconds": timed.step,
        "scenario": timed.scenario.name,
        "seed": timed.scenario.seed,
        "instance": timed.instance,
        "series": written.series,
        "samples": written.samples,
        "files": written.windows,
        "is_new": written.is_new,
    }


def history_lines(
    written: History, timed: TimedRun, form: Form, *, name_or_path: str | None
) -> Iterator[str]:
    """The same in words, with the commands that serve it, and that go on from it as a scenario."""
    start, end = timestamp(timed.start), timestamp(timed.end)
    if not written.is_new:
        yield f"{written.folder} holds this history already: {start} to {end}"
        return
    many = "" if written.windows == 1 else "s"
    what = f"block{many}" if form == "blocks" else f"OpenMetrics file{many}"
    yield (
        f"{written.samples:,} samples of {written.series:,} series in {written.windows} {what}: "
        f"{start} to {end}"
    )
    if form == "openmetrics":
        make = "promtool tsdb create-blocks-from openmetrics"
        files = f"{quote(str(written.folder))}/*.om"
        yield f'Make blocks of them:  for f in {files}; do {make} "$f" DATA; done'
        return
    yield f"Serve them:     {_serving(written.folder)}"
    if name_or_path is not None:
        yield f"Go on from it:  {join(going_on(written.folder, timed, name_or_path))}"


def going_on(folder: Path, timed: TimedRun, name_or_path: str) -> list[str]:
    """The command that goes on from a history: the same platform, whose series are the same."""
    seed, compression = timed.scenario.seed, timed.scenario.compression
    argv = [*_program(), "run", "--scenario", name_or_path, "--history", str(folder)]
    argv += ["--seed", str(seed)]
    argv += ["--compress", _shortest(compression)] if compression != 1.0 else []
    argv += ["--instance", timed.instance] if timed.instance != INSTANCE else []
    # its episodes are whole ticks of the history, which may be shorter than those of a run
    is_short = timed.step < PUSH_SECONDS
    return argv + (["--push-interval", format_duration(timed.step)] if is_short else [])


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
