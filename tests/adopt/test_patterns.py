"""Texts that are made of patterns are matched by them."""

from __future__ import annotations

import doctest
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.adopt.openapi import patterns
from simulator.adopt.openapi.patterns import text_like


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{5}$",
        r"^FR\d{2}[A-Z0-9]{11,27}$",
        r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$",
        r"^(?:EUR|USD)$",
        r"^[A-Z]{2}(-[A-Z]{2})?$",
        r"^\d+(\.\d{2})?$",
        r"^(?P<y>\d{4})-(0[1-9]|1[0-2])$",
        r"^0x[\da-fA-F]+$",
        "^.{3,}$",
        r"^[\]\-]$",
        "ab|cd",
    ],
)
def test_a_text_of_it_is_made(pattern: str) -> None:
    text = text_like(pattern)
    assert text is not None
    assert re.search(pattern, text)


@given(pattern=st.text(alphabet="ab\\d[]^-(|)?*+{1,2}.$:<P>", max_size=24))
def test_any_pattern_gives_a_text_that_it_matches_or_none_soon(pattern: str) -> None:
    began = time.perf_counter()
    text = text_like(pattern)
    assert text is None or re.search(pattern, text)
    assert time.perf_counter() - began < 1.0


def test_texts_are_as_long_as_they_have_to_be() -> None:
    assert [len(text_like("^[a-z]+$", n) or "") for n in (1, 8, 40)] == [1, 8, 40]
    assert text_like("^a{5}$", longest=4) is None
    assert text_like("^a{5}$", shortest=6) is None


def test_the_examples_of_its_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(patterns)
    assert (failed, tried > 0) == (0, True)
