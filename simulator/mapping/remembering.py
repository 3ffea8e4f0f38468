"""What metrics remember from one tick to the next, as plain values, and back."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from simulator.errors import ScenarioError
from simulator.quoting import quoted
from simulator.simulation.arrays import Floats

__all__ = ["memory_in", "memory_left"]

#: Times, offsets and values are all below what a double keeps exactly.
_MOST: Final = 2.0**53


def memory_left(memory: Mapping[str, Floats]) -> dict[str, Any]:
    """Lists of numbers, None for `nan`.

    >>> memory_left({"last_score": np.array([612.0, np.nan])})
    {'last_score': [612.0, None]}
    """
    return {
        name: np.where(np.isnan(values), None, values).tolist()  # type: ignore[call-overload]
        for name, values in memory.items()
    }


def memory_in(left: object) -> dict[str, Floats]:
    """What `memory_left` gave.

    Raises:
        ScenarioError: it is nothing of the kind.

    >>> memory_in({"last_score": [612.0, None]})
    {'last_score': array([612.,  nan])}
    """
    if not isinstance(left, Mapping):
        raise ScenarioError(f"the run before left {quoted(left)} as what metrics remember")
    return {str(name): _values(str(name), values) for name, values in left.items()}


def _values(name: str, values: object) -> Floats:
    try:
        found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise _unusable(name, values) from error
    if not isinstance(values, list) or not _is_plain(values) or (np.abs(found) > _MOST).any():
        raise _unusable(name, values)
    return found


def _is_plain(values: list[Any]) -> bool:
    """Whether it is made of lists, numbers and None alone."""
    return all(
        _is_plain(one)
        if isinstance(one, list)
        else one is None or (isinstance(one, int | float) and not isinstance(one, bool))
        for one in values
    )


def _unusable(name: str, values: object) -> ScenarioError:
    return ScenarioError(
        f"the run before left {quoted(values)} as what {quoted(name)} remembers, not numbers"
    )
