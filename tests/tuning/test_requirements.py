"""What --require takes, and when a threshold does not reach it."""

import math

import pytest

from simulator.errors import TuningError
from simulator.tuning.judging.criteria import CRITERIA
from simulator.tuning.judging.judgements import Judgement
from simulator.tuning.requirements import REQUIREMENTS, parse_requirements


def judged(n_incidents: int = 3, **measures: float) -> Judgement:
    known = {name: measures.get(name, math.nan) for name in CRITERIA}
    return Judgement(known, {}, 0.0, n_incidents, 0, n_incidents, 1.0)


def test_every_requirement_bounds_a_measure_that_there_is() -> None:
    assert set(REQUIREMENTS.values()) == set(CRITERIA)


@pytest.mark.parametrize(
    ("text", "found", "is_met"),
    [
        ("min-precision=0.9", judged(precision=0.9), True),
        ("min-precision=0.9", judged(precision=0.89), False),
        ("max-detection-time=5m", judged(detection_median=300.0), True),
        ("max-detection-time=5m", judged(detection_median=301.0), False),
        ("max-detection-time=5m", judged(), False),
        ("min-recall=0.9", judged(0), True),
        ("max-false-alarms-per-day=0", judged(0, false_alarms_per_day=0.5), False),
    ],
)
def test_bounds_count_and_undefined_is_met_only_without_incidents(
    text: str, found: Judgement, *, is_met: bool
) -> None:
    (one,) = parse_requirements(text)

    assert one.is_met(found) is is_met


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("precision=0.9", "'precision' is none of min-precision"),
        ("min-recall", "min-recall"),
        ("min-recall=", "min-recall="),
        ("min-recall=nan", "a number from 0 on is wanted"),
        ("min-recall=-1", "a number from 0 on is wanted"),
        ("max-reset-time=soon", "soon"),
        ("", "none of"),
    ],
)
def test_other_words_and_bounds_are_refused(text: str, said: str) -> None:
    with pytest.raises(TuningError, match=said):
        parse_requirements(text)
