"""Thresholds that are the same alarm wherever they are shown."""

from collections.abc import Sequence

from simulator.tuning.watching.watched import Watched

__all__ = ["leads"]


def leads(watched: Sequence[Watched]) -> dict[int, Watched]:
    """For each, by identity, the one whose proposal it takes; often itself.

    Panels with the same thresholds and the same alerts are one alarm: the one that an alert links
    to leads, else the first.
    """
    groups: dict[object, list[Watched]] = {}
    for one in watched:
        groups.setdefault(_alarm(one), []).append(one)
    found: dict[int, Watched] = {}
    for group in groups.values():
        lead = next((one for one in group if _is_linked(one)), group[0])
        found.update({id(one): lead for one in group})
    return found


def _alarm(watched: Watched) -> object:
    if watched.place is None or not watched.rules:
        return id(watched)
    values = tuple(sorted(watched.alarms.values.items()))
    alerts = frozenset((rule.file, rule.path) for rule in watched.rules.values())
    return values, alerts, watched.signal, watched.place.panel.time_shift


def _is_linked(watched: Watched) -> bool:
    place = watched.place
    return place is not None and any(place.is_at(one.panel) for one in watched.rules.values())
