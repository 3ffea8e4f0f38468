"""The exposition text of a small scenario, as a whole.

Rewrite the golden files, and read the diff, after a change that is meant to show:

    python -m pytest tests/metrics --update-golden
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import pytest

from simulator.scenario.loading import load_scenario
from tests.support.shown_platform import Platform, samples_of, text_of

GOLDEN: Final = Path(__file__).parent / "golden"
#: Ticks of 15 s: the first, and one with the canary and without a drive.
TICKS: Final = {"tick-1": 1, "tick-12": 12}
#: Digits to which processors and mathematical libraries agree on sums of floating-point numbers.
TOLERANCE: Final = 1e-9


def text_after(n_ticks: int) -> str:
    platform = Platform(load_scenario(str(GOLDEN / "small.yaml")))
    return text_of(platform.tick(n_ticks))


def is_same_line(one: str, other: str) -> bool:
    """Whether two lines are the same, but for the last digits of a fractional value."""
    if one.startswith("#") or other.startswith("#"):
        return one == other
    series, _, value = one.rpartition(" ")
    other_series, _, other_value = other.rpartition(" ")
    if series != other_series or float(value).is_integer():
        return one == other
    return math.isclose(float(value), float(other_value), rel_tol=TOLERANCE)


def differences(text: str, golden: str) -> list[tuple[str, str]]:
    """Pairs of lines, written and golden, that differ; a missing line is empty."""
    lines, golden_lines = text.splitlines(), golden.splitlines()
    n = max(len(lines), len(golden_lines))
    padded = [[*some, *[""] * (n - len(some))] for some in (lines, golden_lines)]
    return [(a, b) for a, b in zip(*padded, strict=True) if a != b and not is_same_line(a, b)]


@pytest.fixture(scope="module", params=sorted(TICKS))
def texts(request: pytest.FixtureRequest, *, is_updating_golden: bool) -> tuple[str, str]:
    """The text as it is and as it was."""
    file = GOLDEN / f"{request.param}.prom"
    text = text_after(TICKS[request.param])
    if is_updating_golden:
        file.write_text(text, encoding="utf-8")
    return text, file.read_text(encoding="utf-8")


def test_the_text_is_as_it_was(texts: tuple[str, str]) -> None:
    text, golden = texts

    assert differences(text, golden) == []


def test_a_golden_file_is_read_without_loss(texts: tuple[str, str]) -> None:
    _, golden = texts
    lines = [line for line in golden.splitlines() if not line.startswith("#")]

    assert len(samples_of(golden)) == len(lines)


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("a 1.0", "a 2.0"),
        ("a 1.0", "b 1.0"),
        ('a{x="1"} 0.5', 'a{x="2"} 0.5'),
        ("a 0.5", "a 0.500001"),
        ("a 1000000.0", "a 1000000.0000001"),
        ("# TYPE a gauge", "# TYPE a counter"),
        ("a 1.0", ""),
    ],
)
def test_a_changed_line_is_a_difference(line: str, other: str) -> None:
    assert differences(line, other) == [(line, other)]


def test_a_missing_last_line_is_a_difference() -> None:
    assert differences("a 1.0", "a 1.0\nb 2.0") == [("", "b 2.0")]


def test_the_last_digit_of_a_fraction_is_no_difference() -> None:
    assert differences("a 0.8412345678901234", "a 0.8412345678901231") == []
