"""Kafka's offsets as counters."""

from typing import Final

import numpy as np

from simulator.simulation.engine import Simulation
from tests.support.mapped import STEP, mapping, shown, values_of
from tests.support.scenario_builders import MONDAY, episode, scenario

METRICS: Final = mapping(
    produced_total={"offsets": {"of": "log-end"}, "labels": {"partition": "partition"}},
    consumed_total={"offsets": {"of": "committed"}, "labels": {"group": "group"}},
    archived_total={"offsets": {"of": "committed"}, "where": {"group": "archiver"}},
    clients_total={"offsets": {"of": "committed", "components": "scoring-api"}},
)


def test_without_a_restart_they_are_the_offsets() -> None:
    plan = scenario()
    topic = Simulation(plan, origin=MONDAY, step=STEP).advance(40).topic
    series = shown(plan, METRICS, [40])
    assert np.array_equal(
        values_of(series, "produced_total", partition="3"), topic.log_end[:, 3].astype(float)
    )
    committed = topic.committed.sum(axis=2)
    assert np.array_equal(values_of(series, "consumed_total", group="archiver"), committed[:, 0])
    assert np.array_equal(values_of(series, "archived_total"), committed[:, 0])
    assert np.array_equal(values_of(series, "clients_total"), committed.sum(axis=1))


def test_only_the_counter_of_what_restarts_begins_anew() -> None:
    plan = scenario(episode("counter-reset", jobs=["scoring-api"], start="5m", duration="1m"))
    series = shown(plan, METRICS, [40])
    clients, consumed = values_of(series, "clients_total"), values_of(series, "archived_total")
    known = clients[~np.isnan(clients)]
    assert (np.diff(known) < 0).sum() == 1
    assert (np.diff(consumed) >= 0).all()


def test_what_an_exporter_gets_wrong_is_not_counted() -> None:
    glitch = episode("exporter-glitch", group="archiver", form="no-commit", partitions=4)
    of_glitch, healthy = (
        values_of(shown(plan, METRICS, [20]), "archived_total")
        for plan in (scenario(glitch), scenario())
    )
    assert np.array_equal(of_glitch, healthy)
