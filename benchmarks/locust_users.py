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
_SECONDS, _N_USERS, _N_PAIRS = 6, 20, 4
_LEAST_RATIO = 0.8


@dataclass(frozen=True)
class _Cost:
    """What a test did between the moment when all users were there and its end."""

    requests: int
    failures: int
    seconds: float
    processor_seconds: float

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
    with served("scoring") as ports:
        ours, bare = in_turns(
            partial(_test, "_unpaced_locustfile.py", ports["scoring"]),
            partial(_test, "_bare_locustfile.py", ports["scoring"]),
            _N_PAIRS,
        )
    print_table(
        f"{_N_USERS} users without pauses on one API, {_N_PAIRS} tests of {_SECONDS} s in turns",
        ("users", "requests per second", "per second of Locust's processor", "Locust busy"),
        [
            _row("the project's, all endpoints", ours),
            _row("bare FastHttpUser, one constant body", bare),
        ],
    )
    return verdict(
        began,
        Target(
            "requests per second against the bare user",
            median_ratio([c.per_second for c in ours], [c.per_second for c in bare]),
            _LEAST_RATIO,
            is_least=True,
        ),
        Target(
            "requests per second of Locust's processor",
            median_ratio(
                [c.per_processor_second for c in ours], [c.per_processor_second for c in bare]
            ),
            _LEAST_RATIO,
            is_least=True,
        ),
    )


def _test(locustfile: str, port: int) -> _Cost:
    """One headless test; answers that the platform plans as errors are no failures of it."""
    argv = [str(_LOCUST), "--locustfile", str(HERE / locustfile), "--headless", "--only-summary"]
    argv += ["--users", str(_N_USERS), "--spawn-rate", str(_N_USERS)]
    argv += ["--run-time", f"{_SECONDS}s", "--host", f"http://127.0.0.1:{port}"]
    done = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=60)
    costs = [line for line in done.stderr.splitlines() if line.startswith(_PREFIX)]
    if not costs:
        raise SystemExit(f"{locustfile} did not run a whole test:\n{done.stderr[-2000:]}")
    return _Cost(**json.loads(costs[0].removeprefix(_PREFIX)))


def _row(name: str, costs: list[_Cost]) -> tuple[str, str, str, str]:
    return (
        name,
        f"{median(c.per_second for c in costs):,.0f}",
        f"{median(c.per_processor_second for c in costs):,.0f}",
        f"{median(c.processor_seconds / c.seconds for c in costs):.0%}",
    )


if __name__ == "__main__":
    sys.exit(main())
