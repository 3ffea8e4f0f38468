"""What scoring costs, one by one and in batches, beside servers that only validate.

And what it costs where a mapping declares the routes, with all features sent, and with seven of
twelve looked up.
"""

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

_SECONDS, _N_ROUNDS = 3.0, 3
_IDLE_SECONDS = 6.0
_APIS = {
    "scoring": "scoring, no delays",
    "scoring-delayed": "scoring, as it runs",
    "declared": "declared by a mapping",
    "looked-up": "declared, features looked up",
    "fastapi": "FastAPI, validating only",
    "starlette": "Starlette and msgspec",
    "granian": "the same on granian",
}
_BESIDE = "fastapi"
_MOST_RATIOS = {"scoring": 1.0, "scoring-delayed": 1.3}
# against the platform's own routes, alone and in batches, in which HTTP is a small part and looking
# up seven features of each takes as long as scoring it
_MOST_DECLARED = {"declared": (1.15, 1.15), "looked-up": (1.15, 1.7)}
_BUSIEST_CLIENT = 0.5  # beyond this the client is part of what is measured
_LEAST_SCORED_RATIO = 0.97  # calm plans a few errors
_LEAST_PACE = 0.95  # of what was to be sent


@dataclass(frozen=True)
class _Pace:
    """What is sent how often; a batch of 0 is an application alone."""

    route: str
    per_second: float
    n_together: int


@dataclass(frozen=True)
class _Cost:
    """What a run of the client cost a server beyond what it costs when nobody asks."""

    load: Load
    idle_ratio: float
    seconds_per_request: float

    @property
    def scored_ratio(self) -> float:
        return self.load.statuses.get("200", 0) / self.load.n_answers


_PACES = (
    _Pace("POST /v1/score", 500.0, 0),
    _Pace("POST /v1/score/batch, 20 each", 100.0, 20),
)


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    with served(*_APIS) as servers:
        idle = _idle_ratios(servers)
        tables = [_measured(pace, servers, idle) for pace in _PACES]
    every = [cost for costs in tables for runs in costs.values() for cost in runs]
    ours = [cost for costs in tables for n in (*_MOST_RATIOS, *_MOST_DECLARED) for cost in costs[n]]
    return verdict(
        began,
        *(
            Target(f"{pace.route}: {_APIS[name]}, against FastAPI", _ratio(costs, name), most)
            for pace, costs in zip(_PACES, tables, strict=True)
            for name, most in _MOST_RATIOS.items()
        ),
        *(
            Target(
                f"{pace.route}: {_APIS[name]}, against our own",
                _ratio(costs, name, "scoring"),
                _MOST_DECLARED[name][pace.n_together > 0],
            )
            for pace, costs in zip(_PACES, tables, strict=True)
            for name in _MOST_DECLARED
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


def _idle_ratios(servers: dict[str, Server]) -> dict[str, float]:
    """Processor seconds a second of each API while nobody asks any of them: its ticks."""
    before = {name: server.processor_seconds() for name, server in servers.items()}
    time.sleep(_IDLE_SECONDS)
    return {
        name: (server.processor_seconds() - before[name]) / _IDLE_SECONDS
        for name, server in servers.items()
    }


def _measured(
    pace: _Pace, servers: dict[str, Server], idle: dict[str, float]
) -> dict[str, list[_Cost]]:
    """The runs of each API at one pace, printed as a table."""
    turns = [partial(_cost, name, servers[name], pace, idle[name]) for name in servers]
    costs = dict(zip(servers, in_turns(*turns, n_rounds=_N_ROUNDS), strict=True))
    print_table(
        f"{pace.route}: {pace.per_second:g} a second, {_N_ROUNDS} runs of {_SECONDS:g} s in turns",
        (
            "API",
            "processor us a request",
            "least",
            "most",
            "against FastAPI",
            "idle",
            "client busy",
        ),
        [_row(title, costs[name], costs[_BESIDE]) for name, title in _APIS.items()],
    )
    return costs


def _cost(name: str, server: Server, pace: _Pace, idle_ratio: float) -> _Cost:
    """One run of the client, in its own process."""
    argv = [sys.executable, str(HERE / "_load.py"), str(server.port), str(_SECONDS)]
    argv += [str(pace.per_second), str(pace.n_together)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as client:
        said = client.stdout.readline() if client.stdout else ""
        before, began = server.processor_seconds(), perf_counter()
        said = client.stdout.readline() if client.stdout else said
        spent, lasted = server.processor_seconds() - before, perf_counter() - began
    load = Load(**json.loads(said)) if client.returncode == 0 else None
    if load is None or load.per_second < _LEAST_PACE * pace.per_second or not spent:
        raise SystemExit(f"the {name} API had no whole run, nothing is measured: {load}")
    return _Cost(load, idle_ratio, (spent - idle_ratio * lasted) / load.n_answers)


def _ratio(costs: dict[str, list[_Cost]], name: str, beside: str = _BESIDE) -> float:
    return median_ratio(*([c.seconds_per_request for c in costs[n]] for n in (name, beside)))


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
