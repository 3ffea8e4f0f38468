"""What chance makes of a drift score stands beside what is proposed, and is never written."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2

from simulator.checking.psi_noise import DriftSample
from simulator.seeding import generator
from simulator.tuning.monitors.drift_noise import DriftNoise
from simulator.tuning.monitors.monitor import Monitor
from simulator.tuning.report.json_report import tuning_json
from tests.support.tuning_samples import monitor, sample_tuning

SAMPLE = DriftSample(2_000, 10, 10**9, 100_000.0, is_assumed=False)
NOISE = DriftNoise(SAMPLE, frozenset({"ml_model_drift_score"}))


def asking(*queries: str, is_as_it_is: bool = False) -> Monitor:
    return replace(monitor(), queries=queries, is_as_it_is=is_as_it_is)


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        (("max by (feature) (ml_model_drift_score)",), 0.0098),
        (("feature_psi", "max(ml_model_drift_score)"), 0.0098),
        (("100 * ml_model_drift_score",), None),
        (("ml_model_drift_score", "up"), None),
        (("max(",), None),
        ((), None),
    ],
)
def test_only_a_psi_has_the_noise_of_one(queries: tuple[str, ...], expected: float | None) -> None:
    assert NOISE.threshold(asking(*queries)) == expected
    assert NOISE.threshold(asking(*queries, is_as_it_is=True)) is None


def test_chance_is_judged_beside_the_first_level_and_moves_nothing() -> None:
    one = asking("max(ml_model_drift_score)")
    without, found = sample_tuning(one), sample_tuning(one, noise=NOISE)
    orange, red = found.levels
    assert orange.by_chance is not None
    assert orange.by_chance == replace(orange.today, threshold=0.0098)
    assert red.by_chance is None
    assert orange.reported["chance"].n_incidents == orange.reported["today"].n_incidents
    assert [one.moved_to for one in found.levels] == [one.moved_to for one in without.levels]
    told = tuning_json(found)["thresholds"]
    assert (told[0]["by_chance"]["threshold"], told[1]["by_chance"]) == (0.0098, None)


def test_a_healthy_index_exceeds_it_once_in_so_many_windows() -> None:
    """Against the mean of 20,000 multinomial draws, within six standard errors."""
    rng = generator(1, "healthy psi")
    sample = DriftSample(2_000, 10, 10**9, 200_000.0, is_assumed=False)  # one in a hundred
    shares = np.full(10, 0.1)
    drawn = rng.multinomial(2_000, shares, size=20_000) / 2_000
    index = ((drawn - shares) * np.log(drawn / shares)).sum(axis=1)
    wanted = 1.0 / sample.windows_per_week
    found = float((index > sample.once_a_week).mean())
    error = (wanted * (1.0 - wanted) / 20_000) ** 0.5
    assert abs(found - wanted) < 6.0 * error
    assert sample.once_a_week == pytest.approx(chi2.isf(wanted, 9) / 2_000, rel=1e-5)
