"""`simulator backfill`: what it says, what it refuses, and how it ends."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulator.cli.history_view import going_on
from simulator.mapping.loading import default_mapping
from simulator.progress import Progress, Report
from simulator.runtime.history.writing import Form, History
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.mapping.model import Mapping
    from tests.support.simulator_process import Ended, Program


END = 1_795_521_600.0  # 2026-11-24T12:00:00Z
BESIDE = ("handover.json", "truth.json")


class Writing:
    """Stands for the writing of histories: keeps what was asked for, and reports as one would."""

    def __init__(self, *, is_new: bool = True) -> None:
        self.asked: list[tuple[TimedRun, Form]] = []
        self.is_new = is_new
        self.error: BaseException | None = None

    def __call__(
        self,
        segments: Sequence[TimedRun],
        output: Path,
        *,
        mapping: Mapping,
        form: Form,
        report: Report,
    ) -> History:
        assert mapping == default_mapping()
        self.asked += [(truth, form) for truth in segments]
        report(Progress("history", 0, 4))
        if self.error:
            raise self.error
        report(Progress("history", 4, 4))
        return History(output, 4, series=816, samples=1_234_567, is_new=self.is_new)

    @property
    def truth(self) -> TimedRun:
        """What the one history asked for is."""
        ((truth, _),) = self.asked
        return truth


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> Writing:
    double = Writing()
    monkeypatch.setattr("simulator.runtime.history.writing.write_history", double)
    return double


@pytest.fixture
def backfill(simulator: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The command into a folder that is not there yet, an hour after an end that stays."""
    monkeypatch.setattr("simulator.cli.backfill.unix_seconds", lambda: END + 3600.0)

    def run(*arguments: str) -> Ended:
        own = ("--output", str(tmp_path / "out"), "--end", "2026-11-24T12:00:00Z")
        return simulator("backfill", "calm", *own, *arguments)

    return run


@pytest.mark.usefixtures("writing")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--duration", "7"), "'7' is not a duration such as 90s"),
        (("--duration", "10s"), "--duration: 10s are not 1 to 20,000,000 steps of 15s"),
        (("--duration", "3660d", "--step", "1s"), "3660d are not 1 to 20,000,000 steps of 1s"),
        (("--step", "99ms"), "--step: 99ms is no step; from 100ms to 1h"),
        (("--step", "1h1s"), "--step: 1h1s is no step; from 100ms to 1h"),
        (("--step", "0s"), "--step: 0s is no step; from 100ms to 1h"),
        (("--end", "tomorrow"), "'tomorrow' is no moment such as now, now-6h"),
        (("--end", "1970-01-02", "--duration", "2d"), "--end: from -86400 to 86400 in unix sec"),
        (("--end", "1e12"), "in unix seconds of the scenario is not within the years 1970 to 9998"),
        (("--end", "9999-12-31", "--allow-future"), "is not within the years 1970 to 9998"),
        (("--duration", "60d", "--compress", "60000"), "is not within the years 1970 to 9998"),
        (("--seed", "-1"), "--seed"),
        (("--seed", "x"), "'x' is not a valid integer"),
        (("--compress", "0.5"), "0.5 is not in the range"),
        (("--format", "csv"), "'csv' is not one of 'blocks', 'openmetrics'"),
        (("--instance", ""), "the instance is ''; give it a name"),
        (("--instance", "a\nb"), r"the instance 'a\nb' holds a character that cannot"),
    ],
)
def test_bad_input_exits_2_with_the_value_and_the_bounds(
    backfill: Program, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = backfill(*arguments)

    assert ended.code == 2
    assert said in " ".join(ended.stderr.split())
    assert ended.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "start", "end"),
    [
        ((), END - 86_400.0, END),  # the scenario's own day
        (("--duration", "7d"), END - 604_800.0, END),
        (("--duration", "15s"), END - 15.0, END),
        (("--duration", "20s"), END - 15.0, END),  # to the nearest whole step
        (("--duration", "1h", "--end", f"{END + 14.9}"), END - 3600.0, END),
        (("--duration", "1h", "--end", f"{END + 15.0}"), END - 3585.0, END + 15.0),
        (("--duration", "1h", "--end", f"{END}", "--step", "7m"), END - 3960.0, END - 180.0),
    ],
)
def test_it_spans_whole_steps_up_to_the_end(
    backfill: Program, writing: Writing, arguments: tuple[str, ...], start: float, end: float
) -> None:
    backfill(*arguments)

    assert (writing.truth.start, writing.truth.end) == (start, end)


def test_the_scenario_has_the_seed_and_the_speed_asked_for(
    backfill: Program, writing: Writing
) -> None:
    backfill("--seed", "7", "--compress", "24", "--instance", "lab", "--step", "30s")

    truth = writing.truth
    assert (truth.scenario.seed, truth.instance, truth.step) == (7, "lab", 30.0)
    assert truth.end - truth.start == 3600.0


@pytest.mark.parametrize("form", ["blocks", "openmetrics"])
def test_the_format_is_the_one_asked_for(backfill: Program, writing: Writing, form: Form) -> None:
    backfill("--format", form)

    assert [asked for _, asked in writing.asked] == [form]


@pytest.mark.usefixtures("writing")
def test_stderr_tells_how_far_it_is_in_plain_lines(backfill: Program) -> None:
    ended = backfill("--duration", "1h")

    assert ended.stderr.splitlines() == ["history: 0 % 0 of 4", "history: 100 % 4 of 4"]


@pytest.mark.usefixtures("writing")
def test_stdout_tells_what_was_written_and_how_to_serve_it(
    backfill: Program, tmp_path: Path
) -> None:
    first, serve, go_on = backfill("--duration", "1h").stdout.splitlines()

    assert first == (
        "1,234,567 samples of 816 series in 4 blocks: 2026-11-24T11:00:00Z to 2026-11-24T12:00:00Z"
    )
    assert f"--storage.tsdb.path={tmp_path / 'out'} " in serve
    seed = load_scenario("calm").seed
    wanted = f"simulator run --scenario calm --history {tmp_path / 'out'} --seed {seed}"
    assert go_on == f"Go on from it:  {wanted}"


@pytest.mark.usefixtures("writing")
def test_what_is_hinted_at_goes_on_as_the_history_was_asked_for(
    simulator: Program, tmp_path: Path
) -> None:
    file, folder = tmp_path / "my plan.yaml", tmp_path / "a history"
    file.write_text("name: mine\ndescription: A test.\nduration: 1h\n")
    asked = (
        "--seed",
        "7",
        "--compress",
        "3.3333333333333335",
        "--instance",
        "lab's",
        "--step",
        "2s",
    )

    reported = simulator("backfill", str(file), "--output", str(folder), *asked).stdout

    words = shlex.split(reported.splitlines()[-1].removeprefix("Go on from it:  "))
    assert words == [
        *("simulator", "run", "--scenario", str(file), "--history", str(folder)),
        *(
            "--seed",
            "7",
            "--compress",
            "3.3333333333333335",
            "--instance",
            "lab's",
            "--push-interval",
            "2s",
        ),
    ]


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("simulator", "simulator run "),
        ("/opt/my tools/simulator", "'/opt/my tools/simulator' run "),
        ("/x/simulator/__main__.py", f"{sys.executable} -m simulator run "),
    ],
)
@pytest.mark.usefixtures("writing")
def test_what_is_hinted_at_begins_as_this_was_begun(
    backfill: Program, monkeypatch: pytest.MonkeyPatch, typed: str, begins: str
) -> None:
    backfill()
    truth = TimedRun(load_scenario("calm"), 0.0, 60.0, 15.0, "simulator")
    monkeypatch.setattr(sys, "argv", [typed])

    assert shlex.join(going_on(Path("out"), truth, "calm")).startswith(begins)


@pytest.mark.usefixtures("writing")
def test_an_end_that_is_to_come_is_refused_with_what_it_would_mean(
    simulator: Program, tmp_path: Path
) -> None:
    ended = simulator("backfill", "calm", "--output", str(tmp_path / "out"), "--end", "2126-01-01")

    assert ended.code == 2
    said = " ".join(ended.stderr.split())
    assert "--end: the history ends in" in said
    assert "until then a Prometheus on it drops every sample that it scrapes" in said
    assert "--allow-future" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("writing")
def test_an_end_that_is_to_come_may_be_asked_for_and_is_said(
    simulator: Program, tmp_path: Path
) -> None:
    own = ("--output", str(tmp_path / "out"), "--end", "2126-01-01", "--allow-future")
    ended = simulator("backfill", "calm", *own)

    assert ended.code == 0
    assert "drops every sample that it scrapes" in ended.stderr
    assert "Go on from it" not in ended.stdout  # a live run would be refused


@pytest.mark.usefixtures("writing")
def test_stdout_tells_how_to_make_blocks_of_the_text(backfill: Program, tmp_path: Path) -> None:
    first, make = backfill("--format", "openmetrics").stdout.splitlines()

    assert " in 4 OpenMetrics files: " in first
    assert f"{tmp_path / 'out'}/*.om" in make
    assert "promtool tsdb create-blocks-from openmetrics" in make


@pytest.mark.usefixtures("writing")
def test_a_folder_with_a_space_can_be_pasted(simulator: Program, tmp_path: Path) -> None:
    folder = tmp_path / "a history"

    ended = simulator("backfill", "calm", "--output", str(folder), "--duration", "1h")

    assert f"--storage.tsdb.path='{folder}'" in ended.stdout


@pytest.mark.usefixtures("writing")
def test_json_is_one_line_with_all_of_it(backfill: Program, tmp_path: Path) -> None:
    reported = backfill("--json", "--duration", "1h", "--seed", "7").stdout

    assert reported.count("\n") == 1
    assert json.loads(reported) == {
        "output": str(tmp_path / "out"),
        "format": "blocks",
        "start": "2026-11-24T11:00:00Z",
        "end": "2026-11-24T12:00:00Z",
        "step_seconds": 15.0,
        "scenario": "calm",
        "seed": 7,
        "instance": "simulator",
        "series": 816,
        "samples": 1_234_567,
        "files": 4,
        "is_new": True,
    }


@pytest.mark.parametrize(
    ("arguments", "is_said"),
    [((), False), (("--duration", "23h"), False), (("--duration", "25h"), True)],
)
@pytest.mark.usefixtures("writing")
def test_time_after_the_scenario_is_named(
    backfill: Program, arguments: tuple[str, ...], *, is_said: bool
) -> None:
    ended = backfill(*arguments)

    said = "The 1d of the scenario come first, and then time without episodes.\n"
    assert ended.code == 0
    assert (said in ended.stderr) is is_said


def test_a_history_that_is_there_is_not_announced_as_new(
    backfill: Program, writing: Writing, tmp_path: Path
) -> None:
    writing.is_new = False

    assert backfill("--duration", "1h").stdout == (
        f"{tmp_path / 'out'} holds this history already: "
        "2026-11-24T11:00:00Z to 2026-11-24T12:00:00Z\n"
    )


def test_an_interruption_exits_130_and_says_so(backfill: Program, writing: Writing) -> None:
    writing.error = KeyboardInterrupt()

    ended = backfill()

    assert (ended.code, ended.stdout) == (130, "")
    assert ended.stderr.splitlines()[-1] == "stopped; nothing of it was written"


def test_an_episode_shorter_than_a_step_is_refused_with_both(
    simulator: Program, tmp_path: Path
) -> None:
    file = tmp_path / "short.yaml"
    file.write_text(
        "{name: short, description: x, duration: 1h, episodes: "
        "[{name: blink, kind: errors, start: 0s, duration: 20s, ratio: 0.5}]}"
    )
    out = tmp_path / "out"

    ended = simulator(
        "backfill", str(file), "--output", str(out), "--step", "1m", "--format", "openmetrics"
    )

    assert ended.code == 2
    assert "episode 'blink' of scenario 'short': 20s is shorter than a tick of 1m" in ended.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("scenario", "said"), [("no-such", "'no-such' is neither a file nor a scenario"), ("/", "'/'")]
)
def test_a_scenario_that_is_none_exits_2(
    simulator: Program, tmp_path: Path, scenario: str, said: str
) -> None:
    ended = simulator("backfill", scenario, "--output", str(tmp_path / "out"))

    assert ended.code == 2
    assert said in ended.stderr
    assert not (tmp_path / "out").exists()


def test_blocks_need_no_program(
    backfill: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.runtime.binaries.search_folders", lambda: (tmp_path,))

    ended = backfill("--duration", "1m")

    assert ended.code == 0, ended.stderr
    blocks = [meta.parent for meta in (tmp_path / "out").glob("*/meta.json")]
    assert len(blocks) == 2
    assert {entry.name for entry in (tmp_path / "out").iterdir()} == {
        *(block.name for block in blocks),
        *BESIDE,
    }


def test_text_needs_no_program(
    backfill: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.runtime.binaries.search_folders", lambda: (tmp_path,))

    ended = backfill("--format", "openmetrics", "--duration", "1m")

    assert ended.code == 0
    files = {entry.name for entry in (tmp_path / "out").iterdir()}
    assert files == {"20261124T115915Z.om", "20261124T120000Z.om", *BESIDE}


def test_the_truth_is_of_what_was_asked_for(backfill: Program, tmp_path: Path) -> None:
    backfill("--format", "openmetrics", "--duration", "1m", "--seed", "7", "--step", "30s")

    truth = json.loads((tmp_path / "out" / "truth.json").read_text())
    calm = load_scenario("calm")
    assert (truth["scenario"]["name"], truth["scenario"]["seed"]) == (calm.name, 7)
    assert (truth["start"], truth["end"]) == ("2026-11-24T11:59:00Z", "2026-11-24T12:00:00Z")
