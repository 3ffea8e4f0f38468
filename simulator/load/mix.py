"""What users do, and how often: the scenario's mix of endpoints, or that of a mapping."""

from collections.abc import Collection, Mapping
from typing import Final

from simulator.load.platform_calls import Calls
from simulator.mapping.load_part import Task
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import ENDPOINTS

__all__ = ["missing_tasks", "mix_of", "wanted_mix"]

_NO_SUCH: Final = "no route"


def wanted_mix(scenario: Scenario, theirs: Mapping[Task, float]) -> dict[Task, float]:
    """Weights of tasks as a mapping has them, else as the scenario does; none is 0."""
    weights = theirs.items() if theirs else scenario.traffic.endpoints.items()
    return {task: weight for task, weight in weights if weight > 0.0}


def mix_of(wanted: Mapping[Task, float], known: Collection[Task]) -> dict[Task, float]:
    """What of it users can do, in the order of endpoints, others behind.

    >>> mix_of({"GET /health": 3, "batch": 2, "score": 5}, ["score", "batch", "GET /health"])
    {'score': 5, 'batch': 2, 'GET /health': 3}
    """
    order = [*ENDPOINTS, *(task for task in wanted if task not in ENDPOINTS)]
    return {task: wanted[task] for task in order if task in wanted and task in known}


def missing_tasks(wanted: Mapping[Task, float], calls: Calls) -> dict[str, list[Task]]:
    """What of it they cannot do, by the reason."""
    found: dict[str, list[Task]] = {}
    for task in [*ENDPOINTS, *wanted]:
        if task in wanted and task not in calls.by_task:
            reason = found.setdefault(calls.missing.get(task, _NO_SUCH), [])
            if task not in reason:
                reason.append(task)
    return found
