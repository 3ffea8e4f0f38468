"""What scenarios' runs are in blocks, beside blocks that promtool makes of their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.mapping.chosen import chosen_draw
from simulator.mapping.loading import default_mapping
from simulator.metrics.columns import plain_bound, pointed_bound
from simulator.metrics.openmetrics import openmetrics
from simulator.metrics.samples import samples
from simulator.runtime.history.windows import BLOCK_SECONDS, Run
from simulator.scenario.timed_run import TimedRun
from simulator.tsdb.blocks import write_block
from simulator.tsdb.ulids import ulid

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.real_tsdb import Programs

pytestmark = pytest.mark.e2e

START, STEP = 1_799_942_400.0, 120.0
BOUNDARY, SPAN = (START // BLOCK_SECONDS + 1) * BLOCK_SECONDS, 7200.0


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", ["calm", "tour", "on-call"])
def test_two_windows_of_a_scenario_are_as_its_text_says(
    tmp_path: Path, installed: Programs, name: str, seed: int
) -> None:
    scenario = chosen_draw(name, default_mapping(), origin=START, seed=seed, compress=3.0).scenario
    run = Run(TimedRun(scenario, BOUNDARY - SPAN, BOUNDARY + SPAN - STEP, STEP, "lab"))
    ours, texts, text = tmp_path / "ours", tmp_path / "texts", tmp_path / "window.om"
    for number, window in enumerate(run.windows()):
        found = samples(window.families, window.times)
        write_block(found, folder=ours, ulid=ulid(number, entropy=bytes(10)))
        with text.open("w", encoding="utf-8") as file:
            file.writelines(openmetrics(window.families, window.times))
        installed.tsdb("create-blocks-from", "openmetrics", str(text), str(texts))
    dump = installed.dump(ours)
    assert len(dump) > 80_000
    assert dump == installed.dump(texts)


def test_bounds_are_those_that_prometheus_3_makes_of_text(
    tmp_path: Path, prometheus_3: Programs
) -> None:
    calm = chosen_draw("calm", default_mapping(), origin=START, seed=1).scenario
    end = START + 10 * STEP
    (plain,), (pointed,) = (
        list(Run(TimedRun(calm, START, end, STEP, "lab"), bound=bound).windows())
        for bound in (plain_bound, pointed_bound)
    )
    text = tmp_path / "window.om"
    text.write_text("".join(openmetrics(plain.families, plain.times)), encoding="utf-8")
    prometheus_3.tsdb("create-blocks-from", "openmetrics", str(text), str(tmp_path / "texts"))
    dump = prometheus_3.dump(tmp_path / "texts")
    for name, window in (("plain", plain), ("pointed", pointed)):
        found = samples(window.families, window.times)
        write_block(found, folder=tmp_path / name, ulid=ulid(0, entropy=bytes(10)))
    assert prometheus_3.dump(tmp_path / "pointed") == dump
    assert prometheus_3.dump(tmp_path / "plain") != dump
