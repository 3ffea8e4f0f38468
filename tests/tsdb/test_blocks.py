"""Blocks, read the plain way; what a real Prometheus makes of them is in test_blocks_e2e."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.tsdb import blocks, chunks
from simulator.tsdb.blocks import BLOCK_MS, STALE, Samples, windows, write_block
from simulator.tsdb.ulids import ulid
from tests.support.block_reader import Series, read_block
from tests.support.chunk_oracle import float_bits
from tests.support.sample_values import STALE_BITS, START_MS, generated, given_series, samples_of

NAME = ulid(START_MS, entropy=bytes(10))
UP = (("__name__", "up"),)


def written(samples: Samples, folder: Path) -> Series:
    return read_block(write_block(samples, folder=folder, ulid=NAME))


@pytest.mark.parametrize("seed", range(5))
def test_every_bit_of_every_sample_is_there(tmp_path: Path, seed: int) -> None:
    samples = generated(seed=seed)
    assert written(samples, tmp_path) == given_series(samples)


label_sets = st.dictionaries(
    st.sampled_from(["__name__", "a", "b", "Z", "é"]), st.text(max_size=3), max_size=4
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        label_sets,
        min_size=1,
        max_size=12,
        unique_by=lambda d: frozenset(p for p in d.items() if p[1]),
    )
)
def test_any_labels_are_sorted_as_their_bytes_are(
    tmp_path_factory: pytest.TempPathFactory, labels: list[dict[str, str]]
) -> None:
    values = np.arange(len(labels), dtype=np.float64)[:, np.newaxis]
    samples = Samples(labels, np.array([START_MS]), values, np.ones(values.shape, np.bool_))
    assert written(samples, tmp_path_factory.mktemp("block")) == given_series(samples)


def test_a_staleness_mark_keeps_its_bits(tmp_path: Path) -> None:
    samples = samples_of({UP: {START_MS: 1.0, START_MS + 15_000: float(STALE)}})
    assert written(samples, tmp_path)[UP][1] == (START_MS + 15_000, STALE_BITS)


def test_an_absent_sample_is_none_whatever_its_value(tmp_path: Path) -> None:
    samples = samples_of({UP: {0: 1.0}, (("__name__", "down"),): {5: 2.0}})
    assert written(samples, tmp_path)[UP] == [(0, float_bits(1.0))]


def test_a_series_without_samples_is_not_in_the_block(tmp_path: Path) -> None:
    values = np.ones((2, 1))
    samples = Samples(
        [{"__name__": "up"}, {"__name__": "never"}],
        np.array([START_MS]),
        values,
        np.array([[True], [False]]),
    )
    assert list(written(samples, tmp_path)) == [UP]


def test_a_label_without_a_value_is_none(tmp_path: Path) -> None:
    samples = samples_of({(("__name__", "up"), ("job", "")): {0: 1.0}})
    assert list(written(samples, tmp_path)) == [UP]


def test_times_before_1970_are_kept(tmp_path: Path) -> None:
    samples = samples_of({UP: {-5: 1.0, 3: 2.0}})
    assert [time for time, _ in written(samples, tmp_path)[UP]] == [-5, 3]


def test_the_widest_span_of_times_is_kept(tmp_path: Path) -> None:
    samples = samples_of({UP: {-(2**54): 1.0, 0: 2.0, 2**54: 3.0}})
    assert written(samples, tmp_path) == given_series(samples)


def test_segments_go_on_in_the_next_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "_SEGMENT_BYTES", 20_000)
    monkeypatch.setattr(chunks, "_BATCH_CHUNKS", 5)
    samples = generated(seed=1)
    assert written(samples, tmp_path) == given_series(samples)
    files = sorted((tmp_path / NAME / "chunks").iterdir())
    assert [file.name for file in files[:2]] == ["000001", "000002"]
    assert max(file.stat().st_size for file in files) <= 20_000


def test_the_same_samples_are_the_same_bytes(tmp_path: Path) -> None:
    one, other = (
        write_block(generated(seed=2), folder=tmp_path / name, ulid=NAME) for name in "ab"
    )
    for name in ("index", "chunks/000001", "meta.json", "tombstones"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_the_order_of_the_series_changes_nothing(tmp_path: Path) -> None:
    samples = generated(seed=3)
    backwards = Samples(
        samples.labels[::-1], samples.times_ms, samples.values[::-1], samples.is_present[::-1]
    )
    one = write_block(samples, folder=tmp_path / "one", ulid=NAME)
    other = write_block(backwards, folder=tmp_path / "other", ulid=NAME)
    for name in ("index", "chunks/000001"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_windows_end_where_blocks_do() -> None:
    samples = generated(seed=4)
    cut = list(windows(samples))
    assert len(cut) > 1
    for one, other in pairwise(cut):
        assert one.times_ms[-1] // BLOCK_MS < other.times_ms[0] // BLOCK_MS
    for one in cut:
        assert one.times_ms[0] // BLOCK_MS == one.times_ms[-1] // BLOCK_MS
    assert np.concatenate([one.times_ms for one in cut]).tolist() == samples.times_ms.tolist()
    assert sum(one.is_present.sum() for one in cut) == samples.is_present.sum()


def test_a_sample_on_a_boundary_is_in_the_later_window() -> None:
    samples = samples_of({UP: {START_MS - 1: 1.0, START_MS: 2.0, START_MS + BLOCK_MS: 3.0}})
    assert [one.times_ms.tolist() for one in windows(samples)] == [
        [START_MS - 1],
        [START_MS],
        [START_MS + BLOCK_MS],
    ]


def test_the_block_is_renamed_when_all_of_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, rename = os.fsync, Path.rename

    def name_of(handle: int) -> str:
        return Path(f"/proc/self/fd/{handle}").readlink().name

    def recorded_sync(handle: int) -> None:
        done.append(name_of(handle))
        sync(handle)

    def recorded_rename(self: Path, target: Path) -> Path:
        done.append(f"{self.name} becomes {target.name}")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", recorded_sync)
    monkeypatch.setattr(Path, "rename", recorded_rename)
    write_block(generated(seed=1), folder=tmp_path, ulid=NAME)
    unfinished = f"{NAME}.tmp-for-creation"
    assert done == [
        "000001",
        "index",
        "tombstones",
        "meta.json",
        "chunks",
        unfinished,
        f"{unfinished} becomes {NAME}",
        tmp_path.name,
    ]


def test_what_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blocks, "index_file", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_block(generated(seed=1), folder=tmp_path, ulid=NAME)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_replaced(tmp_path: Path) -> None:
    left = tmp_path / f"{NAME}.tmp-for-creation" / "chunks"
    left.mkdir(parents=True)
    (left / "000001").write_bytes(b"half")
    written(generated(seed=1), tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == [NAME]


def test_a_block_is_never_replaced(tmp_path: Path) -> None:
    before = written(generated(seed=1), tmp_path)
    with pytest.raises(FileExistsError, match=NAME):
        write_block(generated(seed=2), folder=tmp_path, ulid=NAME)
    assert read_block(tmp_path / NAME) == before


def test_no_sample_at_all_is_refused(tmp_path: Path) -> None:
    nothing = Samples([], np.array([], np.int64), np.zeros((0, 0)), np.zeros((0, 0), np.bool_))
    with pytest.raises(ValueError, match="at least one sample"):
        write_block(nothing, folder=tmp_path, ulid=NAME)
    assert list(tmp_path.iterdir()) == []


def test_two_series_of_the_same_labels_are_refused(tmp_path: Path) -> None:
    samples = samples_of({UP: {0: 1.0}, (*UP, ("job", "")): {0: 2.0}})
    with pytest.raises(ValueError, match=r"series 0 and 1 have the same labels.*up"):
        write_block(samples, folder=tmp_path, ulid=NAME)


def test_a_name_that_is_no_ulid_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'block-1' is no ULID"):
        write_block(generated(seed=1), folder=tmp_path, ulid="block-1")


ONE = np.ones((1, 2))


@pytest.mark.parametrize(
    ("times", "values", "present", "said"),
    [
        (np.array([1, 1]), ONE, ONE > 0, "do not ascend"),
        (np.array([2, 1]), ONE, ONE > 0, "do not ascend"),
        (np.array([1.0, 2.0]), ONE, ONE > 0, "times_ms: float64"),
        (np.array([1, 2]), ONE.astype(np.float32), ONE > 0, "values: float32"),
        (np.array([1, 2]), ONE, ONE, "is_present: float64"),
        (np.array([1, 2]), ONE.T, ONE > 0, r"values: float64 of shape \(2, 1\)"),
        (np.array([1]), ONE, ONE > 0, "values: float64 of shape"),
        (np.array([1, 2**54 + 1]), ONE, ONE > 0, "are past"),
        (np.array([-(2**54) - 1, 1]), ONE, ONE > 0, "are past"),
    ],
)
def test_samples_that_do_not_fit_are_refused(
    times: np.ndarray, values: np.ndarray, present: np.ndarray, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Samples([{"__name__": "up"}], times, values, present)
