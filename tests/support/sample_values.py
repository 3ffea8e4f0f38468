"""Samples of all sorts: times that are not regular, and every kind of float there is."""

from __future__ import annotations

import struct
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from simulator.tsdb.blocks import STALE, Samples
from tests.support.chunk_oracle import float_bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.support.block_reader import Series

#: The start of a block of two hours.
START_MS = 1_799_942_400_000

AWKWARD = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    1 / 3,
    5e-324,
    -5e-324,
    2.2250738585072009e-308,
    1.7976931348623157e308,
    -1.7976931348623157e308,
    float("inf"),
    float("-inf"),
    float("nan"),
    2.0**53,
    2.0**53 + 2,
    9.007199254740993e15,
    1e-300,
)
ALL_BITS = struct.unpack(">d", b"\xff" * 8)[0]  # a NaN
STALE_BITS = float_bits(float(STALE))

floats_as_bits = st.one_of(
    st.sampled_from([*map(float_bits, AWKWARD), STALE_BITS]),
    st.integers(0, 2**64 - 1),
    st.integers(0, 63).map(lambda bit: 1 << bit),
    st.integers(0, 50).map(lambda number: float_bits(float(number))),
)
time_steps = st.one_of(
    st.just(15_000),
    st.integers(1, 50_000),
    st.sampled_from([1, 8191, 8192, 8193, 2**16, 2**16 + 1, 2**19, 2**19 + 1, 2**20, 2**33, 2**40]),
)

#: Steps whose differences are just past what 14, 17 and 20 bits hold.
EDGES = (15_000, 6_808, 15_000, 23_193, 15_000, 80_537, 15_001, 539_290, 15_002)


def one_chunk(
    times: list[int], bits: list[int], *, width: int
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """A row of so many samples, filled up with the last."""
    more = width - len(times)
    return (
        np.array(times + times[-1:] * more, np.int64),
        np.array(bits + bits[-1:] * more, np.uint64),
    )


def kept(bits: int) -> float:
    return float(struct.unpack(">d", struct.pack(">Q", bits))[0])


def samples_of(series: dict[tuple[tuple[str, str], ...], dict[int, float]]) -> Samples:
    """The samples of series that are given as their values by time."""
    times = sorted({time for values in series.values() for time in values})
    is_present = np.array([[time in values for time in times] for values in series.values()])
    values = np.zeros(is_present.shape)
    for row, found in enumerate(series.values()):
        for column, time in enumerate(times):
            values[row, column] = found.get(time, 0.0)
    return Samples(
        [dict(labels) for labels in series],
        np.array(times, np.int64),
        values,
        is_present.reshape(len(series), len(times)),
    )


def given_series(samples: Samples) -> Series:
    """The times and the bits of the values of each series, as a block is to have them."""
    found = {}
    for labels, row, present in zip(
        samples.labels, samples.values.view(np.uint64), samples.is_present, strict=True
    ):
        pairs = tuple(sorted(pair for pair in labels.items() if pair[1]))
        times = samples.times_ms[present].tolist()
        if times:
            found[pairs] = list(zip(times, row[present].tolist(), strict=True))
    return found


def series_counts(samples: Samples) -> Counter[tuple[str, str]]:
    """How many series with samples have each pair of a label's name and value."""
    return Counter(
        pair
        for labels, present in zip(samples.labels, np.any(samples.is_present, axis=1), strict=True)
        for pair in labels.items()
        if present and pair[1]
    )


def generated(*, seed: int, n_series: int = 60, n_ticks: int = 700) -> Samples:
    """Series with gaps, that begin late or end early, of all kinds of values and 1 to 700 samples.

    Times are not regular, and span more than one block.
    """
    rng = np.random.default_rng(seed)
    steps = rng.choice([1, 1000, 15_000, 15_001, 90_000], n_ticks, p=[0.05, 0.2, 0.5, 0.2, 0.05])
    steps[: len(EDGES)] = EDGES
    times = START_MS + rng.integers(0, 15_000) + np.cumsum(steps)
    kinds = np.stack(
        [
            rng.poisson(3, n_ticks).cumsum(),
            rng.normal(size=n_ticks),
            rng.choice(AWKWARD, n_ticks),
            np.repeat(rng.normal(size=n_ticks // 50), 50),
            np.full(n_ticks, 0.1),
            rng.choice([0.0, ALL_BITS], n_ticks),
        ]
    )
    ticks = np.arange(n_ticks)
    first, last = np.sort(rng.integers(0, n_ticks, (2, n_series, 1)), axis=0)
    is_present = (ticks >= first) & (ticks <= last) & (rng.random((n_series, n_ticks)) < 0.9)
    is_present |= rng.integers(0, n_ticks, (n_series, 1)) == ticks  # one at least
    is_present[: len(kinds)] = True
    labels = [_labels(number, rng) for number in range(n_series)]
    return Samples(labels, times, kinds[np.arange(n_series) % len(kinds)], is_present)


def _labels(number: int, rng: np.random.Generator) -> dict[str, str]:
    values = ["", "é", "日本", 'a "quoted" \\ one', "two\nlines", "z", "Z", "🏦" * 40, "x" * 200]
    return {
        "__name__": f"metric_{number % 7}",
        "number": f"{number}",
        "z": values[int(rng.integers(len(values)))],
        "A": values[int(rng.integers(len(values)))],
    }
