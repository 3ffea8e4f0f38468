"""A start of the built-in platform can be stopped, and leaves nothing behind."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Self

import pytest

from simulator.errors import StackError
from simulator.load import built_in
from simulator.load.built_in import BuiltInPlatform, StartStoppedError
from simulator.runtime.processes import Process, Supervisor
from tests.support.locust_choice import chosen
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(60)

NEVER_READY = [sys.executable, "-c", "import time; time.sleep(60)"]
FAILING = [sys.executable, "-c", "raise SystemExit('no gateway')"]


class Programs(Supervisor):
    """Starts a program of the test's in place of the platform."""

    def __init__(self) -> None:
        super().__init__()
        self.argv = NEVER_READY
        self.children: list[Process] = []

    def start(  # type: ignore[override]  # only what the platform passes
        self, name: str, argv: list[str], *, log: Path, env: dict[str, str]
    ) -> Process:
        del argv
        process = super().start(name, self.argv, log=log, env=env)
        self.children.append(process)
        return process

    def first(self) -> Process:
        """The first one, as soon as there is one."""
        return wait_until(lambda: self.children, "the platform's process")[0]


class Start(threading.Thread):
    """A start of a platform beside the test, and how it ended."""

    def __init__(self, platform: BuiltInPlatform) -> None:
        super().__init__(daemon=True)
        self._platform = platform
        self.ended: BaseException | None = None

    def run(self) -> None:
        try:
            self._platform.start(chosen())
        except BaseException as error:  # noqa: BLE001 - it is what the test asks about
            self.ended = error

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.join(20.0)
        assert not self.is_alive()


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Programs:
    made = Programs()
    monkeypatch.setattr(built_in, "Supervisor", lambda: made)
    return made


@pytest.fixture
def platform(programs: Programs) -> Iterator[BuiltInPlatform]:
    del programs  # in place before the platform is made
    made = BuiltInPlatform()
    yield made
    made.close()


def test_a_start_that_is_stopped_ends_at_once_and_leaves_no_process(
    programs: Programs, platform: BuiltInPlatform
) -> None:
    begun = time.monotonic()
    with Start(platform) as start:
        process = programs.first()
        platform.stop_starting()
    assert isinstance(start.ended, StartStoppedError)
    assert not process.is_running
    assert time.monotonic() - begun < 10.0, "not only after a minute, as if it had not been ready"


def test_a_platform_that_ends_by_itself_was_not_stopped(
    programs: Programs, platform: BuiltInPlatform
) -> None:
    programs.argv = FAILING
    with pytest.raises(StackError, match="ended with exit code 1:\n  no gateway"):
        platform.start(chosen())


def test_closing_stops_a_start_and_removes_the_log(
    programs: Programs, platform: BuiltInPlatform
) -> None:
    with Start(platform) as start:
        log = programs.first().log
        platform.close()
    assert isinstance(start.ended, StartStoppedError)
    assert not log.parent.exists()
