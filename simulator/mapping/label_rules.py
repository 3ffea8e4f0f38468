"""What must hold of labels, whatever they are of."""

import re
from collections.abc import Iterator
from typing import Final

from simulator.mapping.labels import Labels, label_of
from simulator.mapping.sources import Label
from simulator.measures.dimensions import DIMENSIONS
from simulator.quoting import quoted
from simulator.reading.records import Problem
from simulator.spelling import did_you_mean

__all__ = ["label_problems"]

_PLACE: Final = re.compile(r"\{[a-z_]+\}")
_REST: Final = "*"


def label_problems(labels: Labels, path: str) -> Iterator[Problem]:
    """What is wrong with how labels at a path are written."""
    for name, said in labels.items():
        label, here = label_of(said), f"{path}.{name}"
        if label.dimension is None and label.template is None:
            yield here, "says neither dimension nor template"
        yield from ((f"{here}.{place}", message) for place, message in _of_label(label))


def _of_label(label: Label) -> Iterator[Problem]:
    if label.template is not None:
        found = quoted(label.template)
        if re.search("[{}]", _PLACE.sub("", label.template)):
            yield "template", f"has a brace that is round no dimension (found {found})"
        if label.dimension and f"{{{label.dimension}}}" not in label.template:
            yield "template", f"has no {{{label.dimension}}}, which it is of (found {found})"
    if label.values and label.dimension is None:
        yield "values", "are those of a dimension: write which, beside the template"
    dimension = DIMENSIONS.get(label.dimension or "")
    known = dimension.fixed if dimension is not None else ()
    for value in label.values if known else ():
        if value not in {*known, _REST}:
            yield (
                f"values.{value}",
                f"there is no {label.dimension} {quoted(value)}, but {', '.join(known)}"
                f"{did_you_mean(value, known)}",
            )
