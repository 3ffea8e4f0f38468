"""Why a goal is not reached, in words."""

import math

from simulator.coverage.plan.findings import Findings
from simulator.coverage.plan.goals import GoalState
from simulator.coverage.plan.trials import Trial

__all__ = ["reason_missed"]


def reason_missed(findings: Findings, state: GoalState, chosen: Trial | None) -> str:
    """What keeps a goal from being reached.

    The panel itself, or that no trial came near enough: then the nearest value and what gave it.
    """
    goal = state.goal
    if reason := state.reason or findings.hopeless.get(goal, ""):
        return reason
    tried = findings.of(goal) if goal in findings.goals else {}
    if chosen is not None:
        return (
            f"{chosen} brought it into {goal.band} by itself, "
            "but not in the scenario, between the others"
        )
    near = {trial: one for trial, one in tried.items() if not math.isnan(one.distance)}
    if not near:
        why = f": {state.absence}" if state.absence else ""
        return f"no data, in health or under any of {len(tried) - 1} incidents{why}"
    trial = min(near, key=lambda t: (near[t].distance, t.rank))
    one = near[trial]
    return (
        f"out of reach ({goal.band}): the nearest of {len(tried)} trials was "
        f"{round(one.nearest, 9) + 0.0:.4g} with {trial}, {one.distance:.3g} away"
    )
