"""Days that count more or less: what comes of a setting, and of days that are drawn anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from simulator.tuning.judging.bootstrap import resamples
from simulator.tuning.judging.judgements import Setting, judgement, setting_matching
from simulator.tuning.judging.objectives import F1Objective
from tests.support.tuning_values import STEP, incident, recording

if TYPE_CHECKING:
    from simulator.tuning.judging.matching import Matching
    from simulator.tuning.judging.ranking import Recording
    from simulator.tuning.truth.incidents import Incident

APART: Final = 100 * STEP
SETTING: Final = Setting(5.0, 0.0)
DENSE, QUIET = 0.5, 2.0


def day(number: int, *bad: int, weight: float) -> Recording:
    """Twenty moments, those in `bad` above the threshold."""
    row = [9.0 if moment in bad else 0.0 for moment in range(20)]
    return replace(recording(row, start=number * APART), weight=weight)


def within(number: int, first: int, last: int) -> Incident:
    return incident(number * APART + first * STEP, number * APART + last * STEP, name=f"{number}")


def test_precision_and_false_alarms_are_of_an_ordinary_week_and_recall_of_incidents() -> None:
    """A right alarm on a dense day counts half, and a false one on a quiet day twice."""
    days = [day(0, 5, weight=DENSE), day(1, 5, weight=QUIET)]

    found = judgement(
        days,
        [within(0, 4, 8), within(0, 12, 15)],
        SETTING,
        is_lower_worse=False,
        objective=F1Objective(),
    )

    assert found.criteria["precision"] == pytest.approx(0.5 / (0.5 + 2.0))
    assert found.criteria["recall"] == 0.5
    a_day = 20 * STEP / 86400.0
    assert found.criteria["false_alarms_per_day"] == pytest.approx(2.0 / (2.5 * a_day))


def parts() -> tuple[list[Matching], list[float]]:
    """Two dense days, of one incident found at once and of two found late; two quiet ones."""
    days = [
        day(0, 4, weight=DENSE),
        day(1, 6, 14, weight=DENSE),
        day(2, weight=QUIET),
        day(3, 5, weight=QUIET),
    ]
    incidents = [within(0, 4, 8), within(1, 4, 8), within(1, 12, 16)]
    found = [setting_matching(one, incidents, SETTING, is_lower_worse=False) for one in days]
    return found, [one.weight for one in days]


def test_whole_days_of_a_kind_and_whole_incidents_are_drawn_anew() -> None:
    found, weights = parts()
    whole_days = sum(one.days for one in found)
    seen = set()
    for drawn in resamples(found, 100, weights):
        detection = drawn.detection[:, 0].tolist()
        first, second = detection.count(0.0), detection.count(2 * STEP)
        assert first + second == len(detection)
        assert (first, second) in {(2, 0), (1, 2), (0, 4)}  # of a day all its incidents, or none
        assert float(drawn.false_alarms[0]) in {0.0, QUIET, 2 * QUIET}
        assert drawn.days == pytest.approx(whole_days)  # as many days of each kind
        seen.add((first, float(drawn.false_alarms[0])))

    assert len(seen) == 9  # dense and quiet ones are drawn apart from each other
