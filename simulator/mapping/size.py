"""How many series a mapping makes, known before anything runs."""

from collections.abc import Iterable
from typing import Final

from simulator.errors import MappingError
from simulator.mapping.compiling import bound_metrics
from simulator.mapping.model import Mapping
from simulator.metrics.families import Family
from simulator.scenario.model import Scenario

__all__ = ["require_bounded", "series_count"]

_MOST_LISTED: Final = 10


def series_count(mapping: Mapping, scenario: Scenario) -> dict[str, int]:
    """Series by metric, in the mapping's order; of a histogram every bucket is one, too.

    >>> from simulator.mapping.loading import default_mapping
    >>> from simulator.scenario.loading import load_scenario
    >>> series_count(default_mapping(), load_scenario("calm"))["kafka_brokers"]
    1
    """
    return _counted(one.family for one in bound_metrics(mapping, scenario))


def require_bounded(mapping: Mapping, families: Iterable[Family]) -> None:
    """Refuses the families of a mapping where they make more series than it allows.

    Raises:
        MappingError: with how many each metric makes, the most first.
    """
    counts = _counted(families)
    total = sum(counts.values())
    if total <= mapping.allow_series:
        return
    most = sorted(counts.items(), key=lambda one: -one[1])
    lines = [f"  {name}: {count:,}" for name, count in most[:_MOST_LISTED]]
    more = [f"  and {len(most) - len(lines):,} more metrics"] if len(most) > len(lines) else []
    said = (
        f"{mapping.name}: {total:,} series, and {mapping.allow_series:,} are allowed: tell less "
        f"apart, or allow them with --allow-series {total}"
    )
    raise MappingError("\n".join([said, *lines, *more]))


def _counted(families: Iterable[Family]) -> dict[str, int]:
    found: dict[str, int] = {}
    for family in families:
        n_series = len(family.series) * len(family.parts)
        found[family.name] = found.get(family.name, 0) + n_series
    return found
