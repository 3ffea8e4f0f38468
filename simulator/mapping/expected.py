"""What a mapping lets one expect of its metrics, whatever a scenario does with them."""

from collections.abc import Mapping as MappingOf

from simulator.mapping.kinds import measures_in
from simulator.mapping.model import Mapping, Metric
from simulator.mapping.signals import measures_of
from simulator.measures.catalogue import MEASURES

__all__ = ["drift_indices", "highest_bounds"]

_INDEX = "psi"


def highest_bounds(mapping: Mapping) -> MappingOf[str, float]:
    """The highest finite bound of each histogram's buckets, by the name of these.

    >>> from simulator.mapping.loading import default_mapping
    >>> highest_bounds(default_mapping())["ml_prediction_duration_bucket"]
    2.5
    """
    found = {name: _highest(metric) for name, metric in mapping.metrics.items()}
    return {f"{name}_bucket": top for name, top in found.items() if top is not None}


def _highest(metric: Metric) -> float | None:
    if metric.edges:
        return metric.edges[-1]
    edges = [MEASURES[name].edges for name in measures_in(metric)]
    if len(edges) != 1 or not edges[0]:
        return None
    return edges[0][-1] * (metric.scale or 1.0)


def drift_indices(mapping: Mapping) -> frozenset[str]:
    """The metrics that are a population stability index.

    >>> from simulator.mapping.loading import default_mapping
    >>> drift_indices(default_mapping())
    frozenset({'ml_model_drift_score'})
    """
    wanted = frozenset({_INDEX}) & measures_of("drift")
    return frozenset(
        name for name, metric in mapping.metrics.items() if set(measures_in(metric)) == wanted
    )
