"""The fields of the web form: which values can be used, and which can be changed when."""

import math
from argparse import Namespace
from collections.abc import Mapping
from typing import Any, Final

from simulator.errors import SimulatorError
from simulator.load.kinds import TestKind
from simulator.quoting import quoted

__all__ = ["KIND", "SHOWN", "as_locust_reads", "load_of", "require_load", "require_unchanged"]

#: Options that make it another test; the form shows them where Locust starts the platform.
SHOWN: Final = ("scenario", "seed", "compress")
#: Shown whatever is driven.
KIND: Final = "kind"
_NOT_SHOWN: Final = (
    "pushgateway",
    "push_interval",
    "keep_groups",
    "history",
    "instance",
    "take_over",
    "ca_file",
    "mapping",
    "think_time",
    "pacing",
    "open",
)
_READ_OTHERWISE: Final = frozenset({"spawn_rate", "host", "user_classes", "run_time", "profile"})
_MOST_USERS: Final = 1_000_000


def as_locust_reads(options: Namespace, fields: Mapping[str, str]) -> Namespace:
    """The options as Locust will have them once it has read the form.

    Raises:
        SimulatorError: a field is to be a number and is none; Locust would answer with status 500.

    >>> as_locust_reads(Namespace(compress=1.0, seed=None), {"compress": "60", "seed": "7"})
    Namespace(compress=60.0, seed='7')
    """
    known = vars(options)
    asked: dict[str, Any] = {
        name: _as(known[name], name, value)
        for name, value in fields.items()
        if name in known and name not in _READ_OTHERWISE
    }
    return Namespace(**{**known, **asked})


def _as(now: object, name: str, value: str) -> object:
    """The value in the type of the one it replaces."""
    if isinstance(now, bool):
        return value == "true"
    if isinstance(now, int | float):
        return _number(type(now), name, value)
    return value


def _number(kind: type[int] | type[float], name: str, value: str) -> float:
    try:
        return kind(value)
    except ValueError:
        what = "a whole number" if kind is int else "a number"
        raise SimulatorError(f"{name} is {quoted(value)}: give {what}") from None


def require_load(fields: Mapping[str, str]) -> None:
    """Nothing, where the form says how many users there are to be, and how fast they start.

    Raises:
        SimulatorError: one of the two is missing, no number, or out of range.

    >>> require_load({"user_count": "10", "spawn_rate": "fast"})
    Traceback (most recent call last):
      ...
    simulator.errors.SimulatorError: spawn_rate is 'fast': give a number
    """
    for name, kind, least in (("user_count", int, 0.0), ("spawn_rate", float, 1e-3)):
        number = _number(kind, name, fields.get(name, ""))
        if not (math.isfinite(number) and least <= number <= _MOST_USERS):
            raise SimulatorError(
                f"{name} is {quoted(fields[name])}: give a number from {least:g} to {_MOST_USERS:,}"
            )


def load_of(kind: TestKind) -> Mapping[str, str]:
    """A kind's users, rate and time as the form has them.

    >>> load_of(TestKind("spike", users=500, spawn_rate=100.0, run_time_seconds=120))
    {'user_count': '500', 'spawn_rate': '100', 'run_time': '120s'}
    """
    return {
        "user_count": str(kind.users),
        "spawn_rate": f"{kind.spawn_rate:g}",
        "run_time": f"{kind.run_time_seconds}s",
    }


def require_unchanged(now: Namespace, asked: Namespace) -> None:
    """Nothing, where the form asks for no other test than the one that runs.

    Raises:
        SimulatorError: it does; with both values, unless they may be secret.

    >>> running = Namespace(scenario="calm", seed=None, compress=1.0)
    >>> require_unchanged(running, Namespace(scenario="tour", seed="", compress=1.0))
    Traceback (most recent call last):
      ...
    simulator.errors.SimulatorError: scenario cannot change from 'calm' to 'tour' while a test \
runs: stop it first
    """
    for name in (*SHOWN, KIND, *_NOT_SHOWN, "host"):
        before, after = (_comparable(getattr(of, name, None)) for of in (now, asked))
        if before != after:
            values = "" if name in _NOT_SHOWN else f" from {quoted(before)} to {quoted(after)}"
            raise SimulatorError(f"{name} cannot change{values} while a test runs: stop it first")


def _comparable(value: object) -> object:
    """What an option is, or "" where it is left empty."""
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else value
