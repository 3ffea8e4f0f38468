"""What commands tell of a history: the same from blocks and from text, but where a series ends."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from simulator.cli.cover import cover
from simulator.cli.tune import tune
from simulator.runtime import days
from simulator.runtime.history import window_files
from simulator.runtime.history.writing import write_history
from tests.support.dense_day import DENSE_DAY_FILE
from tests.support.real_tsdb import Programs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simulator.mapping.model import Mapping
    from simulator.progress import Report
    from simulator.scenario.timed_run import TimedRun

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LOOK_BACK_SECONDS: Final = 300.0
ML: Final = "MLOps Scoring Platform - ML Metrics"

COMMANDS: Final = {
    "cover tour": (cover, ("tour",)),
    "tune dense-day": (tune, (DENSE_DAY_FILE, "--seeds", "2")),
}
#: What is told otherwise of series that are shown for five minutes more where nothing marks their
#: end: a version's, above or beside those of the version that goes on. So other steps are shown for
#: so much longer or shorter, and an alarm ends later.
TOLD_OTHERWISE: Final = {
    "cover tour": {
        f"{ML} / Model Performance Overview / Accuracy {{{{version}}}} / green / seconds",
        f"{ML} / Accuracy over Time / Canary / red / last_seen",
        f"{ML} / Accuracy over Time / Canary / red / seconds",
        f"{ML} / Model Drift Detection / PSI / green / seconds",
        f"{ML} / Model Drift Detection / PSI / green / seen_in",
        f"{ML} / Model Drift Detection / PSI / orange / seen_in",
        f"{ML} / Drift over Time / Highest feature / green / seconds",
        f"{ML} / Drift over Time / Score / green / seconds",
        f"{ML} / Observed vs Expected Defaults / Observed / expected / green / seconds",
    },
    "tune dense-day": {
        f"Accuracy over Time / {when} / {on} / reset_median / value"
        for when, on in (
            *(("today", "overall"), ("today", "chosen_on"), ("today", "unseen")),
            *(("proposal", "chosen_on"), ("proposal", "unseen")),
        )
    },
}
#: Lists of what has a name of its own.
OF_NAMED: Final = frozenset({"dashboards", "panels", "fields", "steps", "thresholds"})


@pytest.fixture(scope="module", params=sorted(COMMANDS))
def command(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def without_marks(command: str, tmp_path_factory: pytest.TempPathFactory) -> object:
    """What the command tells of blocks in which nothing marks the end of a series."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window_files, "with_staleness_marks", lambda *given: (given[0], given[2]))
        return told(command, tmp_path_factory.mktemp("without"))


def told(command: str, folder: Path) -> object:
    """The JSON that a command writes."""
    program, arguments = COMMANDS[command]
    file = folder / "told.json"
    with suppress(SystemExit):
        program.main([*arguments, "--json", str(file)], standalone_mode=False)
    found: object = json.loads(file.read_text())
    return found


def by_text(programs: Programs) -> Callable[..., None]:
    """Writes histories as text, of which promtool makes the blocks."""

    def write(runs: Sequence[TimedRun], output: Path, *, mapping: Mapping, report: Report) -> None:
        output.mkdir()
        for number, run in enumerate(runs):
            texts = output.with_name(f"texts-{number}")
            write_history([run], texts, mapping=mapping, form="openmetrics", report=report)
            for text in sorted(texts.glob("*.om")):
                programs.tsdb("create-blocks-from", "openmetrics", str(text), str(output))

    return write


def differences(one: object, other: object, *names: str) -> Iterator[tuple[str, object, object]]:
    """Where two values differ, by the names of what they are in, and both."""
    if isinstance(one, dict) and isinstance(other, dict):
        called = [str(one[key]) for key in ("title", "name", "color") if one.get(key)][:1]
        for key in sorted(one.keys() | other.keys()):
            inside = [] if key in OF_NAMED else [key]
            yield from differences(one.get(key), other.get(key), *names, *called, *inside)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            yield from differences(left, right, *names)
    elif one != other:
        yield " / ".join(names), one, other


def seconds_between(one: object, other: object) -> float:
    """How far two spans or moments are apart; none, where they are names."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(other - one)
    try:
        moments = [datetime.fromisoformat(str(text)) for text in (one, other)]
    except ValueError:
        return 0.0
    return abs((moments[1] - moments[0]).total_seconds())


def test_blocks_without_marks_are_told_of_as_text_is(
    command: str,
    without_marks: object,
    tmp_path: Path,
    find_program: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs = Programs(Path(find_program("prometheus")), Path(find_program("promtool")))
    monkeypatch.setattr(days, "write_history", by_text(programs))
    assert told(command, tmp_path) == without_marks


def test_with_marks_only_what_follows_the_end_of_a_series_is_told_otherwise(
    command: str, without_marks: object, tmp_path: Path
) -> None:
    found = list(differences(without_marks, told(command, tmp_path)))
    assert {where for where, *_ in found} == TOLD_OTHERWISE[command]
    assert [one for one in found if seconds_between(*one[1:]) > LOOK_BACK_SECONDS] == []
