"""People who come back, beside a plain loop over a list of them."""

from __future__ import annotations

import doctest
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.load import gapped_text
from simulator.load.known_people import KnownPeople
from simulator.seeding import generator

REMEMBERED: Final = 500
KEPT: Final = np.array([1.0, 0.6])
CHANGED: Final = np.sqrt(1.0 - KEPT**2)


class Listed:
    """The latest people in a list, the oldest first."""

    def __init__(self) -> None:
        self.known: list[tuple[int, np.ndarray]] = []

    def visit(
        self, ratio: float, number: int, fresh: np.ndarray, *, returns: bool
    ) -> tuple[int, np.ndarray]:
        if returns and self.known:
            at = int(ratio * len(self.known))
            before, last_time = self.known[at]
            self.known[at] = before, KEPT * last_time + CHANGED * fresh
            return self.known[at]
        self.known = [*self.known, (number, fresh)][-REMEMBERED:]
        return number, fresh


@pytest.mark.parametrize("size", [1, 7, 256])
@given(seed=st.integers(0, 2**16), share=st.sampled_from([0.0, 0.3, 0.9]))
def test_visits_are_those_of_a_plain_loop(size: int, seed: int, share: float) -> None:
    rng, known, listed, last = generator(seed, "visits"), KnownPeople(KEPT, CHANGED), Listed(), 0
    for _ in range(5):
        returning, ratios = rng.random(size) < share, rng.random(size)
        fresh = rng.standard_normal((size, len(KEPT)))
        back = known.are_back(returning)
        numbers = last + np.cumsum(~back)
        last = int(numbers[-1])
        found, normals = known.visit(back, ratios, numbers, fresh)
        expected = [
            listed.visit(ratio, number, row, returns=bool(returns))
            for returns, ratio, number, row in zip(
                returning, ratios.tolist(), numbers.tolist(), fresh, strict=True
            )
        ]
        assert found.tolist() == [number for number, _ in expected]
        assert np.array_equal(normals, np.array([row for _, row in expected]))


def test_texts_with_gaps_have_true_examples() -> None:
    failed, tried = doctest.testmod(gapped_text)
    assert (failed, tried > 0) == (0, True)
