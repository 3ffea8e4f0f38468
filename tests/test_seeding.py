"""Random generators: keyed by seed, name and block of ticks, and nothing else."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy.stats import kstest

import simulator
from simulator.seeding import BLOCK_TICKS, Streams, generator

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

seeds = st.integers(0, 2**63 - 1)
names = st.text(max_size=40)

DRAWS: dict[str, Callable[[np.random.Generator, int], NDArray[np.generic]]] = {
    "poisson": lambda rng, n: rng.poisson(np.full((n, 3), 40.0)),
    "binomial": lambda rng, n: rng.binomial(np.full((n, 3), 50), 0.3),
    "multinomial": lambda rng, n: rng.multinomial(np.full(n, 100), [0.2, 0.3, 0.5]),
    "gamma": lambda rng, n: rng.gamma(2.5, size=(n, 2)),
    "normal": lambda rng, n: rng.standard_normal((n, 2)),
    "uniform": lambda rng, n: rng.random((n, 5)),
    "hypergeometric": lambda rng, n: rng.hypergeometric(np.full(n, 30), 20, 10),
}


@given(seeds, names)
def test_the_same_seed_and_name_give_the_same_numbers(seed: int, name: str) -> None:
    assert_array_equal(generator(seed, name).random(8), generator(seed, name).random(8))


@given(seeds, names, names)
def test_two_names_give_different_numbers(seed: int, one: str, other: str) -> None:
    is_same = bool((generator(seed, one).random(4) == generator(seed, other).random(4)).all())

    assert is_same == (one == other)


@given(seeds, seeds, names)
def test_two_seeds_give_different_numbers(one: int, other: int, name: str) -> None:
    is_same = bool((generator(one, name).random(4) == generator(other, name).random(4)).all())

    assert is_same == (one == other)


def test_numbers_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    script = "from simulator.seeding import generator; print(generator(7, 'arrivals').random(4))"

    def numbers(hash_seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", script],
            env={
                **os.environ,
                "PYTHONHASHSEED": hash_seed,
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout

    assert numbers("1") == numbers("2") == f"{generator(7, 'arrivals').random(4)}\n"


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        generator(-1, "arrivals")


def uniforms(streams: Streams, name: str, first: int, count: int) -> NDArray[np.float64]:
    return streams.over(first, count)(name, np.random.Generator.uniform, np.zeros(count))


def test_a_stream_goes_on_where_it_was_while_its_block_lasts() -> None:
    streams = Streams(3)

    first, second = uniforms(streams, "x", 0, 4), uniforms(streams, "x", 4, 4)

    assert_array_equal(np.concatenate([first, second]), generator(3, "x", 0).random(8))


def test_every_block_of_ticks_has_a_generator_of_its_own() -> None:
    drawn = uniforms(Streams(3), "x", 0, 2 * BLOCK_TICKS + 1)

    assert_array_equal(drawn[:BLOCK_TICKS], generator(3, "x", 0).random(BLOCK_TICKS))
    assert_array_equal(drawn[BLOCK_TICKS:-1], generator(3, "x", 1).random(BLOCK_TICKS))
    assert drawn[-1] == generator(3, "x", 2).random()


def test_what_is_drawn_once_is_from_no_block() -> None:
    once = Streams(3).once("x").random(4)

    assert_array_equal(once, generator(3, "x").random(4))
    assert not (once == generator(3, "x", 0).random(4)).any()


@pytest.mark.parametrize("name", DRAWS)
@given(
    first=st.integers(0, 3 * BLOCK_TICKS),
    cuts=st.lists(st.integers(1, 3 * BLOCK_TICKS - 1), max_size=5, unique=True),
)
def test_a_draw_in_pieces_has_the_numbers_of_the_whole_across_blocks(
    name: str, first: int, cuts: list[int]
) -> None:
    edges = [0, *sorted(cuts), 3 * BLOCK_TICKS]
    whole, parts = Streams(11), Streams(11)

    def drawn(streams: Streams, at: int, count: int) -> NDArray[np.generic]:
        ticks = np.empty(count)
        return streams.over(first + at, count)(
            name, lambda rng, part: DRAWS[name](rng, len(part)), ticks
        )

    pieces = [drawn(parts, at, until - at) for at, until in pairwise(edges)]
    assert_array_equal(np.concatenate(pieces), drawn(whole, 0, 3 * BLOCK_TICKS))


def test_a_disturbance_ends_with_its_block() -> None:
    """A rate that is low for a while moves the later numbers of the block, and no others."""
    calm, disturbed = np.full(2 * BLOCK_TICKS, 40.0), np.full(2 * BLOCK_TICKS, 40.0)
    disturbed[:60] = 1.0

    def counts(rates: NDArray[np.float64]) -> NDArray[np.generic]:
        return Streams(3).over(0, len(rates))("x", np.random.Generator.poisson, rates)

    differs = counts(calm) != counts(disturbed)
    assert differs[60:BLOCK_TICKS].any()
    assert not differs[BLOCK_TICKS:].any()


def test_a_new_draw_leaves_the_others_as_they_were() -> None:
    alone, accompanied = Streams(3), Streams(3)

    uniforms(accompanied, "a new component", 0, 100)
    before = uniforms(accompanied, "x", 0, 100)
    uniforms(accompanied, "a new component", 100, 200)
    after = uniforms(accompanied, "x", 100, 200)

    assert_array_equal(uniforms(alone, "x", 0, 300), np.concatenate([before, after]))


def test_runs_with_the_same_seed_do_not_share_their_streams() -> None:
    one, other = Streams(3), Streams(3)

    uniforms(one, "x", 0, 100)

    assert_array_equal(uniforms(other, "x", 0, 4), generator(3, "x", 0).random(4))


def _makers(path: Path) -> set[str]:
    """Calls in a file that make a random generator, whatever they are imported as."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            found.add(name)
    return found & {
        *("Random", "default_rng", "Generator", "RandomState", "SeedSequence"),
        *("PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937"),
    }


def test_generators_are_made_in_one_place() -> None:
    root = Path(simulator.__file__).parent
    programs = [*root.rglob("*.py"), *(root.parent / "locustfiles").glob("*.py")]

    assert len(programs) > 200
    assert {path.name for path in programs if _makers(path)} == {"seeding.py"}


@pytest.mark.parametrize("name", DRAWS)
def test_drawing_tick_by_tick_gives_the_numbers_of_one_draw(name: str) -> None:
    whole, parts = generator(11, name), generator(11, name)

    cut = np.concatenate([DRAWS[name](parts, n) for n in (1, 1, 5, 13, 20)])

    assert_array_equal(cut, DRAWS[name](whole, 40))


def test_streams_of_neighbouring_names_are_uniform_together() -> None:
    draws = np.array([generator(5, f"draw.{i}").random() for i in range(4000)])

    assert kstest(draws, "uniform").pvalue > 1e-4


def test_a_shift_of_five_hundredths_would_be_seen() -> None:
    draws = np.array([generator(5, f"draw.{i}").random() for i in range(4000)])

    assert kstest(np.minimum(draws + 0.05, 1.0), "uniform").pvalue < 1e-4


def test_streams_of_neighbouring_names_are_uncorrelated() -> None:
    n = 4000
    one, other = generator(5, "draw.1").random(n), generator(5, "draw.2").random(n)

    # the correlation of independent draws has a standard error of 1 / sqrt(n)
    assert abs(float(np.corrcoef(one, other)[0, 1])) < 6 / n**0.5
