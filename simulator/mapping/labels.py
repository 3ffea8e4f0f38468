"""How rows are labelled, and which of them are one series."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from simulator.mapping.node import Node, Row
from simulator.mapping.properties import base_of, called, property_of
from simulator.mapping.sources import Label
from simulator.measures.dimensions import DIMENSIONS, NONE
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Ints

__all__ = ["Grouped", "Labels", "dimensions_of", "grouped", "label_of"]

#: What labels tell apart, by their names.
Labels: TypeAlias = Mapping[str, str | Label]

_PLACE: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Grouped:
    """Series: names of labels, their values, and the rows that each is made of."""

    names: tuple[str, ...]
    series: tuple[tuple[str, ...], ...]
    rows: tuple[Ints, ...]


def label_of(said: str | Label) -> Label:
    """A label as it is written in short or at length."""
    return Label(dimension=said) if isinstance(said, str) else said


def dimensions_of(labels: Labels) -> tuple[str, ...]:
    """All dimensions that labels name.

    >>> dimensions_of({"model": Label(template="{model}-{version}"), "why": "reason"})
    ('model', 'version', 'reason')
    """
    found: dict[str, None] = {}
    for said in labels.values():
        label = label_of(said)
        found |= dict.fromkeys(_PLACE.findall(label.template or ""))
        if label.dimension is not None:
            found[label.dimension] = None
    return tuple(found)


def grouped(labels: Labels, node: Node, scenario: Scenario) -> Grouped:
    """The series, in the order in which the first of their rows comes.

    What a form has labelled by itself stays as it is; labels that are not among those asked for
    come after these.
    """
    left = {name: said for name, said in labels.items() if name not in node.labels}
    writers = {name: _Writer(label_of(said), node, scenario) for name, said in left.items()}
    names = tuple(dict.fromkeys((*labels, *node.labels)))
    n_dimensions = len(node.dimensions)
    groups: dict[tuple[str, ...], list[int]] = {}
    for index in _order(left, node, scenario):
        row = node.rows[index]
        has = dict(zip(node.labels, row[n_dimensions:], strict=True))
        has |= {name: write(row) for name, write in writers.items()}
        groups.setdefault(tuple(has[name] for name in names), []).append(index)
    return Grouped(
        names=names,
        series=tuple(groups),
        rows=tuple(np.array(rows, dtype=np.int64) for rows in groups.values()),
    )


class _Writer:
    """Writes the value of a label from a row."""

    def __init__(self, label: Label, node: Node, scenario: Scenario) -> None:
        template = label.template or f"{{{label.dimension}}}"
        self._label, self._template, self._no_version = label, template, node.no_version
        self._parts = {
            dimension: (
                node.dimensions.index(base_of(dimension)),
                self._texts(dimension, scenario),
            )
            for dimension in dict.fromkeys(_PLACE.findall(template))
        }

    def __call__(self, row: Row) -> str:
        texts = {dimension: each[row[at]] for dimension, (at, each) in self._parts.items()}
        if self._label.template is None:
            (text,) = texts.values()
        else:
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


def _order(labels: Labels, node: Node, scenario: Scenario) -> Sequence[int]:
    """Rows by their labels' dimensions; those of a property that has no order by what has it."""
    keys = []
    for dimension in dimensions_of(labels):
        at, has = node.dimensions.index(base_of(dimension)), property_of(dimension, scenario)
        place = {base: i for i, base in enumerate(has)}
        if DIMENSIONS[dimension].has_order:
            order = DIMENSIONS[dimension].values(scenario)
            place = {base: order.index(v) if v else len(order) for base, v in has.items()}
        keys.append([place[row[at]] for row in node.rows])
    return np.lexsort(keys[::-1]).tolist() if keys else range(len(node.rows))
