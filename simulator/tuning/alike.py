"""Thresholds that are the same alarm wherever they are shown."""

from collections.abc import Sequence

from simulator.tuning.watched import Place, Watched

__all__ = ["leads"]


def leads(watched: Sequence[Watched]) -> dict[int, Watched]:
    """For each, by identity, the one whose proposal it takes; often itself.

    Those of the same signal with the same thresholds are one alarm: the one that the alert links
    to leads, else the first.
    """
    groups: dict[object, list[Watched]] = {}
    for one in watched:
        values = tuple(sorted(one.alarms.values.items()))
        key = (one.signal, values, one.alarms.is_lower_worse) if one.signal else id(one)
        groups.setdefault(key, []).append(one)
    found: dict[int, Watched] = {}
    for group in groups.values():
        lead = next((one for one in group if _is_linked(one)), group[0])
        found.update({id(one): lead for one in group})
    return found


def _is_linked(watched: Watched) -> bool:
    return watched.place is not None and any(
        rule.panel.endswith(_link(watched.place)) for rule in watched.rules.values()
    )


def _link(place: Place) -> str:
    return f"/{place.dashboard.uid}?viewPanel={place.panel.id}"
