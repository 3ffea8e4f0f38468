"""What scenarios' runs are in blocks, beside blocks that promtool makes of their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.metrics.openmetrics import openmetrics
from simulator.metrics.samples import samples
from simulator.runtime.history.blocks import BLOCK_SECONDS, Run
from simulator.scenario.loading import chosen_scenario
from simulator.scenario.timed_run import TimedRun
from simulator.tsdb.blocks import write_block
from simulator.tsdb.ulids import ulid

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.real_tsdb import Programs

pytestmark = pytest.mark.e2e

START, STEP = 1_799_942_400.0, 120.0


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", ["calm", "tour", "on-call"])
def test_two_windows_of_a_scenario_are_as_its_text_says(
    tmp_path: Path, installed: Programs, name: str, seed: int
) -> None:
    scenario = chosen_scenario(name, seed=seed, compress=6.0)
    run = Run(TimedRun(scenario, START, START + 2 * BLOCK_SECONDS - STEP, STEP, "lab"))
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
