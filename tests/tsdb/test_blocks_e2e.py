"""Blocks in the hands of 2.42 and of 3.x: served, compacted and deleted as their own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.tsdb.blocks import STALE, Samples, windows, write_block
from simulator.tsdb.ulids import ulid
from tests.support.real_tsdb import ADMIN
from tests.support.sample_values import START_MS, generated, samples_of, series_counts
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.real_tsdb import Programs

pytestmark = pytest.mark.e2e

COMPACTION_SECONDS = 150.0  # a Prometheus looks for something to merge every minute


def write_blocks(samples: Samples, folder: Path) -> None:
    for window in windows(samples):
        if window.is_present.any():
            name = ulid(int(window.times_ms[0]), entropy=bytes(10))
            write_block(window, folder=folder, ulid=name)


def blocks_in(folder: Path) -> set[str]:
    return {meta.parent.name for meta in folder.glob("*/meta.json")}


@pytest.mark.parametrize("seed", range(3))
def test_every_sample_is_as_in_blocks_made_of_text(
    tmp_path: Path, programs: Programs, seed: int
) -> None:
    samples = generated(seed=seed)
    write_blocks(samples, tmp_path / "ours")
    programs.write_text_as_blocks(samples, tmp_path / "texts")
    dump = programs.dump(tmp_path / "ours")
    assert dump == programs.dump(tmp_path / "texts")
    assert len(dump) == samples.is_present.sum()


def test_the_dump_tells_values_apart(tmp_path: Path, programs: Programs) -> None:
    """Else two dumps would be the same whatever was written."""
    up = (("__name__", "up"),)
    dumps = []
    for number, value in enumerate([0.0, -0.0, 5e-324, 0.1, float(np.nextafter(0.1, 1.0))]):
        write_blocks(samples_of({up: {START_MS: value}}), tmp_path / f"{number}")
        dumps.append(tuple(programs.dump(tmp_path / f"{number}")))
    assert len(set(dumps)) == len(dumps)


def test_series_are_found_by_each_of_their_labels(tmp_path: Path, programs: Programs) -> None:
    samples = next(windows(generated(seed=4)))
    write_blocks(samples, tmp_path / "ours")
    with programs.serving(tmp_path / "ours") as server:
        expected = series_counts(samples)
        assert {pair: server.count(pair) for pair in expected} == expected
        assert server.label_names() == sorted({name for name, _ in expected})


def test_a_staleness_mark_ends_a_series_at_once(tmp_path: Path, programs: Programs) -> None:
    ended, going = (("__name__", "ended"),), (("__name__", "lingering"),)
    samples = samples_of(
        {
            ended: {START_MS: 1.0, START_MS + 15_000: float(STALE)},
            going: {START_MS: 1.0},
        }
    )
    write_blocks(samples, tmp_path / "ours")
    with programs.serving(tmp_path / "ours") as server:
        seen = '{__name__=~"ended|lingering"}'
        at = START_MS / 1000
        assert server.values(seen, at=at + 14) == {"ended": "1", "lingering": "1"}
        assert server.values(seen, at=at + 15) == {"lingering": "1"}


def test_what_is_deleted_is_gone_and_the_rest_rewritten_as_it_was(
    tmp_path: Path, programs: Programs
) -> None:
    folder = tmp_path / "ours"
    write_blocks(generated(seed=5), folder)
    before, names = programs.dump(folder), blocks_in(folder)
    with programs.serving(folder, ADMIN) as server:
        server.rewrite_without("metric_3")
    assert not names & blocks_in(folder)
    kept = [line for line in before if '__name__="metric_3"' not in line]
    assert len(kept) < len(before)
    assert programs.dump(folder) == kept


def test_live_samples_go_on_where_blocks_end(tmp_path: Path, programs: Programs) -> None:
    now = int(time.time() * 1000)
    write_blocks(samples_of({(("__name__", "up"),): {now - 1000: 1.0}}), tmp_path / "ours")
    config = (
        "global: {scrape_interval: 1s}\n"
        "scrape_configs: [{job_name: itself, static_configs: [{targets: ['127.0.0.1:1']}]}]\n"
    )
    with programs.serving(tmp_path / "ours", config=config) as server:
        wait_until(lambda: server.values('up{job="itself"}', at=time.time()), "a scrape")


@pytest.mark.slow
@pytest.mark.timeout(COMPACTION_SECONDS + 60.0)
def test_blocks_are_merged_as_they_are(
    tmp_path: Path, installed: Programs, prometheus_3: Programs
) -> None:
    """Both at once, since each waits for a minute."""
    samples = generated(seed=6, n_ticks=3000)
    folders = [tmp_path / name for name in ("installed", "prometheus-3")]
    for folder in folders:
        write_blocks(samples, folder)
    before, names = installed.dump(folders[0]), blocks_in(folders[0])
    with installed.serving(folders[0]), prometheus_3.serving(folders[1]):
        end = time.monotonic() + COMPACTION_SECONDS
        while any(len(blocks_in(folder)) >= len(names) for folder in folders):
            assert time.monotonic() < end, "they are not merged"
            time.sleep(0.2)
    assert [installed.dump(folder) for folder in folders] == [before, before]
