"""Dashboards and alerts in the style of ready mappings, on a real Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Verdict
from simulator.grafana.parsing import dashboard_from
from simulator.mapping.loading import load_mapping
from simulator.observation.prometheus import Prometheus
from simulator.runtime.history.writing import write_history
from simulator.runtime.served_blocks import served_blocks
from simulator.scenario.platform_part import with_platform
from simulator.scenario.timed_run import TimedRun
from simulator.timeline.durations import parse_duration
from tests.support.ready_boards import BOARDS, Alert, board
from tests.support.scenario_builders import MONDAY, episode, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e

STEP, LENGTH = 15.0, 3600.0
#: When each incident begins, and what it is; six minutes each, with health before and between.
BEGINS: Final = {"errors": 600, "slow": 1200, "drives": 1800, "bug": 2400, "kyc": 3000}
LASTS: Final = 360
INCIDENTS: Final = {
    "errors": episode("errors", status=503, ratio=0.3),
    "slow": episode("slow-dependency", dependency="feature-store", factor=40.0),
    "drives": episode("drive-loss", drives=5),
    "bug": episode("data-bug", feature="net_income", factor=0.01),
    "kyc": episode("compliance-incident", violation="kyc_document_expired", factor=200.0),
}
#: Which alert is about which of them.
OF_INCIDENT: Final = {
    "ErrorShareHigh": "errors",
    "ResponseSlow": "slow",
    "FeatureStoreSlow": "slow",
    "PoolExhausted": "slow",
    "ModelDrift": "bug",
    "BackupFailed": "drives",
    "DataStale": "drives",
    "HandlerFails": "errors",
    "HandlerSlow": "slow",
    "ManyInProgress": "slow",
    "FeatureDrift": "bug",
    "ScoringFails": "errors",
    "PredictionsSlow": "slow",
    "Violations": "kyc",
    "StoreUnhealthy": "drives",
    "DriveOffline": "drives",
    "NoDriveToSpare": "drives",
    "StoreFails": "drives",
    "ArchiverBehind": "drives",
}
PLAN: Final = scenario(
    *(
        {**what, "name": name, "start": f"{BEGINS[name]}s", "duration": f"{LASTS}s"}
        for name, what in INCIDENTS.items()
    ),
    platform={"monitoring": {"label_delay": "1m"}},
)


@pytest.fixture(scope="module", params=BOARDS)
def asked(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    find_program: object,
) -> Iterator[tuple[str, Prometheus]]:
    """A mapping, and a Prometheus on an hour of a platform that it names."""
    find_program("prometheus")  # type: ignore[operator]  # skips where it is absent
    mapping = load_mapping(request.param)
    run = TimedRun(
        with_platform(PLAN, mapping.platform), MONDAY, MONDAY + LENGTH, STEP, "simulator"
    )
    folder = tmp_path_factory.mktemp(request.param)
    write_history([run], folder, mapping=mapping)
    with (
        served_blocks(folder, scrape_interval_seconds=STEP) as url,
        Prometheus(url) as client,
    ):
        yield request.param, client


def test_every_panel_has_data(asked: tuple[str, Prometheus]) -> None:
    name, prometheus = asked
    plan = CoverPlan(MONDAY + 500.0, MONDAY + LENGTH, 60.0, time_range=600.0)
    found = cover([dashboard_from(board(name).content)], prometheus, plan)

    fields = [(p.title, field.source, field.verdict) for p in found.panels for field in p.fields]
    assert len({title for title, _, _ in fields}) == len(board(name).content["panels"])
    assert [one for one in fields if one[2] in {Verdict.NO_DATA, Verdict.ERROR}] == []


def firing(prometheus: Prometheus, alert: Alert) -> list[float]:
    """Seconds since the start at which it has been so for as long as it asks."""
    found = prometheus.query_range(alert.expr, start=MONDAY, end=MONDAY + LENGTH, step_seconds=STEP)
    n_held = round(parse_duration(alert.hold) / STEP)
    moments: set[float] = set()
    for series in found:
        is_so = np.isin(np.arange(0.0, LENGTH + STEP, STEP), np.array(series.times) - MONDAY)
        for tick in range(n_held, len(is_so)):
            if is_so[tick - n_held : tick + 1].all():
                moments.add(tick * STEP)
    return sorted(moments)


def test_each_alert_fires_in_its_incident_and_in_no_health_before(
    asked: tuple[str, Prometheus],
) -> None:
    name, prometheus = asked
    for alert in board(name).alerts:
        began = BEGINS[OF_INCIDENT[alert.name]]
        moments = firing(prometheus, alert)
        assert any(began <= moment <= began + LASTS + 60 for moment in moments), alert.name
        assert not any(300 <= moment < BEGINS["errors"] for moment in moments), alert.name
