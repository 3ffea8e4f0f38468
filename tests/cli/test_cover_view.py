"""The coverage in a terminal, and where there is none."""

import io
import re

import pytest
from rich.console import Console

from simulator.cli.cover_view import coverage_table
from simulator.coverage.verdicts import Coverage
from tests.support.coverage_values import complete_coverage, coverage_value

_WIDTHS = (60, 80, 120, 160)


def _printed(coverage: Coverage, width: int, *, is_colored: bool = False) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=is_colored,
        color_system="truecolor" if is_colored else None,
        no_color=not is_colored,
    )
    console.print(coverage_table(coverage, width=width))
    return file.getvalue()


@pytest.mark.parametrize("width", _WIDTHS)
def test_it_fits(width: int) -> None:
    assert max(map(len, _printed(coverage_value(), width).splitlines())) <= width


@pytest.mark.parametrize("width", _WIDTHS)
def test_verdicts_and_messages_need_no_color(width: int) -> None:
    said = " ".join(_printed(coverage_value(), width).split())
    for words in ("✓ exercised", "○ not reached", "∅ no data", "✗ error", "? unsupported"):
        assert words in said
    assert "○ allowed" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("width", _WIDTHS)
def test_steps_are_kept_apart_by_their_names(width: int) -> None:
    said = " ".join(_printed(coverage_value(), width).split())
    for color in ("red", "orange", "green"):
        assert f"■ {color} " in said
    assert "□ red -" in said or "□ red ≥" in said
    assert "■ " in said
    assert not re.search("[■□][^ ]", said)


@pytest.mark.parametrize("width", _WIDTHS)
def test_nothing_is_cut(width: int) -> None:
    assert not re.search(r"\S…|…\S", _printed(coverage_value(), width))


def test_a_long_title_goes_on_in_the_next_line() -> None:
    lines = _printed(coverage_value(), 60).splitlines()
    (first,) = [i for i, line in enumerate(lines) if line.startswith("  Model Performance ")]
    assert lines[first + 1].startswith("  Overview ")


def test_squares_are_in_the_colors_of_the_steps() -> None:
    said = _printed(coverage_value(), 120, is_colored=True)
    assert "\x1b[38;2;242;73;92m■" in said


@pytest.mark.parametrize("width", _WIDTHS)
def test_what_is_not_exercised_is_listed_with_the_nearest_value(width: int) -> None:
    said = " ".join(_printed(coverage_value(), width).split())
    assert "not exercised ✗ error Broken Query" in said
    assert "nearest 85% at 12:00, 5% away" in said


def test_it_ends_with_the_sums() -> None:
    last = _printed(coverage_value(), 80).splitlines()[-1].strip()
    assert last == "13 of 16 panels with data, 25 of 35 steps exercised"


def test_a_complete_coverage_lists_nothing() -> None:
    said = _printed(complete_coverage(), 80)
    assert "not exercised" not in said
    assert said.splitlines()[-1].strip() == "7 of 7 panels with data, 9 of 9 steps exercised"


def test_titles_cannot_steer_the_terminal() -> None:
    said = _printed(coverage_value(), 120)
    assert "\x01" not in said
    assert "<script>alert(1)</script>" in said


def test_a_coverage_of_nothing_is_said() -> None:
    assert "0 of 0 panels with data" in _printed(Coverage(0.0, 60.0, 1.0, ()), 80)
