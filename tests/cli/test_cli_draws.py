"""Commands on a scenario whose episodes are drawn: how many days, and what is left out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.errors import StackError
from simulator.runtime import days, live_run
from simulator.runtime.history import writing
from simulator.scenario.distributions.drawn import DAY_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.runtime.live_run import LiveSettings
    from tests.support.simulator_process import Program

ENDS = "the test ends here"
SMALL = """\
version: 1
name: small
platform:
  kafka: {partitions: 6}
  minio: {nodes: 1, drives_per_node: 4, parity: 2}
"""


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A mapping whose platform has less than `on-call` may take away."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    return str(file)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[LiveSettings]:
    """What was to run, in place of a run."""
    found: list[LiveSettings] = []
    monkeypatch.setattr(live_run, "run_live", found.append)
    return found


def _ends(*_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401 - stands for any function
    raise StackError(ENDS)


def days_of(settings: LiveSettings) -> set[int]:
    """The days of a run, as its scenario counts them, on which something begins."""
    scenario = settings.scenario
    day = DAY_SECONDS / scenario.compression
    return {int(episode.start // day) for episode in scenario.episodes}


def test_a_run_without_an_end_goes_on_day_after_day(
    simulator: Program, runs: list[LiveSettings]
) -> None:
    simulator("run", "--scenario", "on-call", "--pushgateway", "none")
    simulator("run", "--scenario", "on-call", "--pushgateway", "none", "--compress", "60")
    simulator("run", "--scenario", "on-call", "--pushgateway", "none", "--duration", "30h")

    endless, fast, ending = runs
    assert days_of(endless) == days_of(fast) == set(range(14))
    assert days_of(ending) == {0, 1}
    assert endless.duration is None


@pytest.mark.parametrize(
    "command",
    [
        ["run", "--scenario", "on-call", "--pushgateway", "none"],
        ["backfill", "on-call", "--output", "history"],
        ["cover", "on-call"],
        ["tune", "on-call", "--days", "2"],
        ["scenario", "draw", "on-call", "-o", "drawn.yaml"],
    ],
    ids=lambda command: command[0],
)
def test_what_a_smaller_platform_has_no_room_for_is_told_by_every_command(  # noqa: PLR0913, PLR0917 - fixtures
    simulator: Program,
    runs: list[LiveSettings],
    small: str,
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(days, "write_history", _ends)
    monkeypatch.setattr(writing, "write_history", _ends)

    ended = simulator(*command, "--mapping", small)

    assert "left out: " in ended.stderr
    assert "11 of partitions 0 to 5" in ended.stderr
    assert runs or ENDS in ended.stderr or (tmp_path / "drawn.yaml").is_file()
