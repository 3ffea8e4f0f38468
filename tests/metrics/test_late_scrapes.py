"""Late scrapes in a history: later and fewer samples, each within its tick and its block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.metrics.columns import trace_columns
from simulator.metrics.late_scrapes import is_scraped, scraped_late
from simulator.metrics.openmetrics import Column, FamilyColumns, SeriesColumns, openmetrics
from simulator.metrics.samples import samples
from simulator.metrics.staleness import with_staleness_marks
from simulator.simulation.engine import Simulation
from simulator.tsdb.blocks import BLOCK_MS, STALE
from tests.support.exported import samples_from_start
from tests.support.scenario_builders import episode, scenario

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

STEP: Final = 15.0
#: Ten minutes before a block ends.
ORIGIN: Final = 1_794_182_400.0 - 600.0
N_TICKS: Final = 120
STALE_BITS: Final = int(STALE.view(np.uint64))


def columns_of(
    late: float,
) -> tuple[list[FamilyColumns], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    fields = {"jobs": ["minio"], "mode": "late", "late_seconds": late}
    simulation = Simulation(scenario(episode("scrape-gap", **fields)), origin=ORIGIN, step=STEP)
    trace = simulation.advance(N_TICKS)
    columns = trace_columns(trace, samples_from_start(trace), instance="lab")
    return columns, trace.grid.ends.astype(np.float64)


@pytest.mark.parametrize(("late", "share"), [(10.0, 1.0), (30.0, 0.5), (60.0, 0.25)])
def test_late_scrapes_are_later_and_fewer(late: float, share: float) -> None:
    families, ends = columns_of(late)
    on_time = samples(families, ends)
    found = scraped_late(on_time, families)

    of_minio = np.array([labels["job"] == "minio" for labels in found.labels])
    others = found.is_present[~of_minio].any(axis=0)
    assert found.times_ms[others].tolist() == on_time.times_ms.tolist()
    (moments,) = np.unique(found.is_present[of_minio], axis=0)
    times = found.times_ms[moments]
    tick = (times - on_time.times_ms[0]) // round(STEP * 1000)
    assert (np.diff(tick) > 0).all(), "at most one of each tick"
    assert ((times - on_time.times_ms[tick]) > 0).all()
    assert (times // BLOCK_MS == on_time.times_ms[tick] // BLOCK_MS).all()
    assert len(times) / N_TICKS == pytest.approx(share, abs=6 * np.sqrt(0.25 / N_TICKS))
    wanted = on_time.values[of_minio][:, tick]
    np.testing.assert_array_equal(found.values[of_minio][:, moments], wanted)


def test_text_has_the_samples_of_blocks() -> None:
    families, ends = columns_of(30.0)
    found = scraped_late(samples(families, ends), families)
    row = next(
        i
        for i, labels in enumerate(found.labels)
        if labels["__name__"] == "minio_cluster_drive_total"
    )
    lines = [
        line.split()[1:]
        for line in "".join(openmetrics(families, ends)).splitlines()
        if line.startswith("minio_cluster_drive_total{")
    ]

    is_there = found.is_present[row]
    times = [round(float(time) * 1000) for _, time in lines]
    assert times == found.times_ms[is_there].tolist()
    assert [float(value) for value, _ in lines] == found.values[row, is_there].tolist()


def test_nothing_late_is_the_very_same_samples() -> None:
    family = one_series([1.0, 2.0], None)
    on_time = samples([family], np.array([15.0, 30.0]))

    assert scraped_late(on_time, [family]) is on_time


def one_series(values: ArrayLike, late: ArrayLike | None) -> FamilyColumns:
    series = SeriesColumns((("job", "api"),), (Column("", "", np.array(values)),))
    lateness = None if late is None else np.array(late)
    return FamilyColumns("up", "gauge", "Is it?", (series,), lateness)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_marks_are_those_of_a_scraper_that_left_scrapes_out(
    ticks: list[tuple[bool, bool]],
) -> None:
    """Whether there is a sample and whether a scrape is made; all are 1 s late."""
    there, made = (np.array(column) for column in zip(*ticks, strict=True))
    family = one_series(np.where(there, 1.0, np.nan), np.where(made, 1.0, np.nan))
    plain = samples([family], 15.0 * np.arange(len(ticks), dtype=np.float64))

    marked, _ = with_staleness_marks(plain, is_scraped([family], len(ticks)))
    found = scraped_late(marked, [family])

    written = {
        time: bits == STALE_BITS
        for time, bits, present in zip(
            found.times_ms.tolist(),
            found.values[0].view(np.uint64).tolist(),
            found.is_present[0].tolist(),
            strict=True,
        )
        if present
    }
    assert written == scraped(there.tolist(), made.tolist())


def scraped(there: list[bool], made: list[bool]) -> dict[int, bool]:
    """When a scraper writes something, and whether that is a mark."""
    written, is_known = {}, False
    for tick, (is_there, is_made) in enumerate(zip(there, made, strict=True)):
        if is_made and (is_there or is_known):
            written[tick * 15_000 + 1000] = not is_there
        if is_made:
            is_known = is_there
    return written
