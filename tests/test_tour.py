"""The tour is worth looking at: every incident is seen, and none hides the others."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from tests.support.panels import fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.scenario.kinds import Episode

    Gravities = Mapping[tuple[str, str], NDArray[np.int64]]

TOUR: Final = load_scenario("tour")
MONDAY: Final = 1_767_571_200.0
#: How often it runs faster, and then seconds of a tick, of the panels' window, and to fill it.
SPEEDS: Final = {"a day": (1.0, 60.0, 900.0, 1200.0), "the demo": (600.0, 1.0, 5.0, 10.0)}
MOST_RED: Final = 0.2
#: Of the day that each step is on for: long enough to be looked at.
LEAST_ON: Final = 10.0 / 1440.0
#: Of the day that an incident is to be seen for: two seconds of the demo.
LEAST_SEEN: Final = 20.0 / 1440.0
GRAVITY: Final = {"none": 0, "green": 0, "orange": 1, "red": 2}


def shown(speed: str, *muted: str) -> Gravities:
    """How grave each panel's fields are at each tick, by panel and field."""
    factor, step, window, before = SPEEDS[speed]
    plan = TOUR.muted(*muted).compressed(factor).delayed(before)
    simulation = Simulation(plan, origin=MONDAY - before, step=step)
    trace = simulation.advance(round(plan.duration / step))
    return {
        (panel, name): np.vectorize(GRAVITY.__getitem__)(field.colours())[round(before / step) :]
        for panel, each in fields(trace, window).items()
        for name, field in each.items()
    }


@lru_cache(maxsize=2)
def whole(speed: str) -> Gravities:
    return shown(speed)


PANELS: Final = sorted({panel for panel, _ in whole("the demo")})


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("speed", SPEEDS)
def test_no_panel_is_red_for_more_than_a_fifth(speed: str, panel: str) -> None:
    fields_of_it = [gravity for (title, _), gravity in whole(speed).items() if title == panel]
    assert 0.0 < (np.max(fields_of_it, axis=0) == GRAVITY["red"]).mean() <= MOST_RED


def test_each_step_is_on_for_minutes() -> None:
    """Of fields of a panel that share their steps, the one that is longest on it counts."""
    _, step, window, _ = SPEEDS["a day"]
    limits = fields(Simulation(TOUR, origin=MONDAY, step=step).advance(), window)
    on = {
        (panel, name.split()[0], colour): max(
            (gravity == GRAVITY[colour]).mean()
            for (title, other), gravity in whole("a day").items()
            if title == panel and other.split()[0] == name.split()[0]
        )
        for panel, each in limits.items()
        for name, field in each.items()
        for colour, limit in (("orange", field.orange), ("red", field.red))
        if limit is not None
    }
    assert len(on) > 15
    assert [one for one, share in on.items() if share < LEAST_ON] == []


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("episode", TOUR.episodes, ids=lambda e: e.name)
def test_an_incident_is_seen_that_would_not_be_without_it(speed: str, episode: Episode) -> None:
    """While it is on, and for three hours after it: labels come late, and queues are long."""
    quiet, loud = shown(speed, episode.name), whole(speed)
    n_ticks = len(next(iter(loud.values())))
    first, until = (
        round(seconds / TOUR.duration * n_ticks)
        for seconds in (episode.start, episode.start + episode.duration + 10_800.0)
    )
    seen = [(loud[field] > quiet[field])[first:until].sum() / n_ticks for field in loud]
    assert max(seen) >= LEAST_SEEN


def test_a_lesser_incident_would_be_missed() -> None:
    """As the campaign was, in which forty in a hundred more came."""
    campaign = next(e for e in TOUR.episodes if e.name == "campaign")
    plan = TOUR.model_copy(update={"episodes": (campaign.model_copy(update={"factor": 1.4}),)})
    _, step, window, _ = SPEEDS["a day"]
    trace = Simulation(plan, origin=MONDAY, step=step).advance(1440)
    since = round((campaign.start + window) / step)
    colours = [
        f.colours()[since:] for each in fields(trace, window).values() for f in each.values()
    ]
    assert all(set(np.unique(c)) <= {"green", "none"} for c in colours)
