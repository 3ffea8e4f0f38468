"""Progress: a bar with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.console import Console

from simulator.cli.progress_view import ProgressView
from simulator.progress import Progress


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Screen:
    """A terminal or a file, and what was written on it."""

    def __init__(self, *, is_terminal: bool, width: int = 100, term: str = "xterm") -> None:
        self._file = StringIO()
        self.console = Console(
            file=self._file,
            force_terminal=is_terminal,
            width=width,
            color_system=None,
            # what rich reads would be the test runner's own
            _environ={"TERM": term},
        )

    @property
    def text(self) -> str:
        return self._file.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def shown(self) -> str:
        """The bar's last state, without the codes that move the cursor."""
        return re.split(r"\r|\x1b\[[0-9;?]*[A-Za-z]", self.text.rstrip())[-1].rstrip()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def terminal() -> Screen:
    return Screen(is_terminal=True)


@pytest.fixture
def file() -> Screen:
    return Screen(is_terminal=False)


def reported(screen: Screen, clock: Clock, *steps: tuple[float, int]) -> None:
    """A stage of 100 that is told of at these times, and how far it is then."""
    began = clock.now
    with ProgressView(screen.console, clock=clock) as view:
        for seconds, done in steps:
            clock.now = began + seconds
            view.show(Progress("history", done, 100))


def test_a_line_tells_the_stage_its_share_and_the_note(file: Screen, clock: Clock) -> None:
    with ProgressView(file.console, clock=clock) as view:
        view.show(Progress("history", 3, 12, "3 of 12"))

    assert file.lines == ["history: 25 % 3 of 12"]


def test_lines_are_at_least_five_seconds_apart(file: Screen, clock: Clock) -> None:
    reported(file, clock, (0, 0), (4.9, 10), (5, 20), (9.9, 30), (10, 40), (10.1, 50))

    assert file.lines == ["history: 0 %", "history: 20 %", "history: 40 %"]


def test_the_first_and_the_last_word_are_always_said(file: Screen, clock: Clock) -> None:
    reported(file, clock, (0, 0), (0.1, 50), (0.2, 100))

    assert file.lines == ["history: 0 %", "history: 100 %"]


def test_a_new_stage_is_said_at_once(file: Screen, clock: Clock) -> None:
    with ProgressView(file.console, clock=clock) as view:
        view.show(Progress("history", 1, 2))
        view.show(Progress("questions", 1, 3))

    assert file.lines == ["history: 50 %", "questions: 33 %"]


def test_a_stage_of_nothing_is_over_at_once(file: Screen, clock: Clock) -> None:
    with ProgressView(file.console, clock=clock) as view:
        view.show(Progress("history", 0, 0))

    assert file.lines == ["history: 100 %"]


def test_elsewhere_there_is_nothing_but_lines(file: Screen, clock: Clock) -> None:
    reported(file, clock, (0, 0), (60, 100))

    assert "\x1b" not in file.text
    assert "\r" not in file.text


def test_a_terminal_has_a_bar_with_the_time_left(terminal: Screen, clock: Clock) -> None:
    with ProgressView(terminal.console, clock=clock) as view:
        for second in range(5):
            clock.now += 1.0
            view.show(Progress("history", second, 100, f"{second} of 100"))
        view.refresh()
        shown = terminal.shown()

    # a hundredth a second, and 96 to go
    assert re.fullmatch(r".*history \S+ +4 % 0:00:04 left 0:01:36 4 of 100", shown)


def test_a_terminal_has_one_bar_for_the_stage_that_is_on(terminal: Screen, clock: Clock) -> None:
    with ProgressView(terminal.console, clock=clock) as view:
        view.show(Progress("history", 1, 2))
        view.show(Progress("questions", 1, 4))
        view.refresh()
        shown = terminal.shown()

    assert "questions" in shown
    assert "25 %" in shown
    assert "history" not in shown


@pytest.mark.parametrize("width", [60, 80, 120])
def test_where_there_is_little_room_only_the_note_is_cut(clock: Clock, width: int) -> None:
    screen = Screen(is_terminal=True, width=width)
    with ProgressView(screen.console, clock=clock) as view:
        view.show(
            Progress("trials of round 2: panels", 29, 40, "Data Pipeline Health, Kafka and MinIO")
        )
        view.refresh()
        shown = screen.shown()

    assert "trials of round 2: panels ━" in shown
    assert re.search(r" 72 % 0:00:00 left \S+ ?(Data|…|$)", shown)
    assert len(shown) <= width


def test_a_terminal_that_cannot_go_back_gets_lines(clock: Clock) -> None:
    screen = Screen(is_terminal=True, term="dumb")
    reported(screen, clock, (0, 0), (60, 100))

    assert screen.lines == ["history: 0 %", "history: 100 %"]


def test_nothing_stays_of_a_bar_that_is_done(terminal: Screen, clock: Clock) -> None:
    reported(terminal, clock, (0, 0), (1, 100))

    assert terminal.text.endswith("\x1b[2K")  # the line is erased


def test_the_bar_goes_when_something_fails(terminal: Screen, clock: Clock) -> None:
    def fail_half_way() -> None:
        with ProgressView(terminal.console, clock=clock) as view:
            view.show(Progress("history", 1, 2))
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()
    assert terminal.text.endswith("\x1b[2K")
    assert "\x1b[?25h" in terminal.text  # the cursor is back
