"""How rows are labelled, and which of them are one series."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.mapping.model import Label, Metric
from simulator.mapping.node import Node, Row
from simulator.mapping.properties import base_of, called, property_of
from simulator.measures.dimensions import DIMENSIONS, NONE
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Ints

__all__ = ["Grouped", "dimensions_of", "grouped", "label_of"]

_PLACE: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Grouped:
    """The series of a metric: names of labels, their values, and the rows that each is made of."""

    names: tuple[str, ...]
    series: tuple[tuple[str, ...], ...]
    rows: tuple[Ints, ...]


def label_of(said: str | Label) -> Label:
    """A label as it is written in short or at length."""
    return Label(dimension=said) if isinstance(said, str) else said


def dimensions_of(metric: Metric) -> tuple[str, ...]:
    """All dimensions that the labels of a metric name."""
    found: dict[str, None] = {}
    for said in metric.labels.values():
        label = label_of(said)
        found |= dict.fromkeys(_PLACE.findall(label.template or ""))
        if label.dimension is not None:
            found[label.dimension] = None
    return tuple(found)


def grouped(metric: Metric, node: Node, scenario: Scenario) -> Grouped:
    """The series, in the order in which the first of their rows comes."""
    writers = [
        _Writer(label_of(said), metric.no_version, node, scenario)
        for said in metric.labels.values()
    ]
    constants = tuple(metric.constant.values())
    groups: dict[tuple[str, ...], list[int]] = {}
    for index in _order(metric, node, scenario):
        written = tuple(write(node.rows[index]) for write in writers)
        groups.setdefault((*written, *constants), []).append(index)
    return Grouped(
        names=(*metric.labels, *metric.constant),
        series=tuple(groups),
        rows=tuple(np.array(rows, dtype=np.int64) for rows in groups.values()),
    )


class _Writer:
    """Writes the value of a label from a row."""

    def __init__(self, label: Label, no_version: str, node: Node, scenario: Scenario) -> None:
        template = label.template or f"{{{label.dimension}}}"
        self._label, self._template, self._no_version = label, template, no_version
        self._parts = {
            dimension: (
                node.dimensions.index(base_of(dimension)),
                self._texts(dimension, scenario),
            )
            for dimension in dict.fromkeys(_PLACE.findall(template))
        }

    def __call__(self, row: Row) -> str:
        texts = {dimension: each[row[at]] for dimension, (at, each) in self._parts.items()}
        text = _PLACE.sub(lambda found: texts[found[1]], self._template)
        if self._label.case == "upper":
            return text.upper()
        return text.lower() if self._label.case == "lower" else text

    def _texts(self, dimension: str, scenario: Scenario) -> dict[str, str]:
        """What is written of each value of the base dimension."""
        said = self._label.values if dimension == self._label.dimension else {}
        names = called(dimension, scenario)
        if dimension == "version":
            names |= {NONE: self._no_version}
        return {
            base: said.get(value, said.get("*", names[value]))
            for base, value in property_of(dimension, scenario).items()
        }


def _order(metric: Metric, node: Node, scenario: Scenario) -> Sequence[int]:
    """Rows by their labels' dimensions; those of a property that has no order by what has it."""
    keys = []
    for dimension in dimensions_of(metric):
        at, has = node.dimensions.index(base_of(dimension)), property_of(dimension, scenario)
        place = {base: i for i, base in enumerate(has)}
        if DIMENSIONS[dimension].has_order:
            order = DIMENSIONS[dimension].values(scenario)
            place = {base: order.index(v) if v else len(order) for base, v in has.items()}
        keys.append([place[row[at]] for row in node.rows])
    return np.lexsort(keys[::-1]).tolist() if keys else range(len(node.rows))
