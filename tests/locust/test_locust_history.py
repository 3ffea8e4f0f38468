"""The built-in platform goes on from a history once: its counters would fall a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.load import built_in
from simulator.runtime.processes import Process, Supervisor
from tests.support.locust_choice import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.load.built_in import BuiltInPlatform


class Recording(Supervisor):
    """Starts a program that does nothing, and keeps the command lines that were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []
        self.environments: list[dict[str, str]] = []

    def start(  # type: ignore[override]  # only what the platform passes
        self, name: str, argv: list[str], *, log: Path, env: dict[str, str]
    ) -> Process:
        self.asked.append(argv)
        self.environments.append(env)
        return super().start(name, ["sleep", "60"], log=log, env=env)


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> Recording:
    recording = Recording()
    monkeypatch.setattr(built_in, "Supervisor", lambda: recording)
    monkeypatch.setattr(built_in, "wait_until_ready", lambda *_, **__: None)
    return recording


@pytest.fixture
def asked(recording: Recording) -> list[list[str]]:
    return recording.asked


@pytest.fixture
def platform(asked: list[list[str]]) -> Iterator[BuiltInPlatform]:
    del asked  # in place before the platform is made
    made = built_in.BuiltInPlatform()
    yield made
    made.close()


def has_history(argv: list[str]) -> bool:
    return argv[-2:] == ["--history", "/blocks"]


def test_the_first_test_alone_goes_on_from_the_history(
    platform: BuiltInPlatform, asked: list[list[str]]
) -> None:
    choice = chosen(history="/blocks")
    platform.start(choice)
    platform.make_ready(choice, is_beginning=True)  # the one that runs already
    platform.make_ready(choice, is_beginning=True)
    assert [has_history(argv) for argv in asked] == [True, False]


def test_without_a_history_every_test_starts_at_nothing(
    platform: BuiltInPlatform, asked: list[list[str]]
) -> None:
    platform.start(chosen())
    assert "--history" not in asked[0]


@pytest.mark.parametrize("given", [None, ""])
def test_an_empty_history_is_none(given: str | None) -> None:
    assert chosen(history=given).history == ""


def test_only_the_first_test_takes_over_and_all_push_as_the_instance(
    platform: BuiltInPlatform, recording: Recording
) -> None:
    choice = chosen(instance="b", take_over=True)
    platform.start(choice)
    platform.start(choice)

    taken = [env["SIMULATOR_TAKE_OVER"] for env in recording.environments]
    assert taken == ["1", "0"]
    assert {env["SIMULATOR_INSTANCE"] for env in recording.environments} == {"b"}
