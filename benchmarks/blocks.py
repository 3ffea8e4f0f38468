"""Some hours of samples as blocks: written directly, and as text that promtool reads."""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from _measuring import Target, in_turns, median_ratio, print_table, verdict

from simulator.metrics.openmetrics import openmetrics
from simulator.metrics.samples import samples
from simulator.runtime.binaries import find
from simulator.runtime.history.windows import Run, Window
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun
from simulator.tsdb.blocks import write_block
from simulator.tsdb.ulids import ulid

_HOURS, _STEP_SECONDS = 6, 15.0
_START = 1_799_942_400.0  # where a block begins
_ROUNDS = 3
_CHEAPER = 20.0


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    scenario = load_scenario("tour")
    end = _START + _HOURS * 3600.0 - _STEP_SECONDS
    windows = list(Run(TimedRun(scenario, _START, end, _STEP_SECONDS, "simulator")).windows())
    ways = (partial(_measured, _directly, windows), partial(_measured, _as_text, windows))
    ours, texts = in_turns(*ways, n_rounds=_ROUNDS)
    n_samples = ours[0][1]
    print_table(
        f"{_HOURS} hours of the tour as blocks, {n_samples:,} samples",
        ("what", "processor seconds", "ns a sample", "MiB"),
        [
            (what, f"{seconds:.2f}", f"{seconds / found * 1e9:.0f}", f"{size / 2**20:.1f}")
            for what, rounds in (("written directly", ours), ("text, then promtool", texts))
            for seconds, found, size in [sorted(rounds)[len(rounds) // 2]]
        ],
    )
    if n_samples != texts[0][1]:
        print(f"FAIL: not the same samples: {n_samples:,} and {texts[0][1]:,}")
        return 1
    ratio = median_ratio([text[0] for text in texts], [our[0] for our in ours])
    return verdict(began, Target("times as cheap as text", ratio, _CHEAPER, is_least=True))


def _measured(
    write: Callable[[list[Window], Path], None], windows: list[Window]
) -> tuple[float, int, int]:
    """Processor seconds, also of programs that were started; samples; and bytes written."""
    with tempfile.TemporaryDirectory() as folder:
        before = _processor_seconds()
        write(windows, Path(folder))
        seconds = _processor_seconds() - before
        metas = list(Path(folder).rglob("meta.json"))
        n_samples = sum(json.loads(meta.read_text())["stats"]["numSamples"] for meta in metas)
        files = (file for meta in metas for file in meta.parent.rglob("*"))
        return seconds, n_samples, sum(file.stat().st_size for file in files)


def _directly(windows: list[Window], folder: Path) -> None:
    for number, window in enumerate(windows):
        found = samples(window.families, window.times)
        write_block(found, folder=folder, ulid=ulid(number, entropy=bytes(10)))


def _as_text(windows: list[Window], folder: Path) -> None:
    """A text for each block, since promtool reads all of a text for each block in it."""
    command = [str(find("promtool")), "tsdb", "create-blocks-from", "--quiet", "openmetrics"]
    for window in windows:
        text = folder / "window.om"
        with text.open("w", encoding="utf-8") as file:
            file.writelines(openmetrics(window.families, window.times))
        subprocess.run([*command, str(text), str(folder)], check=True, stdout=subprocess.DEVNULL)


def _processor_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    sys.exit(main())
