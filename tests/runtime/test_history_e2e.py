"""A backfill whose programs fail, hang or are killed."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from simulator.observation.prometheus import Prometheus
from simulator.runtime.served_blocks import served_blocks
from tests.support.processes import children, command_line, wait_for_the_end
from tests.support.simulator_process import COMMAND, environment
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

END = 1_794_182_400 + 10 * 3600  # on a boundary of blocks
ARGUMENTS = ("calm", "--duration", "8h", "--step", "60s", "--end", f"{END}")
LEFT = {".backfill.lock"}

#: The first window is converted as usual; those after it never end.
HANGING = """\
#!/bin/sh
if mkdir "{folder}/first" 2>/dev/null; then exec "{promtool}" "$@"; fi
echo $$ >> "{folder}/hanging"
exec sleep 120
"""


@pytest.fixture
def promtool_is(
    tmp_path: Path, find_program: Callable[[str], str]
) -> Callable[[str], dict[str, str]]:
    """Puts a script in promtool's place; what to change in the environment for it."""
    real = find_program("promtool")
    find_program("prometheus")

    def place(script: str) -> dict[str, str]:
        program = tmp_path / "bin" / "promtool"
        program.parent.mkdir()
        program.write_text(script.format(folder=tmp_path, promtool=real))
        program.chmod(0o755)
        return {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}

    return place


@contextmanager
def backfill(output: Path, **changes: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND, "backfill", *ARGUMENTS, "--output", str(output)],
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def entries(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def half_way(
    tmp_path: Path, out: Path, promtool_is: Callable[[str], dict[str, str]]
) -> Iterator[subprocess.Popen[str]]:
    """A run with one block made, and a promtool that hangs in every process."""
    hanging, changes = tmp_path / "hanging", promtool_is(HANGING)
    with backfill(out, **changes) as process:
        wait_until(
            lambda: (
                hanging.exists()
                and len(hanging.read_text().split()) == len(os.sched_getaffinity(0))
                and list(out.glob(".backfill-*/blocks/*/*/meta.json"))
            ),
            "a block, and programs that hang",
        )
        yield process


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code, and the last line on stderr."""
    _, said = process.communicate(timeout=30.0)
    return process.returncode, said.splitlines()[-1]


def test_killed_it_leaves_no_process_and_no_block(
    half_way: subprocess.Popen[str], out: Path
) -> None:
    started = children(half_way.pid)
    half_way.kill()
    half_way.wait(10.0)

    wait_for_the_end(started)
    assert len(started) > len(os.sched_getaffinity(0))
    with (
        served_blocks(out, scrape_interval_seconds=60.0) as url,
        Prometheus(url) as prometheus,
    ):
        assert not prometheus.series('{__name__=~".+"}', start=END - 36_000.0, end=float(END))


def test_after_a_kill_the_same_command_writes_all_of_it(
    half_way: subprocess.Popen[str], out: Path
) -> None:
    half_way.kill()
    half_way.wait(10.0)

    with backfill(out) as again:
        assert again.wait(60.0) == 0
    assert {name for name in entries(out) if name[0] == "."} == LEFT
    with (
        served_blocks(out, scrape_interval_seconds=60.0) as url,
        Prometheus(url) as prometheus,
    ):
        (found,) = prometheus.query("count_over_time(kafka_brokers[8h])", at=float(END))
    assert found.values[0] == 480.0


def test_a_killed_worker_ends_it_with_a_reason_and_leaves_nothing(
    half_way: subprocess.Popen[str], out: Path
) -> None:
    started = children(half_way.pid)
    next(one for one in started if "spawn_main" in command_line(one)).kill()

    assert ended(half_way) == (
        2,
        "simulator: a process that converts the history was ended from outside",
    )
    wait_for_the_end(started)
    assert entries(out) == LEFT


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_does_not_wait_for_a_promtool_that_hangs(
    half_way: subprocess.Popen[str], out: Path, number: signal.Signals
) -> None:
    started = children(half_way.pid)
    half_way.send_signal(number)

    assert ended(half_way) == (130, "stopped; nothing of it was written")
    wait_for_the_end(started)
    assert entries(out) == LEFT


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "echo 'out of order sample' >&2; exit 1",
            "simulator: promtool ended with exit code 1, without its block: out of order sample",
        ),
        ("kill -9 $$", "simulator: promtool ended with signal 9 (Killed), without its block"),
    ],
)
def test_a_promtool_that_fails_is_quoted_and_leaves_nothing(
    promtool_is: Callable[[str], dict[str, str]], out: Path, script: str, said: str
) -> None:
    with backfill(out, **promtool_is(f"#!/bin/sh\n{script}\n")) as process:
        code, last = ended(process)

    assert code == 2
    assert last.startswith(said)
    assert entries(out) == LEFT
