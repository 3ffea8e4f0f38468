"""A day of platform in seconds, at any traffic; beside a loop over requests."""

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

from _measuring import (
    Target,
    in_turns,
    median_ratio,
    print_table,
    processor_seconds,
    verdict,
)
from _per_request import PerRequestSimulation

from simulator.scenario.baseline import ConsumerGroup
from simulator.scenario.loading import load_scenario
from simulator.scenario.model import Scenario
from simulator.simulation.engine import Simulation

_ORIGIN = 1_800_000_000.0
_STEP_SECONDS, _TICKS_PER_DAY = 15.0, 5760
_DAY_SECONDS = _STEP_SECONDS * _TICKS_PER_DAY
_N_DAYS, _N_PAIRS = 3, 7
_PEER_SECONDS, _PEER_PER_SECOND = 60.0, 200.0


def main() -> int:
    """Measures, prints, and gives the exit code."""
    began = perf_counter()
    calm, tour = load_scenario("calm"), load_scenario("tour")
    calm_days, tour_days = in_turns(_day_of(calm), _day_of(tour), n_rounds=_N_DAYS)
    few_days, many_days = in_turns(_day_of(_at(10.0)), _day_of(_at(1e6)), n_rounds=_N_PAIRS)
    peer = _peer()
    rate = calm.traffic.requests_per_second
    print_table(
        f"One day at a step of {_STEP_SECONDS:g} s, {_TICKS_PER_DAY} ticks, whole platform",
        ("simulation", "requests per second", "processor seconds"),
        [
            (name, f"{per_second:,.0f}", f"{median(seconds):,.2f}")
            for name, per_second, seconds in (
                ("calm", rate, calm_days),
                ("tour", tour.traffic.requests_per_second, tour_days),
                ("calm, platform grown with the traffic", 10.0, few_days),
                ("calm, platform grown with the traffic", 1e6, many_days),
            )
        ]
        + [(f"a loop over requests, {_PEER_SECONDS:g} s", f"{_PEER_PER_SECOND:g}", f"{peer:.2f}")]
        + [_extrapolated(peer, each) for each in (rate, 1e6)],
    )
    print(
        "The loop simulates the API and the model only. Its day was not run:\nthe time of its "
        f"{_PEER_SECONDS:g} s is multiplied by the requests that a day has."
    )
    return verdict(
        began,
        Target("a day of calm", median(calm_days), 3.0, " s"),
        Target("a day of tour", median(tour_days), 3.0, " s"),
        Target(
            "1,000,000 requests per second against 10", median_ratio(many_days, few_days), 1.3, "x"
        ),
    )


def _day_of(scenario: Scenario) -> Callable[[], float]:
    return partial(processor_seconds, partial(_run, scenario))


def _run(scenario: Scenario) -> None:
    """Set-up included, as one who waits for it would count."""
    Simulation(scenario, origin=_ORIGIN, step=_STEP_SECONDS).advance(_TICKS_PER_DAY)


def _at(per_second: float) -> Scenario:
    """Calm at this rate; servers and consumers grow with it, so that the load stays the same."""
    calm = load_scenario("calm")
    platform, scale = calm.platform, per_second / 10.0
    consumer_groups = tuple(
        ConsumerGroup(name=g.name, messages_per_second=g.messages_per_second * scale)
        for g in platform.kafka.consumer_groups
    )
    grown = platform.model_copy(
        update={
            "api": platform.api.model_copy(update={"workers": int(8 * scale)}),
            "kafka": platform.kafka.model_copy(update={"consumer_groups": consumer_groups}),
        }
    )
    traffic = calm.traffic.model_copy(update={"requests_per_second": per_second})
    return calm.model_copy(update={"traffic": traffic, "platform": grown})


def _peer() -> float:
    """Processor seconds of the loop over the requests of a minute, the median of several."""
    loop = PerRequestSimulation(seed=1)
    minute = partial(loop.run, _PEER_SECONDS, _PEER_PER_SECOND)
    return median(processor_seconds(minute) for _ in range(_N_DAYS))


def _extrapolated(peer: float, per_second: float) -> tuple[str, str, str]:
    """The row of a day of the loop: its time grows with the requests."""
    seconds = peer * (_DAY_SECONDS / _PEER_SECONDS) * (per_second / _PEER_PER_SECOND)
    return "the same, extrapolated to a day", f"{per_second:,.0f}", f"{seconds:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
