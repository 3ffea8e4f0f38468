"""Thresholds tuned: the sweep beside what one would write instead, all of it, and the command."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from threading import Timer
from time import perf_counter

import numpy as np
from _measuring import Target, in_turns, median_ratio, print_table, processor_seconds, verdict
from numpy.typing import NDArray
from scipy.signal import lfilter

from simulator.seeding import generator
from simulator.tuning.choosing.search import Search
from simulator.tuning.choosing.sweep import Sweep, sweep
from simulator.tuning.judging.aims import Constraints, F1Objective
from simulator.tuning.judging.badness import Badness, Recording
from simulator.tuning.judging.holds import holds, told_apart
from simulator.tuning.judging.measures import measures
from simulator.tuning.judging.outcomes import outcomes
from simulator.tuning.judging.windows import Judged
from simulator.tuning.truth.incidents import Incident, Wanted
from simulator.tuning.tuned import tuned
from simulator.tuning.watching.levels import AlarmSteps
from simulator.tuning.watching.watched import Watched

_SIMULATOR = str(Path(sys.executable).with_name("simulator"))
_STEP_SECONDS, _DAY_SECONDS = 30.0, 86_400.0
_DAY_STEPS, _MOST_STEPS = 2880, 60
_INCIDENT_EVERY, _INCIDENT_STEPS, _SETTLING_STEPS = 340, 30, 10
_ORANGE, _RED = 5.0, 10.0
"""How far an incident raises the signal, whose noise has a deviation of 1."""

_GOES_ON = 0.9
"""How much of the noise is that of the step before."""

_SIZES = ((1, 1), (2, 1), (5, 1), (1, 4), (2, 4), (5, 4))
"""Days and series of the signals that are swept."""

_N_VECTORISED, _N_LOOPED, _LOOPED_HOLDS = 16, 3, (0, 10, 60)
"""How many thresholds, and for plain loops which holds, the other ways are measured on."""

_N_ROUNDS = 3
_N_WATCHED, _N_DAYS, _N_CHOSEN_ON = 12, 5, 3
_LIMIT_SECONDS, _PATIENCE_SECONDS = 180.0, 900.0
_FASTER = 20.0
_CLOSE = 1e-7
"""Measures that are the same but for rounding."""

_OF_TUNED = "--only-tuned"

Floats = NDArray[np.float64]
Told = tuple[float, float, float]
"""Precision, recall, and median seconds to detection of one threshold with one hold."""


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
    parser.add_argument(_OF_TUNED, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_tuned:
        print(_seconds_of_tuned())
        return 0
    began = perf_counter()
    command = f"tune on-call --seeds {_N_DAYS}"
    programs = {"tuned()": [sys.executable, __file__, _OF_TUNED]}
    if not options.quick:
        programs[f"simulator {command}"] = [_SIMULATOR, *command.split()]
    # first: what a program is started from counts into its peak, and is small still
    ended = {what: _ended(program) for what, program in programs.items()}
    try:
        swept = [_swept(*size) for size in _SIZES]
    except _DifferentError as error:
        print(f"FAIL: not the same measures: {error}")
        return 1
    _print_swept(swept)
    _print_ended(ended)
    least = min(one.faster for one in swept)
    targets = [Target("times as fast as vectorised, the least", least, _FASTER, is_least=True)]
    targets += [
        Target(what, one.seconds, _LIMIT_SECONDS, " s")
        for what, one in ended.items()
        if what != "tuned()"
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
        f"tuned(): {_N_WATCHED} things watched for {_N_DAYS} days, half of them with 4 series; "
        f"{float(ended['tuned()'].said):.1f} s\nof it are its own, the others Python's start and "
        "the signals. The peak is that of the largest process."
    )


def _print_swept(swept: Sequence[_Swept]) -> None:
    print_table(
        f"Processor seconds of a sweep: all thresholds, holds of 0 to {_MOST_STEPS} steps",
        ("days, series", "candidates", "ours", "vectorised *", "loops *", "times", "same time **"),
        [
            (
                f"{one.days}, {one.n_series}",
                f"{one.n_candidates * (_MOST_STEPS + 1):,}",
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
        "Ours finds 8 measures and the trade-offs, the others 3; those are the same where compared."
    )


# The sweep, and what one would write instead


class _DifferentError(Exception):
    """Two ways say something else of the same candidate."""


def _swept(days: int, n_series: int) -> _Swept:
    """All three ways in turns on one signal, compared."""
    recording = _recording(0, days * _DAY_STEPS, n_series, "swept", [_ORANGE])
    incidents = [
        Incident(one.name, one.start, one.end, one.until)
        for one in _wanted(recording, "swept", ["orange"])
    ]
    badness = Badness.of([recording], is_lower_worse=False)
    judged = Judged.of([recording], incidents)
    signal = _Signal.of(recording, incidents)
    every = np.linspace(0, badness.n_candidates - 1, _N_VECTORISED).round().astype(np.int64)
    some = every[:: (_N_VECTORISED - 1) // (_N_LOOPED - 1)][:_N_LOOPED]
    thresholds = badness.edges[1]
    found: list[Sweep] = []
    vectorised: dict[tuple[int, int], Told] = {}
    looped: dict[tuple[int, int], Told] = {}

    def ours() -> None:
        found[:] = [_sweep(badness, judged)]

    def by_arrays() -> None:
        for q in every.tolist():
            told = _vectorised(signal, float(thresholds[q]))
            vectorised.update({(q, steps): one for steps, one in enumerate(told)})

    def by_loops() -> None:
        for q in some.tolist():
            for steps in _LOOPED_HOLDS:
                looped[q, steps] = _looped(signal, float(thresholds[q]), steps)

    runs: list[Callable[[], None]] = [ours, by_arrays, by_loops]
    seconds = in_turns(
        *(lambda run=run: processor_seconds(run) for run in runs), n_rounds=_N_ROUNDS
    )
    _compare(badness, judged, vectorised, looped)
    _compare_best(found[0], vectorised)
    n_candidates = badness.n_candidates
    per_array = n_candidates / len(every)
    per_loop = n_candidates * (_MOST_STEPS + 1) / (len(some) * len(_LOOPED_HOLDS))
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


def _sweep(badness: Badness, judged: Judged) -> Sweep:
    return sweep(
        badness,
        {"orange": judged},
        most_steps=_MOST_STEPS,
        objective=F1Objective(),
        constraints=Constraints(),
    )["orange"]


@dataclass(frozen=True, eq=False)
class _Signal:
    """What the other ways start from; `windows` are the first and the last moment's neighbour."""

    recording: Recording
    starts: Sequence[float]
    windows: Sequence[tuple[int, int]]
    is_inside: NDArray[np.bool_]

    @classmethod
    def of(cls, recording: Recording, incidents: Sequence[Incident]) -> "_Signal":
        times = recording.times
        windows = [
            (
                int(np.searchsorted(times, one.start, side="right")) - 1,
                int(np.searchsorted(times, one.until, side="left")),
            )
            for one in incidents
        ]
        is_inside = np.zeros(len(times), dtype=np.bool_)
        for first, last in windows:
            is_inside[first:last] = True
        return cls(recording, [one.start for one in incidents], windows, is_inside)


def _vectorised(signal: _Signal, threshold: float) -> Iterator[Told]:
    """For every hold, arrays over moments: a threshold's runs are counted once for all holds.

    The one pass over sorted values of numenta/NAB's `sweeper.py` is for all thresholds, but it
    counts moments: it knows neither alarms nor holds, so it has no measures to compare.
    """
    times, values = signal.recording.times, signal.recording.values
    moments = np.arange(len(times))
    since_not = np.maximum.accumulate(np.where(values >= threshold, -1, moments), axis=1)
    longest = (moments - since_not).max(axis=0)  # for so many moments some series is above it
    so_far = np.concatenate([[0], np.cumsum(signal.is_inside)])
    first, last = np.array(signal.windows).T
    starts = np.array(signal.starts)
    for steps in range(_MOST_STEPS + 1):
        is_on = np.concatenate([[False], longest > steps, [False]])
        turns = np.flatnonzero(is_on[1:] != is_on[:-1])
        begin, end = turns[::2], turns[1::2]
        shares = (so_far[end] - so_far[begin]) / (end - begin)
        run = np.searchsorted(end, first, side="right")  # the first alarm that ends after it begins
        at = np.maximum(np.append(begin, len(times))[run], first)
        is_hit = at < last
        late = np.maximum(times[at[is_hit]] - starts[is_hit], 0.0)
        yield (
            float(shares.mean()) if len(shares) else np.nan,
            float(is_hit.mean()),
            float(np.median(late)) if len(late) else np.nan,
        )


def _looped(signal: _Signal, threshold: float, steps: int) -> Told:
    """One threshold with one hold, moment by moment."""
    n_moments = len(signal.recording.times)
    is_on = [False] * n_moments
    for row in signal.recording.values.tolist():
        length = 0
        for at, value in enumerate(row):
            length = length + 1 if value >= threshold else 0
            if length > steps:
                is_on[at] = True
    inside = signal.is_inside.tolist()
    turns = [at for at, (a, b) in enumerate(pairwise([False, *is_on, False])) if a != b]
    shares = [sum(inside[a:b]) / (b - a) for a, b in zip(turns[::2], turns[1::2], strict=True)]
    late = []
    for start, (first, last) in zip(signal.starts, signal.windows, strict=True):
        if any(is_on[first:last]):
            at = is_on.index(True, first)
            late.append(max(float(signal.recording.times[at]) - start, 0.0))
    return (
        fmean(shares) if shares else np.nan,
        len(late) / len(signal.windows),
        median(late) if late else np.nan,
    )


def _compare(
    badness: Badness,
    judged: Judged,
    vectorised: dict[tuple[int, int], Told],
    looped: dict[tuple[int, int], Told],
) -> None:
    """Raises where ours or plain loops say something else than the vectorised way.

    Raises:
        _DifferentError: the candidate, and what the two say of it.
    """
    for steps, held in enumerate(holds(badness, _MOST_STEPS)):
        ranks, first = told_apart(held)
        found = measures(outcomes(ranks, judged, len(first)))
        for (q, other_steps), told in vectorised.items():
            if other_steps == steps:
                kind = int(np.searchsorted(first, q, side="right")) - 1
                ours = found.precision, found.recall, found.detection_median
                _require_same(told, [float(one[kind]) for one in ours], f"ours, {q}, {steps}")
    for key, told in looped.items():
        _require_same(vectorised[key], told, f"loops, {key}")


def _compare_best(found: Sweep, vectorised: dict[tuple[int, int], Told]) -> None:
    """Raises where the best score of the sweep that was timed is not the best of all holds.

    Raises:
        _DifferentError: the candidate, and what the two say of it.
    """
    best: dict[int, float] = {}
    for (q, _), (precision, recall, _) in vectorised.items():
        f1 = 2.0 * precision * recall / (precision + recall) if recall else -np.inf
        best[q] = max(best.get(q, -np.inf), f1)
    for q, score in best.items():
        _require_same([score], [float(found.score[q])], f"best F1 of {q}")


def _require_same(one: Sequence[float], other: Sequence[float], what: str) -> None:
    if not np.allclose(one, other, rtol=_CLOSE, atol=_CLOSE, equal_nan=True):
        raise _DifferentError(f"{what}: {one} and {other}")


# All of it


def _seconds_of_tuned() -> float:
    """Wall-clock seconds of `tuned()`, on signals of one series and of four."""
    parts = [_watched(f"signal-{number}", 1 if number % 2 else 4) for number in range(_N_WATCHED)]
    wanted = [one for _, some in parts for one in some]
    began = perf_counter()
    found = tuned(
        [one for one, _ in parts],
        wanted=wanted,
        search=Search(F1Objective(), Constraints(), most_hold=_MOST_STEPS * _STEP_SECONDS),
        n_chosen_on=_N_CHOSEN_ON,
    )
    seconds = perf_counter() - began
    if any(level.proposal is None for part in found.parts for level in part.levels):
        raise RuntimeError("nothing proposed for a signal with incidents")
    return seconds


def _watched(name: str, n_series: int) -> tuple[Watched, list[Wanted]]:
    severities = ["orange", "red"]
    recordings = [
        _recording(2 * n * _DAY_SECONDS, _DAY_STEPS, n_series, f"{name} {n}", [_ORANGE, _RED])
        for n in range(_N_DAYS)
    ]
    wanted = [one for each in recordings for one in _wanted(each, name, severities)]
    thresholds = {"orange": _ORANGE / 2.0, "red": _RED / 2.0}
    watched = Watched(
        name=name,
        names=frozenset({name}),
        place=None,
        rules={},
        alarms=AlarmSteps({"orange": 1, "red": 2}, thresholds, is_lower_worse=False),
        signal=name,
        unit="",
        look_back=_SETTLING_STEPS * _STEP_SECONDS,
        recordings=tuple(recordings),
    )
    return watched, wanted


def _recording(
    start: float, n_moments: int, n_series: int, name: str, raised_by: Sequence[float]
) -> Recording:
    """Noise that goes on a while, which incidents raise in all series, by these in turns."""
    shocks = generator(1, f"benchmarks.tuning.{name}").standard_normal((n_series, n_moments))
    values: Floats = lfilter([np.sqrt(1.0 - _GOES_ON**2)], [1.0, -_GOES_ON], shocks, axis=1)
    for number, first in enumerate(_firsts(n_moments)):
        values[:, first : first + _INCIDENT_STEPS] += raised_by[number % len(raised_by)]
    return Recording(start + np.arange(float(n_moments)) * _STEP_SECONDS, values, _STEP_SECONDS)


def _wanted(recording: Recording, signal: str, severities: Sequence[str]) -> list[Wanted]:
    times = recording.times.tolist()
    return [
        Wanted(
            f"{signal}-{first}",
            signal,
            severities[number % len(severities)],
            times[first],
            times[first + _INCIDENT_STEPS],
            times[first + _INCIDENT_STEPS + _SETTLING_STEPS],
        )
        for number, first in enumerate(_firsts(len(times)))
    ]


def _firsts(n_moments: int) -> range:
    return range(
        _INCIDENT_EVERY // 2, n_moments - _INCIDENT_STEPS - _SETTLING_STEPS, _INCIDENT_EVERY
    )


def _ended(command: Sequence[str]) -> _Ended:
    """A program run to its end; it is stopped where it takes far too long."""
    began = perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
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
