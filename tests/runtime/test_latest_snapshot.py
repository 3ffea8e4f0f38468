"""/metrics in a gap: without the jobs that do not answer, not at all, or late."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from simulator.metrics.self_monitoring import RunState
from simulator.metrics.snapshot import Snapshots
from simulator.runtime.sinks import LatestSnapshot
from simulator.scenario.vocabulary import JOBS
from simulator.simulation.engine import Simulation
from tests.support.exported import export_of
from tests.support.scenario_builders import MONDAY, episode, scenario

if TYPE_CHECKING:
    from simulator.metrics.snapshot import Snapshot


def snapshot(*episodes: dict[str, Any]) -> Snapshot:
    """A tick in which these episodes are on."""
    simulation = Simulation(scenario(*episodes), origin=MONDAY, step=15.0)
    export, trace = export_of(simulation.scenario), simulation.advance()
    snapshots = Snapshots(export.families, simulation.scenario)
    return snapshots.of(trace, export.samples(trace), RunState())


def gap(*jobs: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a file's own values
    return episode("scrape-gap", jobs=list(jobs), **fields)


def scraped(taken: Snapshot) -> bytes | None:
    latest = LatestSnapshot()
    latest.write(taken)
    return asyncio.run(latest.scraped())


def test_before_the_first_tick_there_is_nothing_to_show() -> None:
    assert asyncio.run(LatestSnapshot().scraped()) == b""


@pytest.mark.parametrize("job", JOBS)
def test_a_job_in_a_gap_is_left_out_and_others_are_as_ever(job: str) -> None:
    whole, found = snapshot(), snapshot(gap(job))

    assert whole.texts.keys() - found.texts.keys() == {job}
    others = [whole.texts[one] for one in JOBS if one != job]
    text = scraped(found)
    assert text is not None
    assert text.startswith(b"".join(others))
    assert b"simulator_episode_active{" in text
    assert list(found.samples(job)) == []


def test_where_no_job_answers_there_is_no_answer() -> None:
    assert scraped(snapshot(gap(*JOBS))) is None


def test_a_late_scrape_shows_what_is_the_latest_when_it_is_answered() -> None:
    late = snapshot(gap(*JOBS, mode="late", late_seconds=0.4))
    latest, later = LatestSnapshot(), snapshot()

    async def answered() -> tuple[bytes | None, float]:
        begun = time.monotonic()
        latest.write(late)
        asking = asyncio.create_task(latest.scraped())
        await asyncio.sleep(0)
        latest.write(later)
        return await asking, time.monotonic() - begun

    text, seconds = asyncio.run(answered())
    assert text == b"".join(later.texts.values())
    assert 0.0 < late.late_seconds <= min(seconds, 0.4)
    assert late.texts.keys() == later.texts.keys()
