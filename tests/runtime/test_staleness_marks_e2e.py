"""What marks change of what dashboards show: where series have just ended, and nothing else."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.grafana.dashboard_files import read_dashboards
from simulator.installation import shipped
from simulator.metrics.samples import samples
from simulator.observation.every_panel import Observation, Opened, every_panel
from simulator.observation.over_time import over_time
from simulator.observation.prometheus import Prometheus
from simulator.observation.replay import Moments
from simulator.runtime.history import window_files
from simulator.runtime.history.windows import Run
from simulator.runtime.history.writing import write_history
from simulator.runtime.served_blocks import served_blocks
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun
from tests.support.dense_day import dense_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.observation.panel_values import PanelValues

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

START, STEP, LOOK_BACK = 1_794_182_400.0, 60.0, 300.0

#: The panels in which a version is seen to end.
OF_VERSIONS: Final = {
    *("Model Performance Overview", "Accuracy over Time", "Model Versions"),
    *("Model Drift Detection", "Drift over Time", "Feature Importance"),
    "Observed vs Expected Defaults",
}
#: And those in which jobs are seen that are not scraped, or start anew.
SEEN_IN: Final = {
    "tour": OF_VERSIONS,
    "dense-day": {*OF_VERSIONS, "Data Pipeline Health", "Consumer Lag"},
}

Point = tuple[str, str, frozenset[tuple[str, str]], float]


def run_of(name: str) -> TimedRun:
    """A scenario's whole day."""
    scenario = dense_day() if name == "dense-day" else load_scenario(name)
    return TimedRun(scenario, START, START + scenario.duration, STEP, "lab")


def shown(run: TimedRun, folder: Path) -> dict[Point, float]:
    """Every point that the dashboards' queries give, from a history of the run."""
    write_history([run], folder)
    look = over_time(Moments(run.start, run.end, STEP))
    boards = read_dashboards([shipped("dashboards")])
    opened = Opened(run.end, since=run.start, scrape_interval="1m")
    with served_blocks(folder, scrape_interval_seconds=STEP) as url, Prometheus(url) as client:
        return dict(
            point
            for one in every_panel(boards, client, opened, look)
            if isinstance(one, Observation)
            for point in points(one)
        )


def points(panel: Observation[PanelValues]) -> Iterator[tuple[Point, float]]:
    for result in panel.results:
        for answer in result.answers:
            for series in answer.answer.series:
                labels = frozenset(series.labels.items())
                for time, value in zip(series.times.tolist(), series.values.tolist(), strict=True):
                    yield (panel.panel.title, result.target.ref_id, labels, time), value


def ends(run: TimedRun) -> NDArray[np.float64]:
    """When series end: there at a tick, and not at the next."""
    cut = list(Run(run).windows())
    is_present = np.concatenate([samples(w.families, w.times).is_present for w in cut], axis=1)
    is_end = (is_present[:, :-1] & ~is_present[:, 1:]).any(axis=0)
    return np.concatenate([window.times for window in cut])[1:][is_end]


@pytest.mark.parametrize("name", ["tour", "dense-day"])
def test_only_what_follows_the_end_of_a_series_within_the_look_back_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    run = run_of(name)
    marked = shown(run, tmp_path / "marked")
    monkeypatch.setattr(window_files, "with_staleness_marks", lambda *given: (given[0], given[2]))
    plain = shown(run, tmp_path / "plain")

    differing = {p for p in marked.keys() | plain.keys() if not same(marked.get(p), plain.get(p))}
    ended = ends(run)
    late = [p for p in differing if not ((ended <= p[3]) & (p[3] < ended + LOOK_BACK)).any()]
    assert late == []
    assert {title for title, *_ in differing} == SEEN_IN[name]


def same(one: float | None, other: float | None) -> bool:
    """Whether both are absent, equal, or no number."""
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))
