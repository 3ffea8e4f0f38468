"""The application that was scored last, in however many metrics it is shown."""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from simulator.errors import MappingError
from simulator.mapping.export import Export
from simulator.measures.last_scored import latest_applications
from simulator.measures.seen import Seen
from simulator.scenario.model import Scenario
from simulator.scenario.platform.policy import Policy
from simulator.seeding import Streams
from simulator.simulation.arrays import Floats
from simulator.simulation.engine import Simulation
from simulator.simulation.scorecard import DECISIONS, Scorecard
from simulator.simulation.tally import LastScored
from simulator.simulation.trace import Trace
from tests.support.mapped import STEP, Shown, joined, mapping, shown, values_of
from tests.support.scenario_builders import MONDAY, episode, scenario

POLICY: Final = Policy()
QUIET: Final = scenario(traffic={"requests_per_second": 0.05})  # many ticks without anybody
LAST: Final = mapping(
    score={"last": "score"},
    probability={"last": "default-probability"},
    decision={"last": "application", "labels": {"decision": "decision"}},
    by_channel={"last": "score", "labels": {"channel": "channel"}},
    refused={"last": "score", "where": {"decision": "refused"}},
    amount={"last": "amount"},
    income={"last": "net_income"},
    seconds={"last": "prediction-seconds"},
)


def _trace(plan: Scenario, ticks: int) -> Trace:
    return Simulation(plan, origin=MONDAY, step=STEP).advance(ticks)


@pytest.fixture(scope="module")
def quiet() -> list[Shown]:
    return shown(QUIET, LAST, [400])


@pytest.fixture(scope="module")
def scored() -> Floats:
    return _trace(QUIET, 400).requests.scored.astype(np.float64)


def test_nothing_is_shown_before_the_first_application(quiet: list[Shown], scored: Floats) -> None:
    score = values_of(quiet, "score")
    first = int(np.argmax(scored > 0))
    assert first > 0
    assert np.isnan(score[:first]).all()
    assert not np.isnan(score[first:]).any()


def test_a_value_stays_until_the_next_application(quiet: list[Shown], scored: Floats) -> None:
    changes = np.flatnonzero(np.diff(values_of(quiet, "score")) != 0.0) + 1
    assert (scored[changes] > 0)[~np.isnan(values_of(quiet, "score")[changes - 1])].all()
    assert len(changes) > 20


def test_all_metrics_of_the_last_application_are_of_the_same_one(quiet: list[Shown]) -> None:
    score = values_of(quiet, "score")
    known = np.flatnonzero(~np.isnan(score))
    decided = np.column_stack([values_of(quiet, "decision", decision=d) for d in DECISIONS])
    channels = [one for one in quiet if one.name == "by_channel"]
    for tick in known.tolist():
        assert (
            DECISIONS[int(np.argmax(decided[tick]))]
            == DECISIONS[POLICY.decision_of(int(score[tick]))]
        )
        assert score[tick] in [one.values[tick, 0] for one in channels]
        expected = Scorecard.probability_of_default(int(score[tick]))
        assert values_of(quiet, "probability")[tick] == expected
    assert (decided[known].sum(axis=1) == 1.0).all()


def test_a_filtered_last_value_is_the_last_that_passed(quiet: list[Shown]) -> None:
    refused = values_of(quiet, "refused")
    known = refused[~np.isnan(refused)]
    assert len(known)
    assert {POLICY.decision_of(int(s)) for s in known.tolist()} == {DECISIONS.index("refused")}


def test_it_is_one_of_those_that_were_scored() -> None:
    plan = scenario(traffic={"requests_per_second": 0.2})
    trace = _trace(plan, 300)
    latest = latest_applications(Seen(trace, Streams(plan.seed)))
    cells = trace.scored.cells.sum(axis=3)
    for tick in np.flatnonzero(latest.is_any).tolist():
        assert cells[tick, latest.version[tick], latest.cell[tick]] > 0
        assert trace.requests.applications[tick, latest.channel[tick], 0] > 0
        assert (latest.points[tick] - 300) // 10 in {latest.cell[tick], latest.cell[tick] + 1}
    assert np.array_equal(latest.is_any, trace.requests.scored > 0)


def test_scores_are_spread_as_all_scores_are() -> None:
    plan = scenario(traffic={"requests_per_second": 20})
    trace = _trace(plan, 3000)
    latest = latest_applications(Seen(trace, Streams(plan.seed)))
    middles = 305.0 + 10.0 * np.arange(55)
    weights = trace.scored.scores.sum(axis=0) / trace.scored.scores.sum()
    mean = float(weights @ middles)
    spread = float(np.sqrt(weights @ (middles - mean) ** 2))
    assert abs(latest.points.mean() - mean) < 6 * spread / np.sqrt(3000)
    assert abs(latest.points.mean() - mean - 15.0) > 6 * spread / np.sqrt(3000)  # would be noticed


def test_features_follow_who_applies() -> None:
    """Incomes fall, and so does that of the last applicant."""
    amounts = mapping(income={"last": "net_income"})
    plans = [
        scenario(*episodes, traffic={"requests_per_second": 20})
        for episodes in (
            (),
            (episode("population-shift", shifts={"net_income": -1.5}, strength=1.0),),
        )
    ]
    ordinary, poorer = (
        np.log(values_of(shown(plan, amounts, [600]), "income")).mean() for plan in plans
    )
    assert 7.4 < ordinary < 8.0  # e^7.67 = 2150
    assert ordinary - poorer == pytest.approx(1.5 * 0.42, abs=0.12)


def test_a_restart_forgets_the_last_application() -> None:
    plan = scenario(
        episode("counter-reset", jobs=["scoring-api"], start="30m", duration="1m"),
        traffic={"requests_per_second": 0.02},
    )
    score = values_of(shown(plan, LAST, [240]), "score")
    assert not np.isnan(score[119])
    assert np.isnan(score[120:]).any()


def test_the_real_last_application_is_shown_as_it_is() -> None:
    trace = _trace(scenario(), 1)
    given = np.arange(12, dtype=np.float64)
    last = LastScored(version=0, channel=2, score=700, prediction_seconds=0.033, given=given)
    export = Export(LAST, trace.scenario)
    series = joined([export.samples(replace(trace, last_scored=last))])
    assert values_of(series, "score") == [700.0]
    assert values_of(series, "by_channel", channel="partner") == [700.0]
    assert values_of(series, "decision", decision="accepted") == [1.0]
    assert values_of(series, "seconds") == [0.033]
    assert values_of(series, "amount") == [11.0]


def test_what_the_last_application_cannot_be_told_apart_by_is_refused() -> None:
    with pytest.raises(MappingError, match=r"labels\.x: last cannot be told apart by 'feature'"):
        mapping(score={"last": "score", "labels": {"x": "feature"}})
