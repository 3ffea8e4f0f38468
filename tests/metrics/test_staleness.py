"""Staleness marks of windows, against a plain loop from scrape to scrape."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from simulator.metrics.staleness import with_staleness_marks
from simulator.tsdb.blocks import STALE, Samples

Bools = NDArray[np.bool_]

STALE_BITS = int(STALE.view(np.uint64))


def samples_of(is_present: Bools, *, first: int = 0) -> Samples:
    """Ones where there is a sample, every 15 seconds from tick `first` on."""
    n_series, n_ticks = is_present.shape
    labels = [{"__name__": "up", "number": str(number)} for number in range(n_series)]
    times = (first + np.arange(n_ticks)) * 15_000
    return Samples(labels, times, np.where(is_present, 1.0, np.nan), is_present)


def written(found: Samples) -> list[dict[int, int]]:
    """The bits of each series' samples by their time."""
    return [
        {
            time: bits
            for time, bits, is_there in zip(
                found.times_ms.tolist(), row.view(np.uint64).tolist(), present, strict=True
            )
            if is_there
        }
        for row, present in zip(found.values, found.is_present.tolist(), strict=True)
    ]


def scraped(is_present: Bools, is_scraped: Bools) -> list[dict[int, int]]:
    """What a scraper writes: a value where there is one, and once a mark where there was one."""
    one = int(np.float64(1.0).view(np.uint64))
    every = []
    for row, made in zip(is_present.tolist(), is_scraped.tolist(), strict=True):
        series, is_known = {}, False
        for tick in np.flatnonzero(made).tolist():
            if row[tick]:
                series[tick * 15_000] = one
            elif is_known:
                series[tick * 15_000] = STALE_BITS
            is_known = row[tick]
        every.append(series)
    return every


def matrices(n_series: int, n_ticks: int) -> st.SearchStrategy[Bools]:
    row = st.lists(st.booleans(), min_size=n_ticks, max_size=n_ticks)
    rows = st.lists(row, min_size=n_series, max_size=n_series)
    return rows.map(lambda found: np.array(found, dtype=np.bool_))


@given(st.integers(1, 3), st.integers(1, 30), st.data())
def test_however_windows_are_cut_marks_are_those_of_a_scraper(
    n_series: int, n_ticks: int, data: st.DataObject
) -> None:
    is_present, is_scraped = (data.draw(matrices(n_series, n_ticks)) for _ in range(2))
    cuts = sorted(data.draw(st.sets(st.integers(1, n_ticks))) - {n_ticks})
    found: list[dict[int, int]] = [{} for _ in range(n_series)]
    were_present = np.zeros(n_series, dtype=np.bool_)
    for start, end in pairwise([0, *cuts, n_ticks]):
        window = samples_of(is_present[:, start:end], first=start)
        marked, were_present = with_staleness_marks(window, is_scraped[:, start:end], were_present)
        found = [series | more for series, more in zip(found, written(marked), strict=True)]
    assert found == scraped(is_present, is_scraped)


def marked_window(found: Samples, *, were_present: bool = False) -> Samples:
    """One window, of every tick of which a scrape is made."""
    every = np.ones(found.is_present.shape, dtype=np.bool_)
    return with_staleness_marks(found, every, np.array([were_present]))[0]


def test_a_value_that_is_no_number_ends_nothing() -> None:
    """A nan that is exposed is a sample; only what is absent ends."""
    present = np.array([[True, True]])
    found = Samples([{"__name__": "up"}], np.array([0, 15]), np.array([[1.0, np.nan]]), present)
    marked = marked_window(found, were_present=True)
    assert marked.values.view(np.uint64).tolist() == found.values.view(np.uint64).tolist()


@pytest.mark.parametrize("before", [0, 1])
def test_what_ended_with_the_window_before_gets_its_mark_in_this_one(before: int) -> None:
    window = samples_of(np.array([[False, False, True]]))
    (series,) = written(marked_window(window, were_present=bool(before)))
    assert [time for time, bits in series.items() if bits == STALE_BITS] == [0] * before


def test_the_samples_given_stay_as_they_were() -> None:
    window = samples_of(np.array([[True, False]]))
    marked_window(window)
    assert window.is_present.tolist() == [[True, False]]
