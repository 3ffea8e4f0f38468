"""The incidents that an alarm is for: known truth, apart from every threshold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.grafana.alarm_steps import LEVELS

__all__ = ["LEVELS", "Incident", "WantedAlarm", "incidents_of"]


@dataclass(frozen=True, slots=True)
class WantedAlarm:
    """An alarm that somebody on call would want to see; times in unix seconds.

    `signal` is what it is about: one of the simulator's signals, or a panel, field or alert by
    its name. It is worth an alarm from `start` on; its cause ends at `end`, and until `until` its
    effects may still be seen. `severity` is "orange" (look) or "red" (act).
    """

    name: str
    signal: str
    severity: str
    start: float
    end: float
    until: float


@dataclass(frozen=True, slots=True)
class Incident:
    """One time in which an alarm is right: its detection window is from `start` to `until`."""

    name: str
    start: float
    end: float
    until: float


def incidents_of(
    wanted: Iterable[WantedAlarm], level: str, *, settling: float = 0.0
) -> tuple[Incident, ...]:
    """The incidents for alarms of a level, in time order.

    An orange alarm is right in red incidents too, a red one only in those. `settling` seconds are
    added to each window: how far back the signal's query looks. What overlaps is one incident to
    whoever is on call.

    >>> act = WantedAlarm("a", "lag", "red", 0, 60, 60)
    >>> parts = [act, WantedAlarm("b", "lag", "orange", 50, 90, 95)]
    >>> incidents_of(parts, "orange", settling=5.0)
    (Incident(name='a + b', start=0, end=90, until=100.0),)
    >>> incidents_of(parts, "red")
    (Incident(name='a', start=0, end=60, until=60.0),)
    """
    strong_enough = LEVELS[LEVELS.index(level) :]
    right = sorted(
        (one for one in wanted if one.severity in strong_enough), key=lambda one: one.start
    )
    return tuple(_merged([Incident(w.name, w.start, w.end, w.until + settling) for w in right]))


def _merged(incidents: Sequence[Incident]) -> list[Incident]:
    found: list[Incident] = []
    for one in incidents:
        if found and one.start <= found[-1].until:
            before = found.pop()
            joined = Incident(
                f"{before.name} + {one.name}",
                before.start,
                max(before.end, one.end),
                max(before.until, one.until),
            )
            found.append(joined)
        else:
            found.append(one)
    return found
