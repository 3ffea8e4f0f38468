"""Kinds of tests as teams name them: how many users, how fast they come, for how long.

There are built-in ones, and those of a mapping, which come first where they have the same name.
"""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from simulator.errors import SimulatorError
from simulator.load.bands import BANDS, USUAL_LIMITS, Band, Limits
from simulator.load.mapping_names import mapping_names
from simulator.mapping.load_part import LoadKind
from simulator.mapping.loading import load_mappings
from simulator.quoting import quoted
from simulator.spelling import did_you_mean

__all__ = ["KINDS", "TestKind", "chosen_kind", "fill_in", "known_kinds", "require_no_shape"]


@dataclass(frozen=True, slots=True)
class TestKind:
    """A test by name; what the command line says of users, rate, time or pauses comes first."""

    __test__ = False  # pytest would take it for a class of tests

    name: str
    users: int
    spawn_rate: float  # users started in a second
    run_time_seconds: int
    think_time: str = "1s-5s"
    limits: Limits = USUAL_LIMITS


KINDS: Final = (
    TestKind("smoke", users=5, spawn_rate=5.0, run_time_seconds=60),
    TestKind("load", users=50, spawn_rate=5.0, run_time_seconds=300),
    TestKind("stress", users=200, spawn_rate=10.0, run_time_seconds=600),
    TestKind("spike", users=500, spawn_rate=100.0, run_time_seconds=120),
    TestKind("endurance", users=30, spawn_rate=3.0, run_time_seconds=1800),
    TestKind("volume", users=20, spawn_rate=2.0, run_time_seconds=600),
)


def known_kinds(options: Namespace) -> Mapping[str, TestKind]:
    """All that there are under the options' mappings, by name.

    Raises:
        MappingError: a mapping cannot be used.

    >>> list(known_kinds(Namespace(mapping=None)))[:3]
    ['smoke', 'load', 'stress']
    """
    known = {kind.name: kind for kind in KINDS}
    if given := mapping_names(options.mapping):
        theirs = load_mappings(given, allow_series=options.allow_series).load.kinds
        known |= {name: _as_written(name, kind) for name, kind in theirs.items()}
    return known


def chosen_kind(options: Namespace) -> TestKind | None:
    """The kind that --kind names, or None where it is not given.

    Raises:
        MappingError: a mapping cannot be used.
        SimulatorError: there is no such kind.

    >>> chosen_kind(Namespace(kind="spike", mapping=None)).users
    500
    >>> chosen_kind(Namespace(kind="lod", mapping=None))
    Traceback (most recent call last):
      ...
    simulator.errors.SimulatorError: --kind is 'lod': give one of smoke, load, stress, spike, \
endurance, volume; did you mean 'load'?
    """
    given = str(options.kind or "").strip()
    if not given:
        return None
    by_name = known_kinds(options)
    if given not in by_name:
        raise SimulatorError(
            f"--kind is {quoted(given)}: give one of {', '.join(by_name)}"
            f"{did_you_mean(given, by_name)}"
        )
    return by_name[given]


def _as_written(name: str, kind: LoadKind) -> TestKind:
    return TestKind(
        name,
        users=kind.users,
        spawn_rate=kind.rate,
        run_time_seconds=max(round(kind.time), 1),
        think_time=kind.think_time,
        limits=Limits(**{field.name: _limits(kind, field.name) for field in fields(Limits)}),
    )


def _limits(kind: LoadKind, name: str) -> Mapping[Band, float]:
    """The last value of each band, the best first; bands that are not named have none."""
    said = getattr(kind.bands, name)
    if said is None:
        usual: Mapping[Band, float] = getattr(USUAL_LIMITS, name)
        return usual
    return {band: said[band] for band in BANDS if band in said}


def require_no_shape(kind: TestKind, *, has_shape: bool) -> None:
    """Nothing, where the kind alone says how many users there are.

    Raises:
        SimulatorError: a load shape does, too.
    """
    if has_shape:
        raise SimulatorError(
            f"--kind is {quoted(kind.name)}, and a load shape says how many users there are: "
            "leave out --kind, or the file of the shape"
        )


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
