"""A state that is shifted, and metrics whose range is assumed."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.errors import MappingError
from simulator.mapping.chosen import chosen_plan
from simulator.mapping.export import Exports
from simulator.mapping.loading import parse_mapping
from simulator.simulation.engine import Simulation

METRICS = """
version: 1
name: m
metrics:
  plain: {measure: accuracy}
  moved: {measure: accuracy, scale: 2, shift: 0.5}
"""


def test_what_is_shown_is_scaled_and_then_shifted() -> None:
    mapping = parse_mapping(METRICS, "m")
    scenario = chosen_plan("calm", mapping)
    trace = Simulation(scenario, origin=0.0, step=300.0).advance(3)
    plain, moved = Exports(mapping).of(scenario).samples(trace)
    assert np.array_equal(moved.blocks[0], plain.blocks[0] * 2 + 0.5)


@pytest.mark.parametrize("measure", ["applications", "http_requests"])
def test_what_is_counted_cannot_be_shifted(measure: str) -> None:
    text = f"{{version: 1, name: m, metrics: {{x: {{measure: {measure}, shift: 1}}}}}}"
    with pytest.raises(MappingError, match="shift: only a state can be shifted"):
        parse_mapping(text, "m")
