"""What monitoring looks at: of every gauge the same number of applications, however many come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.platform.policy import Policy
from simulator.scenario.platform.service_times import Prediction
from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import Streams
from simulator.simulation.applicants import applicants
from simulator.simulation.causes import causes
from simulator.simulation.engine import Simulation, scorecards
from simulator.simulation.latency import PREDICTION_EDGES
from simulator.simulation.monitored import monitored, of_counts
from simulator.simulation.population import Population
from simulator.simulation.reference import reference, score_reference
from simulator.simulation.requests import Requests
from simulator.simulation.scorecard import Scorecard, cells
from simulator.simulation.scoring import Scoring
from simulator.simulation.tally import Tally
from simulator.timeline.grid import Grid
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import Numbers, assert_near, assert_shares

WINDOW, STEP = 2000, 15.0


@given(scored=st.integers(1, 10**9), window=st.integers(100, 10**6))
def test_a_tick_gives_what_a_whole_number_of_such_ticks_fills(scored: int, window: int) -> None:
    seen = int(monitored(np.array(scored), window))
    n_ticks = -(-window // scored)
    assert 0 < seen <= min(scored, window)
    assert window - n_ticks < seen * n_ticks <= window


def _seen(counts: list[int], n_seen: int, *, n_ticks: int = 4000) -> Numbers:
    held = np.tile(np.array(counts), (n_ticks, 1, 1))
    return of_counts(held, np.full((n_ticks, 1), n_seen), Streams(5).over(0, n_ticks))[:, 0]


@given(
    counts=st.lists(st.integers(0, 10**13), min_size=1, max_size=10).filter(any),
    share=st.floats(0.0, 1.0),
)
def test_all_that_are_looked_at_were_there(counts: list[int], share: float) -> None:
    n_seen = int(share * min(sum(counts), 10**6))
    (seen,) = _seen(counts, n_seen, n_ticks=1)
    assert seen.sum() == n_seen
    assert (seen <= counts).all()
    assert (seen >= 0).all()


def test_everybody_is_looked_at_where_the_window_has_room() -> None:
    assert _seen([3, 0, 5], 8, n_ticks=1).tolist() == [[3, 0, 5]]


COUNTS = [40, 25, 0, 5, 30, 60, 1, 9, 20, 10]


def test_each_is_looked_at_with_the_same_chance() -> None:
    assert_shares(_seen(COUNTS, 60).sum(axis=0), np.array(COUNTS))


def test_nobody_is_looked_at_twice() -> None:
    """Without putting back, the spread is smaller by what is left of the others."""
    seen, share = _seen(COUNTS, 60)[:, 5], 60 / 200
    variance = 60 * share * (1 - share) * (200 - 60) / (200 - 1)
    assert_near(float(seen.var()), variance, variance * np.sqrt(2 / len(seen)))
    with pytest.raises(AssertionError):  # with putting back
        assert_near(float(seen.var()), 60 * share * (1 - share), variance * np.sqrt(2 / len(seen)))


def test_draws_do_not_depend_on_how_ticks_are_cut() -> None:
    counts, seen = np.tile(np.array(COUNTS), (500, 1, 1)), np.full((500, 1), 60)
    streams = Streams(5)
    parts = [
        of_counts(counts[a:b], seen[a:b], streams.over(a, b - a))
        for a, b in ((0, 100), (100, 333), (333, 500))
    ]
    assert np.array_equal(np.concatenate(parts), of_counts(counts, seen, Streams(5).over(0, 500)))


@pytest.fixture(scope="module", params=[20.0, 70.0, 200.0])
def noise(request: pytest.FixtureRequest) -> Numbers:
    """Mean PSI without drift, at ticks far below, below and above the window, (features + 1,)."""
    plan = scenario(traffic={"requests_per_second": request.param}, platform=ROOMY)
    return Simulation(plan, origin=MONDAY, step=STEP).advance(8000).model.drift[:, 0].mean(axis=0)


ROOMY = {"api": {"workers": 400}}
TEN_BINS = [*(FEATURES.index(f) for f in ("debt_to_income", "net_income", "age", "amount")), 12]


def test_drift_without_drift_is_that_of_the_window_at_any_traffic(noise: Numbers) -> None:
    """9 / 2 000, for features and the score alike; a fifth less where a tick is half a window."""
    assert (noise[TEN_BINS] > 0.8 * 9 / WINDOW).all()
    assert (noise[TEN_BINS] < 1.15 * 9 / WINDOW).all()


def test_the_score_is_looked_at_in_as_many_as_the_features_are(noise: Numbers) -> None:
    assert noise[12] == pytest.approx(noise[TEN_BINS[:-1]].mean(), rel=0.15)


def _tally(version: Numbers) -> Tally:
    n = len(version)
    people = applicants(np.random.default_rng(2).standard_normal((n, len(FEATURES))))
    prediction = np.zeros((2, len(PREDICTION_EDGES) + 1), dtype=np.int64)
    prediction[:, 2] = np.bincount(version, minlength=2)
    nothing: dict[str, Numbers] = {k: np.zeros((1, *s)) for k, s in Requests.shapes().items()}
    requests = Requests(**nothing)
    requests.applications[0, 0, 0] = n
    return Tally(
        requests=requests,
        true=people,
        given=people,
        scores=Scorecard().scores(people),
        version=version,
        prediction=prediction,
        prediction_seconds=np.zeros(2),
    )


def test_of_real_requests_the_first_of_each_version_are_looked_at() -> None:
    release = episode("model-release", version="2", canary_for="1h")
    plan = scenario(release)
    version = np.array([0, 1, 1, 0] * 15)
    tally = _tally(version)
    population = Population(plan.episodes, scorecards(plan))
    now = causes(plan, population.episodes, Grid(MONDAY, STEP, 0, 1))
    scoring = Scoring(
        population, plan.versions, 40, prediction=Prediction().distribution, policy=Policy()
    )
    bins = scoring.counted(tally, now, Streams(1).over(0, 1)).bins[0]

    assert bins.sum(axis=-1).tolist() == [[20] * 13] * 2  # of 30 each: two such ticks fill 40
    first = tally.given[version == 1][:20]
    ages = reference().feature_bins(first)[:, FEATURES.index("age")]
    assert bins[1, FEATURES.index("age")].tolist() == np.bincount(ages, minlength=10).tolist()
    of_score = score_reference(Scorecard()).bin_of_cell[cells(tally.scores[version == 1][:20])]
    assert bins[1, 12].tolist() == np.bincount(of_score, minlength=10).tolist()
