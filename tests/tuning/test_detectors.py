"""Detectors whose measures are known beforehand, and cases worked out by hand."""

import math
from collections.abc import Sequence

import pytest

from simulator.tuning.judging.judgements import Judgement, Setting, judgement
from simulator.tuning.judging.objectives import F1Objective
from simulator.tuning.judging.ranking import Recording
from simulator.tuning.truth.incidents import Incident
from tests.support.tuning_values import STEP, incident, recording

DAY = [0.0] * 10 + [1.0] * 10 + [0.0] * 20
DURING = incident(10 * STEP, 20 * STEP)


def judged(
    values: Sequence[float] | Recording, *incidents: Incident, threshold: float = 1.0, hold: int = 0
) -> Judgement:
    recorded = values if isinstance(values, Recording) else recording(values)
    return judgement(
        [recorded],
        incidents,
        Setting(threshold, hold * STEP),
        is_lower_worse=False,
        objective=F1Objective(),
    )


def test_a_perfect_detector_scores_1_and_is_not_late() -> None:
    found = judged(DAY, DURING).criteria
    assert (found["precision"], found["recall"], found["f1"]) == (1.0, 1.0, 1.0)
    assert found["detection_median"] == found["detection_p90"] == found["reset_median"] == 0.0
    assert found["false_alarms_per_day"] == found["flaps_per_episode"] == 0.0


def test_a_silent_detector_has_no_recall_and_no_precision() -> None:
    found = judged(DAY, DURING, threshold=2.0).criteria
    assert found["recall"] == 0.0
    undefined = ("precision", "f1", "detection_median", "reset_median", "flaps_per_episode")
    assert all(math.isnan(found[name]) for name in undefined)


def test_one_that_always_fires_has_the_precision_of_the_base_rate() -> None:
    found = judged(DAY, DURING, threshold=0.0).criteria
    assert found["recall"] == 1.0
    assert found["precision"] == 10 / 40
    assert found["detection_median"] == 0.0


def test_without_incidents_recall_is_undefined() -> None:
    assert math.isnan(judged(DAY).criteria["recall"])


def test_an_alarm_that_starts_before_its_incident_finds_it_and_is_false_until_then() -> None:
    found = judged(DAY, incident(15 * STEP, 20 * STEP))
    assert found.n_found == 1
    assert found.criteria["precision"] == 0.5
    assert found.criteria["detection_median"] == 0.0
    assert found.criteria["false_alarms_per_day"] == pytest.approx(1 / (40 * STEP / 86400))


def test_an_alarm_that_spans_two_incidents_finds_both() -> None:
    first, second = incident(10 * STEP, 12 * STEP), incident(16 * STEP, 20 * STEP)
    found = judged(DAY, first, second)
    assert found.n_found == 2
    assert found.criteria["precision"] == 0.6
    assert found.criteria["false_alarms_per_day"] == pytest.approx(1 / (40 * STEP / 86400))


@pytest.mark.parametrize(("hold", "n_found", "late"), [(9, 1, 9 * STEP), (10, 0, math.nan)])
def test_what_ends_within_the_hold_raises_no_alarm(hold: int, n_found: int, late: float) -> None:
    found = judged(DAY, DURING, hold=hold)
    assert found.n_found == n_found
    assert found.criteria["detection_median"] == pytest.approx(late, nan_ok=True)


def test_an_alarm_that_outlasts_its_incident_resets_late() -> None:
    found = judged(DAY, incident(10 * STEP, 14 * STEP, 20 * STEP)).criteria
    assert found["reset_median"] == 6 * STEP
    assert found["precision"] == 1.0


def test_an_alarm_that_comes_and_goes_flaps() -> None:
    values = [0.0] * 10 + [1.0, 0.0] * 5 + [0.0] * 20
    found = judged(values, DURING).criteria
    assert found["flaps_per_episode"] == 4.0
    assert found["recall"] == 1.0


def test_series_have_holds_of_their_own() -> None:
    in_turn = recording([1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0])
    assert judged(in_turn, incident(0.0, 4 * STEP), hold=2).n_found == 0
    assert judged(in_turn, incident(0.0, 4 * STEP), hold=1).n_found == 1
