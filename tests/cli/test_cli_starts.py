"""How the program begins and is ended before it has done anything."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import simulator.cli
from simulator.__main__ import main
from tests.support.simulator_process import COMMAND, environment

if TYPE_CHECKING:
    from tests.support.simulator_process import Program


def test_where_it_cannot_run_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert "needs Linux or macOS" in capsys.readouterr().err


def test_an_interruption_before_any_command_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulator.cli, "main", interrupted)
    before = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        signal.signal(signal.SIGINT, before)

    assert ended.value.code == 130


@pytest.mark.e2e
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_a_command_at_work_is_one_word_and_130(number: signal.Signals) -> None:
    command = "import os, simulator.scenario.loading as s\n"
    command += f"s.load_scenario = lambda _: os.kill(os.getpid(), {int(number)})\n"
    command += "import sys; sys.argv = ['simulator', 'scenario', 'check', 'calm']\n"
    command += "from simulator.__main__ import main; main()"

    ended = subprocess.run(
        [COMMAND[0], "-c", command],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (130, "stopped\n")


def test_what_a_message_holds_does_not_steer_the_terminal(
    simulator: Program, tmp_path: Path
) -> None:
    file = tmp_path / "red\x1b[31m.yaml"
    file.write_text("- a")

    ended = simulator("scenario", "check", str(file))

    assert ended.code == 2
    assert "red\N{REPLACEMENT CHARACTER}[31m.yaml: holds a list" in ended.stderr


HEAVY = {"fastapi", "numpy", "prometheus_client", "pydantic", "scipy", "urllib3", "uvicorn", "yaml"}
COMMANDS = (
    *("run", "backfill", "cover", "tune", "stack", "demo", "clean", "scenario", "locustfile"),
    *("mapping", "check", "adopt"),
    *(f"mapping {name}" for name in ("list", "show", "check", "diff", "measures", "schema")),
    *("scenario list", "scenario show", "scenario check", "scenario plan", "scenario schema"),
)


def loaded_by(*arguments: str) -> set[str]:
    """Which of all modules the program has imported when it has done what it is asked for."""
    program = f"import sys; sys.argv = {['simulator', *arguments]}\n"
    program += "from simulator.__main__ import main\n"
    program += "try: main()\nexcept SystemExit: pass\n"
    program += "print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout
    return set(ran.stderr.split())


@pytest.mark.e2e
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_waits_for_nothing_that_only_the_work_needs(command: str) -> None:
    assert not loaded_by(*command.split(), "--help") & HEAVY


@pytest.mark.e2e
def test_commands_that_have_a_help_are_all_looked_at() -> None:
    groups = {word.partition(" ")[0] for word in COMMANDS}
    ended = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True)

    listed = re.findall(r"^  ([a-z]+)  ", ended.stdout.partition("Commands:")[2], re.MULTILINE)
    assert set(listed) == groups


@pytest.mark.e2e
def test_scenarios_are_listed_without_what_simulates_them() -> None:
    assert not loaded_by("scenario", "list") & {"scipy", "fastapi", "uvicorn", "prometheus_client"}


@pytest.mark.e2e
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted on Linux")
@pytest.mark.parametrize("given", ["", "2"])
def test_numpy_starts_no_threads_unless_they_are_wanted(given: str) -> None:
    program = "import os, sys; sys.argv = ['simulator', 'scenario', 'check', 'calm']\n"
    program += "from simulator.__main__ import main\n"
    program += "try: main()\nexcept SystemExit: pass\n"
    program += "import numpy\n"
    program += "n_threads = len(os.listdir('/proc/self/task'))\n"
    program += "print(os.environ['OPENBLAS_NUM_THREADS'], n_threads, file=sys.stderr)"
    wanted = {"OPENBLAS_NUM_THREADS": given} if given else {}
    own = {name: value for name, value in environment().items() if "OPENBLAS" not in name}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=own | wanted,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found, n_threads = ran.stderr.split()
    assert found == (given or "1")
    if not given:
        assert n_threads == "1"
