"""Metrics that queries match by all of their labels get the same ones."""

from collections.abc import Iterable, Mapping, Sequence

from simulator.adopt.boards.families import Family
from simulator.adopt.boards.label_words import OWN
from simulator.adopt.boards.needs import LabelNeed
from simulator.adopt.boards.reads import Equal

__all__ = ["Unequal", "share_labels", "unequal"]

#: Names of two metrics, and labels that one of them has and the other has not.
Unequal = tuple[str, str, tuple[str, ...]]


def share_labels(families: Sequence[Family], equals: Iterable[Equal]) -> None:
    """Asks of each metric for the labels that are asked of those it is divided by or compared with.

    Where the other side is aggregated, for those that it is aggregated by.
    """
    by_name = {name: one for one in families for name in (one.name, *one.names)}
    several = tuple(equals)
    for _ in range(3):  # what is divided may be divided by others again
        for one in several:
            sides = [by_name[name] for name in (*one.left, *one.right) if name in by_name]
            for label in one.exact or ():
                if label not in {"le", "quantile", *OWN}:
                    for side in sides:
                        side.need.labels.setdefault(label, LabelNeed(is_shared=True))
            if one.exact is None:
                _share(sides)


def _share(sides: Sequence[Family]) -> None:
    asked: dict[str, list[str]] = {}
    for side in sides:
        for label, need in side.need.labels.items():
            if label not in OWN:
                asked.setdefault(label, []).extend(need.values)
    for label, values in asked.items():
        for side in sides:
            side.need.labels.setdefault(label, LabelNeed(chosen=list(values), is_shared=True))


def unequal(equals: Iterable[Equal], labels: Mapping[str, Sequence[str]]) -> list[Unequal]:
    """What still has no equal labels, so that its queries find no pairs.

    >>> unequal([Equal(("a",), ("b",))], {"a": ("x", "y"), "b": ("x",)})
    [('a', 'b', ('y',))]
    """
    found = []
    for one in equals:
        for left in one.left:
            for right in one.right:
                if left in labels and right in labels and left != right:
                    odd = tuple(sorted(set(labels[left]) ^ set(labels[right])))
                    if odd:
                        found.append((left, right, odd))
    return list(dict.fromkeys(found))
