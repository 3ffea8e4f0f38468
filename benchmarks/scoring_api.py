"""Throughput of POST /v1/score, beside FastAPI that validates the same body and does no more."""

import json
import subprocess
import sys
from functools import partial
from statistics import median
from time import perf_counter

from _load import Load
from _measuring import Target, in_turns, median_ratio, print_table, verdict
from _serving import HERE, served

_SECONDS, _N_CONNECTIONS, _N_PAIRS = 4.0, 32, 5
_LEAST_RATIO = 0.5
_BUSIEST_CLIENT = 0.5  # beyond this the client is part of what is measured
_LEAST_SCORED_RATIO = 0.99  # calm plans a few errors


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    with served("scoring", "constant") as ports:
        scoring, constant = in_turns(
            *(partial(_load, ports[api]) for api in ("scoring", "constant")), n_rounds=_N_PAIRS
        )
    print_table(
        f"POST /v1/score, {_N_CONNECTIONS} connections, {_N_PAIRS} runs of {_SECONDS:g} s in turns",
        ("API", "requests per second", "least", "most", "answered 200", "client busy"),
        [_row("scoring, no delays", scoring), _row("FastAPI, a constant answer", constant)],
    )
    ratio = median_ratio([r.per_second for r in scoring], [r.per_second for r in constant])
    busiest = max(r.client_busy_ratio for r in (*scoring, *constant))
    scored = min(map(_scored_ratio, scoring))
    return verdict(
        began,
        Target("scoring against a constant answer", ratio, _LEAST_RATIO, is_least=True),
        Target("answers that are decisions", scored, _LEAST_SCORED_RATIO, is_least=True),
        Target("the client's own work", busiest, _BUSIEST_CLIENT, " of its time"),
    )


def _load(port: int) -> Load:
    """One run of the client, in its own process."""
    argv = [sys.executable, str(HERE / "_load.py"), str(port), str(_SECONDS), str(_N_CONNECTIONS)]
    done = subprocess.run(argv, check=True, capture_output=True, timeout=60)
    return Load(**json.loads(done.stdout))


def _row(name: str, runs: list[Load]) -> tuple[str, ...]:
    rates = [run.per_second for run in runs]
    return (
        name,
        *(f"{of(rates):,.0f}" for of in (median, min, max)),
        f"{min(map(_scored_ratio, runs)):.1%}",
        f"{max(run.client_busy_ratio for run in runs):.0%}",
    )


def _scored_ratio(run: Load) -> float:
    return run.statuses.get("200", 0) / max(sum(run.statuses.values()), 1)


if __name__ == "__main__":
    sys.exit(main())
