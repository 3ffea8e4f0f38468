"""What POST /v1/score costs, beside servers that validate the same body and do no more."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

from _load import Load
from _measuring import Target, in_turns, median_ratio, print_table, verdict
from _serving import HERE, Server, served

_SECONDS, _PER_SECOND, _N_ROUNDS = 3.0, 500.0, 3
_APIS = {
    "scoring": "scoring, no delays",
    "scoring-delayed": "scoring, as it runs",
    "fastapi": "FastAPI, validating only",
    "starlette": "Starlette and msgspec",
    "granian": "the same on granian",
}
_MOST_RATIO = 1.0
_MOST_DELAYED_RATIO = 1.3
_BUSIEST_CLIENT = 0.5  # beyond this the client is part of what is measured
_LEAST_SCORED_RATIO = 0.99  # calm plans a few errors
_LEAST_PACE = 0.95  # of what was to be sent


@dataclass(frozen=True)
class _Cost:
    """What a run of the client cost a server beyond what it costs when nobody asks."""

    load: Load
    idle_ratio: float
    seconds_per_request: float

    @property
    def scored_ratio(self) -> float:
        return self.load.statuses.get("200", 0) / self.load.n_answers


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    with served(*_APIS) as servers:
        runs = in_turns(
            *(partial(_cost, name, servers[name]) for name in _APIS), n_rounds=_N_ROUNDS
        )
    costs = dict(zip(_APIS, runs, strict=True))
    print_table(
        f"POST /v1/score, {_PER_SECOND:g} a second, {_N_ROUNDS} runs of {_SECONDS:g} s in turns",
        (
            "API",
            "processor us a request",
            "least",
            "most",
            "against FastAPI",
            "idle",
            "client busy",
        ),
        [_row(title, costs[name], costs["fastapi"]) for name, title in _APIS.items()],
    )
    ours = (*costs["scoring"], *costs["scoring-delayed"])
    every = [cost for listed in runs for cost in listed]
    return verdict(
        began,
        Target("no delays, against FastAPI", _ratio(costs, "scoring"), _MOST_RATIO),
        Target(
            "as it runs, against FastAPI", _ratio(costs, "scoring-delayed"), _MOST_DELAYED_RATIO
        ),
        Target(
            "answers that are decisions",
            min(cost.scored_ratio for cost in ours),
            _LEAST_SCORED_RATIO,
            is_least=True,
        ),
        Target(
            "the client's own work",
            max(cost.load.client_busy_ratio for cost in every),
            _BUSIEST_CLIENT,
            " of its time",
        ),
    )


def _cost(name: str, server: Server) -> _Cost:
    """One run of the client in its own process, after a while without it."""
    before = server.processor_seconds()
    time.sleep(_SECONDS / 2)
    idle_ratio = (server.processor_seconds() - before) / (_SECONDS / 2)
    argv = [
        sys.executable,
        str(HERE / "_load.py"),
        str(server.port),
        str(_SECONDS),
        str(_PER_SECOND),
    ]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as client:
        said = client.stdout.readline() if client.stdout else ""
        before, began = server.processor_seconds(), perf_counter()
        said = client.stdout.readline() if client.stdout else said
        spent, lasted = server.processor_seconds() - before, perf_counter() - began
    load = Load(**json.loads(said)) if client.returncode == 0 else None
    if load is None or load.per_second < _LEAST_PACE * _PER_SECOND or not spent:
        raise SystemExit(f"the {name} API had no whole run, nothing is measured: {load}")
    return _Cost(load, idle_ratio, (spent - idle_ratio * lasted) / load.n_answers)


def _ratio(costs: dict[str, list[_Cost]], name: str) -> float:
    return median_ratio(*([c.seconds_per_request for c in costs[n]] for n in (name, "fastapi")))


def _row(title: str, costs: list[_Cost], beside: list[_Cost]) -> tuple[str, ...]:
    each = [cost.seconds_per_request for cost in costs]
    return (
        title,
        *(f"{of(each) * 1e6:,.0f}" for of in (median, min, max)),
        f"{median_ratio(each, [cost.seconds_per_request for cost in beside]):.2f}",
        f"{median(cost.idle_ratio for cost in costs):.1%}",
        f"{max(cost.load.client_busy_ratio for cost in costs):.0%}",
    )


if __name__ == "__main__":
    sys.exit(main())
