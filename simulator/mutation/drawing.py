"""Which of all possible mistakes are made: as many of each kind and place, drawn by a seed."""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from simulator.mutation.kinds import Kind
from simulator.mutation.mutants import Mutant
from simulator.seeding import plain_generator

__all__ = ["drawn"]


def drawn(every: Iterable[Mutant], *, count: int, seed: int) -> tuple[Mutant, ...]:
    """At most `count` of them, kind by kind in turns until none is left of any.

    Those of a kind come in an order that the seed and the kind's name alone decide: of each subject
    one, then a second of each, so that a long query does not outweigh all others.
    """
    by_kind: dict[Kind, list[Mutant]] = {kind: [] for kind in Kind}
    for one in every:
        by_kind[one.change.kind].append(one)
    waiting = [deque(_in_order(kind, found, seed)) for kind, found in by_kind.items()]
    chosen: list[Mutant] = []
    while len(chosen) < count and any(waiting):
        chosen += [one.popleft() for one in waiting if one]
    return tuple(chosen[:count])


def _in_order(kind: Kind, found: Sequence[Mutant], seed: int) -> list[Mutant]:
    generator = plain_generator(seed, f"mutation/{kind}")
    order = list(found)
    generator.shuffle(order)
    by_subject: dict[str, list[Mutant]] = {}
    for one in order:
        by_subject.setdefault(one.change.subject, []).append(one)
    rounds = zip_longest(*by_subject.values())
    return [one for each in rounds for one in each if one is not None]
