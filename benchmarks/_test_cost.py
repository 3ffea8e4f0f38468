"""For locustfiles: says what a test cost this process, as a line of JSON on standard error."""

import json
import sys
import time

from locust import events
from locust.env import Environment

_began = {"requests": 0, "failures": 0, "seconds": 0.0, "processor_seconds": 0.0}


def _so_far(environment: Environment) -> dict[str, float]:
    total = environment.stats.total
    return {
        "requests": total.num_requests,
        "failures": total.num_failures,
        "seconds": time.perf_counter(),
        "processor_seconds": time.process_time(),
    }


@events.init.add_listener
def measure(environment: Environment, **_: object) -> None:
    """Measures from the moment when all users are there until they are asked to stop."""

    def begin(**_: object) -> None:
        _began.update(_so_far(environment))

    def end(**_: object) -> None:
        cost = {name: now - _began[name] for name, now in _so_far(environment).items()}
        sys.stderr.write(f"test cost: {json.dumps(cost)}\n")

    environment.events.spawning_complete.add_listener(begin)
    environment.events.test_stopping.add_listener(end)
