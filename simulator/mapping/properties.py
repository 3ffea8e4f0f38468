"""Dimensions and what their values have: the severity of a type of violation, say."""

from simulator.measures.dimensions import DIMENSIONS, NONE
from simulator.measures.measure import Measure
from simulator.scenario.model import Scenario

__all__ = ["base_of", "called", "dimensions_along", "property_of"]


def base_of(dimension: str) -> str:
    """The dimension along which there are values: of a property, what it is a property of.

    >>> base_of("severity"), base_of("violation")
    ('violation', 'violation')
    """
    return DIMENSIONS[dimension].of or dimension


def dimensions_along(measure: Measure) -> tuple[str, ...]:
    """All that a measure can be told apart by, properties of its dimensions included.

    >>> from simulator.measures.catalogue import MEASURES
    >>> dimensions_along(MEASURES["violations"])
    ('violation', 'regulation', 'severity')
    """
    return tuple(name for name in DIMENSIONS if base_of(name) in measure.dimensions)


def property_of(dimension: str, scenario: Scenario) -> dict[str, str]:
    """What each value of the base dimension, and none, has in this one; of a base the value."""
    found = DIMENSIONS[dimension]
    values = tuple(DIMENSIONS[base_of(dimension)].values(scenario))
    each = values if found.each is None else tuple(found.each(scenario))
    return {**dict(zip(values, each, strict=True)), NONE: NONE}


def called(dimension: str, scenario: Scenario) -> dict[str, str]:
    """What the platform calls the values of a dimension; none is called nothing."""
    found = DIMENSIONS[dimension]
    values = tuple(found.values(scenario))
    names = found.called(scenario) if found.called else values
    return {**dict(zip(values, names, strict=True)), NONE: NONE}
