"""Windows so small that health crosses thresholds: the law, and when it is told."""

import numpy as np
import pytest

from simulator.scenario.impact import applications_per_second
from simulator.scenario.loading import library_names, load_scenario
from simulator.scenario.window_noise import BINS, CAUGHT, DEFAULTING, notes, psi_exceeds
from simulator.simulation.divergence import psi
from simulator.simulation.population import Population
from simulator.simulation.reference import reference, score_reference
from simulator.simulation.scorecard import Scorecard
from tests.support.scenario_builders import scenario
from tests.support.tolerances import Numbers


def test_the_bins_are_those_of_the_development_sample() -> None:
    shares = [*reference().bins, score_reference(Scorecard()).bins]
    assert tuple(int(np.count_nonzero(s)) for s in shares) == BINS


def test_goods_and_bads_are_those_of_the_development_sample() -> None:
    good, bad = Population((), [Scorecard()]).in_health.cells[0].T
    cut = score_reference(Scorecard()).cut_off_cell
    assert bad.sum() == pytest.approx(DEFAULTING, abs=5e-4)
    assert bad[:cut].sum() / bad.sum() == pytest.approx(CAUGHT, abs=5e-4)
    assert good[cut:].sum() / good.sum() == pytest.approx(CAUGHT, abs=5e-4)


def _exceeding(n: int, limit: float) -> float:
    """The share of windows whose PSI exceeds the limit though nobody has moved."""
    expected = np.full(10, 0.1)
    seen = np.random.default_rng(4).multinomial(n, expected, 40_000) / n
    return float((psi(seen, expected) > limit).mean())


@pytest.mark.parametrize(("n", "limit"), [(100, 0.10), (150, 0.10), (200, 0.10)])
def test_the_law_is_what_windows_do(n: int, limit: float) -> None:
    assert psi_exceeds(limit, n, 10) == pytest.approx(_exceeding(n, limit), rel=0.2)


def test_the_law_of_windows_a_tenth_larger_is_another() -> None:
    assert psi_exceeds(0.10, 165, 10) < 0.8 * _exceeding(150, 0.10)


def _told(**monitoring: object) -> list[tuple[str, str]]:
    return list(notes(scenario(platform={"monitoring": monitoring})))


def test_a_drift_window_of_a_hundred_is_told_with_one_that_is_enough() -> None:
    ((path, message),) = _told(drift_window=100)
    assert path == "platform.monitoring.drift_window"
    assert message == (
        "with so few as 100 a healthy PSI exceeds 0.10 for 98 % of the time, about 235 times an "
        "hour; less than once a day with 380"
    )
    assert _told(drift_window=380) == []


def test_a_window_of_too_few_labels_is_told() -> None:
    ((path, message),) = _told(performance_window=1000)
    assert path == "platform.monitoring.performance_window"
    assert "balanced accuracy falls below 0.70 for 1.9 % of the time" in message
    assert _told(performance_window=2600) == []


@pytest.mark.parametrize("name", library_names())
def test_nothing_is_told_of_the_library(name: str) -> None:
    assert list(notes(load_scenario(name))) == []


def test_little_traffic_makes_windows_rare_but_no_less_noisy() -> None:
    plan = scenario(
        traffic={"requests_per_second": 0.001}, platform={"monitoring": {"drift_window": 100}}
    )
    ((_, message),) = notes(plan)
    assert "for 98 % of the time" in message
    assert "a day" in message


def test_nothing_is_told_where_nobody_applies() -> None:
    plan = scenario(
        traffic={"endpoints": {"models": 1}}, platform={"monitoring": {"drift_window": 100}}
    )
    assert applications_per_second(plan) == 0.0
    assert list(notes(plan)) == []


def _often_in_a_day(n: int, per_second: float, n_days: int) -> Numbers:
    """Days' counts of windows, one after the other, in which some PSI of ten bins exceeds 0.10."""
    expected = np.full(10, 0.1)
    per_day = int(86_400.0 * per_second / n)
    rng = np.random.default_rng(9)
    seen = rng.multinomial(n, expected, (n_days, per_day)) / n
    return np.asarray((psi(seen, expected) > 0.10).sum(axis=1))


def test_windows_are_independent_once_all_of_their_applications_are_others() -> None:
    counts = _often_in_a_day(300, 1.0, 300)
    assert counts.mean() == pytest.approx(psi_exceeds(0.10, 300, 10) * 288, rel=0.35)
