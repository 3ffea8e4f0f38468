"""The dashboards stay green through restarts, gaps and glitches, in which nothing is wrong."""

from __future__ import annotations

import json
from itertools import chain
from typing import Final

import pytest

from tests.support.simulator_process import simulator_process

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

STAGE: Final = 90.0
"""Seconds that covering three hours may take on a busy machine; some five on one that is not."""


@pytest.mark.parametrize("name", ["counter-reset", "scrape-gap", "exporter-glitch"])
def test_no_step_but_green_is_reached_where_nothing_is_wrong(name: str) -> None:
    ended = simulator_process("cover", name, "--json", "-", seconds=STAGE)

    panels = chain.from_iterable(
        board["panels"] for board in json.loads(ended.stdout)["dashboards"]
    )
    reached = {
        step["color"]
        for panel in panels
        for field in panel["fields"]
        if field["name"] != "Canary"
        for step in field["steps"]
        if step["verdict"] == "EXERCISED"
    }
    assert reached == {"green"}
