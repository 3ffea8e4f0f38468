"""Metrics of mappings written in a test, over a run that is cut where the test says."""

import json
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from simulator.mapping.export import Export
from simulator.mapping.loading import parse_mapping
from simulator.mapping.model import Mapping
from simulator.metrics.families import FamilySamples
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Floats
from simulator.simulation.engine import Simulation
from tests.support.scenario_builders import MONDAY

STEP = 15.0


class Shown(NamedTuple):
    """The samples of one series: its name and its labels, its job among them."""

    name: str
    labels: dict[str, str]
    values: Floats


def mapping(**metrics: dict[str, Any]) -> Mapping:
    """A mapping with these metrics, checked as a file is."""
    content = {"version": 1, "name": "written", "metrics": metrics}
    return parse_mapping(json.dumps(content), "written")  # JSON is YAML


def shown(
    scenario: Scenario, metrics: Mapping, ticks: Sequence[int], *, step: float = STEP
) -> list[Shown]:
    """All series of a run in pieces of so many ticks; values are joined, shape (ticks, parts)."""
    export, run = Export(metrics, scenario), Simulation(scenario, origin=MONDAY, step=step)
    return joined([export.samples(run.advance(n)) for n in ticks])


def joined(pieces: Sequence[Sequence[FamilySamples]]) -> list[Shown]:
    """The series of samples that follow each other."""
    found: list[Shown] = []
    for place, (family, _) in enumerate(pieces[0]):
        values = np.concatenate([np.concatenate(piece[place].blocks, axis=2) for piece in pieces])
        for row, texts in enumerate(family.series):
            labels = {**dict(zip(family.labels, texts, strict=True)), "job": family.job}
            found.append(Shown(family.name, labels, values[:, row].astype(np.float64)))
    return found


def values_of(series: Sequence[Shown], name: str, **labels: str) -> Floats:
    """The only series of that name and labels, shape (ticks,)."""
    (one,) = [s for s in series if s.name == name and labels.items() <= s.labels.items()]
    assert one.values.shape[1] == 1
    return one.values[:, 0]


def over_a_file(left: MappingOf[str, Any]) -> dict[str, Any]:
    """What an export left, as a handover file gives it back."""
    back: dict[str, Any] = json.loads(json.dumps(left))
    return back
