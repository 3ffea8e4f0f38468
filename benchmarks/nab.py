"""Thresholds of Numenta's NAB through `tune`'s own chooser, held against brute force.

    git clone https://github.com/numenta/NAB
    python benchmarks/nab.py NAB

NAB's data are not part of this project; they are fetched by whoever runs this. Each series is an
alert above, and one below, three deviations from its mean, and NAB's windows are the incidents.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Final, TypeAlias

import numpy as np
from _measuring import Target, print_table, verdict
from numpy.typing import NDArray

from simulator.grafana.alarm_steps import AlarmSteps
from simulator.promql.limits import limit
from simulator.rules.model import Alert, Group, Place
from simulator.tuning.judging.objectives import Constraints, F1Objective, Search
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.monitor import Monitor
from simulator.tuning.monitors.quiet_spans import quiet_spans
from simulator.tuning.results import LevelTuning, MonitorTuning
from simulator.tuning.truth.incidents import Incident, WantedAlarm
from simulator.tuning.tune import tune

Floats: TypeAlias = NDArray[np.float64]

_LEVEL: Final = "orange"
_PARTS, _CHOSEN_SHARE = 5, 0.6
_DEVIATIONS: Final = 3.0
_HOLD_SECONDS: Final = 600.0
_MOST_STEPS: Final = 6
_BRUTE_THRESHOLDS: Final = 200
_MOST_HEALTHY, _LEAST_PRECISION = 0.1, 0.2
"""What may be proposed at all: how much of healthy time it is on, and how often it is right."""
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class _Found:
    """What came of one series in one direction."""

    name: str
    parts: int
    incidents: int
    brute: float
    best: float
    level: LevelTuning

    @property
    def is_written(self) -> bool:
        """Whether `tune --write` would put another threshold into a file."""
        return self.level.is_moved and not self.level.why_not_written

    @property
    def typed(self) -> float:
        """F1 of what is proposed, as a person would type it; where it was chosen."""
        return self.level.chosen_on["proposal"].score

    @property
    def precision(self) -> float:
        """Where it was chosen; that of a proposal that is another than today's."""
        return self.level.chosen_on["proposal"].criteria["precision"]


def main() -> int:
    """Compares, prints, and gives the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help="a checkout of numenta/NAB")
    folder = parser.parse_args().folder
    if folder is None:
        print("left out: its data are not here; name the folder of a checkout of numenta/NAB")
        return 0
    labels = folder / "labels" / "combined_windows.json"
    if not labels.is_file():
        parser.error(f"{labels} is not there; clone https://github.com/numenta/NAB first")
    began = perf_counter()
    windows = json.loads(labels.read_text(encoding="utf-8"))
    found = [
        one
        for name, spans in sorted(windows.items())
        for sign in (1.0, -1.0)
        for one in _of_series(folder / "data" / name, name, spans, sign)
    ]
    proposed = [one for one in found if one.level.proposal and not one.level.proposal.is_today]
    _print(found)
    worst = max((one.brute - one.best for one in found if one.brute > -np.inf), default=0.0)
    typed = max((o.brute - o.typed for o in found if o.level.proposal), default=0.0)
    single = [one for one in found if one.parts == 1]
    return verdict(
        began,
        Target("series and directions", len(found), 1, is_least=True),
        Target("brute force's F1 above the chooser's, the most", worst, _ROUNDING),
        Target("the same above that of the number that is proposed", typed, 0.02),
        Target(f"moved of {len(single)} with one part", sum(o.is_written for o in single), 0),
        Target(
            f"precision of {len(proposed)} proposals, the least",
            min((one.precision for one in proposed), default=1.0),
            _LEAST_PRECISION - _ROUNDING,
            is_least=True,
        ),
    )


def _print(found: Sequence[_Found]) -> None:
    rows = []
    for parts in sorted({one.parts for one in found}):
        some = [one for one in found if one.parts == parts]
        good = [one for one in some if one.brute > -np.inf]
        proposed = [one for one in good if one.level.proposal]
        rows.append(
            (
                f"{parts} part{'s' * (parts > 1)}",
                f"{len(some)}",
                f"{len(good)}",
                f"{np.mean([o.brute for o in good]):.4f}" if good else "-",
                f"{np.mean([o.best for o in good]):.4f}" if good else "-",
                f"{len(proposed)}",
                f"{np.mean([o.typed for o in proposed]):.4f}" if proposed else "-",
                f"{sum(one.is_written for one in some)}",
            )
        )
    columns = ("", "series", "good", "brute F1", "chosen F1", "proposed", "their F1", "written")
    print_table("NAB: thresholds where they are chosen, above and below", columns, rows)
    print(
        f"Brute force: {_BRUTE_THRESHOLDS} values of a series as thresholds, with holds of 0 to "
        f"{_MOST_STEPS} steps,\neach by itself; good: one that may be proposed is there. Nothing "
        "is proposed where today's\nnever fires and the best is wrong more often than right. "
        "Written: without --force."
    )


def _of_series(file: Path, name: str, spans: Sequence[Sequence[str]], sign: float) -> list[_Found]:
    """What `tune` makes of a series where high values are bad, or low ones with `sign` -1."""
    whole = _recording(file)
    wanted = [
        WantedAlarm(f"{name}-{n}", name, _LEVEL, start, end, end)
        for n, (start, end) in enumerate([_seconds(a), _seconds(b)] for a, b in spans)
    ]
    if not wanted:
        return []
    parts = quiet_spans(whole.start, whole.end, wanted, count=_PARTS, step=whole.step)
    edges = [float(part.start) for part in parts[1:]]
    recordings = tuple(_cut(whole, edges))
    n_chosen_on = max(min(round(len(recordings) * _CHOSEN_SHARE), len(recordings) - 1), 1)
    monitor = _monitor(name, recordings, whole, sign)
    hold = _MOST_STEPS * whole.step
    search = Search(F1Objective(), Constraints(), most_hold=hold)
    (part,) = tune([monitor], wanted=wanted, search=search, n_chosen_on=n_chosen_on).parts
    (level,) = part.levels
    seen = recordings[:n_chosen_on]
    brute = _brute_force(seen, part.incidents[_LEVEL], sign)
    return [_Found(name, len(recordings), len(wanted), brute, _best(part), level)]


def _best(part: MonitorTuning) -> float:
    sweep = part.chosen.sweeps.get(_LEVEL) if part.chosen else None
    return float(sweep.score.max()) if sweep else -np.inf


def _recording(file: Path) -> Recording:
    """The series on a grid of its usual step; nan where it has no value."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [(_seconds(row["timestamp"]), float(row["value"])) for row in csv.DictReader(lines)]
    seconds, values = np.array(sorted(rows)).T
    step = float(np.median(np.diff(seconds)))
    at = np.rint((seconds - seconds[0]) / step).astype(np.int64)
    on_grid = np.full((1, int(at[-1]) + 1), np.nan)
    on_grid[0, at] = values
    return Recording(seconds[0] + np.arange(on_grid.shape[1]) * step, on_grid, step)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _cut(whole: Recording, edges: Sequence[float]) -> Iterator[Recording]:
    places = [0, *np.searchsorted(whole.times, edges).tolist(), len(whole.times)]
    for a, b in pairwise(places):
        yield Recording(whole.times[a:b], whole.values[:, a:b], whole.step)


def _monitor(
    name: str, recordings: tuple[Recording, ...], whole: Recording, sign: float
) -> Monitor:
    deviations = sign * _DEVIATIONS * float(np.nanstd(whole.values))
    threshold = float(np.nanmean(whole.values)) + deviations
    expr = f"value {'>=' if sign > 0 else '<'} {threshold!r}"
    place = Place(Path(name), ("groups", 0, "rules", 0))
    alert = Alert(name, expr, _HOLD_SECONDS, 0.0, {}, {}, place)
    rule = AlertRule(
        alert, Group(name, (alert,), Place(place.file, place.path[:2])), limit(expr), (_LEVEL,), ""
    )
    return Monitor(
        name=name,
        names=frozenset({name.casefold()}),
        place=None,
        rules={_LEVEL: rule},
        alarms=AlarmSteps({_LEVEL: 1}, {_LEVEL: threshold}, is_lower_worse=sign < 0),
        signal="",
        unit="",
        look_back=0.0,
        recordings=recordings,
    )


def _brute_force(seen: Sequence[Recording], incidents: Sequence[Incident], sign: float) -> float:
    """The best F1 of thresholds with holds of which each is tried by itself; -inf without any."""
    signals = [_Signal.of(one, incidents, sign) for one in seen]
    if not any(one.windows for one in signals):
        return -np.inf
    known = np.unique(np.concatenate([one.values[~np.isnan(one.values)] for one in signals]))
    places = np.linspace(0, len(known) - 1, _BRUTE_THRESHOLDS).round().astype(np.int64)
    thresholds = known[np.unique(places)][1:]  # the smallest is always reached
    return max(
        (_f1(signals, t, steps) for t in thresholds.tolist() for steps in range(_MOST_STEPS + 1)),
        default=-np.inf,
    )


@dataclass(frozen=True)
class _Signal:
    """A part of a series whose high values are bad; `windows` from moment to moment."""

    values: Floats
    windows: list[tuple[int, int]]
    is_inside: NDArray[np.bool_]

    @classmethod
    def of(cls, recording: Recording, incidents: Sequence[Incident], sign: float) -> "_Signal":
        times = recording.times
        windows = [
            (
                max(int(np.searchsorted(times, one.start, side="right")) - 1, 0),
                int(np.searchsorted(times, one.until, side="left")),
            )
            for one in incidents
            if one.start < recording.end and one.until > recording.start
        ]
        is_inside = np.zeros(len(times), dtype=np.bool_)
        for first, last in windows:
            is_inside[first:last] = True
        return cls(sign * recording.values[0], windows, is_inside)

    def alarms(self, threshold: float, steps: int) -> NDArray[np.bool_]:
        """Where one is on: the value has been bad for `steps` moments before, too."""
        is_bad = self.values >= threshold
        moments = np.arange(len(is_bad))
        since = np.maximum.accumulate(np.where(is_bad, -1, moments))
        return np.asarray(moments - since > steps)


def _f1(signals: Sequence[_Signal], threshold: float, steps: int) -> float:
    """F1 of one threshold with one hold; -inf where it may not be proposed."""
    shares: list[float] = []
    found = n_windows = wrong = healthy = 0
    for one in signals:
        is_on = one.alarms(threshold, steps)
        turns = np.flatnonzero(np.diff(np.concatenate([[0], is_on.astype(np.int8), [0]])))
        shares += [float(one.is_inside[a:b].mean()) for a, b in turns.reshape(-1, 2).tolist()]
        found += sum(bool(is_on[a:b].any()) for a, b in one.windows)
        n_windows += len(one.windows)
        wrong += int(np.count_nonzero(is_on & ~one.is_inside))
        healthy += int(np.count_nonzero(~one.is_inside))
    precision = float(np.mean(shares)) if shares else 0.0
    recall = found / n_windows
    if not found or precision < _LEAST_PRECISION or wrong > _MOST_HEALTHY * healthy:
        return -np.inf
    return 2.0 * precision * recall / (precision + recall)


if __name__ == "__main__":
    sys.exit(main())
