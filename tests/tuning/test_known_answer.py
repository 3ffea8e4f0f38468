"""Where red begins is known: the proposal finds it, whatever threshold stands there today."""

from __future__ import annotations

from functools import cache

import pytest

from simulator.cli.tune_run import search_of
from simulator.tuning.choosing.proposing import Proposal, proposals
from simulator.tuning.judging.judgements import Setting
from simulator.tuning.truth.incidents import incidents_of
from tests.support.known_answer import RIGHT, days_of_incidents

pytestmark = pytest.mark.slow  # statistics over seeds

SEEDS = range(20)
FEWEST = 18


@cache
def proposed(seed: int, today: float) -> Proposal:
    recordings, wanted = days_of_incidents(seed)
    search = search_of(None, None, None, None, None)
    found = proposals(
        recordings,
        {"red": incidents_of(wanted, "red")},
        {"red": Setting(today, 60.0)},
        search,
        is_lower_worse=False,
    )
    return found.proposals["red"]


def test_the_interval_has_the_signal_s_value_where_red_begins() -> None:
    found = [proposed(seed, 2.0 * RIGHT).interval for seed in SEEDS]

    assert sum(low <= RIGHT <= high for low, high in found) >= FEWEST
    assert all(high / low < 2.0 for low, high in found)


def test_the_proposal_lies_within_its_interval_and_on_its_plateau() -> None:
    for seed in SEEDS:
        one = proposed(seed, 2.0 * RIGHT)
        assert one.interval[0] <= one.exact <= one.interval[1]
        assert one.interval[0] <= one.setting.threshold <= one.interval[1]


def test_a_threshold_at_twice_the_right_value_moves_there() -> None:
    found = [proposed(seed, 2.0 * RIGHT) for seed in SEEDS]

    assert not any(one.is_today for one in found)
    assert sum(abs(one.setting.threshold / RIGHT - 1.0) <= 0.1 for one in found) >= FEWEST


def test_the_right_threshold_hardly_moves() -> None:
    found = [proposed(seed, RIGHT).setting.threshold for seed in SEEDS[:10]]

    assert all(abs(one / RIGHT - 1.0) <= 0.15 for one in found)
