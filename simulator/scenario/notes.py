"""Where a scenario may not show what it was written for, though nothing is wrong with it."""

from collections.abc import Iterator

from simulator.scenario import window_noise
from simulator.scenario.episode import Problem
from simulator.scenario.model import Scenario

__all__ = ["live_notes", "notes"]


def notes(scenario: Scenario) -> Iterator[Problem]:
    """All of it: where in the file, and what is to be known of it.

    >>> from simulator.scenario.loading import load_scenario
    >>> [path for path, _ in notes(load_scenario("scrape-gap"))]
    ['episodes.1']
    """
    yield from window_noise.notes(scenario)
    yield from live_notes(scenario)


def live_notes(scenario: Scenario) -> Iterator[Problem]:
    """What a live run through a Pushgateway does not show of episodes, unlike a history."""
    for i, e in enumerate(scenario.episodes):
        for note in e.live_notes():
            yield f"episodes.{i}", note
