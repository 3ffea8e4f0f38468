"""The metrics of this project's own dashboards: their families, and the samples of a trace."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from simulator.mapping.export import Export
from simulator.mapping.loading import default_mapping
from simulator.scenario.loading import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.metrics.families import Family, FamilySamples
    from simulator.scenario.model import Scenario
    from simulator.simulation.trace import Trace


def export_of(plan: Scenario) -> Export:
    return Export(default_mapping(), plan)


@cache
def default_families() -> tuple[Family, ...]:
    """The families of a platform in health."""
    return export_of(load_scenario("calm")).families


@cache
def _misread() -> dict[str, str]:
    """What prometheus_client reads counters as whose names do not end in _total."""
    names = (family.name for family in default_families() if family.kind == "counter")
    return {f"{name}_total": name for name in names if not name.endswith("_total")}


def as_written(name: str) -> str:
    """The name in an exposition text of a sample that prometheus_client has read from it."""
    return _misread().get(name, name)


def samples_from_start(trace: Trace) -> tuple[FamilySamples, ...]:
    """The samples of a run that begins with this trace."""
    return export_of(trace.scenario).samples(trace)


def exposed(samples: Sequence[FamilySamples], name: str) -> NDArray[np.float64]:
    """The samples of a family, shape (ticks, series and their parts)."""
    (blocks,) = (one.blocks for one in samples if one.family.name == name)
    return np.concatenate([b.reshape(len(b), -1) for b in blocks], axis=1, dtype=np.float64)
