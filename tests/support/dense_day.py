"""A day with fixed incidents of every kind, for tests that need to know them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulator.scenario.loading import load_scenario

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

__all__ = ["DENSE_DAY_FILE", "dense_day"]

DENSE_DAY_FILE: Final = str(Path(__file__).parent / "dense-day.yaml")


def dense_day() -> Scenario:
    """The scenario that is called dense-day."""
    return load_scenario(DENSE_DAY_FILE)
