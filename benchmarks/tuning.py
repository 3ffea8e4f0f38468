"""Thresholds tuned: the sweep beside what one would write instead, all of it, and the command."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Timer
from time import perf_counter

import numpy as np
from _measuring import (
    AS_INSTALLED,
    Target,
    in_turns,
    median_ratio,
    print_table,
    processor_seconds,
    verdict,
)
from _sweep_ways import (
    MOST_STEPS,
    DifferentError,
    Signal,
    Told,
    compare,
    compare_best,
    looped_way,
    vectorised_way,
)
from _tuning_signals import DAY_STEPS, SETTLING_STEPS, STEP_SECONDS, recording_of, wanted_alarms_of

from simulator.grafana.alarm_steps import AlarmSteps
from simulator.tuning.choosing.sweep import SearchSpace, Sweep
from simulator.tuning.judging.ground_truth import GroundTruth
from simulator.tuning.judging.objectives import Constraints, F1Objective, Search
from simulator.tuning.judging.ranking import Ranking
from simulator.tuning.monitors.monitor import Monitor
from simulator.tuning.truth.incidents import Incident, WantedAlarm
from simulator.tuning.tune import tune

_SIMULATOR = str(Path(sys.executable).with_name("simulator"))
_DAY_SECONDS = 86_400.0
_ORANGE, _RED = 5.0, 10.0
"""How far an incident raises the signal, whose noise has a deviation of 1."""

_SIZES = ((1, 1), (2, 1), (5, 1), (1, 4), (2, 4), (5, 4))
"""Days and series of the signals that are swept."""

_N_VECTORISED, _N_LOOPED, _LOOPED_HOLDS = 16, 3, (0, 10, 60)
"""How many thresholds, and for plain loops which holds, the other ways are measured on."""

_SEARCH = Search(F1Objective(), Constraints(), most_hold=MOST_STEPS * STEP_SECONDS)
_N_ROUNDS = 3
_N_MONITORS, _N_DAYS, _N_CHOSEN_ON = 12, 5, 3
_LIMIT_SECONDS, _PATIENCE_SECONDS = 180.0, 900.0
_FASTER = 20.0
_ONLY_TUNE = "--only-tune"


@dataclass(frozen=True)
class _Swept:
    """Processor seconds of a sweep of so many candidates, those of the other ways scaled up.

    `for_our_time` thresholds take the vectorised way as long as all take ours.
    """

    days: int
    n_series: int
    n_candidates: int
    ours: float
    vectorised: float
    looped: float
    faster: float
    for_our_time: float


@dataclass(frozen=True)
class _Ended:
    """What a program took and said; `peak_mib` of the largest of it and what it started."""

    seconds: float
    processor_seconds: float
    peak_mib: float
    said: str


def main() -> int:
    """Measures, prints, and gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave the whole command out")
    parser.add_argument(_ONLY_TUNE, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_tune:
        print(_seconds_of_tune())
        return 0
    began = perf_counter()
    command = f"tune on-call --days {_N_DAYS}"
    programs = {"tune()": [sys.executable, __file__, _ONLY_TUNE]}
    if not options.quick:
        programs[f"simulator {command}"] = [_SIMULATOR, *command.split()]
    # first: what a program is started from counts into its peak, and is small still
    ended = {what: _ended(program) for what, program in programs.items()}
    try:
        swept = [_swept(*size) for size in _SIZES]
    except DifferentError as error:
        print(f"FAIL: not the same criteria: {error}")
        return 1
    _print_swept(swept)
    _print_ended(ended)
    least = min(one.faster for one in swept)
    targets = [Target("times as fast as vectorised, the least", least, _FASTER, is_least=True)]
    targets += [
        Target(what, one.seconds, _LIMIT_SECONDS, " s")
        for what, one in ended.items()
        if what != "tune()"
    ]
    return verdict(began, *targets)


def _print_ended(ended: Mapping[str, _Ended]) -> None:
    print_table(
        f"Whole programs, on {os.cpu_count()} processors",
        ("what", "seconds", "of processors", "peak MiB"),
        [
            (what, f"{one.seconds:.1f}", f"{one.processor_seconds:.1f}", f"{one.peak_mib:,.0f}")
            for what, one in ended.items()
        ],
    )
    print(
        f"tune(): {_N_MONITORS} monitors of {_N_DAYS} days, half of them with 4 series; "
        f"{float(ended['tune()'].said):.1f} s\nof it are its own, the others Python's start and "
        "the signals. The peak is that of the largest process."
    )


def _print_swept(swept: Sequence[_Swept]) -> None:
    print_table(
        f"Processor seconds of a sweep: all thresholds, holds of 0 to {MOST_STEPS} steps",
        ("days, series", "candidates", "ours", "vectorised *", "loops *", "times", "same time **"),
        [
            (
                f"{one.days}, {one.n_series}",
                f"{one.n_candidates * (MOST_STEPS + 1):,}",
                f"{one.ours:.2f}",
                f"{one.vectorised:,.0f}",
                f"{one.looped:,.0f}",
                f"{one.faster:,.0f}",
                f"{one.for_our_time:.0f}",
            )
            for one in swept
        ],
    )
    print(
        f"* scaled up: vectorised from {_N_VECTORISED} thresholds with every hold, plain loops "
        f"from {_N_LOOPED} with {len(_LOOPED_HOLDS)} holds.\n"
        "** so many thresholds, with every hold, take the vectorised way as long as ours takes "
        "for all.\n"
        "Ours finds 8 criteria and the trade-offs, the others 3; those are the same where compared."
    )


def _swept(days: int, n_series: int) -> _Swept:
    """All three ways in turns on one signal, compared."""
    recording = recording_of(0, days * DAY_STEPS, n_series, "swept", [_ORANGE])
    incidents = [
        Incident(one.name, one.start, one.end, one.until)
        for one in wanted_alarms_of(recording, "swept", ["orange"])
    ]
    ranking = Ranking.of([recording], is_lower_worse=False)
    truth = GroundTruth.of([recording], incidents)
    signal = Signal.of(recording, incidents)
    every = np.linspace(0, ranking.n_candidates - 1, _N_VECTORISED).round().astype(np.int64)
    some = every[:: (_N_VECTORISED - 1) // (_N_LOOPED - 1)][:_N_LOOPED]
    thresholds = ranking.edges[1]
    found: list[Sweep] = []
    vectorised: dict[tuple[int, int], Told] = {}
    looped: dict[tuple[int, int], Told] = {}

    def ours() -> None:
        found[:] = [_sweep(ranking, truth)]

    def by_arrays() -> None:
        for q in every.tolist():
            told = vectorised_way(signal, float(thresholds[q]))
            vectorised.update({(q, steps): one for steps, one in enumerate(told)})

    def by_loops() -> None:
        for q in some.tolist():
            for steps in _LOOPED_HOLDS:
                looped[q, steps] = looped_way(signal, float(thresholds[q]), steps)

    runs: list[Callable[[], None]] = [ours, by_arrays, by_loops]
    seconds = in_turns(
        *(lambda run=run: processor_seconds(run) for run in runs), n_rounds=_N_ROUNDS
    )
    compare(ranking, truth, vectorised, looped)
    compare_best(found[0], vectorised)
    n_candidates = ranking.n_candidates
    per_array = n_candidates / len(every)
    per_loop = n_candidates * (MOST_STEPS + 1) / (len(some) * len(_LOOPED_HOLDS))
    faster = median_ratio(seconds[1], seconds[0]) * per_array
    return _Swept(
        days,
        n_series,
        n_candidates,
        median(seconds[0]),
        median(seconds[1]) * per_array,
        median(seconds[2]) * per_loop,
        faster,
        n_candidates / faster,
    )


def _sweep(ranking: Ranking, truth: GroundTruth) -> Sweep:
    return SearchSpace(ranking, {"orange": truth}, _SEARCH, STEP_SECONDS).sweeps()["orange"]


def _seconds_of_tune() -> float:
    """Wall-clock seconds of `tune()`, on signals of one series and of four."""
    parts = [_monitor(f"signal-{number}", 1 if number % 2 else 4) for number in range(_N_MONITORS)]
    wanted = [one for _, some in parts for one in some]
    began = perf_counter()
    found = tune(
        [one for one, _ in parts],
        wanted=wanted,
        search=_SEARCH,
        n_chosen_on=_N_CHOSEN_ON,
    )
    seconds = perf_counter() - began
    if any(level.proposal is None for part in found.parts for level in part.levels):
        raise RuntimeError("nothing proposed for a signal with incidents")
    return seconds


def _monitor(name: str, n_series: int) -> tuple[Monitor, list[WantedAlarm]]:
    severities = ["orange", "red"]
    recordings = [
        recording_of(2 * n * _DAY_SECONDS, DAY_STEPS, n_series, f"{name} {n}", [_ORANGE, _RED])
        for n in range(_N_DAYS)
    ]
    wanted = [one for each in recordings for one in wanted_alarms_of(each, name, severities)]
    thresholds = {"orange": _ORANGE / 2.0, "red": _RED / 2.0}
    monitor = Monitor(
        name=name,
        names=frozenset({name}),
        place=None,
        rules={},
        alarms=AlarmSteps({"orange": 1, "red": 2}, thresholds, is_lower_worse=False),
        signal=name,
        unit="",
        look_back=SETTLING_STEPS * STEP_SECONDS,
        recordings=tuple(recordings),
    )
    return monitor, wanted


def _ended(command: Sequence[str]) -> _Ended:
    """A program run to its end; it is stopped where it takes far too long."""
    began = perf_counter()
    with subprocess.Popen(
        command, env=AS_INSTALLED, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        stop = Timer(_PATIENCE_SECONDS, process.kill)
        stop.start()
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        stop.cancel()
        code = process.returncode = os.waitstatus_to_exitcode(status)
    if code:
        raise RuntimeError(f"{command} ended with exit code {code}")
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return _Ended(
        perf_counter() - began,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * unit / 2**20,
        said,
    )


if __name__ == "__main__":
    sys.exit(main())
