"""Small dashboards that each ask one thing of how Grafana reads a panel: all agree with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulator.coverage.cover import cover
from simulator.grafana.dashboard_files import read_dashboards
from simulator.grafana.parsing import dashboard_from
from tests.support.grafana_cases import DASHBOARDS, EXPECTED, PLAN, differences, served_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulator.observation.prometheus import Prometheus

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def prometheus(
    find_program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    with served_cases(find_program, tmp_path_factory.mktemp("cases") / "blocks") as found:
        yield found


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_judged_as_grafana_shows_it(prometheus: Prometheus, name: str) -> None:
    found = cover(read_dashboards([DASHBOARDS / name]), prometheus, PLAN)
    assert differences(name, found) == []


def test_every_case_has_an_answer() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in DASHBOARDS.iterdir())


@pytest.mark.parametrize("limit", [(60, 61.0), (30, 95)])
def test_another_step_would_be_noticed(prometheus: Prometheus, limit: tuple[int, float]) -> None:
    """The comparison itself: a step moved out of where Grafana has it is a difference."""
    document = json.loads((DASHBOARDS / "stat-table-allvalues.json").read_text())
    steps = document["panels"][0]["fieldConfig"]["defaults"]["thresholds"]["steps"]
    next(step for step in steps if step["value"] == limit[0])["value"] = limit[1]
    found = cover([dashboard_from(document)], prometheus, PLAN)
    assert differences("stat-table-allvalues.json", found)
