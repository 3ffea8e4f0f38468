"""For locustfiles: says what a test cost this process, as a line of JSON on standard error."""

import json
import sys
import time

import gevent
from locust import events
from locust.env import Environment

_began: dict[str, float] = {}


def _so_far(environment: Environment) -> dict[str, float]:
    return {
        "requests": environment.stats.total.num_requests,
        "seconds": time.perf_counter(),
        "processor_seconds": time.process_time(),
    }


def _measure(environment: Environment, **_: object) -> None:
    """From the moment when all users are there until they are asked to stop."""
    # A run time counts from the loop's own time, which stood still while modules were imported.
    gevent.get_hub().loop.update_now()

    def begin(**_: object) -> None:
        _began.update(_so_far(environment))

    def end(**_: object) -> None:
        cost = {name: now - _began[name] for name, now in _so_far(environment).items()}
        sys.stderr.write(f"test cost: {json.dumps(cost)}\n")

    environment.events.spawning_complete.add_listener(begin)  # type: ignore[no-untyped-call]  # Locust's is untyped
    environment.events.test_stopping.add_listener(end)  # type: ignore[no-untyped-call]  # the same


events.init.add_listener(_measure)  # type: ignore[no-untyped-call]  # the same
