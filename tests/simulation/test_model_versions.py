"""Model versions: references of their own, back-tests on a schedule, and who is calibrated."""

import numpy as np
import pytest

from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import BLOCK_TICKS
from simulator.simulation.calibration import released
from simulator.simulation.engine import Simulation
from simulator.simulation.population import Population
from simulator.simulation.reference import importance, reference, score_reference
from simulator.simulation.scorecard import DECISIONS, Scorecard
from simulator.simulation.trace import Trace
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import Numbers, assert_near
from tests.support.totals import totals_of

STEP, PER_HOUR = 30.0, 120
WEIGHTS = {"revolving_utilisation": 0.3, "ficp_flag": -0.5, "home_owner": 2.5}
RELEASE = episode(
    "model-release",
    version="4.0.0",
    start="2h",
    duration="2h",
    canary_for="1h",
    canary_share=0.3,
    coefficients=WEIGHTS,
)
OTHER = released(tuple(WEIGHTS.get(f, 1.0) for f in FEATURES))
#: Two windows' worth of labels or so an hour, of an hour ago.
TRAFFIC = {"traffic": {"requests_per_second": 30.0}}


@pytest.fixture(scope="module")
def promoted() -> Trace:
    """Eight hours, of which another version is a canary in the third and then in production."""
    plan = scenario(RELEASE, **TRAFFIC)
    return Simulation(plan, origin=MONDAY, step=STEP).advance(8 * PER_HOUR)


def test_a_promoted_version_has_not_drifted_since_nobody_has_moved(promoted: Trace) -> None:
    score = promoted.model.drift[3 * PER_HOUR :, 1, -1]
    assert np.nanmax(score) < 0.04  # chi-square above 80, with nine degrees of freedom
    assert np.nanmean(score) == pytest.approx(9 / 2000, rel=0.3)


def test_by_its_predecessors_reference_it_would_have() -> None:
    seen = score_reference(OTHER)
    before = score_reference(Scorecard())
    assert not np.array_equal(seen.bin_of_cell, before.bin_of_cell)
    assert seen.cut_off_cell != before.cut_off_cell or not np.allclose(seen.bins, before.bins)


def test_a_promoted_version_accepts_as_many_as_its_predecessor(promoted: Trace) -> None:
    decisions = totals_of(promoted).decisions
    decided = decisions[:, DECISIONS.index("accepted")]
    total = decisions.sum(axis=1)
    shares = [
        (decided[b] - decided[a]) / (total[b] - total[a])
        for a, b in ((0, 2 * PER_HOUR), (4 * PER_HOUR, 8 * PER_HOUR - 1))
    ]
    n = min(total[2 * PER_HOUR], total[-1] - total[4 * PER_HOUR])
    assert_near(shares[1], shares[0], float(np.sqrt(2 * 0.72 * 0.28 / n)), rounding=0.002)


def test_its_accuracy_is_judged_at_its_own_cut_off(promoted: Trace) -> None:
    known = promoted.model.accuracy[5 * PER_HOUR :, 1]
    # what the version is worth, at the best cut-off there is for it
    assert float(np.nanmean(known)) == pytest.approx(_worth(OTHER), abs=0.01)


def _worth(card: Scorecard) -> float:
    good, bad = Population((), [card]).in_health.cells[0].T
    caught, alarmed = np.cumsum(bad) / bad.sum(), np.cumsum(good) / good.sum()
    return float((1.0 + np.max(caught - alarmed)) / 2.0)


def test_importances_change_at_back_tests_and_releases_alone(promoted: Trace) -> None:
    for version in range(2):
        rows = promoted.model.importance[:, version]
        moved = np.flatnonzero(~(rows[1:] == rows[:-1]).all(axis=1) & ~np.isnan(rows[:-1, 0])) + 1
        assert {int(tick + 1) % PER_HOUR for tick in moved} <= {0, 1}
        leaves = [int(t) for t in moved if np.isnan(rows[t, 0])]
        tests = [int(t + 1) // PER_HOUR for t in moved if (t + 1) % PER_HOUR == 0]
        assert tests  # it does move, on the hour
        assert leaves == ([3 * PER_HOUR] if version == 0 else [])


def test_a_version_decides_by_what_its_development_sample_says_until_its_first_back_test(
    promoted: Trace,
) -> None:
    first = promoted.model.importance[2 * PER_HOUR, 1]
    assert first == pytest.approx(importance(reference().bins, OTHER.coefficients))


@pytest.mark.parametrize(("every", "ticks"), [("45s", [1, 2, 4, 5, 7, 8]), ("10s", list(range(9)))])
def test_a_back_test_is_at_the_end_of_the_tick_in_which_it_is_due(
    every: str, ticks: list[int]
) -> None:
    platform = {"monitoring": {"back_test_every": every}}
    plan = scenario(traffic={"requests_per_second": 400.0}, platform=platform)
    rows = Simulation(plan, origin=MONDAY, step=30.0).advance(9).model.importance[:, 0]
    moved = np.flatnonzero(~(rows[1:] == rows[:-1]).all(axis=1)) + 1
    assert [0, *moved.tolist()] == sorted({0, *ticks})


@pytest.fixture(scope="module")
def worse_times() -> tuple[Trace, Trace]:
    """Four hours of which everybody's odds are four times as high from the second on, and calm."""
    odds = episode("prior-shift", odds_factor=4.0, start="1h", duration="23h")
    loud = scenario(odds, **TRAFFIC)
    one, other = (
        Simulation(plan, origin=MONDAY, step=STEP).advance(4 * PER_HOUR)
        for plan in (loud, loud.muted("prior-shift"))
    )
    return one, other


def _late(gauge: Numbers) -> float:
    """Its mean once labels of the second hour have filled the window."""
    return float(np.nanmean(gauge[2 * PER_HOUR + 20 :, 0]))


def test_worse_times_are_not_seen_before_labels_arrive(worse_times: tuple[Trace, Trace]) -> None:
    loud, quiet = (t.model.default_ratio[: 2 * PER_HOUR, 0] for t in worse_times)
    assert np.array_equal(loud, quiet)


def test_worse_times_are_seen_in_who_defaults_once_labels_have_come(
    worse_times: tuple[Trace, Trace],
) -> None:
    loud, quiet = (t.model for t in worse_times)
    assert _late(quiet.default_ratio) == pytest.approx(0.068, abs=0.004)
    assert _late(loud.default_ratio) == pytest.approx(0.178, abs=0.006)


def test_worse_times_leave_scores_and_what_they_stand_for(worse_times: tuple[Trace, Trace]) -> None:
    loud, quiet = worse_times
    assert _late(loud.model.expected_default_ratio) == pytest.approx(0.068, abs=0.003)
    assert np.nanmax(loud.model.drift) < 0.04
    assert _late(loud.model.auc) == pytest.approx(_late(quiet.model.auc), abs=0.035)
    assert _late(loud.model.accuracy) < _late(quiet.model.accuracy) - 0.01


def test_worse_times_have_never_been_two_blocks_after_their_last_label() -> None:
    odds = episode("prior-shift", odds_factor=4.0, start="30m", duration="30m")
    loud = scenario(odds, **TRAFFIC)
    after = 2 * PER_HOUR + 2 * BLOCK_TICKS
    one, other = (
        Simulation(plan, origin=MONDAY, step=STEP).advance(after + 20).model
        for plan in (loud, loud.muted("prior-shift"))
    )
    assert not np.array_equal(one.default_ratio, other.default_ratio)
    for name, gauge in vars(one).items():
        assert np.array_equal(gauge[after:], getattr(other, name)[after:]), name
