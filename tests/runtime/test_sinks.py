"""Where ticks go: a sink is open as long as its run, takes every tick, and may end the run."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from simulator.mapping.api_part import ApiPart
from simulator.runtime.live_run import LiveSettings, run_live
from simulator.scenario.loading import load_scenario
from tests.support.exported import as_written, export_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator

    from simulator.metrics.snapshot import Snapshot

CALM = load_scenario("calm")


class ListSink:
    """Keeps what it is given; `stops` ends the run before its first tick."""

    def __init__(self, *, stops: bool = False) -> None:
        self.snapshots: list[Snapshot] = []
        self.is_open = False
        self._stops = stops

    @asynccontextmanager
    async def opened(self, stop: asyncio.Event) -> AsyncIterator[None]:
        self.is_open = True
        if self._stops:
            stop.set()
        yield
        self.is_open = False

    def write(self, snapshot: Snapshot) -> None:
        assert self.is_open
        self.snapshots.append(snapshot)


def ran(sink: ListSink) -> list[str]:
    """Runs for two ticks and the rest of a third; the addresses that were announced."""
    urls: list[str] = []
    run_live(
        LiveSettings(
            scenario=CALM,
            api=ApiPart(),
            export=export_of(CALM),
            before=None,
            step=0.2,
            duration=0.5,
            host="127.0.0.1",
            port=0,
            token=None,
            is_synthetic=True,
            announce=urls.append,
            pushgateway=None,
            others=[sink],
        )
    )
    return urls


@pytest.fixture(scope="module")
def written() -> list[Snapshot]:
    sink = ListSink()
    ran(sink)
    assert not sink.is_open
    return sink.snapshots


def test_a_sink_takes_every_tick_in_the_order_of_time(written: list[Snapshot]) -> None:
    gaps = [b.time - a.time for a, b in itertools.pairwise(written)]

    assert gaps
    assert gaps == pytest.approx([0.2] * len(gaps), abs=1e-6)


def test_texts_hold_just_the_samples_of_the_snapshot(written: list[Snapshot]) -> None:
    for job, text in written[-1].texts.items():
        read = [s for f in text_string_to_metric_families(text.decode()) for s in f.samples]
        parsed = [s._replace(name=as_written(s.name)) for s in read]
        assert parsed == list(written[-1].samples(job))


def test_a_sink_that_stops_the_run_when_opened_keeps_it_from_beginning() -> None:
    sink = ListSink(stops=True)

    assert ran(sink) == []
    assert (sink.snapshots, sink.is_open) == ([], False)
