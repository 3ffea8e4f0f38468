"""The mappings that docs/mapping.md shows can be used as they stand there."""

import re
from typing import Final

import numpy as np
import pytest

from simulator.mapping.export import Export
from simulator.mapping.loading import parse_mapping
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from tests.support.checkout import CHECKOUT
from tests.support.scenario_builders import MONDAY

_TEXT: Final = (CHECKOUT / "docs" / "mapping.md").read_text(encoding="utf-8")
EXAMPLES: Final = [
    text
    for text in re.findall(r"```yaml\n(.*?)```", _TEXT, re.DOTALL)
    if "\nmetrics:" in f"\n{text}"
]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_metric_of_an_example_has_samples_in_the_tour(example: str) -> None:
    head = "" if "version: 1" in example else "version: 1\nname: example\n"
    names, tour = parse_mapping(head + example, "docs/mapping.md"), load_scenario("tour")
    run = Simulation(tour, origin=MONDAY, step=15.0)
    samples = Export(names, tour).samples(run.advance(700))
    for family, blocks in samples:
        assert not np.isnan(np.concatenate(blocks, axis=2)).all(), family.name
