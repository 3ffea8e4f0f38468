"""Kinds of tests as teams name them: how many users, how fast they come, for how long."""

from argparse import Namespace
from dataclasses import dataclass
from typing import Final

from simulator.errors import SimulatorError
from simulator.quoting import quoted
from simulator.spelling import did_you_mean

__all__ = ["KINDS", "TestKind", "chosen_kind", "fill_in"]


@dataclass(frozen=True, slots=True)
class TestKind:
    """A test by name; what the command line says of users, rate, time or pauses comes first."""

    __test__ = False  # pytest would take it for a class of tests

    name: str
    users: int
    spawn_rate: float  # users started in a second
    run_time_seconds: int
    think_time: str = "1s-5s"


KINDS: Final = (
    TestKind("smoke", users=5, spawn_rate=5.0, run_time_seconds=60),
    TestKind("load", users=50, spawn_rate=5.0, run_time_seconds=300),
    TestKind("stress", users=200, spawn_rate=10.0, run_time_seconds=600),
    TestKind("spike", users=500, spawn_rate=100.0, run_time_seconds=120),
    TestKind("endurance", users=30, spawn_rate=3.0, run_time_seconds=1800),
    TestKind("volume", users=20, spawn_rate=2.0, run_time_seconds=600),
)


def chosen_kind(options: Namespace) -> TestKind | None:
    """The kind that --kind names, or None where it is not given.

    Raises:
        SimulatorError: there is no such kind.

    >>> chosen_kind(Namespace(kind="spike")).users
    500
    >>> chosen_kind(Namespace(kind="lod"))
    Traceback (most recent call last):
      ...
    simulator.errors.SimulatorError: --kind is 'lod': give one of smoke, load, stress, spike, \
endurance, volume; did you mean 'load'?
    """
    given = str(options.kind or "").strip()
    if not given:
        return None
    by_name = {kind.name: kind for kind in KINDS}
    if given not in by_name:
        raise SimulatorError(
            f"--kind is {quoted(given)}: give one of {', '.join(by_name)}"
            f"{did_you_mean(given, by_name)}"
        )
    return by_name[given]


def fill_in(options: Namespace, kind: TestKind) -> None:
    """Gives Locust's own options the kind's users, rate and time where nothing else was asked for.

    >>> options = Namespace(num_users=None, spawn_rate=None, run_time=10)
    >>> fill_in(options, KINDS[1])
    >>> options
    Namespace(num_users=50, spawn_rate=5.0, run_time=10)
    """
    for name, value in (
        ("num_users", kind.users),
        ("spawn_rate", kind.spawn_rate),
        ("run_time", kind.run_time_seconds),
    ):
        if getattr(options, name) is None:
            setattr(options, name, value)
