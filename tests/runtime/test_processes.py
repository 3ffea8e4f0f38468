import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from simulator.errors import StackError
from simulator.runtime.ports import claim_port, free_port
from simulator.runtime.process_signals import interrupt_on_termination
from simulator.runtime.processes import Supervisor, wait_until_ready
from tests.support.processes import is_alive, wait_for_the_end
from tests.support.waiting import wait_until

SERVER = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "program.log"


def test_leaving_the_block_stops_the_process(log: Path) -> None:
    with Supervisor() as supervisor:
        process = supervisor.start("sleep", ["sleep", "60"], log=log)
    assert process.child.returncode == -signal.SIGTERM


def test_an_error_in_the_block_stops_the_process(log: Path) -> None:
    started = []

    def fail_inside() -> None:
        with Supervisor() as supervisor:
            started.append(supervisor.start("sleep", ["sleep", "60"], log=log))
            raise RuntimeError("inside")

    with pytest.raises(RuntimeError, match="inside"):
        fail_inside()
    assert not started[0].is_running


def test_the_last_started_is_stopped_first(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    script = f"trap 'echo $0 >> {ended}; exit' TERM; echo up; while :; do sleep 0.01; done"
    with Supervisor() as supervisor:
        for name in ("first", "second"):
            process = supervisor.start(name, ["sh", "-c", script, name], log=tmp_path / name)
            wait_until(process.log.read_text, name)
    assert ended.read_text().split() == ["second", "first"]


def test_a_process_that_ignores_termination_is_killed(log: Path) -> None:
    with Supervisor() as supervisor:
        code = f"{DEAF}; time.sleep(60)"
        process = supervisor.start("deaf", [sys.executable, "-c", code], log=log)
        wait_until(log.read_text, "its first line")
        supervisor.stop(process, timeout_seconds=0.2)
        assert supervisor.processes == ()
    assert process.child.returncode == -signal.SIGKILL


def test_what_a_process_started_itself_ends_with_it(log: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.start("parent", ["sh", "-c", "sleep 60 & echo $!; wait"], log=log)
        wait_until(log.read_text, "its first line")
        grandchild = psutil.Process(int(log.read_text()))
        assert is_alive(grandchild)
    wait_for_the_end([grandchild])


def test_a_program_that_does_not_exist_is_refused(log: Path) -> None:
    with Supervisor() as supervisor, pytest.raises(StackError, match="/no/such is not an exec"):
        supervisor.start("ghost", ["/no/such"], log=log)


def test_the_environment_is_added_to_ones_own(log: Path) -> None:
    with Supervisor() as supervisor:
        process = supervisor.start(
            "echo", ["sh", "-c", "echo $COLOUR $HOME"], log=log, env={"COLOUR": "red"}
        )
        process.child.wait(10)
    assert log.read_text().split() == ["red", os.environ["HOME"]]


def test_a_server_that_answers_is_ready(log: Path) -> None:
    port = free_port()
    with Supervisor() as supervisor:
        process = supervisor.start("server", [*SERVER, str(port)], log=log, cwd=log.parent)
        wait_until_ready(process, f"http://127.0.0.1:{port}/", timeout_seconds=20)
        assert process.is_running


def test_a_process_that_ended_is_reported_at_once_with_its_last_words(log: Path) -> None:
    began = time.monotonic()
    with Supervisor() as supervisor:
        process = supervisor.start("broken", ["sh", "-c", "echo no such flag; exit 3"], log=log)
        with pytest.raises(StackError, match=r"broken ended with exit code 3:\n  no such flag"):
            wait_until_ready(process, f"http://127.0.0.1:{free_port()}/", timeout_seconds=60)
    assert time.monotonic() - began < 10


def test_a_process_that_never_answers_is_given_up_in_time(log: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    with Supervisor() as supervisor:
        process = supervisor.start("mute", ["sleep", "60"], log=log)
        with pytest.raises(StackError, match=r"mute does not answer .* after 0\.2 s"):
            wait_until_ready(process, url, timeout_seconds=0.2)


def test_termination_raises_keyboard_interrupt_inside_only() -> None:
    def be_terminated() -> None:
        with interrupt_on_termination():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        be_terminated()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_handler_of_the_program_itself_is_left_alone() -> None:
    seen: list[int] = []
    previous = signal.signal(signal.SIGTERM, lambda number, _frame: seen.append(number))
    try:
        with interrupt_on_termination():
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert seen == [signal.SIGTERM]


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is Linux's (util-linux)")
def test_a_killed_parent_takes_its_children_with_it(log: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from simulator.runtime.processes import Supervisor\n"
        "with Supervisor() as supervisor:\n"
        "    log = Path(sys.argv[1])\n"
        "    argv = ['sh', '-c', 'echo up; exec sleep 60']\n"
        "    process = supervisor.start('sleep', argv, log=log)\n"
        "    while not log.read_text(): time.sleep(0.01)\n"
        "    print(process.child.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    argv = [sys.executable, "-c", code, str(log)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert is_alive(child)
        parent.kill()
    wait_for_the_end([child])


def test_a_port_that_is_listened_on_cannot_be_claimed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StackError, match=f"port {port} for prometheus is taken"):
            claim_port(port, "prometheus")
    assert claim_port(port, "prometheus") == port
