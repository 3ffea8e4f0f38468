"""Throughput of the project's Locust users without pauses, beside a user with one constant body."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from _measuring import Target, in_turns, median_ratio, print_table, verdict
from _serving import HERE, served

_LOCUST = Path(sys.executable).parent / "locust"
_PREFIX = "test cost: "  # as _test_cost writes it; importing that would import Locust here
_SECONDS, _N_USERS, _N_ROUNDS = 5, 20, 3
#: Locustfiles with their options; requests of one kind can be compared with the bare user's.
_TESTS = (
    ("_unpaced_locustfile.py",),
    ("_unpaced_locustfile.py", "--tags", "score"),
    ("_bare_locustfile.py",),
)
_LEAST_RATIO = 0.9
_LEAST_SHARE = 0.7  # of its time that a test must have run to count


@dataclass(frozen=True)
class _Cost:
    """What a test did between the moment when all users were there and its end."""

    requests: float
    seconds: float
    processor_seconds: float

    @property
    def is_of_a_whole_test(self) -> bool:
        """Whether it sent something, and for about as long as it was asked to."""
        return self.requests > 0 and self.seconds > _LEAST_SHARE * _SECONDS

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def per_processor_second(self) -> float:
        """Requests that a core makes when nothing else is slower."""
        return self.requests / self.processor_seconds


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    with served("scoring") as servers:
        tests = [partial(_test, servers["scoring"].port, *options) for options in _TESTS]
        ours, score_only, bare = in_turns(*tests, n_rounds=_N_ROUNDS)
    print_table(
        f"{_N_USERS} users without pauses on one API, {_N_ROUNDS} tests of {_SECONDS} s in turns",
        ("users", "requests/s", "against bare", "requests/processor s", "against bare", "busy"),
        [
            _row("ours, all endpoints", ours, bare),
            _row("ours, score only", score_only, bare),
            _row("bare, one constant body", bare, bare),
        ],
    )
    print(
        "A processor second is one of Locust's own process: what a core of it can send to an API "
        "that is\nnever slower. Where Locust is not busy, requests/s is what the API can answer."
    )
    return verdict(
        began,
        *(
            Target(
                f"{what}, requests/processor s against the bare user",
                median_ratio(*([c.per_processor_second for c in costs] for costs in (users, bare))),
                _LEAST_RATIO,
                is_least=True,
            )
            for what, users in (("all endpoints", ours), ("score only", score_only))
        ),
    )


def _test(port: int, locustfile: str, *options: str) -> _Cost:
    """One headless test; answers that the platform plans as errors are no failures of it."""
    argv = [str(_LOCUST), "--locustfile", str(HERE / locustfile), "--headless", "--only-summary"]
    argv += options
    argv += ["--users", str(_N_USERS), "--spawn-rate", str(_N_USERS)]
    argv += ["--run-time", f"{_SECONDS}s", "--host", f"http://127.0.0.1:{port}"]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=60)
    costs = [line for line in done.stderr.splitlines() if line.startswith(_PREFIX)]
    cost = _Cost(**json.loads(costs[0].removeprefix(_PREFIX))) if costs else None
    if cost is None or not cost.is_of_a_whole_test:
        said = f"exit code {done.returncode}, {cost}:\n{done.stderr[-2000:]}"
        raise SystemExit(f"{locustfile} did not run a whole test, nothing is measured: {said}")
    return cost


def _row(name: str, costs: list[_Cost], bare: list[_Cost]) -> tuple[str, ...]:
    return (
        name,
        *_rate([c.per_second for c in costs], [c.per_second for c in bare]),
        *_rate([c.per_processor_second for c in costs], [c.per_processor_second for c in bare]),
        f"{median(c.processor_seconds / c.seconds for c in costs):.0%}",
    )


def _rate(rates: list[float], bare: list[float]) -> tuple[str, str]:
    return f"{median(rates):,.0f}", f"{median_ratio(rates, bare):.2f}"


if __name__ == "__main__":
    sys.exit(main())
