"""What a history leaves beside its samples, and who may go on from it."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from simulator.errors import ScenarioError
from simulator.mapping.loading import default_mapping
from simulator.runtime.history.handing_over import (
    HANDOVER_FILE,
    handover_text,
    read_handover,
    read_recent_handover,
)
from simulator.runtime.history.windows import Run
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun

if TYPE_CHECKING:
    from pathlib import Path

START, STEP = 1_794_182_400.0, 15.0
CALM = load_scenario("calm")


def written(folder: Path, *, end: float = START + 600.0) -> Run:
    run = Run(TimedRun(CALM, end - 600.0, end, STEP, "lab"))
    list(run.windows())
    (folder / HANDOVER_FILE).write_text(handover_text(run))
    return run


def changed(folder: Path, **changes: Any) -> None:  # noqa: ANN401 - a file's own values
    file = folder / HANDOVER_FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_the_state_comes_back_as_it_was_left(tmp_path: Path) -> None:
    run = written(tmp_path)
    left = read_handover(tmp_path, instance="lab", mapping=default_mapping())
    assert (left.state, left.metrics) == (run.handover(), run.export.left())


def test_it_says_when_the_history_ended(tmp_path: Path) -> None:
    written(tmp_path)
    assert json.loads((tmp_path / HANDOVER_FILE).read_text())["end"] == "2026-11-09T00:10:00Z"


def test_the_same_scenario_seed_and_speed_go_on_without_a_word(tmp_path: Path) -> None:
    written(tmp_path)

    assert (
        list(read_handover(tmp_path, instance="lab", mapping=default_mapping()).differences(CALM))
        == []
    )


def test_what_else_is_simulated_from_there_on_is_named(tmp_path: Path) -> None:
    written(tmp_path)
    other = load_scenario("tour").model_copy(update={"seed": 7}).compressed(10.0)

    assert list(
        read_handover(tmp_path, instance="lab", mapping=default_mapping()).differences(other)
    ) == [
        "scenario calm before and tour now",
        f"seed {CALM.seed} before and 7 now",
        "compression 1.0 before and 10.0 now",
    ]


@pytest.mark.parametrize("count", [-1, 2**53 + 1, 10**400, 1.5, "3", None])
def test_what_is_no_count_is_refused_with_the_place(tmp_path: Path, count: object) -> None:
    run = written(tmp_path)
    changed(tmp_path, state={**run.handover().model_dump(mode="json"), "archived": count})
    with pytest.raises(ScenarioError, match=r"handover\.json: state\.archived: .*, found "):
        read_handover(tmp_path, instance="lab", mapping=default_mapping())


def test_a_folder_without_a_history_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"No such file .* simulator backfill SCENARIO"):
        read_handover(tmp_path, instance="lab", mapping=default_mapping())


def test_another_instance_would_be_other_series(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(ScenarioError, match="is of instance 'lab', not 'simulator'"):
        read_handover(tmp_path, instance="simulator", mapping=default_mapping())


@pytest.mark.parametrize(("age", "is_gone_on_from"), [(60.0, True), (7200.0, False)])
def test_only_a_recent_history_is_gone_on_from_where_that_is_asked_for(
    tmp_path: Path, age: float, *, is_gone_on_from: bool
) -> None:
    run = written(tmp_path, end=(time.time() - age) // STEP * STEP)
    left = read_recent_handover(
        tmp_path, instance="lab", mapping=default_mapping(), most_seconds=3600.0
    )
    assert (left is not None and left.state == run.handover()) is is_gone_on_from


def test_a_history_that_ends_after_now_cannot_be_gone_on_from(tmp_path: Path) -> None:
    written(tmp_path, end=time.time() // STEP * STEP + 3600.0)
    with pytest.raises(ScenarioError, match="which is still to come"):
        read_handover(tmp_path, instance="lab", mapping=default_mapping())


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"end": "soon"}, "end"),
        ({"state": {}}, "state.groups"),
        ({"counters": [1]}, "counters"),
        ({"more": 1}, "more"),
        ({"instance": 7}, "instance"),
        ({"seed": "1"}, "seed"),
        ({"end": 1e300}, "end"),
    ],
)
def test_a_spoilt_file_is_refused_with_the_place(
    tmp_path: Path, changes: dict[str, Any], place: str
) -> None:
    written(tmp_path)
    changed(tmp_path, **changes)
    where = re.escape(f"{tmp_path / HANDOVER_FILE}: {place}: ")
    with pytest.raises(ScenarioError, match=where):
        read_handover(tmp_path, instance="lab", mapping=default_mapping())


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\0" * 20_000_000])
def test_what_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / HANDOVER_FILE).write_text(text)
    with pytest.raises(ScenarioError, match=re.escape(f"{tmp_path / HANDOVER_FILE}: ")):
        read_handover(tmp_path, instance="lab", mapping=default_mapping())
