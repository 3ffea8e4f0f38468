"""Scored applications by an attribute of the applicant."""

import numpy as np
from numpy.random import Generator

from simulator.measures.catalogue import MEASURES
from simulator.measures.measure import over
from simulator.measures.seen import Seen
from simulator.measures.splits import tables
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.arrays import Ints
from simulator.simulation.attribute_shares import AttributeShares
from simulator.simulation.engine import scorecards
from simulator.simulation.population import Population

__all__ = ["ScoredByAttribute"]


class ScoredByAttribute:
    """What was scored, split by ranges of an attribute as they are shared out in its score cell.

    Args:
        scenario: whose applicants they are.
        feature: the attribute.
        edges: the upper bounds of its ranges but the last.
    """

    def __init__(self, scenario: Scenario, feature: Feature, edges: tuple[float, ...]) -> None:
        population = Population(scenario.episodes, scorecards(scenario))
        self._shares = AttributeShares(population, FEATURES.index(feature), edges)
        self._name = f"scored.attribute.{feature}"

    def of(self, seen: Seen, asked: tuple[str, ...]) -> Ints:
        """Counts, shape (ticks, *asked, ranges)."""
        along = ("version", "cell")
        if "channel" not in asked:
            return over(seen.once(self._name, self._drawn), along, asked)
        found = seen.once(f"{self._name}.channel", self._by_channel)
        return over(found, (*along, "channel"), asked)

    def _drawn(self, seen: Seen) -> Ints:
        shares, which = self._shares.shares(seen.trace.causes.applicant_levels)
        return seen.draws(
            self._name,
            lambda rng, counts, row: Generator.multinomial(rng, counts, shares[row]),
            _scored(seen, ("version", "cell")),
            which,
        )

    def _by_channel(self, seen: Seen) -> Ints:
        """Within a score cell, who applies does not depend on the channel."""
        channels = _scored(seen, ("version", "cell", "channel"))
        ranges = seen.once(self._name, self._drawn)
        return tables(seen.draws, f"{self._name}.channel", channels, ranges)


def _scored(seen: Seen, asked: tuple[str, ...]) -> Ints:
    return np.asarray(MEASURES["scored"].of(seen, asked))
