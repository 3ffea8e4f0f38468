"""Starts, last successes, ages: when something was, or how long ago."""

from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pytest

from simulator.errors import MappingError, ScenarioError
from simulator.mapping.export import Export
from simulator.scenario.model import Scenario
from simulator.simulation.arrays import Floats
from simulator.simulation.engine import Simulation
from tests.support.mapped import STEP, mapping, shown, values_of
from tests.support.scenario_builders import MONDAY, episode, scenario

N: Final = 80
ENDS: Final = MONDAY + STEP * (1 + np.arange(N))


def _time(plan: Scenario, of: str, seconds: str = "unix", **more: Any) -> Floats:  # noqa: ANN401 - a file's own values
    metric = {"time": {"of": of, "seconds": seconds}, **more}
    return values_of(shown(plan, mapping(when=metric), [N]), "when")


def test_now_is_the_end_of_the_tick() -> None:
    assert np.array_equal(_time(scenario(), "now"), ENDS)


def test_a_process_starts_with_the_run_and_with_each_restart() -> None:
    plan = scenario(episode("counter-reset", jobs=["scoring-api"], start="5m", duration="1m"))
    start = _time(plan, "process-start")
    known = ~np.isnan(start)
    assert (start[known & (ENDS <= MONDAY + 300)] == MONDAY).all()
    assert (start[known & (ENDS > MONDAY + 300)] == MONDAY + 300).all()
    uptime = _time(plan, "process-start", "since")
    assert np.array_equal(uptime[known], (ENDS - start)[known])


def test_each_part_of_the_platform_has_its_own_start() -> None:
    plan = scenario(episode("counter-reset", jobs=["minio"], start="5m", duration="1m"))
    both = mapping(
        start={"time": {"of": "process-start", "components": {"minio": "s3", "scoring-api": "api"}}}
    )
    series = shown(plan, both, [N])
    assert values_of(series, "start", job="s3")[-1] == MONDAY + 300
    assert values_of(series, "start", job="api")[-1] == MONDAY


def test_the_last_success_is_the_last_tick_with_a_scored_application() -> None:
    plan = scenario(traffic={"requests_per_second": 0.05})
    run = Simulation(plan, origin=MONDAY, step=STEP).advance(N)
    expected = [np.nan]
    for end, scored in zip(ENDS.tolist(), run.requests.scored.tolist(), strict=True):
        expected.append(end if scored else expected[-1])
    np.testing.assert_array_equal(_time(plan, "scored"), expected[1:])


def test_nothing_is_archived_while_the_store_takes_nothing() -> None:
    plan = scenario(
        episode("drive-loss", drives=8, start="5m", duration="10m"),
        traffic={"requests_per_second": 40},
    )
    age = _time(plan, "archived", "since")
    during = (ENDS > MONDAY + 330) & (ENDS < MONDAY + 900)
    assert (np.diff(age[during]) == STEP).all()
    assert age[ENDS < MONDAY + 300].max() == 0.0


def test_a_back_test_is_as_old_as_the_time_since_it() -> None:
    plan = scenario(
        traffic={"requests_per_second": 40}, platform={"monitoring": {"back_test_every": "5m"}}
    )
    found = _time(plan, "back-test")
    assert np.isnan(found[ENDS < MONDAY + 300]).all()
    whole = (ENDS - MONDAY) // 300 * 300 + MONDAY
    late = ENDS >= MONDAY + 300
    assert np.array_equal(found[late], whole[late])


def test_a_model_is_as_old_as_its_training_data() -> None:
    model = {"trained_on": "2026-10-10"}
    age = _time(scenario(platform={"model": model}), "trained", "since")
    trained = datetime(2026, 10, 10, tzinfo=UTC).timestamp()
    assert np.array_equal(age, ENDS - trained)


def test_a_version_is_deployed_with_its_release() -> None:
    plan = scenario(
        episode(
            "model-release",
            version="4.0.0",
            start="5m",
            duration="20m",
            canary_for="5m",
            outcome="promotion",
        ),
        traffic={"requests_per_second": 40},
    )
    metric = {"time": {"of": "deployed"}, "labels": {"version": "version"}}
    series = shown(plan, mapping(when=metric), [N])
    newer = values_of(series, "when", version="4.0.0")
    assert np.isnan(newer[ENDS <= MONDAY + 300]).all()
    assert set(newer[ENDS > MONDAY + 300].tolist()) == {MONDAY + 300}
    in_production = _time(plan, "deployed")
    assert in_production[10] == MONDAY
    assert in_production[-1] == MONDAY + 300


def test_a_training_day_that_is_no_date_is_refused() -> None:
    plan = scenario(platform={"model": {"trained_on": "last-summer"}})
    with pytest.raises(ScenarioError, match=r"'last-summer'.*write trained_on as a date"):
        Export(mapping(when={"time": {"of": "trained"}}), plan)


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        (
            {"time": {"of": "now"}, "labels": {"v": "version"}},
            "labels.v: time cannot be told apart by 'version'; it has none",
        ),
        (
            {"time": {"of": "scored", "components": ["minio", "scoring-api"]}},
            "time.components: scored is known to one part",
        ),
        (
            {"time": {"of": "now", "components": {"minio": "a", "scoring-api": "a"}}},
            "2 parts of the platform have the job 'a'",
        ),
        ({"time": {"of": "now"}, "type": "counter"}, "type: time is a state"),
        ({"time": {"of": "now"}, "edges": [1]}, "edges: only a histogram has buckets"),
    ],
)
def test_what_makes_no_sense_is_refused(metric: dict[str, Any], said: str) -> None:
    with pytest.raises(MappingError) as refused:
        mapping(when=metric)
    assert said in str(refused.value)
