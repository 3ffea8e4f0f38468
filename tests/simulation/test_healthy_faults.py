"""Shares of requests that a healthy API answers with an error, as a platform has them."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.simulation.causes import FAULTS
from simulator.simulation.engine import Simulation
from simulator.simulation.requests import OUTCOMES
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import assert_share

SHARES: Final = {"unauthorized": 0.1, "rate_limited": 0.0, "internal": 0.02}


def test_errors_in_health_are_as_many_as_the_platform_says() -> None:
    plan = scenario(
        platform={"api": {"healthy_faults": SHARES}},
        traffic={"invalid_ratio": 0.0, "endpoints": {"score": 1}, "requests_per_second": 1000},
    )

    trace = Simulation(plan, origin=MONDAY, step=15.0).advance(40)

    counts = trace.requests.applications.sum(axis=(0, 1))
    outcomes = dict(zip(OUTCOMES, counts.tolist(), strict=True))
    n = sum(outcomes.values())
    assert outcomes["rate_limited"] == 0
    assert_share(outcomes["unauthorized"], n, 0.1)
    assert_share(outcomes["internal"], n, 0.9 * 0.02)


def test_an_incident_comes_on_top_of_them() -> None:
    plan = scenario(
        episode("errors", status=401, ratio=0.5), platform={"api": {"healthy_faults": SHARES}}
    )

    faults = Simulation(plan, origin=MONDAY, step=15.0).advance(4).causes.faults

    np.testing.assert_allclose(faults[:, list(FAULTS).index("unauthorized")], 1.0 - 0.9 * 0.5)
