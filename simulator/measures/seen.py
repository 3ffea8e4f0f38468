"""What is measured of some ticks: their Trace, and the draws that tell finer apart than it does."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.seeding import Draws, Streams
from simulator.simulation.arrays import Floats
from simulator.simulation.trace import Trace

__all__ = ["Seen"]

_T = TypeVar("_T")


class Seen:
    """A Trace, as the measures of one run see it; finer draws are made once, whoever asks.

    Args:
        trace: consecutive ticks.
        streams: the generators of the run, of which measures take names of their own.
        memory: what metrics remember from the ticks before to the next, by the metric's name, or
            that and a place in it; `nan` where there is nothing to remember.
    """

    def __init__(
        self, trace: Trace, streams: Streams, memory: dict[str, Floats] | None = None
    ) -> None:
        self.trace = trace
        self.memory = {} if memory is None else memory
        self.streams = streams
        self._found: dict[str, object] = {}

    @property
    def scenario(self) -> Scenario:
        """The plan of the run."""
        return self.trace.scenario

    @property
    def draws(self) -> Draws:
        """The random draws of these ticks; each name once."""
        return self.streams.over(self.trace.grid.first, self.trace.grid.count)

    def once(self, name: str, make: Callable[["Seen"], _T]) -> _T:
        """What `make` gives, made for the first who asks for it by this name."""
        if name not in self._found:
            self._found[name] = make(self)
        return self._found[name]  # type: ignore[return-value]  # a name is always of one type

    def remembered(self, name: str, at_first: Floats) -> Floats:
        """What the ticks before have left in `memory`; `at_first` where there were none.

        Raises:
            ScenarioError: it is of another shape, or nothing where there always is something.
        """
        found = self.memory.get(name, at_first)
        if found.shape != at_first.shape:
            raise ScenarioError(
                f"the run before remembered {found.size} values of {name!r}, and this one has "
                f"{at_first.size}"
            )
        if np.isnan(found).any() and not np.isnan(at_first).any():
            raise ScenarioError(f"the run before remembered nothing of {name!r}")
        return found
